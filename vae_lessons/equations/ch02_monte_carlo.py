"""Check of chapter 2, part eight: draws from the prior, and how few of them count, (2.8)."""

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def draws_and_finite_world(rng) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draw log p(x|z) and log p(z) at 30 z; and a world of four z: their p(z), and p(x|z) of one x."""
    log_lik, log_prior = rng.normal(-20, 2, size=30), -rng.chisquare(2, size=30)
    world = rng.dirichlet([2, 2, 2, 2]), rng.uniform(size=4)
    return tuple(torch.tensor(values) for values in (log_lik, log_prior, *world))


def effective_size(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    """Compute (Σw)²/Σw² with w = p(x|z): the z are draws from the prior, which is in their frequency already."""
    w = (log_lik - log_lik.max()).exp()
    return w.sum() ** 2 / (w**2).sum()


def of_the_draws(size: Callable) -> Callable:
    """Evaluate an effective sample size at the 30 draws."""
    return lambda log_lik, log_prior, pz, likelihood: size(log_lik, log_prior)


def from_the_variation(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    """Compute L/(1 + c²), c the standard deviation of the weights over their mean."""
    w = log_lik.exp()
    return len(w) / (1 + w.var(correction=0) / w.mean() ** 2)


def in_logarithms(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    """Compute 1/Σw̄² of the normalised weights w̄ = softmax of log p(x|z)."""
    return 1 / log_lik.softmax(0).square().sum()


def average_estimate(estimate: Callable) -> Callable:
    """Average p̂ over all 4³ ways to draw L = 3 times from p(z): tell whether that is p(x) = Σ p(z) p(x|z)."""

    def is_unbiased(log_lik, log_prior, pz, likelihood):
        triples = torch.tensor(list(product(range(4), repeat=3)))
        average = (pz[triples].prod(1) * estimate(likelihood[triples], pz[triples])).sum()
        return torch.isclose(average, (pz * likelihood).sum(), rtol=0, atol=1e-12)

    return is_unbiased


def log_of_estimate_is_too_low(log_lik: Tensor, log_prior: Tensor, pz: Tensor, likelihood: Tensor) -> Tensor:
    """Tell whether log p̂ is below log p(x) on average over all 4³ ways to draw."""
    triples = torch.tensor(list(product(range(4), repeat=3)))
    return (pz[triples].prod(1) * likelihood[triples].mean(1).log()).sum() < (pz * likelihood).sum().log()


def between_one_and_all(log_lik: Tensor, log_prior: Tensor) -> Tensor:
    """Tell whether 1 ≤ ESS ≤ L, with L for equal weights and 1 for one large weight."""
    equal, one = torch.full((30,), -7.0).double(), torch.full((30,), -900.0).double()
    one[3] = -20
    sizes = torch.stack([effective_size(v, log_prior) for v in (log_lik, equal, one)])
    return ((sizes - torch.tensor([15.5, 30, 1])).abs() <= torch.tensor([14.5, 1e-9, 1e-9])).all()


# The mistakes that exercise 2.5 knows by name: effective sample sizes


def upside_down(log_lik, log_prior):
    """Return Σw²/(Σw)²."""
    return 1 / effective_size(log_lik, log_prior)


def weights_from_the_prior(log_lik, log_prior):
    """Weight with p(z)."""
    return effective_size(log_prior, log_prior)


def weights_from_the_joint(log_lik, log_prior):
    """Weight with p(z) p(x|z): the prior counts twice."""
    return effective_size(log_prior + log_lik, log_prior)


def log_weights_as_weights(log_lik, log_prior):
    """Use log p(x|z) as the weight."""
    return log_lik.sum() ** 2 / (log_lik**2).sum()


def not_squared(log_lik, log_prior):
    """Return Σw/max w."""
    w = (log_lik - log_lik.max()).exp()
    return w.sum() / w.max()


equation(
    "2.8",
    "An average over the prior, and its effective sample size",
    method="enumeration",
    draw=draws_and_finite_world,
    lines={
        "ESS = (Σw)²/Σw², w = p(x|z)": of_the_draws(effective_size),
        "L/(1 + c²), c = sd/mean of w": of_the_draws(from_the_variation),
        "1/Σ softmax(log w)²": of_the_draws(in_logarithms),
        "1 ≤ ESS ≤ L": of_the_draws(between_one_and_all),
        "E p̂ = p(x), p̂ the mean of p(x|z)": average_estimate(lambda likelihood, pz: likelihood.mean(1)),
        "E log p̂ < log p(x)": log_of_estimate_is_too_low,
    },
    mutants={
        "Σw²/(Σw)²": of_the_draws(upside_down),
        "weights p(z)": of_the_draws(weights_from_the_prior),
        "weights p(z) p(x|z)": of_the_draws(weights_from_the_joint),
        "log-weights as weights": of_the_draws(log_weights_as_weights),
        "Σw/max w": of_the_draws(not_squared),
        "p̂ the mean of p(z) p(x|z)": average_estimate(lambda likelihood, pz: (likelihood * pz).mean(1)),
        "p̂ the sum of p(x|z)": average_estimate(lambda likelihood, pz: likelihood.sum(1)),
        "p̂ the exp of the mean log p(x|z)": average_estimate(lambda likelihood, pz: likelihood.log().mean(1).exp()),
        "p̂ the largest p(x|z)": average_estimate(lambda likelihood, pz: likelihood.amax(1)),
    },
)
