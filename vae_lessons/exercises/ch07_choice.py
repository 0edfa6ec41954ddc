"""Exercise 7.5: which of the two estimators of the ELBO varies less."""

import math

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch07 import HINTS

# p(z) = N(0, 1), p(x|z) = N(z, ½): x, and mean and variance of q; some near the posterior, some far from it
WORLDS = (
    (1, 2 / 3, 1 / 3), (1, -1, 0.25), (1, 0.4, 0.8), (1, 2 / 3, 0.02), (1, 0.3, 0.5), (1, 1.9, 0.1), (1, 0.1, 0.5),
    (6, 3, 0.04), (1, 0.7, 0.45), (1, 1, 0.06), (1, 0.5, 1), (1, 0.8, 0.3), (1, 1.5, 0.5), (1, 0.2, 0.35),
    (1, -0.6, 1), (-7, -3.5, 0.03), (1, 0.55, 0.3), (-2, -1.3, 0.4),
)  # fmt: skip


def a_varies_less(log_lik: Tensor, log_prior: Tensor, log_q: Tensor, kl: Tensor) -> Tensor:
    """Tell whether (7.3) has a smaller variance over the draws than (7.4), in which the KL is a constant."""
    return (log_lik + log_prior - log_q).var(0) < log_lik.var(0)


def _cases(seed: int = 0) -> list[Case]:
    """Many draws for q of all kinds; the images have different log p(x), so that no mean betrays them."""
    generator, cases = torch.Generator().manual_seed(seed + 75), []
    for images, draws in [(range(4), 400), (range(4, 16), 500), (range(18), 600)]:
        x, mean, var = torch.tensor([WORLDS[i] for i in images]).double().T
        z = mean + var.sqrt() * torch.randn(draws, len(images), generator=generator).double()
        shift = 4 * torch.randn(len(images), generator=generator).double()
        log_lik = Normal(z, math.sqrt(0.5)).log_prob(x) + shift
        logs = log_lik, Normal(0.0, 1.0).log_prob(z), Normal(mean, var.sqrt()).log_prob(z)
        kl = kl_std_normal(mean[:, None], var.log()[:, None])
        cases.append(Case(dict(zip(("log_lik", "log_prior", "log_q", "kl"), (*logs, kl), strict=True))))
    return cases


def _a(log_lik: Tensor, log_prior: Tensor, log_q: Tensor, kl: Tensor) -> Tensor:
    return log_lik + log_prior - log_q


def _by_variance(a, b=lambda log_lik, prior, q, kl: log_lik):
    """Make a wrong answer that compares the variances of two other numbers."""
    return lambda *logs: a(*logs).var(0) < b(*logs).var(0)


WHICH_VARIES_LESS = Exercise(
    id="7.5",
    title="Which of the two?",
    equation="(7.4)",
    chapter="chapter 7",
    cases=_cases,
    reference=a_varies_less,
    remarks={
        "value": "Your choice is wrong for some image. One True or False per image is expected, from the variances of "
        "(7.3) and (7.4) over the draws."
    },
    proves="The choices are those of a simulation, for q near the posterior and far from it.",
    misconceptions=(
        mistake(
            "always B",
            "Your choice is always B. Where q is close to the posterior, (7.3) has a smaller variance than (7.4).",
            lambda log_lik, prior, q, kl: torch.zeros_like(log_lik[0], dtype=torch.bool),
        ),
        mistake(
            "always A",
            "Your choice is always A. Where q is far from the posterior, (7.4) has a smaller variance than (7.3).",
            lambda log_lik, prior, q, kl: torch.ones_like(log_lik[0], dtype=torch.bool),
        ),
        mistake(
            "the other one",
            "Your choice is the other one each time: True means that A, (7.3), has the smaller variance.",
            lambda *logs: ~a_varies_less(*logs),
        ),
        mistake(
            "means compared",
            "You compare means. (7.3) and (7.4) are both unbiased: which mean is larger says nothing about variances.",
            lambda *logs: _a(*logs).mean(0) < (logs[0] - logs[3]).mean(0),
            lambda *logs: _a(*logs).mean(0) > (logs[0] - logs[3]).mean(0),
        ),
        mistake(
            "log q added",
            "Your A adds log q. (7.3) subtracts it, and the sign decides whether it balances the rest.",
            _by_variance(lambda log_lik, prior, q, kl: log_lik + prior + q),
        ),
        mistake(
            "no prior",
            "Your A lacks log p(z). The joint log-density of (7.3) has it.",
            _by_variance(lambda log_lik, prior, q, kl: log_lik - q),
        ),
        mistake(
            "no log q",
            "Your A lacks log q. (7.3) subtracts it at each draw.",
            _by_variance(lambda log_lik, prior, q, kl: log_lik + prior),
        ),
        mistake(
            "the KL alone",
            "You compare the variance of log p(z) − log q with that of the log-likelihood. A of (7.3) is the sum of "
            "all three, and they are not independent.",
            _by_variance(lambda log_lik, prior, q, kl: prior - q),
        ),
        mistake(
            "a KL estimated for B",
            "Your B takes its KL from the draws. In (7.4) it is known, and does not vary.",
            _by_variance(_a, lambda log_lik, prior, q, kl: log_lik - prior + q),
        ),
        mistake(
            "one answer for all images",
            "Your value is one answer for all images. Each image has its own q, and its own (7.3) and (7.4).",
            lambda *logs: _a(*logs).var() < logs[0].var(),
        ),
        mistake(
            "over the images",
            "Your variances run over the images. In (7.3) and (7.4) it is the draws, the first axis, that vary.",
            lambda *logs: _a(*logs).var(1) < logs[0].var(1),
        ),
    ),
    hints=HINTS["7.5"],
)
