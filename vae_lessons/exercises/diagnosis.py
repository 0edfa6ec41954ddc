"""From wrong values to the name of a known mistake."""

from functools import cache
from typing import Any

from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, Misconception
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.states import isolated
from vae_lessons.exercises.values import Unusable, close, to_values

Values = tuple[Tensor, ...]


@cache
def cases_of(exercise: Exercise, seed: int = 0) -> list[Case]:
    """Make the cases of an exercise, once for each seed."""
    return exercise.cases(seed)


@cache
def references_of(exercise: Exercise, seed: int = 0) -> list[Values]:
    """Compute what the reference gives on the cases."""
    return [to_values(raw, raw) for raw in _raw(exercise, exercise.reference, seed)]


@cache
def structure_of(exercise: Exercise) -> Any:
    """Compute what the reference returns on the first case: the structure that an answer must have."""
    return _raw(exercise, exercise.reference, 0)[0]


def _raw(exercise: Exercise, answer: Any, seed: int) -> list[Any]:
    cases = cases_of(exercise, seed)
    with isolated():
        return [exercise.probe(Runner(), answer, **case.args) for case in cases]


@cache
def mistaken(exercise: Exercise, misconception: Misconception, seed: int = 0) -> list[list[Values]]:
    """Compute what each way of making the mistake gives on the cases; a way that fails on one of them is left out."""
    found = []
    for wrong in misconception.wrong:
        try:
            found.append([to_values(raw, structure_of(exercise)) for raw in _raw(exercise, wrong, seed)])
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


def explains(exercise: Exercise, misconception: Misconception, values: list[Values], seed: int = 0) -> bool:
    """Whether the values are what the misconception gives on the cases of a seed."""
    if misconception.recognise:
        references = references_of(exercise, seed)
        shapes = [[t.shape for v in side for t in v] for side in (values, references)]
        return shapes[0] == shapes[1] and misconception.recognise(values, references, cases_of(exercise, seed))
    return any(_matches(exercise, wrong, values, seed) for wrong in mistaken(exercise, misconception, seed))


def _matches(exercise: Exercise, wrong: list[Values], values: list[Values], seed: int) -> bool:
    """Equal on every case; where other cases show the mistake, an edge case counts only if both values are finite."""
    references, cases = references_of(exercise, seed), cases_of(exercise, seed)
    shown = any(not agree(exercise, w, r) for w, r, c in zip(wrong, references, cases, strict=True) if not c.edge)
    for w, v, case in zip(wrong, values, cases, strict=True):
        aside = shown and case.edge and not all(t.isfinite().all() for t in (*v, *w))
        if not aside and not agree(exercise, v, w):
            return False
    return True
