"""Right answers to the exercises of chapter 11, as students write them, and wrong ones that have no name."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence


class SplitEncoder(nn.Module):
    def __init__(self, x_dim, h_dim, z_dim):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(x_dim, h_dim), nn.Linear(h_dim, 2 * z_dim)

    def forward(self, x):
        mu, log_var = self.fc2(F.relu(self.fc1(x))).chunk(2, dim=-1)
        return mu, log_var


def make_split(x_dim, h_dim, z_dim):
    decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))
    return SplitEncoder(x_dim, h_dim, z_dim), decoder


def make_with_closures(x_dim, h_dim, z_dim):
    class Net(nn.Module):
        def __init__(self, i, o, heads):
            super().__init__()
            self.first, self.heads = nn.Linear(i, h_dim), nn.ModuleList(nn.Linear(h_dim, o) for _ in range(heads))
            nn.init.xavier_uniform_(self.first.weight)

        def forward(self, inputs):
            h = self.first(inputs).clamp(min=0)
            outs = [head(h) for head in self.heads]
            return outs if len(outs) > 1 else outs[0]

    return [Net(x_dim, z_dim, 2), Net(z_dim, x_dim, 1)]


def loss_bce(x, logits, mu, log_var, reduction="sum"):
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction=reduction)
    kld = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
    return (bce + kld) / len(x)


def loss_distributions(x, logits, mu, log_var):
    q = Independent(Normal(mu, (0.5 * log_var).exp()), 1)
    prior = Independent(Normal(torch.zeros_like(mu), torch.ones_like(mu)), 1)
    return (kl_divergence(q, prior) - Independent(Bernoulli(logits=logits), 1).log_prob(x)).mean()


def loss_numpy(x, logits, mu, log_var):
    nll = (np.logaddexp(0, logits) - x * logits).sum(1)
    return np.mean(nll + 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(1))


def step_by_hand(model, optimizer, x, eps):
    for p in model.parameters():
        p.grad = None
    mu, log_var = model.encoder(x)
    z = mu + torch.exp(0.5 * log_var) * eps[0]
    loss = loss_bce(x, model.decoder(z), mu, log_var)
    loss.backward()
    optimizer.step()
    return float(loss)


def step_zero_last(model, optimizer, x, eps):
    mu, log_var = model.encoder(x)
    loss = loss_distributions(x, model.decoder(mu + (log_var / 2).exp() * eps).squeeze(0), mu, log_var)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.detach()


class OneHeadGaussian(nn.Module):
    def __init__(self, x_dim, h_dim, z_dim, min_std):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(z_dim, h_dim), nn.Tanh(), nn.Linear(h_dim, 2 * x_dim))
        self.min_std = min_std

    def forward(self, z):
        m, s = torch.tensor_split(self.net(z), 2, dim=-1)
        floor = 2 * math.log(self.min_std)
        return m, floor + F.softplus(s - floor)

    def log_likelihood(self, x, z):
        m, log_var = self(z)
        return Normal(m, torch.exp(log_var / 2)).log_prob(x).sum(-1)


class ByHandGaussian(nn.Module):
    def __init__(self, x_dim, h_dim, z_dim, min_std=0.1):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(z_dim, h_dim), nn.Linear(h_dim, x_dim), nn.Linear(h_dim, x_dim)
        self.register_buffer("floor", torch.tensor(min_std).log() * 2)

    def forward(self, z):
        h = self.a(z).tanh()
        return self.b(h), torch.maximum(self.c(h), self.floor)

    def log_likelihood(self, x, z):
        m, v = self.forward(z)
        return (-0.5 * math.log(2 * math.pi) - v / 2 - (x - m) ** 2 / (2 * v.exp())).sum(dim=-1)


def elbo_loop(model, x, n_samples, generator):
    total = 0.0
    with torch.no_grad():
        mu, log_var = model.encoder(x)
        kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(1)
        for _ in range(n_samples):
            z = mu + (log_var / 2).exp() * torch.randn(mu.shape, generator=generator)
            total += (-F.binary_cross_entropy_with_logits(model.decoder(z), x, reduction="none").sum(1) - kl).mean()
    return float(total / n_samples)


def elbo_shared_noise(model, x, n_samples, generator):
    with torch.inference_mode():
        eps = torch.randn((n_samples, 1, model.z_dim), generator=generator)
        mu, log_var = model.encoder(x)
        std = torch.exp(0.5 * log_var)
        z = mu + std * eps
        log_w = model.log_likelihood(x, z) + Normal(0.0, 1.0).log_prob(z).sum(-1) - Normal(mu, std).log_prob(z).sum(-1)
        return log_w.mean().numpy()


# Wrong in a way that has no name in the catalogue


def wrong_make(x_dim, h_dim, z_dim):
    encoder, decoder = make_split(x_dim, h_dim, z_dim)
    decoder[1] = nn.Hardtanh()
    return encoder, decoder


def wrong_step(model, optimizer, x, eps):
    return 2 * step_by_hand(model, optimizer, x, eps)


class WrongGaussian(ByHandGaussian):
    def log_likelihood(self, x, z):
        return 0.7 * super().log_likelihood(x, z)
