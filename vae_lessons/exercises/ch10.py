"""Exercises of chapter 10, a VAE in NumPy: 10.1 here, the others in their own modules."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.ch10_adam import ADAM
from vae_lessons.exercises.ch10_checker import CHECKER
from vae_lessons.exercises.ch10_deltas import DELTA_LOG_VAR, DELTA_LOGITS
from vae_lessons.exercises.ch10_weights import FIRST_WEIGHTS
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known, mistake
from vae_lessons.exercises.hints_ch10 import HINTS


def elbo_per_image(x, a, mu, log_var):
    """ELBO of each image in nats, for one draw of z: (9.2) minus (4.2)."""
    log_lik = (x * a - np.logaddexp(0, a)).sum(1)
    kl = 0.5 * (mu**2 + np.exp(log_var) - 1 - log_var).sum(1)
    return log_lik - kl


def _cases(seed: int = 0) -> list[Case]:
    cases = [_case(m, d, j, 10 * seed + m) for m, d, j in [(2, 3, 4), (3, 5, 2), (4, 6, 3)]]
    sure = _case(2, 3, 4, seed=9).args
    sure["x"] = torch.tensor([[0, 1, 0], [1, 0, 1]]).double()
    sure["a"] = torch.tensor([[800, 0.5, -1], [-800, 2, 0.3]]).double()
    return [*cases, Case(sure, edge=True)]


def _case(m: int, d: int, j: int, seed: int) -> Case:
    generator = torch.Generator().manual_seed(seed)
    a, mu, log_var = (torch.randn(m, k, generator=generator).double() for k in (d, j, j))
    x = (torch.rand(m, d, generator=generator) < 0.5).double()
    return Case({"x": x, "a": 2 * a, "mu": mu, "log_var": 0.8 * log_var})


def _of_loss(mutant: Callable) -> Callable:
    """Make an answer from a mutant of (11.1), the loss of a batch: minus the loss of each image alone."""
    return lambda *args: -torch.stack([mutant(*(t[i : i + 1] for t in args)) for i in range(len(args[0]))])


def _of_log_lik(mutant: Callable) -> Callable:
    """Make an answer from a mutant of (9.2), which has the values for the images in front."""
    return lambda x, a, mu, log_var: mutant(x, a)[: len(x)] - kl_std_normal(mu, log_var)


def _known(number: str, make: Callable, messages: dict[str, str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(m.name, tuple(map(make, m.wrong)), m.message) for m in known(number, messages))


def _with(log_lik: Callable) -> Callable:
    return lambda x, a, mu, log_var: log_lik(x, a).sum(1) - kl_std_normal(mu, log_var)


def _with_kl(kl: Callable) -> Callable:
    return lambda x, a, mu, log_var: (x * a - softplus(a)).sum(1) - kl(mu, log_var).sum(1)


EPSILONS = [10.0**-k for k in (5, 6, 7, 8, 9, 10, 12)]


def _with_probs(added: float, clipped: float) -> Callable:
    def log_lik(x, a):
        probs = a.sigmoid().clamp(clipped, 1 - clipped)
        return x * (probs + added).log() + (1 - x) * (1 - probs + added).log()

    return _with(log_lik)


def _in_float32(answer: Callable) -> Callable:
    """Make the same answer in single precision, where 1 - ε is another number."""
    return lambda *args: answer(*(t.float() for t in args))


def _naive(x: Tensor, a: Tensor) -> Tensor:
    return x * a - torch.log(1 + torch.exp(a))


def _right(x, a, mu, log_var) -> Tensor:
    return (x * a - softplus(a)).sum(1) - kl_std_normal(mu, log_var)


ELBO = Exercise(
    id="10.1",
    title="The ELBO of each image",
    equation="(9.2) and equation (4.2)",
    chapter="chapters 9 and 4",
    cases=_cases,
    reference=elbo_per_image,
    proves="Logits of ±800 do no harm.",
    misconceptions=(
        *_known("9.2", _of_log_lik, {
            "log of the sigmoid": "At logits of ±800 your probabilities are 0 or 1, and their logarithm is infinite. "
            "(9.2) goes from the logits to the log-likelihood directly.",
            "clamped at -100": "At logits of ±800 your log-likelihood stops at −100. The one of (9.2) goes on: −800.",
            "softplus(-a)": "Your softplus is that of −a. In (9.2) it is softplus(a).",
            "1 - x for x": "Your pixels are exchanged, 1 − x for x. In (9.2) it is x that multiplies the logit.",
        }),
        *_known("11.1", _of_loss, {
            "mean BCE, sum KL": "Your log-likelihood is a mean over the pixels. In (9.2) it is their sum, nats per "
            "image.",
            "mean BCE, mean KL": "Both your terms are means. (9.2) sums over the pixels and (4.2) over the latents.",
            "minus KL": "You add the KL. The ELBO (6.8) subtracts it.",
            "ELBO, not its negative": "Your value is the loss. The ELBO (6.8) is its negative: the larger, the better.",
            "no KL": "Your value is the log-likelihood alone. The ELBO (6.8) subtracts the KL.",
            "KL mean over the latents": "Your KL is a mean over the latents. (4.2) is their sum.",
        }),
        mistake("overflow", "At a logit of 800 your exponential is infinite. The softplus of (9.2) is about a there: "
                "write it so that nothing large is exponentiated.", _with(_naive)),
        mistake("ε in the logarithm", "A small number keeps your logarithms finite, and wrong: at logits of ±800 your "
                "value has the logarithm of that number. (9.2) needs none.",
                *(_with_probs(e, 0) for e in EPSILONS), *(_with_probs(0, e) for e in EPSILONS),
                *(_in_float32(_with_probs(0, e)) for e in EPSILONS)),
        mistake("logits clipped", "Your logits are clipped before their exponential is taken. The softplus of (9.2) "
                "goes on like a.", *(_with(lambda x, a, c=c: x * a - a.clamp(-c, c).exp().log1p())
                                for c in (20, 30, 50, 80))),
        mistake("KL summed over the images", "Your KL is one number, summed over the images too. In (6.8) each image "
                "pays for its own.", lambda *args: _right(*args) + kl_std_normal(*args[2:])
                - kl_std_normal(*args[2:]).sum()),
        mistake("sum over the batch", "Your value is the sum over the images. (6.8) is asked for image by image.",
                lambda *args: _right(*args).sum()),
        mistake("mean over the batch", "Your value is the mean over the images. (6.8) is asked for image by image.",
                lambda *args: _right(*args).mean()),
        mistake("sigmoid twice", "Your logits have gone through a sigmoid before they enter (9.2), where they are "
                "logits.", _with(lambda x, a: x * a.sigmoid() - softplus(a.sigmoid()))),
        mistake("squared error", "Your first term is a squared error. That of binary pixels is (9.2).",
                *(_with(lambda x, a, s=s: -s * (x - a.sigmoid()) ** 2) for s in (0.5, 1))),
        mistake("pixels that are 1 only", "Your first term counts the pixels that are 1 only. (9.2) has log(1 − π) for "
                "the others.", _with(lambda x, a: x * (a - softplus(a)))),
        mistake("KL without ½", "Your KL is twice (4.2): its ½ is missing.",
                _with_kl(lambda m, v: m**2 + v.exp() - 1 - v)),
        mistake("ℓ as log σ", "Your KL reads log_var as log σ. In (4.2) it is log σ².",
                _with_kl(lambda m, v: 0.5 * (m**2 + (2 * v).exp() - 1 - 2 * v))),
        mistake("KL without the 1", "Your KL lacks the 1 of (4.2), so it is J/2 too large.",
                _with_kl(lambda m, v: 0.5 * (m**2 + v.exp() - v))),
        mistake("μ not squared", "The mean in your KL is not squared: see (4.2).",
                _with_kl(lambda m, v: 0.5 * (m + v.exp() - 1 - v))),
    ),
    hints=HINTS["10.1"],
)  # fmt: skip

EXERCISES = (ELBO, DELTA_LOGITS, DELTA_LOG_VAR, FIRST_WEIGHTS, CHECKER, ADAM)
