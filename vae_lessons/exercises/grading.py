"""From an answer to a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise, Verdict
from vae_lessons.exercises.running import CallFailed, Failure, Runner, isolated
from vae_lessons.exercises.stubs import is_stub
from vae_lessons.exercises.values import Unusable, flavoured, show, show_args, size, to_values


@dataclass(frozen=True)
class Observation:
    """What an answer did on one case: values, or a failure."""

    values: diagnosis.Values | None
    failure: Failure | None
    raw: Any
    printed: str
    changed: tuple[str, ...]


def observe(exercise: Exercise, answer: Any, case: Case, flavour: str) -> Observation:
    """Run an answer on one case."""
    args = flavoured(case.args, flavour)
    run, values, failure, raw = Runner(tuple(args)), None, None, None
    try:
        raw = exercise.probe(run, answer, **args)
        values = to_values(raw, diagnosis.structure_of(exercise))
    except CallFailed as stop:
        failure = stop.failure
    except Unusable as stop:
        failure = Failure("incorrect", str(stop))
    return Observation(values, failure, raw, run.printed, run.changed)


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
    return _changed(seen, cases) or _no_gradient(exercise, answer, flavour) or _correct(exercise, answer, flavour, seen)


def _smallest(cases: list[Case], indices: list[int]) -> int:
    return min(indices, key=lambda i: size(cases[i].args))


def _wrong(exercise: Exercise, values: list, failing: int, seen: list[Observation]) -> Verdict:
    found = diagnosis.name(exercise, values)
    message = found.message if found else diagnosis.remark(exercise, values, failing)
    if not found and seen[failing].changed:
        message += f" It also changes its argument {_listed(seen[failing].changed)}, which may be the cause."
    case, yours = show_args(diagnosis.cases_of(exercise)[failing].args), _yours(exercise, values[failing])
    return Verdict("incorrect", found and found.name, message, case, yours, seen[failing].printed)


def _listed(names: Iterable[str]) -> str:
    *first, last = dict.fromkeys(names)
    return f"{', '.join(first)} and {last}" if first else last


def _yours(exercise: Exercise, values: diagnosis.Values) -> str:
    if not exercise.parts:
        return ", ".join(map(show, values))
    return "; ".join(f"{part} {show(value)}" for part, value in zip(exercise.parts, values, strict=True))


def _changed(seen: list[Observation], cases: list[Case]) -> Verdict | None:
    for observation, case in zip(seen, cases, strict=True):
        if observation.changed:
            names = _listed(observation.changed)
            text = f"Your value is right, but your function changes its argument {names}: work on a new array instead."
            return Verdict("incorrect", None, text, show_args(case.args))
    return None


def _no_gradient(exercise: Exercise, answer: Any, flavour: str) -> Verdict | None:
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
    text = f"Your value is right, but no gradient reaches {_listed(missing)}: look for detach, item, numpy or no_grad."
    return Verdict("incorrect", None, text, show_args(case.args))


def _reaches(result: torch.Tensor, leaf: torch.Tensor) -> bool:
    if not result.requires_grad:
        return False
    try:
        (grad,) = torch.autograd.grad(result.sum(), leaf, allow_unused=True, retain_graph=True)
    except RuntimeError:
        return False
    return grad is not None and bool(grad.isfinite().all() and grad.any())


def _correct(exercise: Exercise, answer: Any, flavour: str, seen: list[Observation]) -> Verdict:
    parts = [f"All {len(seen)} cases agree" + _double(exercise, answer, flavour) + "."]
    if exercise.gradients and isinstance(seen[0].raw, torch.Tensor):
        parts.append(f"A gradient reaches {_listed(exercise.gradients)}.")
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
