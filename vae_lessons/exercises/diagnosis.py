"""From wrong values to words: the name of a known mistake, or true remarks in general terms."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception
from vae_lessons.exercises.running import CallFailed, Runner, isolated
from vae_lessons.exercises.values import Unusable, close, to_values

Values = tuple[Tensor, ...]


@cache
def cases_of(exercise: Exercise) -> list[Case]:
    """Make the cases of an exercise, once."""
    return exercise.cases()


@cache
def references_of(exercise: Exercise) -> list[Values]:
    """Compute what the reference gives on the cases."""
    return [_values(raw) for raw in _raw(exercise, exercise.reference)]


@cache
def structure_of(exercise: Exercise) -> Any:
    """Compute what the reference returns on the first case: the structure that an answer must have."""
    return _raw(exercise, exercise.reference)[0]


def _raw(exercise: Exercise, answer: Any) -> list[Any]:
    with isolated():
        return [exercise.probe(Runner(), answer, **case.args) for case in cases_of(exercise)]


def _values(raw: Any) -> Values:
    return to_values(raw, raw)


@cache
def mistaken(exercise: Exercise, misconception: Misconception) -> list[list[Values]]:
    """Compute what each way of making the mistake gives on the cases; a way that fails on one of them is left out."""
    found = []
    for wrong in misconception.wrong:
        try:
            found.append([to_values(raw, structure_of(exercise)) for raw in _raw(exercise, wrong)])
        except (CallFailed, Unusable):
            continue
    return found


def agree(exercise: Exercise, a: Values, b: Values) -> bool:
    """Whether two values are the same within the exercise's tolerance, part by part."""
    return len(a) == len(b) and all(close(x, y, exercise.atol, exercise.rtol) for x, y in zip(a, b, strict=True))


def name(exercise: Exercise, values: list[Values]) -> Misconception | None:
    """Find the one misconception that explains the values, on every case."""
    matching = [m for m in exercise.misconceptions if explains(exercise, m, values)]
    return matching[0] if len(matching) == 1 else None


def explains(exercise: Exercise, misconception: Misconception, values: list[Values]) -> bool:
    """Whether the values are what the misconception gives."""
    if misconception.recognise:
        references = references_of(exercise)
        shapes = [[t.shape for v in side for t in v] for side in (values, references)]
        return shapes[0] == shapes[1] and misconception.recognise(values, references, cases_of(exercise))
    return any(_matches(exercise, wrong, values) for wrong in mistaken(exercise, misconception))


def _matches(exercise: Exercise, wrong: list[Values], values: list[Values]) -> bool:
    """Equal on every case; where other cases show the mistake, an edge case counts only if both values are finite."""
    references, cases = references_of(exercise), cases_of(exercise)
    shown = any(not agree(exercise, w, r) for w, r, c in zip(wrong, references, cases, strict=True) if not c.edge)
    for w, v, case in zip(wrong, values, cases, strict=True):
        aside = shown and case.edge and not all(t.isfinite().all() for t in (*v, *w))
        if not aside and not agree(exercise, v, w):
            return False
    return True


def remark(exercise: Exercise, values: list[Values], failing: int) -> str:
    """Say what is wrong about values that match no known mistake, in true and general terms."""
    references = references_of(exercise)
    for part, (value, reference) in enumerate(zip(values[failing], references[failing], strict=True)):
        if close(value, reference, exercise.atol, exercise.rtol):
            continue
        label = exercise.parts[part] if exercise.parts else "value"
        if label in exercise.remarks:
            return exercise.remarks[label]
        what = f"Your {label}"
        pairs = [(v[part], r[part]) for v, r in zip(values, references, strict=True)]
        return _remark_part(exercise, what, value, reference, pairs)
    return ""


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
        return f" It is {factor:.4g} times the right value, on every case."
    if offset.std() < 1e-3 * offset.abs().mean():
        return f" It differs from the right value by {offset.mean().item():+.4g}, on every case."
    return ""
