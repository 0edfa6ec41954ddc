"""Mistakes in chapter 4, and more of the others, as students write them."""

import math

import answers
import answers_ch04 as right
import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Categorical, MultivariateNormal, Normal, kl_divergence

normal, full = Normal, MultivariateNormal

CASES = [
    ("4.1", lambda m, s, n, r: kl_divergence(normal(n, r), normal(m, s)), "arguments swapped"),
    ("4.1", lambda m, s, n, r: kl_divergence(normal(m, s**0.5), normal(n, r**0.5)), "std for variance"),
    ("4.1", lambda m, s, n, r: np.log(s / r) + (s**2 + (m - n) ** 2) / (2 * r**2) - 0.5, "sign of the logarithm"),
    ("4.1", lambda m, s, n, r: np.log(r / s) + (s**2 + (m - n) ** 2) / (2 * r**2), "no -½"),
    ("4.1", lambda m, s, n, r: np.log(r**2 / s**2) + (s**2 + (m - n) ** 2) / (2 * r**2) - 1 / 2,
     "log of variances not halved"),
    ("4.1", lambda m, s, n, r: np.log(r**2 / s**2) + (s**2 + (m - n) ** 2) / r**2 - 1, "twice"),
    ("4.1", lambda m, s, n, r: np.log(r / s) + (s**2 + m**2) / (2 * r**2) - 0.5, "mean of p ignored"),
    ("4.1", lambda m, s, n, r: np.log(r / s) + (s**2 + (m - n) ** 2) / (2 * r**2) - 1, "1 for ½"),
    ("4.1", lambda m, s, n, r: math.log(r / s) + (s + (m - n) ** 2) / (2 * r**2) - 0.5, "std of q not squared"),
    ("4.2", lambda mu, v: -0.5 * torch.sum(1 + v - mu.pow(2) - v.exp()), "sum of everything"),
    ("4.2", lambda mu, v: -0.5 * np.mean(1 + v - mu**2 - np.exp(v), axis=1), "mean over the latents"),
    ("4.2", lambda mu, v: -0.5 * torch.mean(1 + v - mu.pow(2) - v.exp()), "mean of everything"),
    ("4.2", lambda mu, v: kl_divergence(normal(mu, v.exp()), normal(0.0, 1.0)).sum(1), "ℓ as log σ"),
    ("4.2", lambda mu, v: kl_divergence(normal(mu, (v / 2).exp()), normal(0.0, 1.0)), "terms not summed"),
    ("4.2", lambda mu, v: -0.5 * torch.sum(1 + v - mu - v.exp(), 1), "μ not squared"),
    ("4.2", lambda mu, v: torch.sum(1 + v - mu**2 - v.exp(), 1) / 2, "sign"),
    ("4.2", lambda mu, v: -0.5 * torch.sum(v - mu**2 - v.exp(), -1), "no 1"),
    ("4.2", lambda mu, v: -0.5 * torch.sum(1 + v - mu**2 - torch.exp(0.5 * v), 1), "e^(ℓ/2) for e^ℓ"),
    ("4.3", lambda m, s, n, r: kl_divergence(full(n, r), full(m, s)), "arguments swapped"),
    ("4.3", lambda m, s, n, r: 2 * right.full_torch(m, s, n, r), "no ½"),
    ("4.3", lambda m, s, n, r: right.full_torch(m, s, n, r) + len(m) / 2, "no -J"),
    ("4.3", lambda m, s, n, r: kl_divergence(normal(m, s.diag().sqrt()), normal(n, r.diag().sqrt())).sum(),
     "diagonals only"),
    ("4.3", lambda m, s, n, r: right.full_torch(n, s, n, r), "no quadratic term"),
    ("4.4", lambda x, v: torch.einsum("nj,nd->jd", v.exp() - 1, x), "no ½"),
    ("4.4", lambda x, v: 0.5 * (np.exp(v) - 1).T @ x / len(x), "mean over the batch"),
    ("4.4", lambda x, v: x.T @ (v.exp() - 1) / 2, "transposed"),
    ("4.4", lambda x, v: 0.5 * v.exp().T @ x, "no -1"),
    ("4.4", lambda x, v: 0.5 * ((v / 2).exp() - 1).T @ x, "e^(ℓ/2) for e^ℓ"),
    ("4.5", lambda m, c, n, a: torch.trace(a @ c), "mean term missing"),
    ("4.5", lambda m, c, n, a: (m - n) @ a @ (m - n), "trace missing"),
    ("4.5", lambda m, c, n, a: right.quadratic_hermgauss(m, c / 2, n, a), "nodes without √2"),
    ("4.5", lambda m, c, n, a: math.pi ** (len(m) / 2) * right.quadratic_hermgauss(m, c, n, a),
     "weights not normalised"),
    ("0.1", lambda a: a.max() + np.log(np.exp(a - a.max()).sum()), "one sum for the batch"),
    ("0.1", lambda a: np.log(np.exp(a - a.max(-1, keepdims=True)).sum(-1)), "m not added back"),
    ("3.1", lambda p, q: (p * torch.log(p / q)).sum(), "sum of everything"),
    ("3.1", lambda p, q: F.kl_div(p.log(), q, reduction="none").sum(-1), "arguments swapped"),
    ("3.1", lambda p, q: kl_divergence(Categorical(q), Categorical(p)), "arguments swapped"),
    ("3.1", lambda p, q: (p * torch.log((p + 1e-12) / (q + 1e-12))).sum(-1), "finite where q = 0"),
    ("3.2", lambda a, b, x: -np.trapezoid(np.exp(a) * b, x), "cross-entropy"),
    ("3.2", lambda a, b, x: torch.trapezoid(b.exp() * (a - b), x), "weighted by q"),
    ("3.5", lambda p, q: answers.chain_numpy(p, q)[::-1], "terms exchanged"),
    ("11.2", lambda x, a, m, v: F.mse_loss(a.sigmoid(), x, reduction="sum") / len(x)
     + right.diagonal_torch(m, v).mean(), "squared error"),
    ("11.2", lambda x, a, m, v: F.binary_cross_entropy_with_logits(a, x, reduction="sum")
     + right.diagonal_torch(m, v).sum(), "sum over the batch"),
]  # fmt: skip
