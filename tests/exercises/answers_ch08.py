"""Answers to the exercises of chapter 8, as students write them: right, wrong without a name, wrong with one."""

import math

import numpy as np
import torch
from torch.distributions import Exponential, Normal

# 8.1


def rep_loop(mu, log_var, eps):
    std = log_var.exp().sqrt()
    return torch.stack([mu + std * e for e in eps])


def rep_addcmul(mu, log_var, eps):
    return torch.addcmul(mu, torch.sqrt(torch.exp(log_var)), eps)


def rep_quantiles(mu, log_var, eps):
    return Normal(mu, (log_var / 2).exp()).icdf(Normal(0.0, 1.0).cdf(eps.double()))


def rep_numpy(mu, log_var, eps):
    return mu.detach().numpy() + np.exp(log_var.detach().numpy() / 2) * eps.numpy()


# 8.2


def score_autograd(f, mu, log_var, eps):
    mu, log_var = mu.clone().requires_grad_(), log_var.clone().requires_grad_()
    q = Normal(mu, torch.exp(log_var / 2))
    with torch.no_grad():
        z = mu + torch.exp(log_var / 2) * eps
        value = f(z)
    (value * q.log_prob(z).sum(-1)).mean().backward()
    return mu.grad, log_var.grad


def score_by_hand(f, mu, log_var, eps):
    var = log_var.exp()
    z = mu + var.sqrt() * eps
    value = f(z).unsqueeze(-1)
    return (value * (z - mu) / var).mean(0), (value * 0.5 * ((z - mu) ** 2 / var - 1)).mean(0)


def score_numpy(f, mu, log_var, eps):
    mu, log_var, eps = (np.asarray(t) for t in (mu, log_var, eps))
    value = f(mu + np.exp(log_var / 2) * eps)
    return value @ (eps / np.exp(log_var / 2)) / len(eps), value @ (eps**2 - 1) / (2 * len(eps))


def score_z_attached(f, mu, log_var, eps, detach_f=False, detach_z=True):
    mu, log_var = mu.clone().requires_grad_(), log_var.clone().requires_grad_()
    z = mu + torch.exp(log_var / 2) * eps
    value = f(z).detach() if detach_f else f(z)
    log_q = Normal(mu, torch.exp(log_var / 2)).log_prob(z.detach() if detach_z else z).sum(-1)
    return torch.autograd.grad((value * log_q).mean(), (mu, log_var))


# 8.3


def ratio_by_hand(f, mu, log_var, eps):
    std = torch.exp(log_var / 2)
    z = (mu + std * eps).requires_grad_()
    value = f(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    return (value.detach()[:, None] * eps / std).var(0) / slope.var(0)


def ratio_loop(f, mu, log_var, eps):
    std = torch.exp(log_var / 2)
    score, path = [], []
    for e in eps:
        z = (mu + std * e).requires_grad_()
        value = f(z)
        path.append(torch.autograd.grad(value, z)[0])
        score.append(value.item() * e / std)
    return np.var(np.array(torch.stack(score)), axis=0) / np.var(np.array(torch.stack(path)), axis=0)


def both_draws(f, mu, log_var, eps):
    std = torch.exp(log_var / 2)
    z = (mu + std * eps).requires_grad_()
    value = f(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    return value.detach()[:, None] * eps / std, slope


# 8.4


def baseline_by_hand(f, mu, log_var, eps, pilot):
    std = torch.exp(log_var / 2)
    value, pilot_value = (f(mu + std * noise)[:, None] for noise in (eps, pilot))
    gradients = []
    for score in (lambda e: e / std, lambda e: 0.5 * (e**2 - 1)):
        s = score(pilot)
        b = (pilot_value * s**2).sum(0) / (s**2).sum(0)
        gradients.append(((value - b) * score(eps)).mean(0))
    return gradients


def baseline_numpy(f, mu, log_var, eps, pilot):
    mu, std, eps, pilot = (np.asarray(t) for t in (mu, torch.exp(log_var / 2), eps, pilot))
    weights = (pilot / std) ** 2, (pilot**2 - 1) ** 2
    b_mu, b_log_var = (np.average(np.tile(f(mu + std * pilot)[:, None], len(mu)), 0, weights=w) for w in weights)
    value = f(mu + std * eps)[:, None]
    return ((value - b_mu) * eps / std).mean(0), ((value - b_log_var) * (eps**2 - 1) / 2).mean(0)


def score_with(f, mu, log_var, eps, b):
    std = torch.exp(log_var / 2)
    value = f(mu + std * eps)[:, None]
    return ((value - b[0]) * eps / std).mean(0), ((value - b[1]) * (eps**2 - 1) / 2).mean(0)


def best_b(f, mu, log_var, pilot):
    std = torch.exp(log_var / 2)
    value = f(mu + std * pilot)[:, None]
    return [(value * s**2).mean(0) / (s**2).mean(0) for s in (pilot / std, (pilot**2 - 1) / 2)]


# 8.6


def exp_expm1(rate, u):
    return torch.log(1 / u) / rate


def exp_one_minus(rate, u):
    return -torch.log1p(-u) / rate


def exp_loop(rate, u):
    return torch.stack([torch.stack([-torch.log(a) / r for a, r in zip(row, rate, strict=True)]) for row in u])


RIGHT = {
    "8.1": [rep_loop, rep_addcmul, rep_quantiles, lambda mu, v, e: [mu + torch.exp(v / 2) * row for row in e]],
    "8.2": [score_autograd, score_by_hand, score_numpy],
    "8.3": [ratio_by_hand, ratio_loop],
    "8.4": [baseline_by_hand, baseline_numpy],
    "8.5": [
        lambda z: torch.tanh(20 * (z - 1)).sum(-1),
        lambda z: z[..., 0] - 1 + torch.sin(30 * z[..., 0]) / 10,
        lambda z: torch.sigmoid(15 * z[..., 0] - 15) - 0.5,
        lambda z: torch.relu(40 * (z - 0.9)).clamp(max=8).sum(-1) - 4,
    ],
    "8.6": [exp_expm1, exp_one_minus, exp_loop, lambda rate, u: Exponential(rate).icdf(u)],
}

UNNAMED = {
    "8.1": [lambda mu, v, e: mu + 0.9 * torch.exp(v / 2) * e, lambda mu, v, e: mu, lambda mu, v, e: e],
    "8.2": [
        lambda f, mu, v, e: (mu, v),
        lambda f, mu, v, e: tuple(0.7 * g for g in score_by_hand(f, mu, v, e)),
        lambda f, mu, v, e: score_by_hand(lambda z: f(z) + 1, mu, v, e),
    ],
    "8.3": [lambda *a: a[1], lambda *a: 1.1 * ratio_by_hand(*a), lambda *a: 7.5 + 0 * a[1]],
    "8.4": [
        lambda f, mu, v, e, p: (mu, v),
        lambda f, mu, v, e, p: score_with(f, mu, v, e, (1.0, 1.0)),
        lambda f, mu, v, e, p: baseline_by_hand(lambda z: f(z) ** 2, mu, v, e, p),
    ],
    "8.5": [7, lambda z: torch.log(z).sum(-1), lambda z: z[:3, 0]],
    "8.6": [lambda r, u: 1 / r + 0 * u, lambda r, u: -u.log() / r + 1, lambda r, u: -u.log() / r.sqrt()],
}  # fmt: skip

NAMED = [
    ("8.1", lambda mu, v, e: mu + torch.exp(v) * e, "e^ℓ as scale"),
    ("8.1", lambda mu, v, e: Normal(mu, torch.exp(v / 2)).sample((len(e),)), ".sample()"),
    ("8.1", lambda mu, v, e: Normal(mu.detach(), torch.exp(v / 2).detach()).rsample((len(e),)), ".sample()"),
    ("8.1", lambda mu, v, e: mu + torch.randn(e.shape) * (v / 2).exp(), ".rsample()"),
    ("8.1", rep_numpy, "detached"),
    ("8.1", lambda mu, v, e: torch.tensor(rep_loop(mu, v, e).tolist()), "detached"),
    ("8.1", lambda mu, v, e: mu + torch.exp(v / 2).data * e, "σ detached"),
    ("8.1", lambda mu, v, e: torch.exp(v / 2) * (e + mu), "ε + μ scaled"),
    ("8.1", lambda mu, v, e: mu + e / torch.exp(v / 2), "e^(-ℓ/2) as scale"),
    ("8.1", lambda mu, v, e: mu + v / 2 * e, "ℓ/2 as scale"),
    ("8.1", lambda mu, v, e: torch.stack([mu + torch.exp(v / 2) * x for x in e]).mean(0), "averaged over the draws"),
    ("8.2", lambda f, mu, v, e: score_z_attached(f, mu, v, e, detach_z=False), "z not detached"),
    ("8.2", lambda f, mu, v, e: score_z_attached(f, mu, v, e), "f differentiated too"),
    ("8.2", lambda f, mu, v, e: score_z_attached(f, mu, v, e, True, False), "log q of a moving z"),
    ("8.2", lambda f, mu, v, e: [-g for g in score_autograd(f, mu, v, e)], "sign"),
    ("8.2", lambda f, mu, v, e: [len(e) * g for g in score_autograd(f, mu, v, e)], "sum over the draws"),
    ("8.2", lambda f, mu, v, e: [g * c for g, c in zip(score_by_hand(f, mu, v, e), (1, 2), strict=True)], "no ½"),
    ("8.2", lambda f, mu, v, e: score_autograd(lambda z: f(z) - f(z).mean(), mu, v, e), "own mean subtracted"),
    ("8.3", lambda *a: both_draws(*a)[0].std(0) / both_draws(*a)[1].std(0), "ratio of standard deviations"),
    ("8.3", lambda *a: both_draws(*a)[0].mean(0) / both_draws(*a)[1].mean(0), "ratio of means"),
    ("8.3", lambda *a: 1 / ratio_by_hand(*a), "upside down"),
    ("8.3", lambda *a: ratio_by_hand(*a).mean(), "one number for all dimensions"),
    ("8.3", lambda f, mu, v, e: ratio_by_hand(f, mu, v, e) / len(e), "different n"),
    ("8.3", lambda *a: (both_draws(*a)[0] ** 2).mean(0) / (both_draws(*a)[1] ** 2).mean(0), "mean not subtracted"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, e, [f(mu + torch.exp(v / 2) * p).mean()] * 2), "E f for b*"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, e, best_b(f, mu, v, e)), "b from the same draws"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, e, (0, 0)), "no baseline"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, e, [-b for b in best_b(f, mu, v, p)]), "b added"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, e, [best_b(f, mu, v, p)[0]] * 2), "one b for both"),
    ("8.4", lambda f, mu, v, e, p: score_with(f, mu, v, p, best_b(f, mu, v, p)), "gradient from the pilot draws"),
    ("8.4", lambda f, mu, v, e, p: best_b(f, mu, v, p), "baseline returned"),
    ("8.5", lambda z: torch.exp(z / 2).sum(-1), "path varies less"),
    ("8.5", lambda z: torch.sin(40 * z).sum(-1), "nothing to learn"),
    ("8.5", lambda z: torch.where(z[..., 0] > 0, 1.0, 0.0), "not differentiable"),
    ("8.5", lambda z: torch.where(z[..., 0] > 0, z[..., 0] + 5, z[..., 0]), "jump"),
    ("8.5", lambda z: torch.sigmoid(25 * (z - 1)), "one value per draw"),
    ("8.5", lambda z: np.tanh(20 * z.detach().numpy()[..., 0]), "not differentiable"),
    ("8.6", lambda r, u: torch.log(u) / r, "log(1 - u)/λ"),
    ("8.6", lambda r, u: -r * torch.log(1 - u), "-λ log u"),
    ("8.6", lambda r, u: -torch.log(u) / r.detach(), "λ detached"),
    ("8.6", lambda r, u: Exponential(r).rsample((len(u),)), "own uniform numbers"),
    ("8.6", lambda r, u: 1 - math.e ** (-r * u), "distribution function"),
    ("8.6", lambda r, u: Exponential(r).sample((len(u),)), ".sample()"),
    ("8.1", lambda mu, v, e: mu + v**0.5 * e, "root of ℓ"),
    ("8.1", lambda mu, v, e: mu + e + torch.exp(v / 2), "σ added"),
    ("8.6", lambda r, u: -torch.log10(u) / r, "log base 10"),
]

SOURCES = {
    "8.1": ["return mu + torch.exp(0.5 * log_var) * eps", "std = torch.exp(log_var) ** 0.5\nreturn eps * std + mu"],
    "8.2": [
        "var = torch.exp(log_var)\nz = mu + var**0.5 * eps\nvalue = f(z)[:, None]\n"
        "return (value * (z - mu) / var).mean(0), (value * ((z - mu) ** 2 / var - 1) / 2).mean(0)"
    ],
    "8.4": [
        "std = torch.exp(0.5 * log_var)\na, b = f(mu + std * eps)[:, None], f(mu + std * pilot)[:, None]\n"
        "s, t = pilot / std, 0.5 * (pilot**2 - 1)\n"
        "c, d = (b * s**2).mean(0) / (s**2).mean(0), (b * t**2).mean(0) / (t**2).mean(0)\n"
        "return ((a - c) * eps / std).mean(0), ((a - d) * 0.5 * (eps**2 - 1)).mean(0)"
    ],
    "8.6": ["return -torch.log(u) / rate", "return torch.log(1 / (1 - u)) / rate"],
}
