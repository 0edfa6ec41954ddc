"""Answers to the exercises of chapter 9, as students write them: right, wrong without a name, wrong with one."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy import special, stats
from torch.distributions import Bernoulli, ContinuousBernoulli, Independent, Normal

# 9.1


def bern_distribution(x, logits):
    return Independent(Bernoulli(logits=logits), 1).log_prob(x)


def bern_signs(x, logits):
    return F.logsigmoid((2 * x - 1) * logits).sum(-1)


def bern_numpy(x, logits):
    x, logits = np.asarray(x), np.asarray(logits)
    return (x * logits - np.logaddexp(0, logits)).sum(axis=1)


def bern_loop(x, logits):
    return [-F.binary_cross_entropy_with_logits(a, row, reduction="sum") for a, row in zip(logits, x, strict=True)]


# 9.2


def normal_scipy(x, mean, log_var):
    return stats.norm.logpdf(np.asarray(x), np.asarray(mean), np.exp(0.5 * np.asarray(log_var))).sum(-1)


def normal_by_hand(x, mean, log_var):
    squares = ((x - mean) ** 2 / (2 * log_var.exp())).sum(dim=1)
    return -squares - log_var.sum(dim=1) / 2 - x.shape[1] * math.log(2 * math.pi) / 2


def normal_independent(x, mean, log_var):
    return Independent(Normal(mean, torch.exp(log_var).sqrt()), 1).log_prob(x)


def normal_nll(x, mean, log_var):
    return -F.gaussian_nll_loss(mean, x, log_var.exp(), full=True, reduction="none").sum(-1)


def no_constant(x, mean, log_var):
    return -F.gaussian_nll_loss(mean, x, log_var.exp(), reduction="none").sum(-1)


# 9.4


def c_from_logit(probs):
    probs = np.asarray(probs, dtype=float)
    out = np.full_like(probs, 2.0)
    off = probs != 0.5
    out[off] = special.logit(probs[off]) / (2 * probs[off] - 1)
    return out


def c_by_torch(probs):
    return 2 * ContinuousBernoulli(probs).log_prob(torch.zeros_like(probs)).exp() / (2 * (1 - probs))


def c_by_area(probs):
    x = torch.linspace(0, 1, 20001, dtype=torch.double)
    p = torch.as_tensor(probs).double()[:, None]
    return 1 / torch.trapezoid(p**x * (1 - p) ** (1 - x), x)


def c_list(probs):
    return [2.0 if abs(p - 0.5) < 1e-4 else 2 * math.atanh(1 - 2 * float(p)) / (1 - 2 * float(p)) for p in probs]


# 9.5


def ls_where(a):
    e = torch.exp(-a.abs())
    return torch.where(a > 0, -torch.log1p(e), a - torch.log1p(e))


def ls_minimum(a):
    return torch.minimum(a, torch.zeros_like(a)) - torch.log(1 + torch.exp(-torch.abs(a)))


def ls_numpy(a):
    return -np.logaddexp(0, -np.asarray(a))


RIGHT = {
    "9.1": [bern_distribution, bern_signs, bern_numpy, bern_loop],
    "9.2": [normal_scipy, normal_by_hand, normal_independent, normal_nll],
    "9.3": [lambda d: (d / 2, 0.5, 1), lambda d: np.array([d, 1, 2]) / 2, lambda d: torch.tensor([d / 2, 1 / 2, 1.0])],
    "9.4": [c_from_logit, c_by_torch, c_by_area, c_list],
    "9.5": [ls_where, ls_minimum, ls_numpy, lambda a: a - F.softplus(a), F.logsigmoid, lambda a: -F.softplus(-a)],
}

UNNAMED = {
    "9.1": [lambda x, a: 0.7 * bern_signs(x, a), lambda x, a: a.sum(-1), lambda x, a: bern_signs(x, a) + 0.3],
    "9.2": [lambda x, m, v: normal_by_hand(x, m, v) + 1, lambda x, m, v: (x * m).sum(1), lambda x, m, v: v.sum(1)],
    "9.3": [lambda d: (d / 3, 0.5, 1), lambda d: (0, 0, 0), lambda d: (d / 2, 0.5, 1.5)],
    "9.4": [lambda p: 2 + 0 * p, lambda p: 1.1 * c_by_area(p), lambda p: 1 / (1 - p)],
    "9.5": [lambda a: 0.9 * F.logsigmoid(a), lambda a: a, lambda a: torch.tanh(a)],
}


def named(id, cases):
    return [(id, answer, name) for name, answer in cases]


NAMED = [
    ("9.1", lambda x, a: Bernoulli(probs=a.sigmoid()).log_prob(x).sum(1), "log of a sigmoid"),
    ("9.1", lambda x, a: (x * a - F.softplus(x)).sum(1), "images and logits exchanged"),
    ("9.2", lambda x, m, v: -0.5 * (2 * math.pi + v + (x - m) ** 2 * torch.exp(-v)).sum(1), "another constant"),
    ("9.2", lambda x, m, v: -0.5 * ((x - m) ** 2 / v + v + math.log(2 * math.pi)).sum(1), "divided by ℓ"),
    ("9.3", lambda x_dim: [x_dim / 2, 1 / 2, 1 / 2], "half without effect"),
    ("9.5", lambda a: torch.log(1 / (1 + torch.exp(-a.clamp(-50, 50)))), "logit clamped"),
    *named("9.1", [
        ("sign", lambda x, a: F.binary_cross_entropy_with_logits(a, x, reduction="none").sum(1)),
        ("mean over the pixels", lambda x, a: Bernoulli(logits=a).log_prob(x).mean(-1)),
        ("sum over the batch", lambda x, a: -F.binary_cross_entropy_with_logits(a, x, reduction="sum")),
        ("cross-entropy, averaged", lambda x, a: F.binary_cross_entropy_with_logits(a, x)),
        ("cross-entropy, summed", lambda x, a: F.binary_cross_entropy_with_logits(a, x, reduction="sum")),
        ("log of a sigmoid", lambda x, a: -F.binary_cross_entropy(torch.sigmoid(a), x, reduction="none").sum(1)),
        ("log of a sigmoid", lambda x, a: torch.log(x * torch.sigmoid(a) + (1 - x) * (1 - torch.sigmoid(a))).sum(1)),
        ("sigmoid twice", lambda x, a: bern_signs(x, torch.sigmoid(a))),
        ("logits as probabilities", lambda x, a: (x * torch.log(a) + (1 - x) * torch.log(1 - a)).sum(1)),
        ("x and π swapped", lambda x, a: -F.binary_cross_entropy(x, torch.sigmoid(a), reduction="none").sum(1)),
        ("ones only", lambda x, a: (x * F.logsigmoid(a)).sum(1)),
        ("squared error", lambda x, a: -((x - 1 / (1 + torch.exp(-a))) ** 2).sum(1)),
        ("softplus(−a)", lambda x, a: (a * x - F.softplus(-a)).sum(1)),
        ("over the images", lambda x, a: (x * a - F.softplus(a)).sum(0)),
    ]),
    *named("9.2", [
        ("no 2π", no_constant),
        ("mean over the pixels", lambda x, m, v: normal_independent(x, m, v) / x.shape[1]),
        ("ℓ read as log σ", lambda x, m, v: Normal(m, v.exp()).log_prob(x).sum(1)),
        ("ℓ not halved", lambda x, m, v: normal_by_hand(x, m, v) - v.sum(1) / 2),
        ("squared error", lambda x, m, v: -F.mse_loss(m, x, reduction="none").sum(1)),
        ("sign", lambda x, m, v: -Normal(m, torch.exp(v / 2)).log_prob(x).sum(1)),
        ("sum over the batch", lambda x, m, v: Normal(m, torch.exp(v / 2)).log_prob(x).sum()),
        ("constant once", lambda x, m, v: no_constant(x, m, v) - math.log(2 * math.pi) / 2),
        ("PyTorch's Gaussian loss", lambda x, m, v: F.gaussian_nll_loss(m, x, v.exp())),
        ("pixels not summed", lambda x, m, v: Normal(m, torch.exp(v / 2)).log_prob(x)),
        ("no ½", lambda x, m, v: 2 * normal_by_hand(x, m, v)),
        ("ℓ read as σ²", lambda x, m, v: Normal(m, v.sqrt(), validate_args=False).log_prob(x).sum(1)),
        ("variance e^(−ℓ)", lambda x, m, v: normal_by_hand(x, m, -v)),
    ]),
    *named("9.3", [
        ("½ always", lambda d: [0.5] * 3),
        ("D", lambda d: (d, 1, 2)),
        ("2/D", lambda d: (2 / d, 2, 1)),
        ("1/D", lambda d: (1 / d, 1, 1 / 2)),
        ("standard deviations", lambda d: (math.sqrt(d / 2), math.sqrt(0.5), 1)),
        ("sum and half exchanged", lambda d: (d / 2, 1, 0.5)),
        ("half the sum is ¼", lambda d: (d / 2, 1 / 2, 1 / 4)),
        ("mean inverted", lambda d: (1 / (2 * d), 0.5, 1)),
        ("mean like sum", lambda d: (0.5, 0.5, 1)),
        ("mean without ½", lambda d: (d, 0.5, 1.0)),
        ("order", lambda d: (0.5, 1, d / 2)),
    ]),
    *named("9.4", [
        ("nan at λ = ½", lambda p: torch.log(p / (1 - p)) / (2 * p - 1)),
        ("nan at λ = ½", lambda p: 2 * np.arctanh(1 - 2 * np.asarray(p)) / (1 - 2 * np.asarray(p))),
        ("no constant", torch.ones_like),
        ("inverse", lambda p: 1 / c_by_area(p)),
        ("no 2", lambda p: c_by_area(p) / 2),
        ("logarithm of the constant", lambda p: c_by_area(p).log()),
        ("another value at ½", lambda p: torch.where(p == 0.5, 1.0, c_by_area(p).float())),
        ("another value at ½", lambda p: torch.nan_to_num(2 * torch.atanh(1 - 2 * p) / (1 - 2 * p))),
        ("sign", lambda p: torch.log((1 - p) / p) / (2 * p - 1)),
        ("numerator alone", lambda p: torch.log((1 - p) / p)),
        ("logarithm to base 2", lambda p: torch.log2(p / (1 - p)) / (2 * p - 1)),
    ]),
    *named("9.5", [
        ("log of the sigmoid", lambda a: torch.log(1 / (1 + torch.exp(-a)))),
        ("log of the sigmoid", lambda a: np.log(special.expit(np.asarray(a)))),
        ("clamped at −100", lambda a: -F.binary_cross_entropy(torch.sigmoid(a), torch.ones_like(a), reduction="none")),
        ("ε in the logarithm", lambda a: torch.log(torch.sigmoid(a) + 1e-8)),
        ("ε in the logarithm", lambda a: torch.log(torch.clamp(torch.sigmoid(a), min=1e-12))),
        ("log(1 − π) for log π", lambda a: F.logsigmoid(-a)),
        ("e^a overflows", lambda a: a - np.log1p(np.exp(a))),
        ("sign", lambda a: F.softplus(-a)),
        ("softplus(a)", lambda a: torch.logaddexp(a, torch.zeros_like(a))),
        ("the sigmoid itself", lambda a: special.expit(np.asarray(a))),
        ("minimum of a and 0", lambda a: torch.where(a < 0, a, 0.0)),
    ]),
]  # fmt: skip

SOURCES = {
    "9.1": [
        "return (x * logits - F.softplus(logits)).sum(-1)",
        "p = torch.sigmoid(logits)\nreturn torch.where(x == 1, F.logsigmoid(logits), F.logsigmoid(-logits)).sum(-1)",
    ],
    "9.2": [
        "return -0.5 * (1.8378770664093453 + log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)",
        "std = torch.exp(0.5 * log_var)\nreturn torch.distributions.Normal(mean, std).log_prob(x).sum(-1)",
    ],
    "9.3": ["return x_dim / 2, 0.5, 1.0", "w = 1 / x_dim\nreturn 1 / (2 * w), 1 / 2, 1 / (2 * 0.5)"],
    "9.4": [
        "t = 1 - 2 * probs\ns = torch.where(t == 0, 0.5, t)\nreturn torch.where(t == 0, 2.0, 2 * torch.atanh(s) / s)"
    ],
    "9.5": ["return -torch.clamp(-a, min=0) - torch.log1p(torch.exp(-a.abs()))", "return a - F.softplus(a)"],
}
