"""What is said of wrong values that match no known mistake: true, and in general terms."""

import torch
from torch import Tensor

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Exercise
from vae_lessons.exercises.values import close


def remark(exercise: Exercise, values: list[diagnosis.Values], failing: int, dtype: torch.dtype | None) -> str:
    """Say what is wrong about values that match no known mistake, in true and general terms."""
    references = diagnosis.references_of(exercise)
    for part, (value, reference) in enumerate(zip(values[failing], references[failing], strict=True)):
        if close(value, reference, exercise.atol, exercise.rtol):
            continue
        label = exercise.parts[part] if exercise.parts else "value"
        if label in exercise.remarks:
            return exercise.remarks[label]
        what = f"Your {label}"
        pairs = [(v[part], r[part]) for v, r in zip(values, references, strict=True)]
        return _remark_part(exercise, what, value, reference, pairs) + _precision(dtype, reference)
    return ""


def _precision(dtype: torch.dtype | None, reference: Tensor) -> str:
    """Mention a type that cannot hold the right value."""
    if dtype is None or (dtype.is_floating_point and dtype.itemsize >= 4):
        return ""
    if not dtype.is_floating_point and torch.equal(reference, reference.round()):
        return ""
    name = str(dtype).removeprefix("torch.")
    return f" It is of type {name}, which {'has too few digits' if dtype.is_floating_point else 'holds no fractions'}."


def _remark_part(exercise: Exercise, what: str, value: Tensor, reference: Tensor, pairs: list) -> str:
    if value.shape != reference.shape:
        return f"{what} has shape {tuple(value.shape)}; shape {tuple(reference.shape)} is expected here."
    if value.isnan().any() and not reference.isnan().any():
        return f"{what} is nan on this input: look for 0·∞, ∞ − ∞, 0/0 or the logarithm of a negative number."
    if value.isinf().any() and not reference.isinf().any():
        return f"{what} is infinite on this input: look for log 0, a division by 0 or an overflow."
    if reference.isinf().any() and not value.isinf().any():
        return f"{what} is finite on this input, and should not be."
    return f"{what} is wrong on this input." + _constant(pairs) + _sign(exercise, value, reference)


def _sign(exercise: Exercise, value: Tensor, reference: Tensor) -> str:
    if exercise.not_negative and (value < -exercise.atol).any() and (reference >= 0).all():
        return f" It is negative, which it cannot be: see {exercise.not_negative}."
    return ""


def _constant(pairs: list[tuple[Tensor, Tensor]]) -> str:
    """Mention a factor or an offset that is the same on all cases."""
    if any(v.shape != r.shape for v, r in pairs):
        return ""
    v, r = (torch.cat([t.flatten() for t in side]) for side in zip(*pairs, strict=True))
    usable = v.isfinite() & r.isfinite()
    v, r = v[usable], r[usable]
    if len(r) < 2 or r.std() < 1e-2:
        return ""
    ratio, offset = v / r, v - r
    if ratio.isfinite().all() and ratio.std() < 1e-3 * ratio.abs().mean():
        factor = ratio.mean().item()
        if abs(factor + 1) < 1e-3:
            return " It has the right size and the opposite sign."
        if abs(factor - 1) > 1e-3:
            return f" It is {factor:.4g} times the right value, on every case."
    if offset.std() < 1e-3 * offset.abs().mean():
        return f" It differs from the right value by {offset.mean().item():+.4g}, on every case."
    return ""
