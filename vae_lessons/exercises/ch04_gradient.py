"""Exercise 4.4: the gradient of KL for the weights of a linear layer that gives the log-variances."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known, mistake
from vae_lessons.exercises.hints_ch04 import HINTS


def grad_weight(x: Tensor, log_var: Tensor) -> Tensor:
    """Gradient of the batch's KL for W, where log_var = XWᵀ + 1cᵀ, equation (4.7)."""
    return 0.5 * (log_var.exp() - 1).T @ x


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 44), []
    for n, d, j in [(4, 3, 2), (5, 2, 3)]:
        x = torch.randn(n, d, generator=generator, dtype=torch.double)
        cases.append(Case({"x": x, "log_var": torch.randn(n, j, generator=generator, dtype=torch.double)}))
    return cases


def _on_log_var(mutant):
    """Make an answer from a mutant of (4.7), a function of x, W and c: with W = 0, what is added to XWᵀ is log_var."""
    return lambda x, log_var: mutant(x, x.new_zeros(log_var.shape[1], x.shape[1]), log_var)


def _known(messages: dict[str, str]) -> tuple[Misconception, ...]:
    return tuple(Misconception(m.name, tuple(map(_on_log_var, m.wrong)), m.message) for m in known("4.7", messages))


GRAD_WEIGHT = Exercise(
    id="4.4",
    title="The gradient for the weights",
    equation="(4.7)",
    chapter="chapter 4",
    cases=_cases,
    reference=grad_weight,
    misconceptions=(
        *_known(
            {
                "no ½": "Your value is twice (4.7): the ½ that comes from (4.5) is missing.",
                "sign": "Your value is minus the gradient. By (4.7) it is positive where the variances are above 1.",
                "mean over the batch": "Your value is a mean over the inputs. (4.7) is the gradient of the sum of "
                "their KLs: nothing is divided by N.",
                "no -1": "Your value lacks the −1 of (4.7): e^ℓ − 1 is 0 where the variance is 1.",
                "transposed": "Your value is transposed. In (4.7) the gradient has the shape of W, (J, D).",
                "e^(ℓ/2) for e^ℓ": "Your value has the standard deviation e^(ℓ/2). In (4.7) it is the variance e^ℓ.",
                "no outer product": "You add over the latents before you multiply with x. In (4.7) each latent has a "
                "row of its own: the gradient of one input is an outer product.",
                "product of sums": "Your value is a product of two sums over the batch. In (4.7) each input makes its "
                "own outer product, and these are added.",
            }
        ),
        mistake(
            "gradient for ℓ",
            "Your value is the gradient for the log-variances, (4.5). By (4.7) it is to be multiplied with the inputs.",
            lambda x, v: 0.5 * (v.exp() - 1),
        ),
        mistake(
            "gradient for the bias",
            "Your value is the gradient for c. The one for W in (4.7) has the inputs in it.",
            lambda x, v: 0.5 * (v.exp() - 1).sum(0),
        ),
        mistake(
            "no exponential",
            "Your value has ℓ, or ℓ − 1, where (4.7) has e^ℓ − 1.",
            lambda x, v: 0.5 * (v - 1).T @ x,
            lambda x, v: 0.5 * v.T @ x,
        ),
        mistake("1 added", "Your value has e^ℓ + 1: (4.7) subtracts the 1.", lambda x, v: 0.5 * (v.exp() + 1).T @ x),
        mistake(
            "mean over batch and latents",
            "Your value is divided by N·J. (4.7) is the gradient of a sum over inputs and latents.",
            lambda x, v: grad_weight(x, v) / v.numel(),
        ),
        mistake(
            "mean over the latents",
            "Your value is divided by J, the number of latents. (4.7) is the gradient of their sum.",
            lambda x, v: grad_weight(x, v) / v.shape[1],
        ),
        mistake(
            "ℓ read as log σ",
            "Your value is what you get when ℓ is read as log σ. It is log σ²: see (4.7).",
            lambda x, v: ((2 * v).exp() - 1).T @ x,
        ),
        mistake(
            "−1 outside the product",
            "Your −1 is subtracted after the product with x. In (4.7) it is inside the bracket.",
            lambda x, v: 0.5 * (v.exp().T @ x - 1),
            lambda x, v: 0.5 * v.exp().T @ x - 1,
        ),
        mistake(
            "½ on one term",
            "Your ½ belongs to e^ℓ only. In (4.7) it multiplies the bracket.",
            lambda x, v: (0.5 * v.exp() - 1).T @ x,
        ),
    ),
    hints=HINTS["4.4"],
)
