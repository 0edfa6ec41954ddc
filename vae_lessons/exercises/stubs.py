"""Whether an answer is still the stub it was, and what of it is to be called."""

import dis
import functools
import inspect
import types
from typing import Any

BOOKKEEPING = {"RESUME", "NOP", "CACHE", "COPY_FREE_VARS", "MAKE_CELL"}


def is_stub(answer: Any) -> bool:
    """Whether nothing has been written yet: `...`, None, or code that only holds a docstring and `...`."""
    if answer is Ellipsis or answer is None:
        return True
    if isinstance(answer, dict):
        return bool(answer) and all(map(is_stub, answer.values()))
    if isinstance(answer, tuple | list):
        return bool(answer) and all(map(is_stub, answer))
    if isinstance(answer, type):
        return _is_stub_class(answer)
    if isinstance(answer, functools.partial):
        return is_stub(answer.func)
    function = getattr(inspect.unwrap(answer), "__func__", inspect.unwrap(answer)) if callable(answer) else None
    return isinstance(function, types.FunctionType) and does_nothing(function.__code__)


def does_nothing(code: types.CodeType) -> bool:
    """Whether a function's bytecode only returns None or Ellipsis."""
    steps = [i for i in dis.get_instructions(code) if i.opname not in BOOKKEEPING]
    names = [i.opname for i in steps]
    return names in (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"]) and steps[0].argval in (None, Ellipsis)


def _is_stub_class(answer: type) -> bool:
    methods = {n: f for n, f in vars(answer).items() if isinstance(f, types.FunctionType)}
    own = [f for name, f in methods.items() if name != "__init__"] or list(methods.values())
    return answer.__module__ != "builtins" and all(does_nothing(f.__code__) for f in own)


def made_ready(answer: Any, wants_class: bool) -> Any:
    """Return what is to be called: an object, where a class with a call was passed; what torch.compile would compile.

    Compiling takes longer than a check may, and does not change the values.
    """
    answer = getattr(answer, "_orig_mod", getattr(answer, "_torchdynamo_orig_callable", answer))
    if isinstance(answer, type) and not wants_class and "__call__" in dir(answer):
        answer = answer()
    return answer
