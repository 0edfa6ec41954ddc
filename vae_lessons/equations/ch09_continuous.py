"""Check of chapter 9, part six: grey pixels under a Bernoulli that is made a density, (9.8)."""

import math
from functools import cache

import torch
from torch import Tensor
from torch.distributions import ContinuousBernoulli
from torch.nn.functional import binary_cross_entropy

from vae_lessons.equations.ch03_densities import integral
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob, continuous_bernoulli_log_prob


def probabilities(rng) -> tuple[Tensor]:
    """Draw λ of seven pixels: ½ itself, a λ very near to it, and others on both sides."""
    return (torch.tensor([0.5, 0.5 + 1e-9, *rng.uniform(0.02, 0.4, size=2), *rng.uniform(0.6, 0.98, size=3)]),)


def normaliser(probs: Tensor) -> Tensor:
    """Compute C(λ) = 2 artanh(1 - 2λ) / (1 - 2λ), and 2 at λ = ½."""
    t = 1 - 2 * probs
    return torch.where(t == 0, 2.0, 2 * torch.atanh(t) / torch.where(t == 0, 1.0, t))


def mass(probs: Tensor) -> Tensor:
    """Integrate λ^x (1 - λ)^(1-x) over x from 0 to 1: what the Bernoulli formula gives to grey pixels."""
    return torch.stack([integral(lambda x, p=p: p**x * (1 - p) ** (1 - x), 0, 1) for p in probs])


def ratio_in_library(probs: Tensor) -> Tensor:
    """Divide the library's continuous Bernoulli density by its Bernoulli formula, at a grey pixel."""
    x, logits = torch.full_like(probs, 0.3)[:, None], torch.logit(probs)[:, None]
    return (continuous_bernoulli_log_prob(x, logits) - bernoulli_log_prob(x, logits)).exp()


def by_torch(probs: Tensor) -> Tensor:
    """Let torch divide the density at a grey pixel by λ^x (1 - λ)^(1-x)."""
    x = torch.full_like(probs, 0.3)
    density = ContinuousBernoulli(probs, lims=(0.5 - 1e-6, 0.5 + 1e-6)).log_prob(x)
    return (density + binary_cross_entropy(probs, x, reduction="none")).exp()


def chapter_numbers(*_) -> Tensor:
    """Tell whether the mass at λ = .5, .9 and .99 is .500, .364 and .213, as the chapter says."""
    masses = mass(torch.tensor([0.5, 0.9, 0.99]).double())
    return (masses - torch.tensor([0.5, 0.3641, 0.2133])).abs() < 1e-4


@cache
def on_the_digits() -> bool:
    """Tell whether 42 % of the test pixels are grey, and no Bernoulli formula exceeds -13.67 nats an image."""
    from vae_lessons.data import load

    x = load().x_test.double()
    grey, floor = ((x > 0) & (x < 1)).double().mean().item(), binary_cross_entropy(x, x, reduction="sum") / len(x)
    return abs(grey - 0.42) < 0.005 and abs(floor.item() - 13.67) < 0.005


# The mistakes that exercise 9.4 knows by name


def _one(probs):
    return torch.ones_like(probs)


def _inverse(probs):
    return 1 / normaliser(probs)


def _nan_at_one_half(probs):
    return 2 * torch.atanh(1 - 2 * probs) / (1 - 2 * probs)


def _logarithm_to_base_2(probs):
    return normaliser(probs) / math.log(2)


equation(
    "9.8",
    "What makes the Bernoulli formula a density on [0, 1]",
    method="quadrature",
    draw=probabilities,
    lines={
        "2 artanh(1-2λ)/(1-2λ)": normaliser,
        "1/∫ λ^x (1-λ)^(1-x) dx": lambda probs: 1 / mass(probs),
        "library, less Bernoulli": ratio_in_library,
        "torch.distributions": by_torch,
        "mass .500, .364, .213": chapter_numbers,
        "digits: 42 % grey, 13.67": lambda *_: on_the_digits(),
    },
    mutants={
        "no constant": _one,
        "inverse": _inverse,
        "nan at λ = ½": _nan_at_one_half,
        "logarithm to base 2": _logarithm_to_base_2,
        "no 2": lambda probs: normaliser(probs) / 2,
        "λ for 1 - 2λ": lambda probs: 2 * torch.atanh(probs) / probs,
    },
)
