"""Exercise 8.5: a function for which the score function varies less than the path."""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from vae_lessons.exercises.converting import is_a
from vae_lessons.exercises.exercise import Exercise, Verdict, mistake
from vae_lessons.exercises.hints_ch08 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner

CASE = "q = N(1, 1), gradient with respect to μ"
EPS = torch.linspace(-8, 8, 40001, dtype=torch.float64)
WEIGHTS = torch.exp(-(EPS**2) / 2) / torch.exp(-(EPS**2) / 2).sum()
MESSAGES = {
    "constant": "Your f is constant, so that the path has no variance at all. The score in (8.3) still has one.",
    "one value per draw": "Your f returns one value per number. As everywhere since (8.3), f maps (..., J) to (...): "
    "sum over the last axis, or index it.",
    "draws mixed": "Your f(z) depends on the other points too. In (8.3) f is a function of one z.",
    "not differentiable": "No gradient flows through your f, so there is no path to compare with. Look for an f that "
    "(8.5) can be used for.",
    "jump": "The mean of the path is not the gradient here: your f has a jump, at which its slope is overlooked. (8.5) "
    "does not vary more, it is wrong; make the step steep, but not infinitely.",
    "nothing to learn": "The score function varies less, but the gradient itself is nearly 0: less than a tenth of the "
    "standard deviation of f. (8.3) then estimates nothing.",
    "far from 0": "Less the mean of f, the score function would vary less than the path. A constant adds nothing to "
    "the gradient and much to the variance of (8.3): see (8.6).",
    "path varies less": "The path varies less here. It is the slope of f that makes (8.5) vary, its value that makes "
    "(8.3) vary.",
}


def rough(z: Tensor) -> Tensor:
    """A straight line with waves on it, near 0 at the mean of q."""
    return (z - 1 + 0.3 * torch.cos(10 * z)).sum(-1)


class _Wrong(Exception):
    """Stops the judgement: the name of a misconception or None, what is wrong, and numbers to show."""


class _Found(NamedTuple):
    gradient: Tensor
    mean_path: Tensor
    score: Tensor
    centred: Tensor
    path: Tensor
    std: Tensor

    def __str__(self) -> str:
        return (
            f"gradient {self.gradient:.4g}; variance {self.score:.4g} by the score function, {self.path:.4g} along "
            "the path"
        )


def judge(answer: Any) -> Verdict:
    """Compare the two variances under N(1, 1), by sums over a fine grid of ε."""
    if not callable(answer):
        return Verdict("incorrect", None, "Pass the function itself to check, by its name, without calling it.")
    found = ""
    try:
        found = _measure(Runner(), answer)
        name = _fault(found)
        if name:
            raise _Wrong(name, MESSAGES[name])
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message, CASE)
    except _Wrong as stop:
        return Verdict("incorrect", stop.args[0], stop.args[1], CASE, str(found))
    times = found.path / found.score
    return Verdict("correct", message=f"The path varies {times:.3g} times as much: {found}.")


def _fault(found: _Found) -> str | None:
    if (found.mean_path - found.gradient).abs() > 0.02 * (found.std + found.gradient.abs()):
        return "jump"
    if found.score < found.path:
        return "nothing to learn" if found.gradient.abs() < 0.1 * found.std else None
    return "far from 0" if found.centred < found.path else "path varies less"


def _measure(run: Runner, answer: Callable) -> _Found:
    z = (1 + EPS[:, None]).requires_grad_()
    value = _value(run(answer, z), len(z))
    mean = WEIGHTS @ value.detach()
    std = _variance(value.detach()).sqrt()
    if std < 1e-6 * (1 + mean.abs()):
        raise _Wrong("constant", MESSAGES["constant"])
    at = slice(20_000, 30_000, 500)
    some = run(answer, z.detach()[at])
    if not torch.allclose(_value(some, len(EPS[at])).detach(), value.detach()[at], atol=1e-4, rtol=1e-3):
        raise _Wrong("draws mixed", MESSAGES["draws mixed"])
    if not value.requires_grad:
        raise _Wrong("not differentiable", MESSAGES["not differentiable"])
    (slope,) = torch.autograd.grad(value.sum(), z, materialize_grads=True)
    value, slope = value.detach(), slope[:, 0]
    if not slope.isfinite().all():
        raise _Wrong(None, "The slope of your f is nan or infinite somewhere.")
    for parts in (value * EPS, slope):  # a grid twice as coarse has to give the same
        if not torch.allclose(_variance(parts[::2], 2 * WEIGHTS[::2]), _variance(parts), rtol=0.05, atol=1e-9):
            raise _Wrong(None, "Your f is too rough even for a fine grid: take one that is a little less so.")
    score, centred = _variance(value * EPS), _variance((value - mean) * EPS)
    return _Found(WEIGHTS @ (value * EPS), WEIGHTS @ slope, score, centred, _variance(slope), std)


def _variance(values: Tensor, weights: Tensor = WEIGHTS) -> Tensor:
    return weights @ values**2 - (weights @ values) ** 2


def _value(value: Any, n: int) -> Tensor:
    if not is_a(value, Tensor) or not value.is_floating_point():
        raise _Wrong("not differentiable", MESSAGES["not differentiable"])
    if value.shape == (n, 1):
        raise _Wrong("one value per draw", MESSAGES["one value per draw"])
    if value.shape != (n,) and value.ndim > 0:
        raise _Wrong(None, f"Your f makes shape {tuple(value.shape)} of ({n}, 1); ({n},) is expected.")
    if not value.isfinite().all():
        raise _Wrong(None, "Your f is nan or infinite somewhere: it is tried between z = -7 and z = 9.")
    return value.double().expand(n)


WRONG = {
    "constant": (lambda z: 0 * z.sum(-1) + 1, lambda z: torch.tensor(3.0)),
    "one value per draw": (lambda z: torch.tanh(20 * (z - 1)),),
    "draws mixed": (lambda z: z[..., 0] - z.mean(), lambda z: (z / z.abs().max()).sum(-1)),
    "not differentiable": (lambda z: (z[..., 0] > 1).float(), lambda z: torch.tanh(20 * z.detach() - 20).sum(-1)),
    "jump": (lambda z: torch.sign(z - 1).sum(-1), lambda z: (torch.round(z) + 0.2 * torch.cos(20 * z)).sum(-1)),
    "nothing to learn": (lambda z: torch.cos(10 * z).sum(-1), lambda z: torch.sin(25 * z[..., 0])),
    "far from 0": (lambda z: 50 + torch.tanh(20 * (z - 1)).sum(-1), lambda z: 9 - z[..., 0] + torch.cos(9 * z[..., 0])),
    "path varies less": (lambda z: (z**2).sum(-1), lambda z: torch.cos(z).sum(-1), lambda z: z[..., 0]),
}

ROUGH = Exercise(
    id="8.5",
    title="Where the score function wins",
    equation="(8.5)",
    chapter="chapter 8",
    reference=rough,
    judge=judge,
    misconceptions=tuple(mistake(name, MESSAGES[name], *WRONG[name]) for name in MESSAGES),
    hints=HINTS["8.5"],
)
