"""Mistakes as students write them, with code that shares nothing with the catalogue: they get the catalogue's names."""

import math

import answers
import named_ch04
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from vae_lessons.exercises import grade


def kld(mu, log_var):
    return -0.5 * (1 + log_var - mu.pow(2) - log_var.exp())


def softmax_style(a):
    m = a.max()
    return m + torch.log(torch.exp(a - m).sum(dim=-1))


def loss_clamped(x, logits, mu, log_var):
    bce = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="sum")
    return (bce + kld(mu, log_var).sum()) / x.shape[0]


def step_without_zero(model, optimizer, x, eps):
    mu, log_var = model.encoder(x)
    loss = answers.loss_bce(x, model.decoder(mu + (log_var / 2).exp() * eps[0]), mu, log_var)
    loss.backward()
    optimizer.step()
    return loss.item()


def step_summed(model, optimizer, x, eps):
    optimizer.zero_grad()
    mu, log_var = model.encoder(x)
    loss = answers.loss_bce(x, model.decoder(mu + (log_var / 2).exp() * eps[0]), mu, log_var) * len(x)
    loss.backward()
    optimizer.step()
    return loss.item()


def step_keeps_graph(model, optimizer, x, eps):
    optimizer.zero_grad()
    mu, log_var = model.encoder(x)
    loss = answers.loss_distributions(x, model.decoder(mu + (log_var / 2).exp() * eps[0]), mu, log_var)
    loss.backward()
    optimizer.step()
    return loss


def step_zeroes_too_late(model, optimizer, x, eps):
    mu, log_var = model.encoder(x)
    loss = answers.loss_distributions(x, model.decoder(mu + (log_var / 2).exp() * eps[0]), mu, log_var)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def make_sigmoid(x_dim, h_dim, z_dim):
    encoder, decoder = answers.make_split(x_dim, h_dim, z_dim)
    return encoder, nn.Sequential(*decoder, nn.Sigmoid())


def make_linear(x_dim, h_dim, z_dim):
    encoder, decoder = answers.make_split(x_dim, h_dim, z_dim)
    return encoder, nn.Sequential(decoder[0], decoder[2])


def make_swapped(x_dim, h_dim, z_dim):
    return answers.make_split(x_dim, z_dim, h_dim)


class NoFloor(answers.ByHandGaussian):
    def forward(self, z):
        h = torch.tanh(self.a(z))
        return self.b(h), self.c(h)


class SharedVariance(answers.OneHeadGaussian):
    def __init__(self, x_dim, h_dim, z_dim, min_std):
        super().__init__(x_dim, h_dim, z_dim, min_std)
        self.net = nn.Sequential(nn.Linear(z_dim, h_dim), nn.Tanh(), nn.Linear(h_dim, x_dim + 1))

    def forward(self, z):
        out = self.net(z)
        return out[..., :-1], out[..., -1:].clamp(min=2 * math.log(self.min_std))


def elbo_at_mean(model, x, n_samples, generator):
    mu, log_var = model.encoder(x)
    return -answers.loss_bce(x, model.decoder(mu), mu, log_var).item()


def fit_lesser(log_p, x):
    """Starts from the wrong side, always."""
    (mu, std), forward = answers.fit_numpy(log_p, x)
    return ((3.0, 0.6) if mu < 0 else (-3.0, 0.7)), forward


CASES = [
    ("0.1", lambda a: np.log(np.sum(np.exp(a), axis=-1)), "no m, in floating point"),
    ("0.1", softmax_style, "one maximum for the batch"),
    ("0.1", lambda a: torch.logsumexp(a, -1) - math.log(a.shape[-1]), "mean of exponentials"),
    ("0.1", lambda a: np.log(np.mean(np.exp(a), axis=-1)), "mean of exponentials"),
    ("0.1", lambda a: np.max(a, axis=-1), "maximum only"),
    ("3.1", lambda p, q: answers.kl_where(p, q, base=2), "log base 2"),
    ("3.1", lambda p, q: answers.kl_where(q, p), "arguments swapped"),
    ("3.1", lambda p, q: (p * np.log(p) - p * np.log(q)).sum(-1), "nan at p = 0"),
    ("3.1", lambda p, q: F.kl_div((q + 1e-10).log(), p, reduction="none").sum(-1), "finite where q = 0"),
    ("3.1", lambda p, q: np.where((p > 0) & (q > 0), p * np.log(p / q), 0).sum(-1), "finite where q = 0"),
    ("3.1", lambda p, q: -(p * q.log()).sum(-1), "cross-entropy"),
    ("3.1", lambda p, q: (p * (p / q).log()).mean(-1), "mean instead of sum"),
    ("3.2", lambda a, b, x: np.sum(np.exp(a) * (a - b)), "no dx"),
    ("3.2", lambda a, b, x: np.trapezoid(np.exp(a) * (a - b), dx=x[1] - x[0]), "constant dx"),
    ("3.2", lambda a, b, x: np.trapezoid(a * (a - b), x), "no exp"),
    ("3.2", lambda a, b, x: -np.trapezoid(np.exp(b) * (a - b), x), "arguments swapped"),
    ("3.4", lambda log_p, x: answers.fit_numpy(log_p, x)[::-1].copy(), "directions swapped"),
    ("3.4", fit_lesser, "lesser mode"),
    ("3.5", lambda p, q: answers.chain_numpy(p.T, q.T), "marginal over the wrong axis"),
    ("11.1", make_sigmoid, "sigmoid inside the decoder"),
    ("11.1", make_linear, "no activation"),
    ("11.1", make_swapped, "hidden and latent sizes swapped"),
    ("11.2", lambda x, a, m, v: F.binary_cross_entropy_with_logits(a, x) + kld(m, v).sum(1).mean(), "mean BCE, sum KL"),
    ("11.2", lambda x, a, m, v: F.binary_cross_entropy_with_logits(a, x) + kld(m, v).mean(), "mean BCE, mean KL"),
    ("11.2", lambda x, a, m, v: len(x) * answers.loss_bce(x, a, m, v), "sum over the batch"),
    ("11.2", loss_clamped, "log of a sigmoid"),
    ("11.2", lambda x, a, m, v: -answers.loss_bce(x, a, m, v), "ELBO, not its negative"),
    ("11.3", step_without_zero, "no zero_grad"),
    ("11.3", step_summed, "sum over the batch"),
    ("11.3", step_keeps_graph, "loss with its graph"),
    ("11.3", step_zeroes_too_late, "no step"),
    ("11.4", NoFloor, "no floor"),
    ("11.4", SharedVariance, "one log-variance for all pixels"),
    ("11.5", elbo_at_mean, "z = mu"),
    ("11.5", lambda *args: -answers.elbo_loop(*args), "minus sign"),
    *named_ch04.CASES,
    *answers.NAMED,
]  # fmt: skip


@pytest.mark.parametrize(("id", "answer", "name"), CASES)
def test_name(id, answer, name):
    verdict = grade(id, answer)
    assert (verdict.status, verdict.misconception) == ("incorrect", name), verdict
