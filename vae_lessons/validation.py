"""Checks on arguments, with messages that name the argument, what came and what was expected."""

import torch
from torch import Tensor


def require_float(**tensors: Tensor) -> None:
    """Raise unless every argument is a floating-point tensor."""
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}")
        if not value.is_floating_point():
            raise ValueError(f"{name} must hold floating-point numbers, got {value.dtype}: use {name}.float()")


def require_broadcastable(**tensors: Tensor) -> None:
    """Raise unless the arguments are floating-point tensors whose shapes broadcast together."""
    require_float(**tensors)
    try:
        torch.broadcast_shapes(*(t.shape for t in tensors.values()))
    except RuntimeError:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(f"shapes do not fit together: {shapes}") from None


def require_same_event(**tensors: Tensor) -> None:
    """Raise unless the shapes broadcast together and the last axes, the events, have one size."""
    require_broadcastable(**tensors)
    if any(t.ndim == 0 for t in tensors.values()):
        scalar = next(name for name, t in tensors.items() if t.ndim == 0)
        raise ValueError(f"{scalar} must have a last axis for the event, got a scalar")
    if len({t.shape[-1] for t in tensors.values()}) > 1:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(f"the last axis must have the same size in all arguments: {shapes}")


def require_positive(**tensors: Tensor) -> None:
    """Raise unless every entry of every argument is greater than zero."""
    for name, value in tensors.items():
        if not (value > 0).all():
            raise ValueError(f"{name} must be positive everywhere, its smallest value is {value.min().item():g}")


def require_probabilities(**tensors: Tensor) -> None:
    """Raise unless every argument is non-negative and sums to one over its last axis."""
    for name, value in tensors.items():
        if not (value >= 0).all():
            raise ValueError(f"{name} must not be negative, its smallest value is {value.min().item():g}")
        total = value.sum(-1)
        tolerance = 1e-4 if value.dtype.itemsize < 8 else 1e-8
        if not ((total - 1).abs() <= tolerance).all():
            worst = total.flatten()[(total - 1).abs().argmax()].item()
            raise ValueError(f"{name} must sum to 1 over its last axis, got a sum of {worst:g}")
