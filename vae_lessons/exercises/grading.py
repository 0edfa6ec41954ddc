"""From an answer to a verdict."""

from typing import Any

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, Verdict
from vae_lessons.exercises.observing import Observation, observe
from vae_lessons.exercises.proofs import changed, correct, listed, wrong_gradient
from vae_lessons.exercises.remarks import remark
from vae_lessons.exercises.running import CallFailed, protected
from vae_lessons.exercises.stubs import is_stub, made_ready
from vae_lessons.exercises.values import show, show_args, size


def grade_answer(exercise: Exercise, answer: Any) -> Verdict:
    """Judge an answer to one exercise. Never raises because of the answer."""
    try:
        if protected(lambda: is_stub(answer))[0]:
            return Verdict("not attempted", message="The stub is as it was.")
        if exercise.judge:
            verdict, printed = protected(lambda: exercise.judge(answer), exercise.seconds)
            return verdict if verdict.status == "correct" else verdict.with_output(printed)
        answer, flavours = protected(lambda: _prepared(exercise, answer))[0]
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message)
    if answer is None:
        text = "Pass the function or class itself to check, by its name, without calling it."
        return Verdict("incorrect", message=text)
    return _grade(exercise, answer, flavours)


def _prepared(exercise: Exercise, answer: Any) -> tuple:
    """Return what is to be called, or None, and the kinds of input to try."""
    if not callable(answer):
        return None, ()
    return made_ready(answer, isinstance(exercise.reference, type)), _order(exercise, answer)


def _grade(exercise: Exercise, answer: Any, flavours: tuple[str, ...]) -> Verdict:
    verdicts = []
    for flavour in flavours:
        if flavour == "torch64" and verdicts and verdicts[-1].status != "error":
            continue  # it ran in float32, and that counts
        verdict, final = _grade_flavour(exercise, answer, flavour)
        verdicts.append(verdict)
        if final or verdict.status == "correct" or verdict.misconception:
            return verdict
    return min(verdicts, key=lambda verdict: verdict.status == "error")


def _order(exercise: Exercise, answer: Any) -> tuple[str, ...]:
    """Float32 first; NumPy inputs first for a function that mentions NumPy and not torch."""
    if "numpy" not in exercise.flavours:
        return exercise.flavours
    names = getattr(getattr(answer, "__code__", None), "co_names", ())
    numpy_first = {"np", "numpy"} & set(names) and "torch" not in names
    return ("numpy", "torch", "torch64") if numpy_first else ("torch", "torch64", "numpy")


def _grade_flavour(exercise: Exercise, answer: Any, flavour: str) -> tuple[Verdict, bool]:
    """Judge an answer on one kind of input; the second value says that no other needs to be tried."""
    cases, seen = diagnosis.cases_of(exercise), []
    for case in cases:
        seen.append(observe(exercise, answer, case, flavour))
        if seen[-1].failure:
            failure = seen[-1].failure
            text, printed = show_args(case.args), seen[-1].printed
            return Verdict(failure.status, None, failure.message, text, printed=printed), failure.final
    references = diagnosis.references_of(exercise)
    wrong = [i for i, s in enumerate(seen) if not diagnosis.agree(exercise, s.values, references[i])]
    if wrong:
        return _wrong(exercise, answer, flavour, _smallest(cases, wrong), seen), False
    objection = changed(seen, cases) or wrong_gradient(exercise, answer, seen[0])
    return objection or correct(exercise, answer, flavour, seen), False


def _smallest(cases: list[Case], indices: list[int]) -> int:
    return min(indices, key=lambda i: size(cases[i].args))


def _wrong(exercise: Exercise, answer: Any, flavour: str, failing: int, seen: list[Observation]) -> Verdict:
    values = [s.values for s in seen]
    found = _confirmed(exercise, answer, flavour, diagnosis.name(exercise, values))
    message = found.message if found else remark(exercise, values, failing, seen[failing].dtype)
    if not found and seen[failing].changed:
        message += f" It also changes its argument {listed(seen[failing].changed)}, which may be the cause."
    case, yours = show_args(diagnosis.cases_of(exercise)[failing].args), _yours(exercise, values[failing])
    return Verdict("incorrect", found and found.name, message, case, yours, seen[failing].printed)


def _confirmed(exercise: Exercise, answer: Any, flavour: str, found: Misconception | None) -> Misconception | None:
    """Return the misconception if the answer does what it does on fresh inputs too."""
    if found is None or not exercise.confirm:
        return found
    seen = [observe(exercise, answer, case, flavour).values for case in diagnosis.cases_of(exercise, seed=1)]
    return found if None not in seen and diagnosis.explains(exercise, found, seen, seed=1) else None


def _yours(exercise: Exercise, values: diagnosis.Values) -> str:
    if not exercise.parts:
        return ", ".join(map(show, values))
    return "; ".join(f"{part} {show(value)}" for part, value in zip(exercise.parts, values, strict=True))
