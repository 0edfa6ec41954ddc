"""Right answers to the exercises of chapter 2, as students write them, and wrong ones, with a name and without."""

import itertools
import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.integrate import simpson
from scipy.special import expit, logsumexp
from scipy.stats import multivariate_normal
from torch.distributions import Bernoulli, LowRankMultivariateNormal, MultivariateNormal

# 2.1


def sample_columns(weight, bias, std, eps_z, eps_x):
    mean = (weight @ eps_z.T).T + bias[None, :]
    return eps_z, mean + eps_x * std


def sample_loop(weight, bias, std, eps_z, eps_x):
    rows = [[float(np.dot(w, z) + b + std * e) for w, b, e in zip(weight, bias, ex, strict=True)]
            for z, ex in zip(eps_z, eps_x, strict=True)]  # fmt: skip
    return np.copy(eps_z), rows


def sample_einsum(weight, bias, std, eps_z, eps_x):
    return [eps_z, torch.einsum("dj,mj->md", weight, eps_z) + bias + torch.sqrt(std**2) * eps_x]


# 2.2


def bits_product(x, weight, bias):
    values = []
    for code in itertools.product([0.0, 1.0], repeat=weight.shape[1]):
        logits = (weight @ torch.tensor(code, dtype=weight.dtype) + bias).expand_as(x)
        values.append(-F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1))
    return torch.stack(values).logsumexp(0) - len(values).bit_length() * math.log(2) + math.log(2)


def bits_numpy(x, weight, bias):
    codes = np.array(list(itertools.product([0, 1], repeat=weight.shape[1])))
    a = codes @ weight.T + bias
    log_on, log_off = -np.logaddexp(0, -a), -np.logaddexp(0, a)
    return logsumexp(x @ log_on.T + (1 - x) @ log_off.T, axis=1, b=1 / len(codes))


def bits_bernoulli(x, weight, bias):
    n = weight.shape[1]
    codes = torch.stack([(torch.arange(2**n) >> k) & 1 for k in range(n)], 1).to(x)
    table = Bernoulli(logits=codes @ weight.T + bias).log_prob(x[:, None, :]).sum(-1)
    return table.logsumexp(1) - math.log(2**n)


# 2.3


def line_numpy(x, weight, bias, std):
    cov = weight @ weight.T + std**2 * np.eye(len(bias))
    d = x - bias
    quadratic = np.einsum("md,de,me->m", d, np.linalg.inv(cov), d)
    return -0.5 * (len(bias) * np.log(2 * np.pi) + np.linalg.slogdet(cov)[1] + quadratic)


def line_torch(x, weight, bias, std):
    return MultivariateNormal(bias, weight @ weight.T + std**2 * torch.eye(len(bias))).log_prob(x)


def line_low_rank(x, weight, bias, std):
    return LowRankMultivariateNormal(bias, weight, (std**2).expand(len(bias))).log_prob(x)


def line_scipy(x, weight, bias, std):
    return multivariate_normal(np.asarray(bias), np.asarray(weight @ weight.T + std**2 * np.eye(len(bias)))).logpdf(x)


# 2.4


def grid_softmax(log_lik, log_prior, z):
    return torch.softmax(log_lik + log_prior, dim=-1) / (z[1] - z[0])


def grid_simpson(log_lik, log_prior, z):
    joint = log_lik + log_prior
    density = np.exp(joint - joint.max(axis=1, keepdims=True))
    return density / simpson(density, x=z, axis=1)[:, np.newaxis]


def grid_loop(log_lik, log_prior, z):
    rows = []
    for row in log_lik:
        p = torch.exp(row - row.max() + log_prior)
        rows.append(p / (p.sum() * (z[-1] - z[0]) / (len(z) - 1)))
    return torch.stack(rows)


# 2.5


def size_numpy(log_lik, log_prior):
    w = np.exp(log_lik - np.max(log_lik, axis=-1, keepdims=True))
    return w.sum(-1) ** 2 / (w**2).sum(-1)


def size_logs(log_lik, log_prior):
    return (2 * log_lik.logsumexp(-1) - (2 * log_lik).logsumexp(-1)).exp()


RIGHT = {
    "2.1": [sample_columns, sample_loop, sample_einsum],
    "2.2": [bits_product, bits_numpy, bits_bernoulli],
    "2.3": [line_numpy, line_torch, line_low_rank, line_scipy],
    "2.4": [grid_softmax, grid_simpson, grid_loop],
    "2.5": [size_numpy, size_logs],
}

UNNAMED = {
    "2.1": [lambda w, b, s, ez, ex: (ez, 2 * sample_columns(w, b, s, ez, ex)[1]),
            lambda w, b, s, ez, ex: (ez + 1, ex),
            lambda w, b, s, ez, ex: (ez, ez @ w.T - b + s * ex)],
    "2.2": [lambda x, w, b: 2 * bits_bernoulli(x, w, b), lambda x, w, b: bits_bernoulli(x, w, -b),
            lambda x, w, b: bits_bernoulli(1 - x, w, b)],
    "2.3": [lambda x, w, b, s: 3 * line_low_rank(x, w, b, s), lambda x, w, b, s: line_low_rank(x, w, -b, s),
            lambda x, w, b, s: line_low_rank(x, w, b, 3 * s)],
    "2.4": [lambda a, b, z: 3 * grid_softmax(a, b, z), lambda a, b, z: grid_softmax(a, b, z) + 1,
            lambda a, b, z: grid_softmax(-a, b, z)],
    "2.5": [lambda a, b: 3 * size_logs(a, b), lambda a, b: a.mean(-1), lambda a, b: size_logs(a, b) ** 2],
}  # fmt: skip

# As students write them: the name that each must get


def bits_naive(x, weight, bias):
    codes = np.array(list(itertools.product([0, 1], repeat=weight.shape[1])))
    p = expit(codes @ weight.T + bias)
    return np.log(np.mean([np.prod(p**row * (1 - p) ** (1 - row), axis=1) for row in x], axis=1))


def bits_mean(x, weight, bias):
    codes = torch.tensor(list(itertools.product([0.0, 1.0], repeat=weight.shape[1])))
    return Bernoulli(logits=codes @ weight.T + bias).log_prob(x[:, None]).sum(-1).mean(1)


def grid_plain(log_lik, log_prior, z):
    joint = np.exp(log_lik) * np.exp(log_prior)
    return joint / np.trapezoid(joint, z, axis=1)[:, None]


def size_plain(log_lik, log_prior):
    w = torch.exp(log_lik)
    return torch.sum(w, -1) ** 2 / torch.sum(w**2, -1)


NAMED = [
    ("2.1", lambda w, b, s, ez, ex: (ez, F.linear(ez, w, b)), "no noise"),
    ("2.1", lambda w, b, s, ez, ex: (ez, F.linear(ez, w, b) + s**2 * ex), "σ² used as scale"),
    ("2.1", lambda w, b, s, ez, ex: (ez, F.linear(ez, w, b) + ex), "noise not scaled"),
    ("2.1", lambda w, b, s, ez, ex: (ez, F.linear(ez, w) + s * ex), "no b"),
    ("2.1", lambda w, b, s, ez, ex: (F.linear(ez, w, b) + s * ex, ez), "x first"),
    ("2.1", lambda w, b, s, ez, ex: (ez, F.linear(ez, w, b) + s * ex[0]), "noise shared by the rows"),
    ("2.1", lambda w, b, s, ez, ex: (ez, ez @ w.reshape(w.shape[1], -1) + b + s * ex), "W reshaped, not transposed"),
    ("2.1", lambda w, b, s, ez, ex: (s * ez, F.linear(s * ez, w, b) + s * ex), "z scaled by σ"),
    ("2.2", bits_naive, "product first, then log"),
    ("2.2", bits_mean, "mean of logs"),
    ("2.2", lambda x, w, b: bits_bernoulli(x, w, b) + w.shape[1] * math.log(2), "no 2^-J"),
    ("2.2", lambda x, w, b: bits_bernoulli(x, w, b).mean(), "one number for the batch"),
    ("2.2", lambda x, w, b: bits_numpy(x, w, b) + np.log(2 ** w.shape[1]) - np.log(w.shape[1]), "divided by J"),
    ("2.2", lambda x, w, b: -F.binary_cross_entropy_with_logits((w.sum(1) / 2 + b).expand_as(x), x,
                                                                reduction="none").sum(1), "the mean code alone"),
    ("2.3", lambda x, w, b, s: MultivariateNormal(b, w @ w.T + s * torch.eye(len(b))).log_prob(x), "σ for σ²"),
    ("2.3", lambda x, w, b, s: MultivariateNormal(0 * b, w @ w.T + s**2 * torch.eye(len(b))).log_prob(x),
     "not centred"),
    ("2.3", lambda x, w, b, s: torch.distributions.Normal(b, s).log_prob(x).sum(-1), "no W"),
    ("2.3", lambda x, w, b, s: torch.distributions.Normal(b, (s**2 + (w**2).sum(1)).sqrt()).log_prob(x).sum(-1),
     "pixels independent"),
    ("2.3", lambda x, w, b, s: line_low_rank(x, w, b, s).sum(), "one number for the batch"),
    ("2.3", lambda x, w, b, s: line_numpy(x, w, b, s) + 0.5 * len(b) * np.log(2 * np.pi), "no 2π"),
    ("2.4", grid_plain, "0/0 where both underflow"),
    ("2.4", lambda a, b, z: torch.softmax(a + b, -1), "no dz"),
    ("2.4", lambda a, b, z: torch.softmax(a, -1) / (z[1] - z[0]), "no prior"),
    ("2.4", lambda a, b, z: np.exp(a + b), "not normalised"),
    ("2.4", lambda a, b, z: torch.softmax(a + b, 0), "wrong axis"),
    ("2.4", lambda a, b, z: torch.log_softmax(a + b, -1) - torch.log(z[1] - z[0]), "logarithm"),
    ("2.5", size_plain, "underflow"),
    ("2.5", lambda a, b: (a.softmax(-1) ** 2).sum(-1), "Σw²/(Σw)²"),
    ("2.5", lambda a, b: size_logs(a + b, b), "weights p(z) p(x|z)"),
    ("2.5", lambda a, b: size_numpy(b, b), "weights p(z)"),
    ("2.5", lambda a, b: a.sum(-1) ** 2 / (a**2).sum(-1), "log-weights as weights"),
    ("2.5", lambda a, b: size_logs(a, b) / a.shape[-1], "share of L"),
]  # fmt: skip
