"""What is asked of an answer besides its values, and what is said of a right one."""

from collections.abc import Iterable
from typing import Any

import torch

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise, Verdict
from vae_lessons.exercises.observing import Observation, observe
from vae_lessons.exercises.values import show_args


def listed(names: Iterable[str]) -> str:
    """Join names by commas and an "and"."""
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} and {last}" if first else last


def changed(seen: list[Observation], cases: list[Case]) -> Verdict | None:
    """Object to a right answer that changes its arguments."""
    for observation, case in zip(seen, cases, strict=True):
        if observation.changed:
            names = listed(observation.changed)
            text = f"Your value is right, but your function changes its argument {names}: work on a new array instead."
            return Verdict("incorrect", None, text, show_args(case.args))
    return None


def no_gradient(exercise: Exercise, answer: Any, flavour: str) -> Verdict | None:
    """Object to a tensor that came out right but through which no gradient flows."""
    if flavour != "torch" or not exercise.gradients:
        return None
    case = diagnosis.cases_of(exercise)[0]
    args = {k: v.float().requires_grad_() if k in exercise.gradients else v for k, v in case.args.items()}
    result = observe(exercise, answer, Case(args), "torch").raw
    if not isinstance(result, torch.Tensor):
        return None
    missing = [name for name in exercise.gradients if not _reaches(result, args[name])]
    if not missing:
        return None
    text = f"Your value is right, but no gradient reaches {listed(missing)}: look for detach, item, numpy or no_grad."
    return Verdict("incorrect", None, text, show_args(case.args))


def _reaches(result: torch.Tensor, leaf: torch.Tensor) -> bool:
    if not result.requires_grad:
        return False
    try:
        (grad,) = torch.autograd.grad(result.sum(), leaf, allow_unused=True, retain_graph=True)
    except RuntimeError:
        return False
    return grad is not None and bool(grad.isfinite().all() and grad.any())


def correct(exercise: Exercise, answer: Any, flavour: str, seen: list[Observation]) -> Verdict:
    """Say what has been shown of a right answer."""
    parts = [f"All {len(seen)} cases agree" + _double(exercise, answer, flavour) + "."]
    if exercise.gradients and isinstance(seen[0].raw, torch.Tensor):
        parts.append(f"A gradient reaches {listed(exercise.gradients)}.")
    elif exercise.gradients:
        parts.append("Your value is not a tensor, so no gradient was looked for.")
    return Verdict("correct", message=" ".join([*parts, *filter(None, [exercise.proves])]))


def _double(exercise: Exercise, answer: Any, flavour: str) -> str:
    """Whether tensors of float64 do as well: worth a remark, not a failure."""
    if flavour != "torch" or "numpy" not in exercise.flavours:
        return ""
    for case, reference in zip(diagnosis.cases_of(exercise), diagnosis.references_of(exercise), strict=True):
        values = observe(exercise, answer, case, "torch64").values
        if values is None or not diagnosis.agree(exercise, values, reference):
            return " in float32; with float64 tensors your function fails"
    return " in float32 and float64"
