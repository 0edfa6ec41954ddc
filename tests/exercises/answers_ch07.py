"""Answers to the exercises of chapter 7, as students write them: right, wrong without a name, wrong with one."""

import math

import numpy as np
import torch
from scipy import stats
from scipy.special import logsumexp
from torch.distributions import Independent, Normal

# 7.1


def se_numpy(f):
    f = np.asarray(f)
    return f.mean(axis=0), f.std(axis=0, ddof=1) / np.sqrt(f.shape[0])


def se_by_hand(f):
    n = f.shape[0]
    mean = f.sum(0) / n
    return mean, torch.sqrt(((f - mean) ** 2).sum(0) / (n * (n - 1)))


def se_scipy(f):
    return np.mean(np.asarray(f), 0), stats.sem(np.asarray(f))


def se_columns(f):
    return [c.mean() for c in f.T], [c.std(correction=0) / (len(c) - 1) ** 0.5 for c in f.T]


# 7.2


def slope_polyfit(draws, estimates):
    return np.polyfit(np.log(draws), np.log(np.std(np.asarray(estimates), axis=0)), 1)[0]


def slope_log10(draws, estimates):
    a = torch.stack([draws.log10(), torch.ones_like(draws)], 1)
    return torch.linalg.lstsq(a, estimates.std(0).log10()[:, None]).solution[0, 0]


def slope_ends(draws, estimates):
    error = estimates.std(0)
    return math.log(error[-1] / error[0]) / math.log(draws[-1] / draws[0])


# 7.3


def lme_shift(log_w):
    m = log_w.max(0).values
    return m + (log_w - m).exp().mean(0).log()


def lme_numpy(log_w):
    return logsumexp(np.asarray(log_w), axis=0) - np.log(log_w.shape[0])


def lme_loop(log_w):
    total = log_w[0]
    for row in log_w[1:]:
        total = torch.logaddexp(total, row)
    return total - math.log(log_w.shape[0])


# 7.4


def a_independent(log_lik, z, mu, log_var):
    q = Independent(Normal(mu, (log_var / 2).exp()), 1)
    p = Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
    return (log_lik + p.log_prob(z) - q.log_prob(z)).mean(0)


def a_no_pi(log_lik, z, mu, log_var):
    ratio = -(z**2) / 2 + (log_var + (z - mu) ** 2 * torch.exp(-log_var)) / 2
    return torch.mean(log_lik + ratio.sum(dim=2), dim=0)


def a_scipy(log_lik, z, mu, log_var):
    log_q = stats.norm.logpdf(z, mu, np.exp(0.5 * np.asarray(log_var))).sum(-1)
    return np.mean(np.asarray(log_lik) + stats.norm.logpdf(z).sum(-1) - log_q, axis=0)


def log_q_of(z, mu, log_var):
    return Normal(mu, log_var.exp().sqrt()).log_prob(z).sum(-1)


def log_p_of(z):
    return Normal(0, 1).log_prob(z).sum(-1)


# 7.5


def choice_std(log_lik, log_prior, log_q, kl):
    a = log_lik + log_prior - log_q
    b = log_lik - kl
    return [bool(a[:, m].std() < b[:, m].std()) for m in range(a.shape[1])]


def choice_numpy(log_lik, log_prior, log_q, kl):
    a = np.asarray(log_lik) + np.asarray(log_prior) - np.asarray(log_q)
    return np.var(a, axis=0) < np.var(np.asarray(log_lik), axis=0)


def choice_covariance(log_lik, log_prior, log_q, kl):
    r = log_prior - log_q
    covariance = ((r - r.mean(0)) * (log_lik - log_lik.mean(0))).sum(0) / (len(r) - 1)
    return r.var(0) + 2 * covariance < 0


# 7.6


def is_numpy(f, log_p, log_q):
    return np.mean(np.asarray(f) * np.exp(np.asarray(log_p) - np.asarray(log_q)), axis=0)


def is_loop(f, log_p, log_q):
    total = 0
    for i in range(len(f)):
        total = total + f[i] * math.e ** (log_p[i] - log_q[i])
    return total / len(f)


RIGHT = {
    "7.1": [se_numpy, se_by_hand, se_scipy, se_columns],
    "7.2": [slope_polyfit, slope_log10, slope_ends],
    "7.3": [lme_shift, lme_numpy, lme_loop],
    "7.4": [a_independent, a_no_pi, a_scipy],
    "7.5": [choice_std, choice_numpy, choice_covariance],
    "7.6": [is_numpy, is_loop, lambda f, p, q: torch.einsum("lm,lm->m", f, torch.exp(p - q)) / f.shape[0]],
}

UNNAMED = {
    "7.1": [lambda f: (f.mean(0), 0.5 * f.std(0)), lambda f: (f[0], f[0]), lambda f: (f.amax(0), f.std(0))],
    "7.2": [lambda n, e: 0.0, lambda n, e: 0.8 * slope_ends(n, e), lambda n, e: e[0, 0]],
    "7.3": [lambda a: lme_shift(a) + 1, lambda a: a.median(0).values, lambda a: 0 * a[0]],
    "7.4": [lambda a, z, m, v: a_no_pi(a, z, m, v) + 0.1, lambda a, z, m, v: a[0], lambda a, z, m, v: 0 * a[0]],
    "7.5": [lambda a, p, q, kl: kl > 0.5, lambda a, p, q, kl: a.mean(0) > -5, lambda a, p, q, kl: a.std(0) > 1],
    "7.6": [lambda f, p, q: 0 * f[0], lambda f, p, q: f[0] * (p - q)[0].exp(), lambda f, p, q: (f**2).mean(0)],
}

NAMED = [
    ("7.1", lambda f: (f.mean(0), np.std(np.asarray(f), axis=0) / np.sqrt(len(f))), "ddof 0"),
    ("7.1", lambda f: (f.mean(0), torch.var(f, 0) / f.shape[0]), "variance"),
    ("7.1", lambda f: (f.mean(0), f.std(dim=0)), "standard deviation"),
    ("7.1", lambda f: (f.mean(dim=0), f.std(dim=0) / f.shape[0]), "divided by L"),
    ("7.1", lambda f: (f.mean(1), f.std(1) / f.shape[1] ** 0.5), "over the columns"),
    ("7.1", lambda f: (f.mean(), f.std() / f.numel() ** 0.5), "over everything"),
    ("7.1", lambda f: (f.mean(0), 1.96 * se_by_hand(f)[1]), "two standard errors"),
    ("7.2", lambda n, e: np.polyfit(np.log(n), np.log(np.var(np.asarray(e), 0)), 1)[0], "twice the slope"),
    ("7.2", lambda n, e: np.polyfit(np.log10(n), np.log(np.std(np.asarray(e), 0)), 1)[0], "two bases"),
    ("7.2", lambda n, e: -slope_ends(n, e), "sign"),
    ("7.2", lambda n, e: np.polyfit(n, np.std(np.asarray(e), 0), 1)[0], "no logarithms"),
    ("7.2", lambda n, e: -1 / 2, "always −1/2"),
    ("7.2", lambda n, e: slope_polyfit(n, e / np.sqrt(np.asarray(n))), "divided by √L again"),
    ("7.2", lambda n, e: np.polyfit(np.log(n), np.log(np.std(np.asarray(e), axis=0)), 1)[1], "intercept"),
    ("7.3", lambda a: np.log(np.mean(np.exp(np.asarray(a)), axis=0)), "naive"),
    ("7.3", lambda a: a.sum(0) / len(a), "mean of logs"),
    ("7.3", lambda a: logsumexp(np.asarray(a), axis=0), "log of the sum"),
    ("7.3", lambda a: torch.max(a, 0)[0], "maximum"),
    ("7.3", lambda a: torch.log(torch.mean(torch.exp(a - a.max()), 0)) + a.max(), "one maximum for all columns"),
    ("7.3", lambda a: torch.logsumexp(a, -1) - math.log(a.shape[-1]), "over the columns"),
    ("7.3", lambda a: logsumexp(np.asarray(a), axis=0) / len(a), "logarithm divided by L"),
    ("7.4", lambda a, z, m, v: (a + log_p_of(z)).mean(0) - log_q_of(z, m, v).sum(0), "log q outside the mean"),
    ("7.4", lambda a, z, m, v: (a + log_p_of(z) + log_q_of(z, m, v)).mean(0), "log q added"),
    ("7.4", lambda a, z, m, v: (a - log_q_of(z, m, v)).mean(0), "no prior"),
    ("7.4", lambda a, z, m, v: (a + log_p_of(z)).mean(0), "no log q"),
    ("7.4", lambda a, z, m, v: (a + log_p_of(z) - log_q_of(z, m, 2 * v)).mean(0), "ℓ as log σ"),
    ("7.4", lambda a, z, m, v: -a_no_pi(a, z, m, v), "sign"),
    ("7.4", lambda a, z, m, v: a_no_pi(a, z, m, v).mean(), "mean of everything"),
    ("7.4", lambda a, z, m, v: a.mean(0) + 0.5 * (1 + v - m**2 - v.exp()).sum(1), "estimator B"),
    ("7.5", lambda a, p, q, kl: [False] * len(kl), "always B"),
    ("7.5", lambda a, p, q, kl: np.ones(len(kl)), "always A"),
    ("7.5", lambda a, p, q, kl: (a + p - q).mean(0) < a.mean(0) - kl, "means compared"),
    ("7.5", lambda a, p, q, kl: (a + p - q).std(0) > (a - kl).std(0), "the other one"),
    ("7.5", lambda a, p, q, kl: (a + p + q).std(0) < a.std(0), "log q added"),
    ("7.5", lambda a, p, q, kl: (p - q).std(0) < a.std(0), "the KL alone"),
    ("7.6", lambda f, p, q: (f * torch.exp(q - p)).mean(0), "weights inverted"),
    ("7.6", lambda f, p, q: (f * torch.exp(p) / torch.exp(q)).mean(0), "densities that underflow"),
    ("7.6", lambda f, p, q: (f * (p - q).exp()).sum(0) / (p - q).exp().sum(0), "self-normalised"),
    ("7.6", lambda f, p, q: np.mean(np.asarray(f), 0), "no weights"),
    ("7.6", lambda f, p, q: (f * (p - q)).mean(0), "log-weights for weights"),
    ("7.6", lambda f, p, q: torch.sum(f * torch.exp(p - q), 0), "sum"),
    ("7.6", lambda f, p, q: torch.mean(f * torch.exp(p - q)), "over everything"),
]
