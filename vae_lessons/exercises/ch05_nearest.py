"""Exercise 5.2: the normal q of least KL(q‖p)."""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.ch05 import laplace, moments
from vae_lessons.equations.ch05_search import no_entropy
from vae_lessons.exercises.ch05_densities import density_cases
from vae_lessons.exercises.exercise import Exercise, mistake
from vae_lessons.exercises.hints_ch05 import HINTS


def nearest_normal(log_p: Callable) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the q of (5.2), by a search on a grid."""
    z = torch.linspace(-9, 9, 1801, dtype=torch.double)
    phi = torch.zeros(2, dtype=torch.double, requires_grad=True)  # mean, log σ
    optimizer = torch.optim.LBFGS([phi], max_iter=60, tolerance_change=1e-12, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        log_q = Normal(phi[0], phi[1].exp()).log_prob(z)
        kl_plus_constant = torch.trapezoid(log_q.exp() * (log_q - log_p(z)), z)
        kl_plus_constant.backward()
        return kl_plus_constant

    optimizer.step(closure)
    return phi[0].detach(), phi[1].exp().detach()


@lru_cache(maxsize=16)
def _fit(log_p: Callable, power: float = 1) -> tuple[Tensor, Tensor]:
    return nearest_normal(lambda z: power * log_p(z))


def _change(change: Callable) -> Callable:
    """Make a wrong answer that is a function of the two right numbers."""
    return lambda log_p: change(*_fit(log_p))


def _a_point(values: list, references: list, cases: list) -> bool:
    """Whether q has shrunk to the peak: the standard deviation is next to nothing, whatever it is."""
    tops = [laplace(case.args["log_p"])[0] for case in cases]
    return all(abs(v[0] - top) < 0.1 and 0 <= v[1] < 0.1 for v, top in zip(values, tops, strict=True))


NEAREST = Exercise(
    id="5.2",
    title="The nearest normal",
    equation="(5.2)",
    chapter="chapter 5",
    cases=density_cases,
    reference=nearest_normal,
    parts=("mean", "std"),
    flavours=("torch",),
    atol=0.012,
    rtol=0,
    seconds=20.0,
    misconceptions=(
        mistake(
            "moments of p",
            "Your numbers are the mean and the standard deviation of p: the normal of least KL(p‖q). In (5.2) the "
            "average is over q.",
            lambda log_p: tuple(moments(log_p)),
        ),
        mistake(
            "no entropy",
            "Your q has shrunk to a point at the peak. The log q in the divergence of (5.2), which keeps q wide, is "
            "missing or has the wrong sign.",
            no_entropy,
            recognise=_a_point,
        ),
        mistake(
            "Laplace's approximation",
            "Your normal is Laplace's. Equation (5.2) judges a q by its average over all z, not by the peak.",
            lambda log_p: tuple(laplace(log_p)),
        ),
        mistake(
            "Laplace's mean",
            "Your mean is the peak of p. The q of (5.2) is free to leave it.",
            lambda log_p: (laplace(log_p)[0], _fit(log_p)[1]),
        ),
        mistake(
            "variance",
            "Your second number is the variance of the q in (5.2). Asked for is the standard deviation.",
            _change(lambda m, s: (m, s**2)),
        ),
        mistake(
            "log σ",
            "Your second number is the logarithm of the standard deviation of q in (5.2): the search is done over it, "
            "and its exponential is asked for.",
            _change(lambda m, s: (m, s.log())),
        ),
        mistake(
            "log-variance",
            "Your second number is the log-variance of the q in (5.2). Asked for is the standard deviation.",
            _change(lambda m, s: (m, 2 * s.log())),
        ),
        mistake(
            "negative σ",
            "Your standard deviation is negative. The density of the q in (5.2) holds its square, so a search can end "
            "there: search over log σ.",
            _change(lambda m, s: (m, -s)),
        ),
        mistake(
            "entropy counted twice",
            "Your log q counts twice against log p̃. The entropy of a normal holds log σ, not log σ², and in (5.2) both "
            "logarithms have the same weight.",
            lambda log_p: _fit(log_p, 0.5),
        ),
        mistake(
            "entropy counted half",
            "Your log q counts half against log p̃. In the divergence of (5.2) both logarithms have the same weight.",
            lambda log_p: _fit(log_p, 2),
        ),
        mistake(
            "exchanged",
            "Your two numbers are exchanged: of the normal in (5.2) the mean comes first.",
            _change(lambda m, s: (s, m)),
        ),
    ),
    hints=HINTS["5.2"],
)
