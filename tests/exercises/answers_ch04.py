"""Right answers to the exercises of chapter 4, as students write them."""

import itertools
import math

import numpy as np
import torch
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence


def line_torch(mu_q, std_q, mu_p, std_p):
    return kl_divergence(Normal(mu_q, std_q), Normal(mu_p, std_p))


def line_variances(m, s, n, r):
    v, w = s**2, r**2
    return 0.5 * (np.log(w) - np.log(v) + v / w + (m - n) ** 2 / w - 1)


def line_floats(m, s, n, r):
    m, s, n, r = (float(t) for t in (m, s, n, r))
    return math.log(r) - math.log(s) + (s * s + (m - n) ** 2) / (2 * r * r) - 1 / 2


def diagonal_torch(mu, log_var):
    q = Independent(Normal(mu, torch.exp(0.5 * log_var)), 1)
    return kl_divergence(q, Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1))


def diagonal_loop(mu, log_var):
    out = []
    for m, v in zip(mu, log_var, strict=True):
        out.append(sum(0.5 * (float(a) ** 2 + math.exp(b) - 1 - float(b)) for a, b in zip(m, v, strict=True)))
    return out


def diagonal_numpy(mu, log_var):
    std = np.exp(log_var / 2)
    return np.sum((std**2 + mu**2 - 1) / 2 - np.log(std), axis=1)


def full_torch(mu_q, cov_q, mu_p, cov_p):
    return kl_divergence(MultivariateNormal(mu_q, cov_q), MultivariateNormal(mu_p, cov_p))


def full_numpy(m, s, n, r):
    inverse, d = np.linalg.inv(r), np.asarray(n) - np.asarray(m)
    log_det = np.linalg.slogdet(r)[1] - np.linalg.slogdet(s)[1]
    return (np.einsum("ij,ji", inverse, s) + d.dot(inverse).dot(d) - d.size + log_det) / 2


def full_eigen(m, s, n, r):
    ratio = torch.linalg.eigvals(torch.linalg.solve(r, s)).real
    return 0.5 * (ratio - 1 - ratio.log()).sum() + 0.5 * (m - n) @ torch.linalg.solve(r, m - n)


def gradient_autograd(x, log_var):
    weight = torch.zeros(log_var.shape[1], x.shape[1], dtype=x.dtype, requires_grad=True)
    total = x @ weight.T + log_var
    (-0.5 * (1 + total - total.exp())).sum().backward()
    return weight.grad


def gradient_loop(x, log_var):
    return sum(np.outer(np.exp(v) - 1, row) / 2 for row, v in zip(np.asarray(x), np.asarray(log_var), strict=True))


def gradient_einsum(x, log_var):
    return torch.einsum("nj,nd->jd", torch.expm1(log_var) / 2, x)


def quadratic_closed(m, cov, n, a):
    return torch.trace(cov @ a) + (m - n) @ a @ (m - n)


def quadratic_hermgauss(m, cov, n, a):
    nodes, weights = np.polynomial.hermite.hermgauss(3)
    root = np.linalg.cholesky(np.asarray(cov))
    total = 0.0
    for index in itertools.product(range(3), repeat=len(m)):
        z = np.asarray(m) + math.sqrt(2) * root @ nodes[list(index)]
        total += np.prod(weights[list(index)]) * ((z - np.asarray(n)) @ np.asarray(a) @ (z - np.asarray(n)))
    return total / math.pi ** (len(m) / 2)


class Quadratic(torch.nn.Module):
    def forward(self, m, cov, n, a):
        d = m - n
        return (a * (cov + torch.outer(d, d))).sum()


RIGHT = {
    "4.1": [line_torch, line_variances, line_floats],
    "4.2": [diagonal_torch, diagonal_loop, diagonal_numpy, torch.compile(diagonal_torch)],
    "4.3": [full_torch, full_numpy, full_eigen],
    "4.4": [gradient_autograd, gradient_loop, gradient_einsum],
    "4.5": [quadratic_closed, quadratic_hermgauss, Quadratic, Quadratic()],
}

UNNAMED = {
    "4.1": [lambda m, s, n, r: 3 * line_variances(m, s, n, r), lambda m, s, n, r: (m - n) ** 2],
    "4.2": [lambda m, v: 0.7 * diagonal_torch(m, v), lambda m, v: (m**2).sum(-1), lambda m, v: diagonal_torch(v, m)],
    "4.3": [lambda m, s, n, r: full_torch(m, s, n, s), lambda m, s, n, r: 5 * full_torch(m, s, n, r)],
    "4.4": [lambda x, v: 3 * gradient_einsum(x, v), lambda x, v: v.T @ x**2],
    "4.5": [lambda m, c, n, a: 3 * quadratic_closed(m, c, n, a), lambda m, c, n, a: quadratic_closed(m, a @ a, n, a)],
}
