"""Right answers to the exercises of chapter 6, as students write them, and wrong ones, with a name and without."""

import math

import numpy as np
import torch
from scipy.special import xlogy
from scipy.stats import norm
from torch.distributions import Categorical, Normal, kl_divergence

# 6.1


def elbo_torch(x, v, mu, var, kl_weight=1.0, scale=torch.sqrt):
    """Reconstruction minus KL, the latter by torch."""
    log_lik = -0.5 * torch.log(2 * math.pi * v) - ((x - mu).pow(2) + var) / (2 * v)
    return log_lik - kl_weight * kl_divergence(Normal(mu, scale(var)), Normal(0.0, 1.0))


def elbo_by_gap(x, v, mu, var):
    """Log-evidence minus the KL of q from the posterior."""
    gap = kl_divergence(Normal(mu, var**0.5), Normal(x / (1 + v), (v / (1 + v)) ** 0.5))
    return Normal(torch.zeros_like(x), (1 + v) ** 0.5).log_prob(x) - gap


def elbo_numpy(x, v, mu, var):
    """Three averages, each of them a log-density at the mean and a correction."""
    log_lik = norm.logpdf(x, mu, np.sqrt(v)) - var / (2 * v)
    return log_lik + norm.logpdf(mu) - var / 2 + norm(mu, np.sqrt(var)).entropy()


def elbo_hermite(x, v, mu, var):
    nodes, weights = np.polynomial.hermite.hermgauss(5)
    total = 0
    for node, weight in zip(nodes, weights / np.sqrt(np.pi), strict=True):
        z = mu + np.sqrt(2 * var) * node
        log_w = norm.logpdf(x, z, np.sqrt(v)) + norm.logpdf(z) - norm.logpdf(z, mu, np.sqrt(var))
        total = total + weight * log_w
    return total


# 6.2


def lines_numpy(p, q):
    px = np.sum(p, axis=1)
    posterior = p / px.reshape(-1, 1)
    a = np.array([sum(qi * np.log(qi / ri) for qi, ri in zip(*rows, strict=True)) for rows in
                  zip(q, posterior, strict=True)])  # fmt: skip
    b = np.einsum("xz,xz->x", q, np.log(q * px[:, None] / p))
    bound = np.sum(xlogy(q, p) - xlogy(q, q), axis=1)
    return [a, b, np.log(px) - bound, bound, bound + b]


def lines_torch(p, q):
    posterior = Categorical(probs=p)
    kl = kl_divergence(Categorical(probs=q), posterior)
    bound = (q * p.log()).sum(dim=-1) + Categorical(probs=q).entropy()
    return kl, (q * (q.log() + p.sum(-1, True).log() - p.log())).sum(-1), p.sum(-1).log() - bound, bound, kl + bound


def lines_carried(p, q, elbo):
    """An ELBO of one's own, carried into the last line."""
    a, b, c, _, _ = lines_torch(p, q)
    return a, b, c, elbo(p, q), elbo(p, q) + a


def lines_changed(k, f):
    return lambda p, q: tuple(f(p, q) if i == k else v for i, v in enumerate(lines_torch(p, q)))


# 6.3


def jensen_loop(p, q):
    first, second = [], []
    for row_p, row_q in zip(p, q, strict=True):
        first.append(sum(float(b) * math.log(a / b) for a, b in zip(row_p, row_q, strict=True)))
        second.append(math.log(sum(float(b) * float(a / b) for a, b in zip(row_p, row_q, strict=True))))
    return first, second


def jensen_numpy(p, q):
    return np.stack([np.average(np.log(p / q), axis=1, weights=q), np.log(np.sum(p, axis=1))])


def jensen_logsumexp(p, q):
    log_w = p.log() - q.log()
    return (q * log_w).sum(-1), torch.logsumexp(q.log() + log_w, dim=-1)


# 6.5


def table(x, *states):
    """ELBO by torch's divergence, and log p by SciPy."""
    rows = []
    for theta, mu, var in states:
        gap = kl_divergence(Normal(mu, var.sqrt()), Normal(theta * x / (1 + theta**2), (1 + theta**2) ** -0.5)).sum()
        log_p = norm.logpdf(x.numpy(), scale=(1 + theta.item() ** 2) ** 0.5).sum()
        rows.append([log_p - gap.item(), log_p])
    return rows


def em_table(x, theta, mu, var):
    precision = 1 + theta**2
    m, s2 = theta * x / precision, 1 / precision
    best = torch.sum(x * m) / (torch.sum(m**2) + len(x) * s2)
    return table(x, (theta, mu, var), (theta, m, s2), (best, m, s2))


def em_optimised(x, theta, mu, var):
    """M-step by Newton's method on a parabola: one step."""
    m, s2 = theta * x / (1 + theta**2), 1 / (1 + theta**2)

    def bound(t):
        return -0.5 * ((x - t * m) ** 2 + t**2 * s2).sum()

    t = theta.clone().requires_grad_()
    (slope,) = torch.autograd.grad(bound(t), t, create_graph=True)
    (bend,) = torch.autograd.grad(slope, t)
    return torch.tensor(table(x, (theta, mu, var), (theta, m, s2), ((t - slope / bend).detach(), m, s2)))


def em_with(m_step, at_start=False):
    def answer(x, theta, mu, var):
        q = (mu, var) if at_start else (theta * x / (1 + theta**2), 1 / (1 + theta**2))
        after = (theta * x / (1 + theta**2), 1 / (1 + theta**2))
        return np.array(table(x, (theta, mu, var), (theta, *after), (m_step(x, *q), *after)))

    return answer


def em_moves_both(x, theta, mu, var):
    m, s2 = theta * x / (1 + theta**2), 1 / (1 + theta**2)
    theta_new = (x @ m) / (m @ m + len(x) * s2)
    return table(x, (theta, mu, var), (theta_new, m, s2), (theta_new, m, s2))


RIGHT = {
    "6.1": [elbo_torch, elbo_by_gap, elbo_numpy, elbo_hermite],
    "6.2": [lines_numpy, lines_torch],
    "6.3": [jensen_loop, jensen_numpy, jensen_logsumexp],
    "6.4": [lambda x, v: (x / (v + 1), v / (v + 1)), lambda x, v: [x / v / (1 + 1 / v), (1 + 1 / v) ** -1],
            lambda x, v: np.stack([x - v * x / (1 + v), 1 - 1 / (1 + v)])],
    "6.5": [em_table, em_optimised],
}  # fmt: skip

UNNAMED = {
    "6.1": [lambda *args: 0.7 * elbo_torch(*args), lambda x, v, mu, var: x - mu, lambda *a: elbo_torch(*a, 0.3)],
    "6.2": [lines_changed(3, lambda p, q: p.sum(1)), lines_changed(0, lambda p, q: 0.4 * lines_torch(p, q)[0]),
            lambda p, q: (p, q, p, q, p)],
    "6.3": [lambda p, q: (p.sum(1), q.sum(1)), lambda p, q: tuple(0.9 * v for v in jensen_logsumexp(p, q))],
    "6.4": [lambda x, v: (x / 2, v / 2), lambda x, v: (0 * x, v), lambda x, v: (x / (2 + v), v / (2 + v))],
    "6.5": [em_with(lambda x, m, s2: torch.tensor(1.0)), lambda x, theta, mu, var: [[0, 0], [0, 0], [0, 1.0]]],
}  # fmt: skip

NAMED = [
    ("6.1", lambda *args: elbo_torch(*args, kl_weight=-1.0), "plus KL"),
    ("6.1", lambda *args: -elbo_torch(*args), "negative"),
    ("6.1", lambda *args: elbo_torch(*args, kl_weight=0.0), "no KL"),
    ("6.1", lambda *args: elbo_torch(*args, kl_weight=2.0), "½ missing"),
    ("6.1", lambda *args: elbo_torch(*args, scale=lambda var: var), "variance used as scale"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, mu, v**0.5) - 0.5 * (mu**2 + var - 1 - np.log(var)), "plug-in mean"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, mu, v**0.5) + norm.logpdf(mu), "prior at the mean"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, mu, v**0.5) + norm.logpdf(mu) + norm(mu, var**0.5).entropy(),
     "prior at the mean"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, mu, v**0.5) - var / 2 / v + norm.logpdf(mu) - var / 2, "no entropy"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, mu, v**0.5) - var / 2 / v + norm(mu, var**0.5).entropy(), "no prior"),
    ("6.1", lambda x, v, mu, var: norm.logpdf(x, 0, (1 + v) ** 0.5), "log p(x)"),
    ("6.1", lambda x, v, mu, var: -(np.log(v) + ((x - mu) ** 2 + var) / v + mu**2 + var - 1 - np.log(var)) / 2,
     "no 2π"),
    ("6.1", lambda *args: elbo_numpy(*args).mean(), "one number for all"),
    ("6.2", lambda p, q: lines_numpy(p.T, q.T), "x and z exchanged"),
    ("6.2", lambda p, q: [v.sum() for v in lines_torch(p, q)], "one number for the table"),
    ("6.2", lines_changed(0, lambda p, q: (q * (q / p).log()).sum(1)), "joint, not conditional"),
    ("6.2", lines_changed(1, lambda p, q: (q * (q / (p * p.sum(1, True))).log()).sum(1)), "p(x) below the line"),
    ("6.2", lines_changed(2, lambda p, q: (q * (q * p.sum(1, True) / p).log()).sum(1) + p.sum(1).log()),
     "p(x) left inside"),
    ("6.2", lines_changed(2, lambda p, q: (q * (q / p).log() + p.sum(1, True).log()).sum(1)), "Σ log p(x) without q"),
    ("6.2", lines_changed(2, lambda p, q: (q * (q / p).log()).sum(1) - p.sum(1).log()), "sign of log p(x)"),
    ("6.2", lambda p, q: lines_carried(p, q, lambda p, q: (q * (q / p).log()).sum(1)), "sign"),
    ("6.2", lambda p, q: lines_carried(p, q, lambda p, q: (q * (p.sum(0) / q).log()).sum(1)), "p(z) for p(x, z)"),
    ("6.2", lambda p, q: lines_carried(p, q, lambda p, q: (q * p.log()).sum(1)), "no log q"),
    ("6.2", lines_changed(4, lambda p, q: lines_torch(p, q)[3] - lines_torch(p, q)[0]), "sign of the KL"),
    ("6.2", lines_changed(4, lambda p, q: p.sum(1)), "p(x) for log p(x)"),
    ("6.3", lambda p, q: jensen_logsumexp(p, q)[::-1], "order reversed"),
    ("6.3", lambda p, q: (np.sum(q * np.log(q / p), 1), np.log(np.sum(q * q / p, 1))), "w inverted"),
    ("6.3", lambda p, q: (np.log(p / q).mean(1), np.log((p / q).mean(1))), "no weights"),
    ("6.3", lambda p, q: (np.sum(q * np.log(p / q), 1), np.sum(q * p / q, 1)), "no last logarithm"),
    ("6.3", lambda p, q: jensen_logsumexp(p / p.sum(1, keepdim=True), q), "p(z|x) for p(x, z)"),
    ("6.3", lambda p, q: jensen_logsumexp(p / p.sum(0), q), "p(x|z) for p(x, z)"),
    ("6.4", lambda x, v: (torch.zeros_like(x), torch.ones_like(x)), "prior"),
    ("6.4", lambda x, v: (x / (1 + v), 1e-8 * v), "mode only"),
    ("6.4", lambda x, v: (x / (1 + v), np.ones_like(x)), "unit variance"),
    ("6.4", lambda x, v: (x / (1 + v), np.sqrt(v / (1 + v))), "standard deviation"),
    ("6.4", lambda x, v: (x, v), "likelihood alone"),
    ("6.4", lambda x, v: (x * v / (1 + v), v / (1 + v)), "weights exchanged"),
    ("6.4", lambda x, v: (x / (1 + v), 1 / (1 + v)), "1/(1 + v)"),
    ("6.4", lambda x, v: (x / (1 + v**2), v**2 / (1 + v**2)), "v read as a standard deviation"),
    ("6.5", em_moves_both, "θ moves in the E-step"),
    ("6.5", em_with(lambda x, m, s2: (x @ m) / (m @ m + len(x) * s2), at_start=True), "M-step with the stale q"),
    ("6.5", em_with(lambda x, m, s2: (x @ m) / (m @ m)), "M-step without the variance"),
    ("6.5", em_with(lambda x, m, s2: (x @ m) / (m @ m + s2)), "M-step without the variance"),
    ("6.5", em_with(lambda x, m, s2: (x.pow(2).mean() - 1).clamp(0).sqrt()), "likeliest θ at once"),
    ("6.5", lambda *args: np.array(em_table(*args)) / len(args[0]), "mean over the data"),
    ("6.5", lambda *args: np.array(em_table(*args))[:, ::-1].copy(), "columns exchanged"),
]  # fmt: skip
