"""What is asked of an answer besides its values, and what is said of a right one."""

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise, Verdict
from vae_lessons.exercises.observing import Observation, gradients, observe
from vae_lessons.exercises.running import CallFailed
from vae_lessons.exercises.values import close, show_args


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


def wrong_gradient(exercise: Exercise, answer: Any, first: Observation) -> Verdict | None:
    """Object to a tensor that came out right but through which the gradient does not flow as it should."""
    if not (first.is_tensor and exercise.gradients and first.dtype.is_floating_point):
        return None
    case, arguments = diagnosis.cases_of(exercise)[0], listed(exercise.gradients)
    try:
        found, wanted = (gradients(exercise, f, case) for f in (answer, exercise.reference))
    except CallFailed as stop:
        text = f"Your value is right, but cannot be differentiated by {arguments}. {stop.failure.message}"
        return Verdict("incorrect", None, text, show_args(case.args))
    missing = [name for name, grad in found.items() if grad is None or (grad == 0).all()]
    wrong = [name for name, grad in found.items() if name not in missing and not _alike(grad, wanted[name])]
    if not missing and not wrong:
        return None
    text = f"no gradient reaches {listed(missing)}" if missing else f"its gradient by {listed(wrong)} is not"
    text = f"Your value is right, but {text}: look for detach, item, numpy or no_grad."
    return Verdict("incorrect", None, text, show_args(case.args))


def _alike(a: Tensor, b: Tensor) -> bool:
    return close(a, b, atol=1e-3, rtol=1e-3)


def correct(exercise: Exercise, answer: Any, flavour: str, seen: list[Observation]) -> Verdict:
    """Say what has been shown of a right answer."""
    parts = [f"All {len(seen)} cases agree" + _double(exercise, answer, flavour) + "."]
    if exercise.gradients and seen[0].is_tensor:
        parts.append(f"The gradient by {listed(exercise.gradients)} is right too.")
    elif exercise.gradients:
        parts.append("Your value is not a tensor, so no gradient was looked for.")
    return Verdict("correct", message=" ".join([*parts, *filter(None, [exercise.proves])]))


def _double(exercise: Exercise, answer: Any, flavour: str) -> str:
    """Whether tensors of the other precision do as well: worth a remark, not a failure."""
    if flavour == "numpy" or "numpy" not in exercise.flavours:
        return ""
    if flavour == "torch64":
        return " in float64; with float32 tensors your function fails"
    for case, reference in zip(diagnosis.cases_of(exercise), diagnosis.references_of(exercise), strict=True):
        values = observe(exercise, answer, case, "torch64").values
        if values is None or not diagnosis.agree(exercise, values, reference):
            return " in float32; with float64 tensors your function fails"
    return " in float32 and float64"
