"""Calls to the student's code: on copies, with what went wrong put in words."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from vae_lessons.exercises.describing import describe
from vae_lessons.exercises.guard import LimitReached, Stopped, guarded
from vae_lessons.exercises.states import reset


@dataclass(frozen=True)
class Failure:
    """Why a call gave no value: `status` is "error" or "incorrect"; after a final one nothing else is tried."""

    status: str
    message: str
    final: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one call."""

    value: Any = None
    failure: Failure | None = None
    changed: tuple[int, ...] = ()


class CallFailed(Exception):
    """Carries the failure of one call out of a probe."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message)
        self.failure = failure


def protected(task: Callable[[], Any], seconds: float = 5.0) -> tuple[Any, str]:
    """Run whatever touches the student's objects; return its value and what was printed.

    Raises
    ------
    CallFailed
        If it raised anything, or reached a limit.
    """
    try:
        value, printed = guarded(task, seconds)
    except CallFailed:
        raise
    except LimitReached as limit:
        raise CallFailed(Failure("error", str(limit), final=True)) from None
    except BaseException as error:
        if _interrupted(error):
            raise
        raise CallFailed(Failure("error", describe(error), isinstance(error, MemoryError))) from None
    return value, printed.getvalue()


def _interrupted(error: BaseException) -> bool:
    """Whether the reader has interrupted the check: the exception was then not raised by the task."""
    names = [frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)]
    return isinstance(error, KeyboardInterrupt) and "work" not in names


def call(answer: Callable, args: tuple) -> Outcome:
    """Call the student's code on copies of the arguments, inside a guarded task."""
    given = tuple(_copy(a) for a in args)
    reset()
    try:
        value = answer(*given)
    except Stopped:
        raise
    except BaseException as error:
        return Outcome(failure=Failure("error", describe(error), isinstance(error, MemoryError)))
    reset()
    changed = tuple(i for i, (before, after) in enumerate(zip(args, given, strict=True)) if not _same(before, after))
    if value is None:
        return Outcome(failure=Failure("incorrect", _nothing(answer)))
    return Outcome(value, changed=changed)


class Runner:
    """Calls on behalf of a probe, and remembers which arguments were changed."""

    def __init__(self, names: tuple[str, ...] = ()):
        self.names = names
        self.changed: tuple[str, ...] = ()

    def __call__(self, answer: Callable, *args: Any) -> Any:
        """Return the value of one call; raises `CallFailed` when there is none."""
        outcome = call(answer, args)
        if outcome.failure:
            raise CallFailed(outcome.failure)
        self.changed += tuple(self.names[i] if i < len(self.names) else f"argument {i + 1}" for i in outcome.changed)
        return outcome.value


def _nothing(answer: Any) -> str:
    name = getattr(answer, "__name__", type(answer).__name__)
    return f"{name} returns nothing (None): is a return missing?"


def _copy(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone()  # a gradient still finds its way back
    return value.copy() if isinstance(value, np.ndarray) else value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, torch.Tensor):
        alike = before.shape == after.shape and before.dtype == after.dtype and after.layout == torch.strided
        return alike and torch.equal(before.nan_to_num(), after.nan_to_num())
    return np.array_equal(before, after, equal_nan=True) if isinstance(before, np.ndarray) else True
