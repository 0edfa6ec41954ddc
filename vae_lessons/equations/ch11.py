"""Checks of chapter 11, part one: the loss of a minibatch, (11.1), and what it says about all data, (11.4)."""

from itertools import combinations
from types import SimpleNamespace

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.objectives import elbo_analytic_kl

# (11.1) The loss


def minibatch(rng) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draw four images of six binary pixels, their logits, and μ and log-variance of three latents for each image."""
    x = torch.tensor(rng.integers(2, size=(4, 6))).double()
    return x, *(torch.tensor(rng.normal(size=shape)) for shape in [(4, 6), (4, 3), (4, 3)])


def loss_by_library(x: Tensor, logits: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Average minus the ELBO of the library over the images; the networks are the given numbers, whatever z is."""
    model = SimpleNamespace(
        encoder=lambda x: (mu, log_var), log_likelihood=lambda x, z: bernoulli_log_prob(x, logits.expand(len(z), 4, 6))
    )
    return -elbo_analytic_kl(model, x, eps=torch.zeros(1, 4, 3).double()).mean()


def loss_by_torch(x: Tensor, logits: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Compute the loss as many programs do: summed cross-entropy plus summed KL, divided by M."""
    kl = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).sum()
    return (bce(logits, x, reduction="sum") + kl) / len(x)


def loss_in_words(x: Tensor, logits: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Average over the images of -log p(x|z) + KL, with the probability of a pixel written out."""
    probs = torch.sigmoid(logits)
    log_lik = torch.where(x == 1, probs, 1 - probs).log().sum(-1)
    return (-log_lik + 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(-1)).mean()


# The mistakes that exercise 11.2 knows by name


def _mean_bce_sum_kl(x, logits, mu, log_var):
    return bce(logits, x) + kl_std_normal(mu, log_var).mean()


def _mean_bce_mean_kl(x, logits, mu, log_var):
    return bce(logits, x) + kl_std_normal(mu, log_var).mean() / mu.shape[-1]


def _kl_divided_by_the_data(x, logits, mu, log_var):
    return -bernoulli_log_prob(x, logits).mean() + kl_std_normal(mu, log_var).mean() / len(x)


def _minus_kl(x, logits, mu, log_var):
    return (-bernoulli_log_prob(x, logits) - kl_std_normal(mu, log_var)).mean()


def _elbo_not_its_negative(x, logits, mu, log_var):
    return (bernoulli_log_prob(x, logits) - kl_std_normal(mu, log_var)).mean()


def _sum_over_the_batch(x, logits, mu, log_var):
    return (-bernoulli_log_prob(x, logits) + kl_std_normal(mu, log_var)).sum()


def _no_kl(x, logits, mu, log_var):
    return -bernoulli_log_prob(x, logits).mean()


def _kl_mean_over_the_latents(x, logits, mu, log_var):
    return (-bernoulli_log_prob(x, logits) + kl_std_normal(mu, log_var) / mu.shape[-1]).mean()


equation(
    "11.1",
    "The loss of a VAE on a minibatch",
    method="exact model",
    draw=minibatch,
    lines={
        "mean of -log p(x|z) + KL": loss_in_words,
        "-elbo_analytic_kl, averaged": loss_by_library,
        "torch: summed BCE + summed KL, over M": loss_by_torch,
    },
    mutants={
        "mean BCE, sum KL": _mean_bce_sum_kl,
        "mean BCE, mean KL": _mean_bce_mean_kl,
        "KL divided by the data": _kl_divided_by_the_data,
        "minus KL": _minus_kl,
        "ELBO, not its negative": _elbo_not_its_negative,
        "sum over the batch": _sum_over_the_batch,
        "no KL": _no_kl,
        "KL mean over the latents": _kl_mean_over_the_latents,
    },
)


# (11.4) A minibatch speaks for all data


def elbos_and_batch_size(rng) -> tuple[Tensor, int, Tensor]:
    """Draw the ELBOs of N = 6 images, a batch size M of 2 or 3, and an order of the images."""
    return torch.tensor(rng.normal(-100, 10, size=6)), int(rng.integers(2, 4)), torch.tensor(rng.permutation(6))


def average_over_batches(elbos: Tensor, size: int, scale: float) -> Tensor:
    """Average scale · Σ of the batch over every batch of M different images."""
    return torch.stack([scale * elbos[list(rows)].sum() for rows in combinations(range(6), size)]).mean()


equation(
    "11.4",
    "A minibatch estimates the sum over all data without bias",
    method="enumeration",
    draw=elbos_and_batch_size,
    lines={
        "Σ over all N images": lambda elbos, size, order: elbos.sum(),
        "N/M Σ, averaged over every batch": lambda elbos, size, order: average_over_batches(elbos, size, 6 / size),
        "N/M Σ, averaged over one epoch": lambda elbos, size, order: torch.stack(
            [6 / size * elbos[rows].sum() for rows in order.split(size)]
        ).mean(),
    },
    mutants={
        "no N/M": lambda elbos, size, order: average_over_batches(elbos, size, 1),
        "M/N": lambda elbos, size, order: average_over_batches(elbos, size, size / 6),
        "mean of the batch": lambda elbos, size, order: average_over_batches(elbos, size, 1 / size),
        "N times the sum of the batch": lambda elbos, size, order: average_over_batches(elbos, size, 6),
        "always the first M images": lambda elbos, size, order: 6 / size * elbos[:size].sum(),
    },
)
