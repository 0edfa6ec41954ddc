"""Exercises of chapter 13, likelihoods and gaps: 13.1 here, the others in their own modules."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.ch13_bits import BITS
from vae_lessons.exercises.ch13_grid import EXACT
from vae_lessons.exercises.ch13_search import BEST_ELBO
from vae_lessons.exercises.ch13_surgery import SURGERY
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch13 import HINTS


def iw_estimate(log_lik: Tensor, log_p: Tensor, log_q: Tensor) -> Tensor:
    """The estimate (13.1) of log p(x), one per image."""
    return torch.logsumexp(log_lik + log_p - log_q, 0) - math.log(len(log_q))


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 131), []
    for shape, level in [((3, 2), -20.0), ((5, 3), -22.0), ((4, 3), -1050.0)]:
        log_lik, log_p, log_q = torch.randn(3, *shape, generator=generator).double()
        args = {"log_lik": level + 2 * log_lik, "log_p": -2.5 + 0.7 * log_p, "log_q": -0.8 + 0.6 * log_q}
        cases.append(Case(args, edge=level < -1000))
    return cases


IW_ESTIMATE = Exercise(
    id="13.1",
    title="The importance-weighted estimate",
    equation="(13.1)",
    chapter="chapter 13",
    cases=_cases,
    reference=iw_estimate,
    atol=1e-3,  # numbers near -1050 are good to 6e-5 in float32, and here three of them are added
    proves="Likelihoods near e^−1050 do not underflow.",
    misconceptions=(
        *known(
            "13.1",
            {
                "mean of the logarithms": "Your value is a mean of logarithms, which estimates the ELBO. (13.1) is the "
                "logarithm of a mean.",
                "no log L": "Your value is the logarithm of a sum. (13.1) is that of a mean: log L is missing.",
                "neither prior nor q": "Your value averages the likelihood alone, which would do for draws from the "
                "prior. Draws from q have the weights of (13.1), with log p(z) and log q(z|x).",
                "plus log q": "Your weights are multiplied by q. The draws come from q, so (13.1) divides by it.",
                "no q": "Your weights are p(x, z). The draws come from q, which (13.1) divides out.",
                "wrong axis": "Your mean runs over the images. In (13.1) it runs over the draws, which are the rows.",
                "images summed first": "Your weights are those of all images together. (13.1) is an estimate for each "
                "image.",
                "no logsumexp": "Near −1050 your weights are 0 in floating point. Compute (13.1) from their "
                "logarithms.",
            },
            {
                "wrong axis": (lambda a, p, q: torch.logsumexp(a + p - q, 1) - math.log(len(q)),),
                "images summed first": (lambda a, p, q: iw_estimate(a, p, q).sum(),),
            },
        ),
        mistake(
            "no prior",
            "Your weights lack the prior. Above the line of the weights in (13.1) stands p(x, z) = p(x|z) p(z).",
            lambda a, p, q: iw_estimate(a, 0 * p, q),
        ),
        mistake(
            "prior subtracted",
            "Your weights divide by the prior. In the weights of (13.1) it is a factor, p(x|z) p(z) / q(z|x).",
            lambda a, p, q: iw_estimate(a, -p, q),
        ),
        mistake(
            "weights upside down",
            "Your weights are q(z|x) / p(x, z). In (13.1) they are p(x, z) / q(z|x).",
            lambda a, p, q: torch.logsumexp(q - p - a, 0) - math.log(len(q)),
            lambda a, p, q: math.log(len(q)) - torch.logsumexp(q - p - a, 0),
        ),
        mistake(
            "log L added",
            "Your log L has the wrong sign: the mean in (13.1) divides by L.",
            lambda a, p, q: torch.logsumexp(a + p - q, 0) + math.log(len(q)),
        ),
        mistake(
            "divided by L",
            "You divide the logarithm by L. In (13.1) it is the sum inside the logarithm that is divided.",
            lambda a, p, q: torch.logsumexp(a + p - q, 0) / len(q),
        ),
        mistake(
            "largest weight",
            "Your value is the largest of the log-weights. (13.1) averages the weights of all draws.",
            lambda a, p, q: (a + p - q).amax(0),
        ),
        mistake(
            "sum of the logarithms",
            "Your value is a sum of logarithms. (13.1) is the logarithm of a mean.",
            lambda a, p, q: (a + p - q).sum(0),
        ),
        mistake(
            "only the likelihood in the mean",
            "You take the logarithm of the mean likelihood, and average log p(z) − log q(z|x) outside. In (13.1) all "
            "three make up the weight of one draw.",
            lambda a, p, q: iw_estimate(a, 0 * p, 0 * q) + (p - q).mean(0),
        ),
        mistake(
            "all images in one mean",
            "Your value is one number. (13.1) is an estimate for each image.",
            lambda a, p, q: iw_estimate(a, p, q).mean(),
            lambda a, p, q: torch.logsumexp((a + p - q).flatten(), 0) - math.log(q.numel()),
            lambda a, p, q: torch.logsumexp((a + p - q).flatten(), 0) - math.log(len(q)),
        ),
        mistake(
            "sign",
            "Your value has the wrong sign. (13.1) estimates log p(x), not minus that.",
            lambda a, p, q: -iw_estimate(a, p, q),
        ),
    ),
    hints=HINTS["13.1"],
)

EXERCISES = (IW_ESTIMATE, EXACT, BEST_ELBO, SURGERY, BITS)
