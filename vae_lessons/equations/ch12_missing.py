"""Check of chapter 12, part six: what the pixels that are seen say about those that are not, (12.6)."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from vae_lessons.equations.ch12 import D, J, model, prior_grid, weights
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob, log_prior

PAIRS = torch.tensor(list(product((0.0, 1.0), repeat=2)), dtype=torch.float64)  # of two pixels
SEEN, MISSING = slice(0, 2), slice(2, D)
DRAWS = 4_000


def likelihoods(z: Tensor, *w: Tensor) -> tuple[Tensor, Tensor]:
    """Compute p(x_o|z) and p(x_m|z) of the four ways to fill two pixels, (4, n) each."""
    logits = model(*w).decoder(z)
    return tuple(bernoulli_log_prob(PAIRS[:, None], logits[:, part]).exp() for part in (SEEN, MISSING))


def by_the_posterior(*w: Tensor) -> Tensor:
    """Integrate p(x_m|z) over p(z|x_o) ∝ p(z) p(x_o|z): a row for each x_o, a column for each x_m."""
    z, weight = prior_grid()
    seen, missing = likelihoods(z, *w)
    posterior = weight * seen / (weight * seen).sum(1, keepdim=True)
    return posterior @ missing.T


def by_division(*w: Tensor) -> Tensor:
    """Divide p(x_o, x_m), of all 2⁴ images, by its sum over x_m."""
    z, weight = prior_grid()
    x = torch.tensor(list(product((0.0, 1.0), repeat=D)), dtype=torch.float64)
    p = bernoulli_log_prob(x, model(*w).decoder(z)[:, None]).exp().mul(weight[:, None]).sum(0).reshape(4, 4)
    return p / p.sum(1, keepdim=True)


def weighted_draws(z: Tensor, *w: Tensor) -> tuple[Tensor, Tensor]:
    """Average p(x_m|z) over draws from the prior with weights p(x_o|z), divided by their sum; with standard errors."""
    seen, missing = likelihoods(z, *w)
    share = seen / seen.sum(1, keepdim=True)
    mean = share @ missing.T
    return mean, (share[:, None] * (missing - mean[:, :, None])).square().sum(-1).sqrt()


def draws_agree(*w: Tensor) -> Tensor:
    """Tell whether 4,000 weighted draws are within 5 standard errors of the integral."""
    z = torch.randn(DRAWS, J, generator=torch.Generator().manual_seed(126), dtype=torch.float64)
    mean, se = weighted_draws(z, *w)
    return (mean - by_the_posterior(*w)).abs() < 5 * se


# Mistakes


def _no_weights(*w: Tensor) -> Tensor:
    z, weight = prior_grid()
    return (likelihoods(z, *w)[1] @ weight).expand(4, 4)


def _at_one_point(where: Callable) -> Callable:
    """Put one z for each x_o in place of the integral."""

    def answer(*w: Tensor) -> Tensor:
        z, weight = prior_grid()
        point = where(weight * likelihoods(z, *w)[0], z, weight)
        return torch.stack([likelihoods(one[None], *w)[1][:, 0] for one in point])

    return answer


def _mean(p: Tensor, z: Tensor, weight: Tensor) -> Tensor:
    return p @ z / p.sum(1, keepdim=True)


def _peak(p: Tensor, z: Tensor, weight: Tensor) -> Tensor:
    return z[(p / weight * log_prior(z).exp()).argmax(1)]  # p holds a density times the quadrature's weight


def _pixel_by_pixel(*w: Tensor) -> Tensor:
    """Multiply the probabilities of the single pixels."""
    probs = by_the_posterior(*w) @ PAIRS
    return bernoulli_log_prob(PAIRS, torch.logit(probs)[:, None]).exp()


def _missing_pixels_in_the_weights(*w: Tensor) -> Tensor:
    z, weight = prior_grid()
    seen, missing = likelihoods(z, *w)
    joint = weight * seen[:, None] * missing
    return (joint * missing).sum(-1) / joint.sum(-1)


equation(
    "12.6",
    "Pixels that are missing, given those that are seen",
    method="quadrature",
    draw=weights,
    lines={
        "∫ p(x_m|z) p(z|x_o) dz": by_the_posterior,
        "p(x_o, x_m) / p(x_o)": by_division,
        "4,000 weighted draws": draws_agree,
    },
    mutants={
        "prior for posterior": _no_weights,
        "at the posterior's mean": _at_one_point(_mean),
        "at the posterior's peak": _at_one_point(_peak),
        "pixel by pixel": _pixel_by_pixel,
        "missing pixels in weights": _missing_pixels_in_the_weights,
    },
    draws=5,
)
