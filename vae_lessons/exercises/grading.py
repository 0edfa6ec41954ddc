"""From an answer to a verdict."""

from typing import Any

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise, Verdict
from vae_lessons.exercises.observing import Observation, observe
from vae_lessons.exercises.proofs import changed, correct, listed, no_gradient
from vae_lessons.exercises.running import isolated
from vae_lessons.exercises.stubs import is_stub
from vae_lessons.exercises.values import show, show_args, size


def grade_answer(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer to one exercise. Never raises because of the answer."""
    if is_stub(answer):
        return Verdict("not attempted", message="The stub is as it was.")
    if exercise.judge:
        return exercise.judge(answer)
    if not callable(answer):
        text = "Pass the function or class itself to check, by its name, without calling it."
        return Verdict("incorrect", message=text)
    with isolated():
        verdicts = []
        for flavour in _order(exercise, answer):
            verdicts.append(_grade_flavour(exercise, answer, flavour))
            if verdicts[-1].status == "correct" or verdicts[-1].misconception:
                break
    return min(verdicts, key=_rank)


def _rank(verdict: Verdict) -> int:
    if verdict.status == "correct":
        return 0
    return 1 if verdict.misconception else 2 if verdict.status == "incorrect" else 3


def _order(exercise: Exercise, answer: Any) -> tuple[str, ...]:
    """NumPy inputs first for a function that mentions NumPy and not torch."""
    names = getattr(getattr(answer, "__code__", None), "co_names", ())
    numpy_first = {"np", "numpy"} & set(names) and "torch" not in names
    return tuple(sorted(exercise.flavours)) if numpy_first else exercise.flavours


def _grade_flavour(exercise: Exercise, answer: Any, flavour: str) -> Verdict:
    cases = diagnosis.cases_of(exercise)
    seen = [observe(exercise, answer, case, flavour) for case in cases]
    failed = [i for i, s in enumerate(seen) if s.failure]
    if failed:
        i = _smallest(cases, failed)
        failure, case = seen[i].failure, show_args(cases[i].args)
        return Verdict(failure.status, None, failure.message, case, printed=seen[i].printed)
    references = diagnosis.references_of(exercise)
    wrong = [i for i, s in enumerate(seen) if not diagnosis.agree(exercise, s.values, references[i])]
    if wrong:
        return _wrong(exercise, [s.values for s in seen], _smallest(cases, wrong), seen)
    return changed(seen, cases) or no_gradient(exercise, answer, flavour) or correct(exercise, answer, flavour, seen)


def _smallest(cases: list[Case], indices: list[int]) -> int:
    return min(indices, key=lambda i: size(cases[i].args))


def _wrong(exercise: Exercise, values: list, failing: int, seen: list[Observation]) -> Verdict:
    found = diagnosis.name(exercise, values)
    message = found.message if found else diagnosis.remark(exercise, values, failing)
    if not found and seen[failing].changed:
        message += f" It also changes its argument {listed(seen[failing].changed)}, which may be the cause."
    case, yours = show_args(diagnosis.cases_of(exercise)[failing].args), _yours(exercise, values[failing])
    return Verdict("incorrect", found and found.name, message, case, yours, seen[failing].printed)


def _yours(exercise: Exercise, values: diagnosis.Values) -> str:
    if not exercise.parts:
        return ", ".join(map(show, values))
    return "; ".join(f"{part} {show(value)}" for part, value in zip(exercise.parts, values, strict=True))
