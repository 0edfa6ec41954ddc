"""Calls to the student's code: on copies, in isolation, with what went wrong put in words."""

import contextlib
import io
import linecache
import random
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

PRINTED = 300  # characters kept of what an answer prints
LIBRARIES = (sysconfig.get_path("stdlib"), str(Path(__file__).resolve().parents[1]))


@dataclass(frozen=True)
class Failure:
    """Why a call gave no value: `status` is "error" or "incorrect"."""

    status: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """What came of one call."""

    value: Any = None
    failure: Failure | None = None
    printed: str = ""
    changed: tuple[int, ...] = ()


class CallFailed(Exception):
    """Carries the failure of one call out of a probe."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message)
        self.failure = failure


def call(answer: Callable, args: tuple) -> Outcome:
    """Call the student's code on copies of the arguments. Every call to it goes through here."""
    given = tuple(_copy(a) for a in args)
    printed = _Limited()
    try:
        with isolated(), contextlib.redirect_stdout(printed):
            value = answer(*given)
    except (Exception, SystemExit) as error:
        return Outcome(failure=Failure("error", describe(error)), printed=printed.text())
    changed = tuple(i for i, (before, after) in enumerate(zip(args, given, strict=True)) if not _same(before, after))
    if value is None:
        return Outcome(failure=Failure("incorrect", _nothing(answer)), printed=printed.text())
    return Outcome(value, printed=printed.text(), changed=changed)


class Runner:
    """Calls on behalf of a probe, and remembers what was printed and which arguments were changed."""

    def __init__(self, names: tuple[str, ...] = ()):
        self.names = names
        self.printed = ""
        self.changed: tuple[str, ...] = ()

    def __call__(self, answer: Callable, *args: Any) -> Any:
        """Return the value of one call; raises `CallFailed` when there is none."""
        outcome = call(answer, args)
        self.printed = (self.printed + outcome.printed)[:PRINTED]
        if outcome.failure:
            raise CallFailed(outcome.failure)
        self.changed += tuple(self.names[i] if i < len(self.names) else f"argument {i + 1}" for i in outcome.changed)
        return outcome.value


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Set fixed random seeds inside; random states, default dtype and gradient mode as before outside."""
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()  # noqa: NPY002
    dtype, grad = torch.get_default_dtype(), torch.is_grad_enabled()
    try:
        torch.default_generator.manual_seed(0)
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
        torch.set_grad_enabled(True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        torch.set_rng_state(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        random.setstate(states[2])
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(grad)


def describe(error: BaseException) -> str:
    """Put an exception in words: type, text and the student's own line."""
    text = str(error).strip().split("\n")[0][:300]
    message = f"Your code raised {type(error).__name__}" + (f": {text}" if text else "")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not _foreign(f.filename)]
    if not frames:
        return message + "."
    line = linecache.getline(frames[-1].filename, frames[-1].lineno).strip()
    return f"{message}, in line {frames[-1].lineno}" + (f": {line}" if line else ".")


def _foreign(filename: str) -> bool:
    return "-packages" in filename or filename.startswith((*LIBRARIES, "<frozen"))


def _nothing(answer: Any) -> str:
    name = getattr(answer, "__name__", type(answer).__name__)
    return f"{name} returns nothing (None): is a return missing?"


def _copy(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone()  # a gradient still finds its way back
    return value.copy() if isinstance(value, np.ndarray) else value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, torch.Tensor):
        return before.shape == after.shape and torch.equal(before.nan_to_num(), after.nan_to_num())
    return np.array_equal(before, after, equal_nan=True) if isinstance(before, np.ndarray) else True


class _Limited(io.StringIO):
    """Keeps the first characters of what is written."""

    def write(self, text: str) -> int:
        if self.tell() < PRINTED:
            super().write(text[: PRINTED - self.tell()])
        return len(text)

    def text(self) -> str:
        return self.getvalue()
