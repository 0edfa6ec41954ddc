"""Answers to the exercises of chapter 14, as students write them: right, wrong without a name, wrong with one."""

import math

import numpy as np
import torch
from sklearn.decomposition import PCA
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits as bce

# 14.1


def active_numpy(mu, log_var):
    return (np.var(np.asarray(mu), axis=0) > 0.01).sum()


def active_loop(mu, log_var):
    return sum(1 for column in mu.T if ((column - column.mean()) ** 2).mean() > 0.01)


# 14.2


def units_sklearn(x, var, z_dim):
    values = PCA(n_components=min(z_dim, x.shape[1])).fit(np.asarray(x)).explained_variance_
    return int((values * (len(x) - 1) / len(x) > var).sum())


def units_svd(x, var, z_dim):
    singular = torch.linalg.svdvals(x - x.mean(0))[:z_dim]
    return int((singular**2 / len(x) > var).sum())


def units_min(x, var, z_dim):
    values = np.linalg.eigvalsh(np.cov(np.asarray(x).T, ddof=0))
    return min(z_dim, int((values > var).sum()))


# 14.3


def kl_of(mu, log_var):
    return kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).sum(1)


def rec_of(x, logits):
    return -bce(logits, x, reduction="none").sum(1)


def two_elbos(x, logits, mu, log_var, beta):
    kl, rec = kl_of(mu, log_var), rec_of(x, logits)
    return rec - beta * kl, rec - kl


def two_elbos_stacked(x, logits, mu, log_var, beta):
    p = torch.sigmoid(logits)
    rec = (x * p.log() + (1 - x) * (1 - p).log()).sum(-1)
    kl = -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(-1)
    return torch.stack([rec - beta * kl, rec - kl])


# 14.4


def ramp(step, warmup, per_epoch):
    return min(1.0, step / warmup)


def ramp_if(step, warmup, per_epoch):
    if step >= warmup:
        return 1
    return float(step) / warmup


def ramp_numpy(step, warmup, per_epoch):
    return np.interp(step, [0, warmup], [0, 1])


# 14.5


def bits_torch(mu, log_var, floor):
    kl = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).mean(0)
    return torch.maximum(kl, torch.full_like(kl, floor)).sum()


def bits_numpy(mu, log_var, floor):
    mu, log_var = np.asarray(mu), np.asarray(log_var)
    kl = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var)
    return np.maximum(kl.mean(axis=0), floor).sum()


def bits_loop(mu, log_var, floor):
    total = 0
    for j in range(mu.shape[1]):
        kl = (0.5 * (mu[:, j] ** 2 + log_var[:, j].exp() - 1 - log_var[:, j])).mean()
        total = total + (kl if kl > floor else floor)
    return total


def by_latent(mu, log_var):
    return kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0))


# 14.6

DIAGNOSES = {
    "A": ".sample()",
    "B": "z = μ in the test",
    "C": "no KL",
    "D": "σ² for σ",
    "E": "mean over the pixels",
}

RIGHT = {
    "14.1": [active_numpy, active_loop, lambda mu, log_var: mu.std(0).gt(0.1).sum()],
    "14.2": [units_sklearn, units_svd, units_min],
    "14.3": [two_elbos, two_elbos_stacked],
    "14.4": [ramp, ramp_if, ramp_numpy],
    "14.5": [bits_torch, bits_numpy, bits_loop],
    "14.6": [DIAGNOSES, lambda: dict(reversed(DIAGNOSES.items()))],
}

UNNAMED = {
    "14.1": [lambda mu, v: 1 + active_loop(mu, v), lambda mu, v: 0, lambda mu, v: (mu.var(0) > 0.5).sum()],
    "14.2": [lambda x, var, j: 1, lambda x, var, j: units_svd(x, 3 * var, j),
             lambda x, var, j: units_svd(x, var, j) + 1],
    "14.3": [lambda x, a, m, v, b: (rec_of(x, a), kl_of(m, v)), lambda x, a, m, v, b: (0 * kl_of(m, v),) * 2,
             lambda x, a, m, v, b: 2 * two_elbos_stacked(x, a, m, v, b)],
    "14.4": [lambda t, n, e: 0.5, lambda t, n, e: min(1, (t / n) ** 2), lambda t, n, e: 1 - math.exp(-t / n)],
    "14.5": [lambda m, v, f: f, lambda m, v, f: bits_torch(m, v, f) + 1, lambda m, v, f: bits_torch(m, v, 3 * f)],
    "14.6": [{**DIAGNOSES, "A": "the KL"}, {"A": ".sample()"}, list(DIAGNOSES.values()), {**DIAGNOSES, "B": ...}],
}  # fmt: skip

NAMED = [
    ("14.1", lambda mu, v: np.sum(np.exp(np.asarray(v)).mean(0) > 0.01), "posterior variance"),
    ("14.1", lambda mu, v: (torch.abs(mu).mean(dim=0) > 0.01).sum(), "mean of |μ|"),
    ("14.1", lambda mu, v: (mu.var(dim=1) > 0.01).sum().item(), "variance over the latents"),
    ("14.1", lambda mu, v: int((mu.var(dim=0) < 0.01).sum()), "the inactive ones"),
    ("14.1", lambda mu, v: (mu.pow(2).mean(0) > 0.01).sum(), "not centred"),
    ("14.1", lambda mu, v: np.sum(np.std(np.asarray(mu), 0) > 0.01), "standard deviation"),
    ("14.1", lambda mu, v: (by_latent(mu, v).mean(0) > 0.01).sum(), "KL above the threshold"),
    ("14.1", lambda mu, v: active_loop(mu, v) / mu.shape[1], "a share"),
    ("14.1", lambda mu, v: (torch.sqrt(torch.exp(v)).mean(dim=0) < 0.8).sum(), "small posterior variance"),
    ("14.1", lambda mu, v: np.sum(np.asarray(v).mean(0) < -0.5), "small posterior variance"),
    ("14.1", lambda mu, v: np.sum(np.abs(np.mean(np.asarray(mu), 0)) > 0.01), "mean of μ"),
    ("14.1", lambda mu, v: (mu.std(0) > 0.1**0.5).sum(), "another threshold"),
    ("14.1", lambda mu, v: np.var(np.asarray(mu), axis=0) > 0.01, "not counted"),
    ("14.2", lambda x, var, j: units_svd(x, var**0.5, j), "standard deviation for variance"),
    ("14.2", lambda x, var, j: units_svd(x, 2 * var, j), "twice the variance"),
    ("14.2", lambda x, var, j: int((torch.linalg.svdvals(x)[:j] ** 2 / len(x) > var).sum()), "images not centred"),
    ("14.2", lambda x, var, j: units_svd(x, var, x.shape[1]), "more than J"),
    ("14.2", lambda x, var, j: j, "all J"),
    ("14.2", lambda x, var, j: (torch.linalg.eigvalsh(torch.cov(x.T))[:j] > var).sum(), "the smallest eigenvalues"),
    ("14.2", lambda x, var, j: np.sum(PCA(j).fit(np.asarray(x)).singular_values_ > var), "singular values"),
    ("14.2", lambda x, var, j: units_svd(x, var**2, j), "σ² squared"),
    ("14.2", lambda x, var, j: (torch.linalg.svdvals(x)[:j] ** 2 > var).sum(), "neither centred nor divided"),
    ("14.2", lambda x, var, j: np.sum(PCA(j).fit(x).explained_variance_ratio_ > var), "a share of the variance"),
    ("14.3", lambda x, a, m, v, b: (rec_of(x, a) - b * kl_of(m, v),) * 2, "β in the ELBO reported"),
    ("14.3", lambda x, a, m, v, b: (b * rec_of(x, a) - kl_of(m, v), rec_of(x, a) - kl_of(m, v)),
     "β on the reconstruction"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a, m, v, 1 / b), "1/β"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a, m, v, b**2), "β²"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a, m, v, 1), "no β"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a, m, v, b)[::-1], "the two exchanged"),
    ("14.3", lambda x, a, m, v, b: -two_elbos_stacked(x, a, m, v, b), "losses"),
    ("14.3", lambda x, a, m, v, b: two_elbos_stacked(x, a, m, v, b).mean(1), "mean over the images"),
    ("14.3", lambda x, a, m, v, b: (-bce(a, x, reduction="sum") - b * kl_of(m, v),
                                    -bce(a, x, reduction="sum") - kl_of(m, v)), "one reconstruction for the batch"),
    ("14.3", lambda x, a, m, v, b: (-bce(a, x) - b * kl_of(m, v), -bce(a, x) - kl_of(m, v)),
     "one reconstruction for the batch"),
    ("14.3", lambda x, a, m, v, b: (-rec_of(x, a) - b * kl_of(m, v), -rec_of(x, a) - kl_of(m, v)),
     "cross-entropy for log p(x|z)"),
    ("14.3", lambda x, a, m, v, b: (rec_of(x, a) - b * kl_of(m, v), rec_of(x, a)), "no KL in the report"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a.sigmoid(), m, v, b), "two sigmoids"),
    ("14.3", lambda x, a, m, v, b: two_elbos(x, a, m, 2 * v, b), "ℓ read as log σ"),
    ("14.3", lambda x, a, m, v, b: (rec_of(x, a) - b * by_latent(m, v).mean(1), rec_of(x, a) - by_latent(m, v).mean(1)),
     "mean over the latents"),
    ("14.4", lambda t, n, e: min(1, t / e), "one epoch"),
    ("14.4", lambda t, n, e: min(1, (t // e) / (n // e)), "epochs over epochs"),
    ("14.4", lambda t, n, e: min(1, t / (n - 1)), "T − 1"),
    ("14.4", lambda t, n, e: 1 - ramp(t, n, e), "starts at 1"),
    ("14.4", lambda t, n, e: t / n, "unbounded"),
    ("14.4", lambda t, n, e: min(1, (t // e) / n), "epochs over steps"),
    ("14.4", lambda t, n, e: min(1, t // e * e / n), "once per epoch"),
    ("14.4", lambda t, n, e: min(1, (t + 1) / n), "one step early"),
    ("14.4", lambda t, n, e: min(1, t / (n * e)), "T counted in epochs"),
    ("14.4", lambda t, n, e: max(1, t / n), "max for min"),
    ("14.4", lambda t, n, e: min(1, t // n), "a jump"),
    ("14.4", lambda t, n, e: (t % n) / n, "starts again"),
    ("14.5", lambda m, v, f: by_latent(m, v).clamp(min=f).sum(1).mean(), "for each image"),
    ("14.5", lambda m, v, f: max(by_latent(m, v).sum(1).mean(), torch.tensor(f)), "on the total"),
    ("14.5", lambda m, v, f: by_latent(m, v).mean(0).clamp(max=f).sum(), "minimum"),
    ("14.5", lambda m, v, f: torch.relu(by_latent(m, v).mean(0) - f).sum(), "floor subtracted"),
    ("14.5", lambda m, v, f: by_latent(m, v).sum(1).mean(), "no floor"),
    ("14.5", lambda m, v, f: by_latent(m, v).mean(0).clamp(min=f).mean(), "mean over the latents"),
    ("14.5", lambda m, v, f: by_latent(m, v).sum(0).clamp(min=f).sum(), "sum over the images"),
    ("14.5", lambda m, v, f: by_latent(m, v).sum(1).clamp(min=f).mean(), "on each image's total"),
    ("14.5", lambda m, v, f: by_latent(m, v).clamp(min=f).mean(), "mean over images and latents"),
    ("14.5", lambda m, v, f: by_latent(m, v).clamp(min=f).sum(), "sum over images and latents"),
    ("14.5", lambda m, v, f: by_latent(m, 2 * v).mean(0).clamp(min=f).sum(), "ℓ read as log σ"),
    ("14.5", lambda m, v, f: sum(k for k in by_latent(m, v).mean(0) if k > f), "nothing below the floor"),
    ("14.6", DIAGNOSES | {"A": "mean over the pixels", "E": ".sample()"}, "mean over the pixels in log A"),
    ("14.6", DIAGNOSES | {"B": "σ² for σ", "D": "z = μ in the test"}, "σ² for σ in log B"),
    ("14.6", DIAGNOSES | {"D": "z = μ in the test"}, "z = μ in the test in log D"),
    ("14.6", DIAGNOSES | {"C": "z = μ in the test"}, "z = μ in the test in log C"),
]  # fmt: skip

SOURCES = {
    "14.1": ["return (mu.var(0) > 0.01).sum()"],
    "14.2": ["c = x - x.mean(0)\nv = torch.linalg.eigvalsh(c.T @ c / len(x)).flip(0)\nreturn (v[:z_dim] > var).sum()"],
    "14.3": [
        "r = -F.binary_cross_entropy_with_logits(logits, x, reduction='none').sum(1)\n"
        "k = -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(1)\nreturn r - beta * k, r - k"
    ],
    "14.5": [
        "k = 0.5 * (mu**2 + log_var.exp() - 1 - log_var)\nreturn k.mean(0).clamp(min=floor).sum()",
    ],
}
