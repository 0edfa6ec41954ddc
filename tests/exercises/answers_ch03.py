"""Right answers to the exercises of chapters 0 and 3, as students write them, and wrong ones that have no name."""

import math

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import rel_entr
from torch.distributions import Categorical, Normal, kl_divergence

# 0.1


def lse_numpy(a):
    m = np.max(a, axis=-1, keepdims=True)
    return np.squeeze(m, -1) + np.log(np.sum(np.exp(a - m), axis=-1))


def lse_loop(a):
    total = a[..., 0]
    for k in range(1, a.shape[-1]):
        total = torch.logaddexp(total, a[..., k])
    return total


# 3.1 and 3.2


def kl_where(p, q, base=math.e):
    ratio = torch.where(p > 0, p, torch.ones_like(p)) / q
    return torch.where(p > 0, p * torch.log(ratio), torch.zeros_like(p)).sum(dim=-1) / math.log(base)


def kl_numpy_masked(p, q):
    out = np.zeros(p.shape)
    mask = p > 0
    with np.errstate(divide="ignore"):
        out[mask] = p[mask] * (np.log(p[mask]) - np.log(q[mask]))
    return out.sum(axis=-1)


def kl_list(p, q):
    if p.ndim > 1:
        return [kl_list(a, b) for a, b in zip(p, q, strict=True)]
    return float(sum(float(rel_entr(float(a), float(b))) for a, b in zip(p, q, strict=True)))


def quad_weights(log_p, log_q, x):
    width = torch.zeros_like(x)
    width[1:] += 0.5 * x.diff()
    width[:-1] += 0.5 * x.diff()
    return (torch.exp(log_p) * (log_p - log_q) * width).sum()


def quad_simpson(log_p, log_q, x):
    from scipy.integrate import simpson

    return simpson(np.exp(log_p) * (log_p - log_q), x=x)


# 3.3, 3.4, 3.5


def examples_numpy():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.5, 0.3, 0.2])
    return {
        "equal": [p, q],
        "one way": [np.array([0.0, 0.4, 0.6]), np.array([0.2, 0.2, 0.6])],
        "triangle": (torch.tensor([0.99, 0.01]), [0.5, 0.5], (0.01, 0.99)),
    }


def fit_adam(log_p, x):
    step = x[1] - x[0]
    p = log_p.exp() / (log_p.exp().sum() * step)
    mean = (p * x).sum() * step
    best = None
    for start in (-2.0, 2.0):
        params = torch.tensor([start, 0.0], requires_grad=True)
        optimizer = torch.optim.LBFGS([params], max_iter=80, line_search_fn="strong_wolfe")

        def loss(params=params, optimizer=optimizer):
            optimizer.zero_grad()
            log_q = Normal(params[0], params[1].exp()).log_prob(x)
            value = (log_q.exp() * (log_q - log_p)).sum() * step
            value.backward()
            return value

        optimizer.step(loss)
        value = loss().item()
        if best is None or value < best[0]:
            best = (value, params[0].item(), params[1].exp().item())
    return best[1:], (mean, ((p * (x - mean) ** 2).sum() * step) ** 0.5)


def fit_numpy(log_p, x):
    def kl(t):
        log_q = -0.5 * ((x - t[0]) / t[1]) ** 2 - np.log(abs(t[1])) - 0.5 * np.log(2 * np.pi)
        return np.trapezoid(np.exp(log_q) * (log_q - log_p), x)

    found = min((minimize(kl, [m, 1.0], method="Nelder-Mead") for m in (-3, 3)), key=lambda f: f.fun)
    m = np.trapezoid(np.exp(log_p) * x, x)
    s = np.sqrt(np.trapezoid(np.exp(log_p) * x**2, x) - m**2)
    return np.array([[found.x[0], abs(found.x[1])], [m, s]])


def chain_by_difference(p, q):
    total = (p * (p / q).log()).sum()
    marginal = kl_divergence(Categorical(p.sum(1)), Categorical(q.sum(1)))
    return marginal, total - marginal


def chain_numpy(p, q):
    px, qx = p.sum(axis=1, keepdims=True), q.sum(axis=1, keepdims=True)
    return [float(np.sum(px * np.log(px / qx))), float(np.sum(p * np.log((p / px) / (q / qx))))]


# Wrong in a way that has no name in the catalogue


def wrong_chain(p, q):
    return chain_by_difference(p, q)[0] * 0.9, chain_by_difference(p, q)[1]
