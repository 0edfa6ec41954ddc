"""Values as the checker sees them: tensors of float64, compared within a tolerance, printed with four digits."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

SMALL = 10  # numbers that are printed one by one


class Unusable(Exception):
    """A returned value is not what was asked for; the text says what it is."""


def to_values(value: Any, like: Any = None) -> tuple[Tensor, ...]:
    """Turn what an answer returned into a flat tuple of tensors, in the structure of `like`."""
    if not isinstance(like, tuple):
        return (_to_tensor(value),)
    several = isinstance(value, tuple | list) or (isinstance(value, np.ndarray | Tensor) and value.ndim > 0)
    if not several:
        raise Unusable(f"Your function returns {kind(value)}; a tuple of {len(like)} is expected.")
    if len(value) != len(like):
        raise Unusable(f"Your function returns {len(value)} values; a tuple of {len(like)} is expected.")
    return tuple(t for v, model in zip(value, like, strict=True) for t in to_values(v, model))


def _to_tensor(value: Any) -> Tensor:
    if isinstance(value, str | bytes | dict | set) or (callable(value) and not isinstance(value, Tensor)):
        raise Unusable(f"Your function returns {kind(value)}; numbers are expected.")
    try:
        if isinstance(value, list | tuple) and any(isinstance(v, Tensor) for v in value):
            value = torch.stack([torch.as_tensor(v).detach() for v in value])
        tensor = torch.as_tensor(value).detach().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise Unusable(f"Your function returns {kind(value)}, which is not an array of numbers.") from None
    if tensor.is_complex():
        raise Unusable("Your function returns complex numbers.")
    return tensor.double()


def kind(value: Any) -> str:
    """Name a type in words."""
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"


def close(a: Tensor, b: Tensor, atol: float, rtol: float) -> bool:
    """Whether shapes and values agree, nan with nan and ∞ with ∞."""
    return a.shape == b.shape and torch.allclose(a, b, atol=atol, rtol=rtol, equal_nan=True)


def flavoured(args: dict[str, Any], flavour: str) -> dict[str, Any]:
    """Convert the arguments of a case to float32 tensors, float64 tensors or arrays; what is no float tensor stays."""
    convert = {"torch": Tensor.float, "torch64": Tensor.double, "numpy": lambda t: t.double().numpy().copy()}[flavour]
    return {k: convert(v) if isinstance(v, Tensor) and v.is_floating_point() else v for k, v in args.items()}


def size(args: dict[str, Any]) -> int:
    """How many numbers a case holds."""
    return sum(v.numel() for v in args.values() if isinstance(v, Tensor))


def show_args(args: dict[str, Any]) -> str:
    """Write the input of a case readably."""
    return ", ".join(f"{name} = {show(value)}" for name, value in args.items())


def show(value: Any) -> str:
    """Write a value with four digits; of a large tensor its shape and range."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ")"
    if isinstance(value, Tensor) and value.numel() > SMALL:
        low, high = (f"{v.item():.4g}" for v in value.detach().aminmax())
        return f"{value.numel()} numbers of shape {tuple(value.shape)}, from {low} to {high}"
    if isinstance(value, Tensor):
        return _rows(value.detach().tolist())
    return _rows(value)


def _rows(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_rows, value)) + "]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
