"""Values as the checker sees them: compared within a tolerance, printed with four digits."""

from typing import Any

import torch
from torch import Tensor

from vae_lessons.exercises.converting import Unusable, kind, to_values

__all__ = ["Unusable", "close", "flavoured", "kind", "show", "show_args", "size", "to_values"]

SMALL = 10  # numbers that are printed one by one


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
