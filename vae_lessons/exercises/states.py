"""What code may disturb in a session, and how to put it back."""

import builtins
import contextlib
import gc
import io
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import _tensor_str

PRINTED = 300  # characters kept of what an answer prints


class Printed(io.StringIO):
    """Keeps the first characters of what is written, and forgets the rest at once."""

    def write(self, text: str) -> int:
        """Keep what there is room for, and say that all was written."""
        if self.tell() < PRINTED:
            super().write(text[: PRINTED - self.tell()])
        return len(text)


def no_input(*prompt: Any) -> str:
    """Stand in for `input` while an answer is being checked."""
    raise EOFError("input() has nobody to ask while an answer is being checked")


def _attributes(module: Any, *names: str) -> tuple[Callable, Callable]:
    def put_back(values):
        for name, value in zip(names, values, strict=True):
            setattr(module, name, value)

    return lambda: [getattr(module, name) for name in names], put_back


def _if_changed(get: Callable, put: Callable) -> tuple[Callable, Callable]:
    return get, lambda value: None if get() == value else put(value)


def _here() -> str:
    with contextlib.suppress(OSError):
        return os.getcwd()
    return ""


def _environment(values: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(values)


def _filters(filters: list, contents: list) -> None:
    filters[:] = contents
    warnings.filters = filters


STATES: tuple[tuple[Callable, Callable], ...] = (
    (torch.get_rng_state, torch.set_rng_state),
    (np.random.get_state, np.random.set_state),
    (random.getstate, random.setstate),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    _if_changed(torch.get_default_dtype, torch.set_default_dtype),
    _if_changed(torch.get_num_threads, torch.set_num_threads),
    _if_changed(torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    _if_changed(torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    (lambda: dict(vars(_tensor_str.PRINT_OPTS)), lambda kept: vars(_tensor_str.PRINT_OPTS).update(kept)),
    (np.get_printoptions, lambda kept: np.set_printoptions(**kept)),
    (np.geterr, lambda kept: np.seterr(**kept)),
    (lambda: (warnings.filters, warnings.filters[:]), lambda kept: _filters(*kept)),
    _if_changed(sys.getrecursionlimit, sys.setrecursionlimit),
    _if_changed(gc.isenabled, lambda enabled: gc.enable() if enabled else gc.disable()),
    _if_changed(_here, os.chdir),
    _if_changed(lambda: dict(os.environ), _environment),
    _attributes(sys, "stdout", "stderr", "stdin", "unraisablehook"),
    _attributes(builtins, "input", "print"),
    _attributes(warnings, "showwarning"),
)


@contextlib.contextmanager
def isolated() -> Iterator[Printed]:
    """Run what follows from a known state, capture what it prints, and put everything back as it was."""
    kept = [get() for get, _ in STATES]
    try:
        reset()
        yield _silence()
    finally:
        for (_, put), value in zip(STATES, kept, strict=True):
            with contextlib.suppress(Exception):
                put(value)


def reset() -> None:
    """Set the seeds, float32 and the recording of gradients, as every call to an answer finds them."""
    torch.default_generator.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002
    random.seed(0)
    torch.set_grad_enabled(True)
    if torch.get_default_dtype() != torch.float32:
        torch.set_default_dtype(torch.float32)


def _silence() -> Printed:
    warnings.simplefilter("ignore")
    printed = sys.stdout = sys.stderr = Printed()
    sys.stdin, builtins.input = io.StringIO(), no_input
    sys.unraisablehook = lambda problem: None  # a __del__ that raises
    return printed
