"""Checks of appendix E, part three: two layers of latents, and a prior made of posteriors, (E.4) and (E.5)."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.finite_world import expect
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob


def two_layers(rng) -> tuple[Tensor, ...]:
    """Draw p(z₂), p(z₁|z₂), p(x|z₁) at one x, q(z₂|x) and q(z₁|z₂, x): two z₂ in rows, three z₁ in columns."""
    p2, q2 = (torch.tensor(rng.dirichlet(np.full(2, 3.0))) for _ in range(2))
    p1, q1 = (torch.tensor(rng.dirichlet(np.full(3, 3.0), size=2)) for _ in range(2))
    return p2, p1, torch.tensor(rng.uniform(0.1, 0.9, size=3)), q2, q1


def three_terms(p2: Tensor, p1: Tensor, p_x: Tensor, q2: Tensor, q1: Tensor) -> Tensor:
    """Reconstruction, less the KL of the upper layer, less the expected KL of the lower one."""
    reconstruction = expect(q2, expect(q1, p_x.log()))
    return reconstruction - kl_discrete(q2, p2) - expect(q2, kl_discrete(q1, p1))


def one_expectation(p2: Tensor, p1: Tensor, p_x: Tensor, q2: Tensor, q1: Tensor) -> Tensor:
    """E_q log [p(x, z₁, z₂)/q(z₁, z₂|x)] over all six pairs."""
    joint, q = p2[:, None] * p1 * p_x, q2[:, None] * q1
    return (q * (joint / q).log()).sum()


def evidence_less_gap(p2: Tensor, p1: Tensor, p_x: Tensor, q2: Tensor, q1: Tensor) -> Tensor:
    """Log p(x) - KL(q(z₁, z₂|x)‖p(z₁, z₂|x))."""
    joint, q = p2[:, None] * p1 * p_x, q2[:, None] * q1
    return joint.sum().log() - kl_discrete(q.flatten(), (joint / joint.sum()).flatten())


def below_the_evidence(p2: Tensor, p1: Tensor, p_x: Tensor, q2: Tensor, q1: Tensor) -> Tensor:
    """Tell whether the bound is below log p(x)."""
    return three_terms(p2, p1, p_x, q2, q1) < (p2[:, None] * p1 * p_x).sum().log()


def _lower_kl_under_the_prior(p2, p1, p_x, q2, q1):
    return expect(q2, expect(q1, p_x.log())) - kl_discrete(q2, p2) - expect(p2, kl_discrete(q1, p1))


def _kl_of_averages(p2, p1, p_x, q2, q1):
    return expect(q2, expect(q1, p_x.log())) - kl_discrete(q2, p2) - kl_discrete(q2 @ q1, p2 @ p1)


def _no_lower_kl(p2, p1, p_x, q2, q1):
    return expect(q2, expect(q1, p_x.log())) - kl_discrete(q2, p2)


def _no_upper_kl(p2, p1, p_x, q2, q1):
    return three_terms(p2, p1, p_x, q2, q1) + kl_discrete(q2, p2)


equation(
    "E.4",
    "The ELBO of a VAE with two layers of latents",
    method="finite world",
    draw=two_layers,
    lines={
        "reconstruction - KL - E KL": three_terms,
        "E log p(x, z₁, z₂)/q": one_expectation,
        "log p(x) - KL": evidence_less_gap,
        "≤ log p(x)": below_the_evidence,
    },
    mutants={
        "lower KL averaged under the prior": _lower_kl_under_the_prior,
        "KL of the averages": _kl_of_averages,
        "no KL of the lower layer": _no_lower_kl,
        "no KL of the upper layer": _no_upper_kl,
    },
)


def encodings_and_point(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw μ and ℓ of the answers to four made-up images, J = 2, and five points z."""
    mu, log_var, z = rng.normal(0.3, 0.8, size=(4, 2)), rng.normal(-1, 0.8, size=(4, 2)), rng.normal(size=(5, 2))
    return torch.tensor(mu), torch.tensor(log_var), torch.tensor(z)


def mixture(mu: Tensor, log_var: Tensor, z: Tensor) -> Tensor:
    """Log of the mean of the normal densities, (5,)."""
    return torch.logsumexp(gaussian_log_prob(z[:, None], mu, log_var), 1) - math.log(len(mu))


def torch_s_mixture(mu: Tensor, log_var: Tensor, z: Tensor) -> Tensor:
    """The same by torch, with equal weights."""
    parts = Independent(Normal(mu, (log_var / 2).exp()), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(mu)).double()), parts).log_prob(z)


def best_prior_for_these_images(mu: Tensor, log_var: Tensor, z: Tensor) -> Tensor:
    """Tell whether no prior of three has a smaller average KL from the answers than their own mixture.

    On a grid, with answers of one dimension; the others are N(0, 1), and the mixture without one of its parts.
    """
    grid = torch.linspace(-9, 9, 601).double()
    q = gaussian_log_prob(grid[:, None, None], mu[:, :1], log_var[:, :1]).exp().T  # (4, 601)
    q = q / q.sum(1, keepdim=True)
    normal = Normal(0.0, 1.0).log_prob(grid).exp()
    priors = q.mean(0), normal / normal.sum(), 0.99 * q[1:].mean(0) + 0.01 * q.mean(0)
    best, *others = (kl_discrete(q, prior).mean() for prior in priors)
    return torch.stack([best < other for other in others])


equation(
    "E.5",
    "The VampPrior: a mixture of the encoder's answers",
    method="exact model",
    draw=encodings_and_point,
    lines={
        "log mean of the densities": mixture,
        "torch's MixtureSameFamily": torch_s_mixture,
        "best for its own images": best_prior_for_these_images,
    },
    mutants={
        "mean of the log-densities": lambda mu, log_var, z: gaussian_log_prob(z[:, None], mu, log_var).mean(1),
        "not divided by K": lambda mu, log_var, z: mixture(mu, log_var, z) + math.log(len(mu)),
        "parameters averaged": lambda mu, log_var, z: gaussian_log_prob(z, mu.mean(0), log_var.mean(0)),
        "N(0, I)": lambda mu, log_var, z: Normal(0.0, 1.0).log_prob(z).sum(1),
        "dimensions mixed apart": lambda mu, log_var, z: sum(
            mixture(mu[:, j : j + 1], log_var[:, j : j + 1], z[:, j : j + 1]) for j in range(2)
        ),
    },
)
