"""Exercise 2.4: a posterior on a grid."""

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations import ch02_posterior as posteriors
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch02 import HINTS


def grid_posterior(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """p(z|x) on a grid, a row for each observation, by (2.4)."""
    log_joint = log_lik + log_prior
    joint = (log_joint - log_joint.amax(-1, keepdim=True)).exp()
    return joint / torch.trapezoid(joint, z)[:, None]


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 24), []
    for rows, n, level in [(2, 81, 0.0), (3, 121, 0.0), (3, 101, -1000.0)]:
        z = torch.linspace(-7, 7, n, dtype=torch.double)
        slope, std, x = torch.rand(3, rows, 1, generator=generator).double()
        bend = 0.8 * torch.sin(2 * z) if n > 100 else 0 * z
        log_lik = Normal((0.8 + slope) * z + bend, 0.6 + 0.5 * std).log_prob(3 * x - 1) + level
        log_prior = Normal(0.0, 1.0).log_prob(z)
        cases.append(Case({"log_lik": log_lik, "log_prior": log_prior, "z": z}, edge=level < 0))
    return cases


def _scaled(scale):
    """Make a wrong answer that multiplies the right one, by a function of the joint density and of dz."""

    def wrong(log_lik, log_prior, z):
        joint = (log_lik + log_prior).exp()
        return grid_posterior(log_lik, log_prior, z) * scale(joint, z[1] - z[0])

    return wrong


def _added(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    joint = log_lik.exp() + log_prior.exp()
    return joint / torch.trapezoid(joint, z)[:, None]


def _naive(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    joint = (log_lik + log_prior).exp()
    return joint / torch.trapezoid(joint, z)[:, None]


def _total(log_lik: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    joint = (log_lik + log_prior).exp()
    return joint / torch.trapezoid(joint, z).sum()


GRID_POSTERIOR = Exercise(
    id="2.4",
    title="A posterior on a grid",
    equation="(2.4)",
    chapter="chapter 2",
    cases=_cases,
    reference=grid_posterior,
    atol=1e-3,
    rtol=1e-5,
    not_negative="(2.4)",
    proves="Each row integrates to 1, also where the likelihood underflows.",
    misconceptions=(
        mistake(
            "no dz",
            "Your rows sum to 1. In (2.4) the evidence is an integral: it has a dz, and a density integrates to 1.",
            posteriors.no_dz,
            lambda ll, lp, z: (ll + lp).softmax(-1),
        ),
        mistake(
            "dz for 1/dz",
            "Your rows sum to 1 and are then multiplied by dz. The dz belongs to the integral under the line of (2.4).",
            _scaled(lambda joint, dz: dz**2),
        ),
        mistake(
            "no prior",
            "Your value is the likelihood, normalised. In (2.4) the prior weighs the z before x is seen.",
            posteriors.no_prior,
        ),
        mistake(
            "log p(z) added to p(x|z)",
            "You add the log-prior to a likelihood that is no logarithm. (2.4) has the product of the two densities.",
            posteriors.log_prior_added_to_the_likelihood,
        ),
        mistake(
            "densities added",
            "You add prior and likelihood. The joint density of (2.4) is their product.",
            _added,
        ),
        mistake(
            "prior subtracted",
            "You divide by the prior. The joint density of (2.4) is the product of prior and likelihood.",
            lambda ll, lp, z: grid_posterior(ll, -lp, z),
        ),
        mistake(
            "prior twice",
            "Your prior counts twice. It stands once in the joint density of (2.4).",
            lambda ll, lp, z: grid_posterior(ll, 2 * lp, z),
        ),
        mistake(
            "wrong axis",
            "You normalise over the observations. In (2.4) each observation has its own evidence, an integral over z.",
            posteriors.wrong_axis,
            lambda ll, lp, z: (ll + lp).softmax(0),
        ),
        mistake(
            "one evidence for all",
            "You divide all rows by one number. In (2.4) each observation has its own evidence.",
            _total,
        ),
        mistake(
            "divided by the maximum",
            "The largest value of your rows is 1. In (2.4) it is the area that becomes 1.",
            posteriors.divided_by_the_maximum,
            lambda ll, lp, z: (ll + lp - (ll + lp).amax(-1, keepdim=True)).exp(),
        ),
        mistake(
            "not normalised",
            "Your value is the joint density. (2.4) divides it by the evidence.",
            posteriors.not_normalised,
        ),
        mistake(
            "logarithm",
            "Your value is the logarithm of the posterior (2.4). The density itself is asked for.",
            lambda ll, lp, z: ll + lp - torch.logsumexp(ll + lp, -1, keepdim=True) - (z[1] - z[0]).log(),
        ),
        mistake(
            "0/0 where both underflow",
            "Where log p(x|z) is near −1000 your joint density is 0 on the whole grid, and 0/0 is nan. A factor that "
            "does not depend on z cancels in (2.4): take it out before the exponential.",
            _naive,
        ),
    ),
    hints=HINTS["2.4"],
)
