"""Check of chapter 14, part one: the ELBO with a weight β on its KL, (14.1)."""

from types import SimpleNamespace

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch11 import minibatch
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.objectives import elbo_analytic_kl


def minibatch_and_beta(rng) -> tuple:
    """Draw four images, logits, μ and ℓ of three latents for each, and β."""
    return *minibatch(rng), float(rng.uniform(2, 5))


def with_and_without_beta(x, logits, mu, log_var, beta) -> Tensor:
    """Stack 𝓛_β = log p(x|z) - β KL, which is trained, and 𝓛 with β = 1, which is reported, for each image."""
    kl = kl_std_normal(mu, log_var)
    return bernoulli_log_prob(x, logits) - torch.stack([beta * kl, kl])


def by_library(x, logits, mu, log_var, beta) -> Tensor:
    """Let the library compute both; the networks are the given numbers."""
    model = SimpleNamespace(
        encoder=lambda x: (mu, log_var), log_likelihood=lambda x, z: bernoulli_log_prob(x, logits)[None]
    )
    return torch.stack([elbo_analytic_kl(model, x, torch.zeros_like(mu)[None], beta=b) for b in (beta, 1.0)])


def by_torch(x, logits, mu, log_var, beta) -> Tensor:
    """Compute both with torch's cross-entropy and KL."""
    kl = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).sum(-1)
    return -bce(logits, x, reduction="none").sum(-1) - torch.tensor([[beta], [1.0]], dtype=x.dtype) * kl


# The mistakes that exercise 14.3 knows by name


def _beta_on_the_reconstruction(x, logits, mu, log_var, beta):
    log_lik, kl = bernoulli_log_prob(x, logits), kl_std_normal(mu, log_var)
    return torch.stack([beta * log_lik - kl, log_lik - kl])


def _one_over_beta(x, logits, mu, log_var, beta):
    return with_and_without_beta(x, logits, mu, log_var, 1 / beta)


def _beta_in_what_is_reported(x, logits, mu, log_var, beta):
    return with_and_without_beta(x, logits, mu, log_var, beta)[[0, 0]]


def _beta_squared(x, logits, mu, log_var, beta):
    return with_and_without_beta(x, logits, mu, log_var, beta**2)


def _no_beta(x, logits, mu, log_var, beta):
    return with_and_without_beta(x, logits, mu, log_var, 1.0)


equation(
    "14.1",
    "The ELBO with a weight on its KL",
    method="exact model",
    draw=minibatch_and_beta,
    lines={
        "log p(x|z) - β KL, and β = 1": with_and_without_beta,
        "elbo_analytic_kl(beta=β)": by_library,
        "torch": by_torch,
        "for β > 1 below 𝓛": lambda *inputs: torch.lt(*with_and_without_beta(*inputs)),
    },
    mutants={
        "β on the reconstruction": _beta_on_the_reconstruction,
        "1/β": _one_over_beta,
        "β in the ELBO reported": _beta_in_what_is_reported,
        "β²": _beta_squared,
        "no β": _no_beta,
    },
)
