"""Exercise 6.1: the ELBO where everything is normal."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.linear_gaussian import LOG_2PI, kl_from_posterior, log_evidence
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch06 import HINTS


def elbo(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """The ELBO (6.4) for p(z) = N(0, 1), p(x|z) = N(z, v), q = N(mu, var)."""
    log_lik = -0.5 * (torch.log(2 * math.pi * v) + ((x - mu) ** 2 + var) / v)
    log_prior = -0.5 * (math.log(2 * math.pi) + mu**2 + var)
    entropy = 0.5 * (math.log(2 * math.pi) + 1 + var.log())
    return log_lik + log_prior + entropy


def kl(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """KL of q from the prior."""
    return 0.5 * (mu**2 + var - 1 - var.log())


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 61)
    first = [torch.tensor(value + 0.1 * seed).double() for value in (1.3, 0.6, 0.4, 0.35)]
    x, mu = torch.randn(2, 3, generator=generator).double()
    v, var = 0.3 + 1.2 * torch.rand(2, 3, generator=generator).double()
    names = "x", "v", "mu", "var"
    return [Case(dict(zip(names, values, strict=True))) for values in (first, (x, v, mu, var))]


def _off(by: Callable) -> Callable:
    """Make a wrong answer that differs from the right one by a function of the arguments."""
    return lambda *args: elbo(*args) + by(*args)


NORMAL_ELBO = Exercise(
    id="6.1",
    title="An ELBO by hand",
    equation="(6.4)",
    chapter="chapter 6",
    cases=_cases,
    reference=elbo,
    gradients=("mu", "var"),
    misconceptions=(
        *known(
            "6.8",
            {
                "plus KL": "Your value adds the divergence of q from the prior. In (6.4) log q is subtracted: the "
                "divergence is a price.",
                "plug-in mean": "Your log p(x|z) is taken at the mean of q. (6.4) averages it over z, and the spread "
                "of q counts.",
                "negative": "Your value is minus the ELBO, a loss. (6.4) is to be maximised.",
                "no entropy": "Your value lacks −E log q, the entropy of q. Without it (6.4) would be largest for a q "
                "without any spread.",
                "no 2π": "Your value lacks a log 2π. There are three normal densities in (6.4), and only two of the "
                "three constants cancel.",
                "reverse KL": "Your value has KL(p(z)‖q). All averages in (6.4) are under q.",
                "no prior": "Your value lacks E log p(z). The joint density in (6.4) is p(z) p(x|z).",
                "standard deviation for variance of q": "Your value has √var in place of var. The argument is the "
                "variance of the q in (6.4) already.",
                "standard deviation for variance of x": "Your value has √v in place of v. The argument is the "
                "variance of the p(x|z) in (6.4) already.",
            },
        ),
        mistake(
            "variance used as scale",
            "A variance of yours is squared: v or var stands where a standard deviation is asked for. In (6.4) they "
            "are the variances themselves.",
            lambda x, v, mu, var: elbo(x, v**2, mu, var),
            lambda x, v, mu, var: elbo(x, v, mu, var**2),
            lambda x, v, mu, var: elbo(x, v**2, mu, var**2),
            lambda *args: elbo(*args) + kl(*args) - kl(*args[:3], args[3] ** 2),
        ),
        mistake(
            "no log v",
            "Your log p(x|z) lacks the logarithm of v. It is constant in z, and yet a part of (6.4).",
            _off(lambda x, v, mu, var: 0.5 * v.log()),
        ),
        mistake(
            "½ missing",
            "Your value lacks a ½: each of the three log-densities in (6.4) has one in front of its square, and one in "
            "front of its logarithm.",
            _off(lambda x, v, mu, var: -0.5 * ((x - mu) ** 2 + var) / v),
            _off(lambda *args: -kl(*args)),
            _off(lambda x, v, mu, var: -0.5 * v.log()),
            _off(lambda x, v, mu, var: 0.5 * (LOG_2PI + 1 + var.log())),
        ),
        mistake(
            "no KL",
            "Your value is E log p(x|z) alone. (6.4) has log p(z) and log q as well.",
            _off(kl),
        ),
        mistake(
            "log p(x)",
            "Your value is log p(x), which the ELBO (6.4) does not reach unless q is the posterior.",
            lambda x, v, mu, var: log_evidence(x, v),
        ),
        mistake(
            "the gap",
            "Your value is a divergence of q from the posterior. (6.4) has the joint density in place of the "
            "posterior.",
            kl_from_posterior,
            lambda *args: -kl_from_posterior(*args),
        ),
        mistake(
            "prior at the mean",
            "Your log p(z) is taken at the mean of q. In (6.4) it is averaged: the mean of z² is more than the square "
            "of the mean.",
            _off(lambda x, v, mu, var: 0.5 * var),
            _off(lambda x, v, mu, var: 0.5 * var + 0.5 * var / v),
            _off(lambda x, v, mu, var: 0.5 * (var + var / v - LOG_2PI - 1 - var.log())),
        ),
        mistake(
            "entropy subtracted",
            "Your value adds the average of log q. (6.4) subtracts it.",
            _off(lambda x, v, mu, var: -(LOG_2PI + 1 + var.log())),
        ),
        mistake(
            "constant of the entropy",
            "Your value is off by a constant that belongs to the average of log q in (6.4): the average of (z − μ)² "
            "over the variance is 1, and the density has its 2π.",
            _off(lambda *_: -0.5),
            _off(lambda *_: -0.5 * LOG_2PI),
            _off(lambda *_: -0.5 * (LOG_2PI + 1)),
        ),
        mistake(
            "log σ for log σ²",
            "Your divergence from the prior has half of the logarithm that it needs. See (6.4): −log q has ½ log of "
            "the variance.",
            _off(lambda x, v, mu, var: -0.25 * var.log()),
        ),
        mistake(
            "one number for all",
            "Your value is a sum or a mean over the inputs. (6.4) is the ELBO of one x: return one value for each.",
            lambda *args: elbo(*args).sum(),
            lambda *args: elbo(*args).mean(),
        ),
    ),
    hints=HINTS["6.1"],
)
