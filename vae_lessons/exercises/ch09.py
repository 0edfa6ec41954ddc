"""Exercises of chapter 9, decoders are likelihoods: 9.1 here, the others in their own modules."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, logsigmoid, softplus

from vae_lessons.exercises.ch09_continuous import NORMALIZER
from vae_lessons.exercises.ch09_logits import LOG_SIGMOID
from vae_lessons.exercises.ch09_normal import NORMAL_PIXELS
from vae_lessons.exercises.ch09_variance import IMPLIED_VARIANCES
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch09 import HINTS
from vae_lessons.likelihoods import bernoulli_log_prob


def _cases(seed: int = 0) -> list[Case]:
    """Logits of both signs; once such as could be probabilities; once two of ±800 on the wrong side."""
    generator, cases = torch.Generator().manual_seed(seed + 91), []
    for rows, pixels in [(2, 3), (3, 5), (4, 7)]:
        logits = 2 * torch.randn(rows, pixels, generator=generator).double()
        if rows == 3:
            logits = 0.05 + 0.9 * torch.rand(rows, pixels, generator=generator).double()
        x = (torch.rand(rows, pixels, generator=generator) < 0.5).double()
        x[0, :2] = torch.tensor([0.0, 1.0])  # both kinds of pixel, whatever the seed
        cases.append(Case({"x": x, "logits": logits}))
    logits = torch.tensor([[800.0, 0.5, -1.0], [-800.0, 2.0, 0.3]]).double()
    return [*cases, Case({"x": torch.tensor([[0.0, 1, 0], [1, 0, 1]]).double(), "logits": logits}, edge=True)]


def _of_pixels(log_prob):
    """Make a wrong answer from a log-probability of single pixels."""
    return lambda x, a: log_prob(x, a).sum(-1)


def _log_of_sigmoid(x: Tensor, a: Tensor) -> Tensor:
    probs = a.sigmoid()
    return x * probs.log() + (1 - x) * (1 - probs).log()


def _clamped(x: Tensor, a: Tensor) -> Tensor:
    return -binary_cross_entropy(a.sigmoid(), x, reduction="none")


def _probs_of_torch(x: Tensor, a: Tensor) -> Tensor:
    """Let torch.distributions clamp the probabilities, as it does where it is given no logits."""
    return torch.distributions.Bernoulli(a.sigmoid()).log_prob(x)


def _in_float32(log_lik):
    """Make the same answer in single precision, where 1 - ε is another number."""
    return lambda x, a: log_lik(x.float(), a.float())


EPSILONS = [10.0**-k for k in (5, 6, 7, 8, 9, 10, 12)]


def _with_epsilon(epsilon: float):
    return _of_pixels(lambda x, a: x * (a.sigmoid() + epsilon).log() + (1 - x) * (1 - a.sigmoid() + epsilon).log())


def _clipped(epsilon: float):
    return _of_pixels(lambda x, a: _log_of_clipped(x, a.sigmoid().clamp(epsilon, 1 - epsilon)))


def _log_of_clipped(x: Tensor, probs: Tensor) -> Tensor:
    return x * probs.log() + (1 - x) * (1 - probs).log()


BINARY_IMAGES = Exercise(
    id="9.1",
    title="Binary images",
    equation="(9.2)",
    chapter="chapter 9",
    cases=_cases,
    reference=bernoulli_log_prob,
    gradients=("logits",),
    proves="Logits of ±800 do no harm.",
    misconceptions=(
        *known("9.1", {
            "sign": "Your value is the cross-entropy. The log-probability (9.2) is minus that, and never positive.",
            "mean over the pixels": "Your value is a mean over the pixels. In (9.1) they are summed: D independent "
            "pixels carry D log-probabilities.",
            "sum over the batch": "Your value is one number for the batch. In (9.1) only the pixels are summed, and "
            "each image keeps its own value.",
            "sigmoid twice": "Your value takes the sigmoid twice: what you use expects the logits a of (9.2).",
            "logits as probabilities": "Your value takes the logits for probabilities. In (9.1) stands π, in (9.2) "
            "the logit a.",
            "x and π swapped": "Your image and your probabilities have changed places: in (9.1) the logarithm is that "
            "of π.",
            "ones only": "Your value counts the inked pixels only. In (9.1) a blank one has log(1 − π).",
            "squared error": "Your value is a squared error. That is another likelihood, (9.4); binary pixels have "
            "(9.1).",
        }, {
            "x and π swapped": (lambda x, a: (a.sigmoid() * x.log() + (1 - a.sigmoid()) * (1 - x).log()).sum(-1),),
            "ones only": (_of_pixels(lambda x, a: x * logsigmoid(a)),),
            "squared error": (_of_pixels(lambda x, a: (x - a.sigmoid()) ** 2),
                              _of_pixels(lambda x, a: -0.5 * (x - a.sigmoid()) ** 2)),
        }),
        mistake("log of a sigmoid", "At logits of ±800 the sigmoid is exactly 0 or 1, and your logarithm infinite, nan "
                "or clamped. (9.2) has no logarithm of π in it.",
                _of_pixels(_log_of_sigmoid), _of_pixels(_clamped), _of_pixels(_probs_of_torch),
                _in_float32(_of_pixels(_probs_of_torch)),
                _of_pixels(lambda x, a: torch.where(x == 1, a.sigmoid(), 1 - a.sigmoid()).log())),
        mistake("ε in the logarithm", "A small number keeps your logarithms finite, and wrong: at logits of ±800 your "
                "value has the logarithm of that number. (9.2) needs none.", *map(_with_epsilon, EPSILONS),
                *map(_clipped, EPSILONS), *(_in_float32(_clipped(e)) for e in EPSILONS)),
        mistake("1 − log π for log(1 − π)", "Your blank pixels have 1 − log π. In (9.1) it is the logarithm of 1 − π, "
                "another number.", _of_pixels(lambda x, a: x * logsigmoid(a) + (1 - x) * (1 - logsigmoid(a)))),
        mistake("images and logits exchanged", "Your image and your logits have changed places: in (9.2) the softplus "
                "is that of a.", _of_pixels(lambda x, a: x * a - softplus(x))),
        mistake("e^a overflows", "At a logit of 800 your e^a is infinite. The softplus of (9.2) is nearly a itself "
                "there: use a function that knows.", _of_pixels(lambda x, a: x * a - (1 + a.exp()).log())),
        mistake("mean of everything", "Your value is a mean over images and pixels. (9.2) sums the pixels, and gives "
                "one value per image.", lambda x, a: bernoulli_log_prob(x, a).mean() / x.shape[-1]),
        mistake("cross-entropy, averaged", "Your value is the mean cross-entropy of a pixel, PyTorch's default. (9.2) "
                "is its negative, summed over the pixels, one value per image.",
                lambda x, a: -bernoulli_log_prob(x, a).mean() / x.shape[-1]),
        mistake("cross-entropy, summed", "Your value is the cross-entropy of the whole batch. (9.2) is its negative, "
                "one value per image.", lambda x, a: -bernoulli_log_prob(x, a).sum()),
        mistake("mean over the images", "Your value is the mean over the images. (9.2) gives one value per image.",
                lambda x, a: bernoulli_log_prob(x, a).mean()),
        mistake("over the images", "Your sum runs over the images. In (9.2) it runs over the pixels, the last axis.",
                lambda x, a: bernoulli_log_prob(x.T, a.T)),
        mistake("pixels not summed", "You return one value per pixel. (9.2) sums them.",
                lambda x, a: x * a - softplus(a)),
        mistake("0 and 1 exchanged", "Your pixels 0 and 1 have changed places: in (9.1) a 1 "
                "has log π.", _of_pixels(lambda x, a: (1 - x) * a - softplus(a))),
        mistake("softplus(−a)", "Your softplus is that of −a. (9.2) subtracts the one of a.",
                _of_pixels(lambda x, a: x * a - softplus(-a))),
        mistake("softplus added", "Your softplus has the wrong sign: (9.2) subtracts it.",
                _of_pixels(lambda x, a: x * a + softplus(a))),
        mistake("no softplus", "The softplus of (9.2) is missing: without it the probabilities do not sum to 1.",
                _of_pixels(lambda x, a: x * a)),
        mistake("probability", "Your value is the probability of the image. (9.2) is its logarithm.",
                lambda x, a: bernoulli_log_prob(x, a).exp()),
    ),
    hints=HINTS["9.1"],
)  # fmt: skip

EXERCISES = (BINARY_IMAGES, NORMAL_PIXELS, IMPLIED_VARIANCES, NORMALIZER, LOG_SIGMOID)
