"""Exercise 5.3: the ELBO on a grid, without the normalising constant."""

import math

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations import ch05_bound as wrong
from vae_lessons.exercises.ch05_densities import density_cases
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch05 import HINTS


def braces(log_q: Tensor, log_p: Tensor, z: Tensor) -> Tensor:
    """E_q log p̃ + H(q) by the trapezoid rule, (5.3)."""
    expected_log_p = torch.trapezoid(log_q.exp() * log_p, z)
    entropy = -torch.trapezoid(log_q.exp() * log_q, z)
    return expected_log_p + entropy


def _cases(seed: int = 0) -> list[Case]:
    cases = []
    for case, (mean, std), n in zip(
        density_cases(seed), [(0.6, 0.5), (-0.4, 0.7), (0.5, 0.9)], (401, 501, 601), strict=True
    ):
        u = torch.linspace(-1, 1, n, dtype=torch.double)
        z = 6 * u + 0.8 * torch.sin(3 * u) + 0.5 * u**2  # uneven, and not symmetric
        log_q = Normal(mean + 0.1 * seed, std).log_prob(z)
        cases.append(Case({"log_q": log_q, "log_p": case.args["log_p"](z), "z": z}))
    return cases


def _integrand(log_q: Tensor, log_p: Tensor) -> Tensor:
    return log_q.exp() * (log_p - log_q)


BRACES = Exercise(
    id="5.3",
    title="The braces",
    equation="(5.3)",
    chapter="chapter 5",
    cases=_cases,
    reference=braces,
    gradients=("log_p",),
    proves="No Z was needed.",
    misconceptions=(
        mistake(
            "normalised first",
            "Your p̃ has been divided by Z. The braces of (5.3) hold p̃ as it is: that is their point.",
            wrong.normalised_first,
        ),
        mistake(
            "entropy alone",
            "Your value does not use p̃: it is the entropy of q. The braces of (5.3) have E log p̃ in them.",
            wrong.density_dropped,
        ),
        mistake(
            "no entropy",
            "Your value is E log p̃ alone. The braces of (5.3) add the entropy of q.",
            wrong.entropy_dropped,
        ),
        mistake(
            "entropy subtracted",
            "Your entropy has the wrong sign. It is minus the average of log q, and (5.3) adds it.",
            wrong.entropy_subtracted,
        ),
        mistake(
            "averaged over p̃",
            "Your weight is p̃. Both averages in (5.3) are over q.",
            wrong.averaged_under_p,
            lambda lq, lp, z: torch.trapezoid(lp.exp() * lp - lq.exp() * lq, z),
        ),
        mistake(
            "sign",
            "Your value is minus the braces of (5.3): a loss to be minimised. Asked for are the braces.",
            lambda lq, lp, z: -braces(lq, lp, z),
        ),
        mistake(
            "divergence",
            "Your value is KL(q‖p). By (5.3) it is log Z minus the braces, and needs Z.",
            lambda lq, lp, z: torch.trapezoid(lp.exp(), z).log() - braces(lq, lp, z),
        ),
        mistake(
            "log Z",
            "Your value is log Z. By (5.3) it exceeds the braces by the divergence.",
            lambda lq, lp, z: torch.trapezoid(lp.exp(), z).log(),
            lambda lq, lp, z: torch.trapezoid(lq.exp() * (lp - lq).exp(), z).log(),
        ),
        mistake(
            "no dz",
            "Your value adds or averages over the grid points. The averages of (5.3) are integrals: each point counts "
            "with the width of its interval.",
            lambda lq, lp, z: _integrand(lq, lp).sum(),
            lambda lq, lp, z: torch.trapezoid(_integrand(lq, lp)),
            lambda lq, lp, z: _integrand(lq, lp).mean(),
        ),
        mistake(
            "constant dz",
            "Your value uses one dz for the whole grid. This grid is uneven, and the dz of the integrals in (5.3) "
            "changes along it.",
            lambda lq, lp, z: _integrand(lq, lp).sum() * (z[1] - z[0]),
            lambda lq, lp, z: torch.trapezoid(_integrand(lq, lp), dx=(z[1] - z[0]).item()),
            lambda lq, lp, z: _integrand(lq, lp).sum() * z.diff().mean(),
        ),
        mistake(
            "no exp",
            "Your weight is log q. The argument is a log-density, and the averages of (5.3) weight with q itself.",
            lambda lq, lp, z: torch.trapezoid(lq * (lp - lq), z),
        ),
        mistake(
            "no weight",
            "Your value integrates log p̃ − log q without a weight. The averages of (5.3) are over q.",
            lambda lq, lp, z: torch.trapezoid(lp - lq, z),
        ),
        mistake(
            "p̃ without its logarithm",
            "Your first term averages p̃. In (5.3) it is log p̃.",
            lambda lq, lp, z: torch.trapezoid(lq.exp() * (lp.exp() - lq), z),
        ),
        mistake(
            "bits",
            "Your value is in bits. The logarithms of (5.3) are natural ones.",
            lambda lq, lp, z: braces(lq, lp, z) / math.log(2),
        ),
    ),
    hints=HINTS["5.3"],
)
