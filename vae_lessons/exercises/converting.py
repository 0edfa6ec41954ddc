"""From whatever an answer returns to plain tensors of float64: nothing of the student's own classes gets further."""

import inspect
from collections.abc import Iterator, Mapping, Set
from numbers import Number
from typing import Any

import numpy as np
import torch
from torch import Tensor

LARGEST = 10**7  # numbers that an answer may return
REFUSED = str, bytes, Mapping, Set, Iterator


class Unusable(Exception):
    """A returned value is not what was asked for; the text says what it is."""


def to_values(value: Any, like: Any = None) -> tuple[Tensor, ...]:
    """Turn what an answer returned into a flat tuple of tensors, in the structure of `like`."""
    if not isinstance(like, tuple):
        return (_to_tensor(value),)
    several = is_a(value, tuple, list) or (is_a(value, np.ndarray, Tensor) and value.ndim > 0)
    if not several:
        raise Unusable(_refusal(value) or f"Your function returns {kind(value)}; a tuple of {len(like)} is expected.")
    if len(value) != len(like):
        raise Unusable(f"Your function returns {len(value)} values; a tuple of {len(like)} is expected.")
    return tuple(t for v, model in zip(value, like, strict=True) for t in to_values(v, model))


def _to_tensor(value: Any) -> Tensor:
    if refusal := _refusal(value):
        raise Unusable(refusal)
    try:
        tensor = _plain(value)
    except Unusable:
        raise
    except Exception:  # whatever an object does when it is asked for its numbers
        raise Unusable(f"Your function returns {kind(value)}, which is not an array of numbers.") from None
    if tensor.is_complex():
        raise Unusable("Your function returns complex numbers.")
    return tensor.double()


def _refusal(value: Any) -> str:
    """Say why a value cannot hold the numbers; nothing if it may."""
    if value is None or value is Ellipsis:
        return f"Your function returns {value}: is a return missing?"
    if inspect.iscoroutine(value):
        value.close()
        return "Your function returns a coroutine: write def instead of async def."
    if inspect.isgenerator(value):
        return "Your function returns a generator, which has not computed anything yet: return instead of yield."
    if is_a(value, *REFUSED):
        return f"Your function returns {kind(value)}; numbers are expected."
    if callable(value) and not is_a(value, Tensor):
        return f"Your function returns {kind(value)}; numbers are expected: is a call missing its brackets?"
    return ""


def _plain(value: Any) -> Tensor:
    """Turn tensors, arrays, numbers and lists of them into a tensor that is nothing else."""
    if is_a(value, Tensor):
        return _plain_tensor(value)
    if is_a(value, np.ma.MaskedArray) and np.ma.getmaskarray(value).any():
        raise Unusable("Your function returns a masked array; every number is expected to be there.")
    if is_a(value, list, tuple, range):
        _refuse_size(len(value))
        return torch.stack([_plain(v) for v in value]) if len(value) else torch.zeros(0)
    if is_a(value, *REFUSED):
        raise Unusable(f"Your function returns numbers together with {kind(value)}.")
    if is_a(value, Number) or not hasattr(value, "__array__"):
        return torch.tensor(value if is_a(value, complex) else float(value), dtype=torch.double)
    array = np.array(value, subok=False)
    _refuse_size(array.size)
    return torch.from_numpy(array.astype(complex if array.dtype.kind == "c" else float))


def _plain_tensor(value: Tensor) -> Tensor:
    value = honest(value)
    if value.is_meta:
        raise Unusable("Your function returns a tensor on the meta device, which has a shape and no numbers.")
    _refuse_size(value.numel())
    value = value.to_dense() if value.layout != torch.strided else value
    value = (value.dequantize() if value.is_quantized else value).cpu()
    return value if value.is_complex() else value.double()


def honest(value: Tensor) -> Tensor:
    """Detach a tensor, and make it one of torch's own class, which answers for itself."""
    with torch._C.DisableTorchFunctionSubclass():
        value = torch.Tensor.detach(value)
        return value if type(value) is Tensor else value.as_subclass(Tensor)


def _refuse_size(size: int) -> None:
    if size > LARGEST:
        raise Unusable(f"Your function returns {size:,} numbers: far more than are asked for.")


def is_a(value: Any, *types: type) -> bool:
    """Whether a value is an instance of one of the types in truth, whatever its `__class__` says."""
    return issubclass(type(value), types)


def kind(value: Any) -> str:
    """Name a type in words."""
    if type(value) in (tuple, list):
        return f"a {type(value).__name__} of {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"
