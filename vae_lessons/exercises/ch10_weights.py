"""Exercise 10.4: the gradient for the weights of the first layer."""

from collections.abc import Callable

import torch

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch10 import HINTS


def grad_first_weights(dmu, dlog_var, W_mu, W_log_var, h, x):
    """Gradient of the loss, summed over the batch, for W₁, (10.8)."""
    dh = (dmu @ W_mu + dlog_var @ W_log_var) * (1 - h**2)
    return dh.T @ x


def _cases(seed: int = 0) -> list[Case]:
    return [_case(m, d, h, j, 10 * seed + m) for m, d, h, j in [(3, 2, 4, 5), (5, 4, 3, 2), (4, 3, 6, 2)]]


def _case(m: int, d: int, h: int, j: int, seed: int) -> Case:
    """Images, pixels, hidden units and latents: four different numbers."""
    generator = torch.Generator().manual_seed(seed + 104)
    shapes = {"dmu": (m, j), "dlog_var": (m, j), "W_mu": (j, h), "W_log_var": (j, h), "h": (m, h)}
    args = {name: torch.randn(shape, generator=generator).double() for name, shape in shapes.items()}
    args["h"] = torch.tanh(args["h"])
    args["x"] = (torch.rand(m, d, generator=generator) < 0.5).double()
    args["x"][0, 0], args["x"][1, 1] = 1, 1
    return Case(args)


def _slope(slope: Callable) -> Callable:
    """Make a wrong answer with another slope of the activation."""
    return lambda dmu, dv, W, V, h, x: ((dmu @ W + dv @ V) * slope(h)).T @ x


def _delta(dmu, dv, W, V, h):
    return (dmu @ W + dv @ V) * (1 - h**2)


FIRST_WEIGHTS = Exercise(
    id="10.4",
    title="Back to the first weights",
    equation="(10.8)",
    chapter="chapter 10",
    cases=_cases,
    reference=grad_first_weights,
    misconceptions=(
        *known("10.8", {
            "transposed": "Your value is transposed. In (10.8) the gradient has the shape of W₁, (H, D).",
            "batch mean": "Your value is a mean over the images. (10.8) is the gradient of the summed loss.",
            "forgot 1 - h²": "Your value lacks the slope of the tanh, the factor 1 − h² of (10.8).",
            "only μ path": "Your value has the path through μ only. In (10.8) the hidden layer feeds two heads, and "
            "what comes back from both is added.",
            "only ℓ path": "Your value has the path through ℓ only. In (10.8) the hidden layer feeds two heads, and "
            "what comes back from both is added.",
            "sign": "Your value is minus the gradient (10.8).",
        }),
        mistake("1 − h", "Your slope of the tanh is 1 − h. In (10.8) it is 1 − h².", _slope(lambda h: 1 - h)),
        mistake("slope of a sigmoid", "Your slope h (1 − h) is that of a sigmoid. The tanh of (10.8) has 1 − h².",
                _slope(lambda h: h * (1 - h))),
        mistake("tanh twice", "Your slope is taken at tanh(h). The h of (10.8) has been through the tanh already.",
                _slope(lambda h: 1 - h.tanh() ** 2)),
        mistake("slope of a ReLU", "Your slope is 1 or 0, that of a ReLU. The tanh of (10.8) has 1 − h².",
                _slope(lambda h: (h > 0).to(h))),
        mistake("1 + h²", "Your slope is 1 + h². The tanh is steepest where h is 0: in (10.8) it is 1 − h².",
                _slope(lambda h: 1 + h**2)),
        mistake("heads exchanged", "What comes back from μ goes through the weights of ℓ, and the other way round. "
                "See (10.8).", lambda dmu, dv, W, V, h, x: _delta(dmu, dv, V, W, h).T @ x),
        mistake("paths subtracted", "Your two paths are subtracted. In (10.8) they are added.",
                lambda dmu, dv, W, V, h, x: _delta(dmu, -dv, W, V, h).T @ x),
        mistake("δh itself", "Your value is δh, one row per image. (10.8) goes on to the weights: multiply with what "
                "went into the layer.", lambda dmu, dv, W, V, h, x: _delta(dmu, dv, W, V, h)),
        mistake("gradient for the bias", "Your value is the gradient for b₁. That for W₁ in (10.8) has the images in "
                "it.", lambda dmu, dv, W, V, h, x: _delta(dmu, dv, W, V, h).sum(0)),
        mistake("product of sums", "Your value is a product of two sums over the batch. In (10.8) each image makes its "
                "own outer product, and these are added.",
                lambda dmu, dv, W, V, h, x: torch.outer(_delta(dmu, dv, W, V, h).sum(0), x.sum(0))),
        mistake("slope on one path", "Your factor 1 − h² multiplies one of the paths only. In (10.8) it multiplies "
                "their sum.",
                lambda dmu, dv, W, V, h, x: (dmu @ W + dv @ V * (1 - h**2)).T @ x,
                lambda dmu, dv, W, V, h, x: (dmu @ W * (1 - h**2) + dv @ V).T @ x),
    ),
    hints=HINTS["10.4"],
)  # fmt: skip
