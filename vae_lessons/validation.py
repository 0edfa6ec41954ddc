"""Checks on arguments, with messages that name the argument, what came and what was expected."""

import math
from numbers import Integral

import numpy as np
from torch import Tensor


def require_float(**tensors: Tensor) -> None:
    """Raise unless every argument is a floating-point tensor."""
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch tensor, got {type(value).__name__}")
        if not value.is_floating_point():
            raise ValueError(f"{name} must hold floating-point numbers, got {value.dtype}: use {name}.float()")


def require_batch(**tensors: Tensor) -> None:
    """Raise unless the arguments are floating-point tensors on one device, and none of them is empty."""
    require_float(**tensors)
    for name, value in tensors.items():
        if value.numel() == 0:
            raise ValueError(f"{name} must not be empty, got shape {tuple(value.shape)}")
    if len({value.device for value in tensors.values()}) > 1:
        devices = ", ".join(f"{name} is on {value.device}" for name, value in tensors.items())
        raise ValueError(f"all arguments must be on one device: {devices}")


def require_same_dtype(**tensors: Tensor) -> None:
    """Raise unless the arguments make a batch of one dtype, as products and factors of matrices need."""
    require_batch(**tensors)
    if len({value.dtype for value in tensors.values()}) > 1:
        dtypes = ", ".join(f"{name} {value.dtype}" for name, value in tensors.items())
        raise ValueError(f"all arguments must have the same dtype: {dtypes}")


def require_broadcastable(**tensors: Tensor) -> None:
    """Raise unless the arguments make a batch and their shapes broadcast together."""
    require_batch(**tensors)
    try:
        np.broadcast_shapes(*(value.shape for value in tensors.values()))  # torch's takes 20 times as long
    except ValueError:
        raise ValueError(f"shapes do not fit together: {_shapes(tensors)}") from None


def require_same_event(**tensors: Tensor) -> None:
    """Raise unless the shapes broadcast together and the last axes, the events, have one size."""
    require_broadcastable(**tensors)
    for name, value in tensors.items():
        if value.ndim == 0:
            raise ValueError(f"{name} must have a last axis for the event, got a scalar")
    if len({value.shape[-1] for value in tensors.values()}) > 1:
        raise ValueError(f"the last axis must have the same size in all arguments: {_shapes(tensors)}")


def _shapes(tensors: dict[str, Tensor]) -> str:
    return ", ".join(f"{name} {tuple(value.shape)}" for name, value in tensors.items())


def require_positive(**tensors: Tensor) -> None:
    """Raise unless every entry of every argument is greater than zero."""
    for name, value in tensors.items():
        if not (value > 0).all():
            refuse_nan(name, value)
            raise ValueError(f"{name} must be positive everywhere, its smallest value is {value.min().item():g}")


def require_pixels(**tensors: Tensor) -> None:
    """Raise unless every argument is a floating-point tensor with all entries in [0, 1]."""
    require_float(**tensors)
    for name, value in tensors.items():
        if value.numel() and not (value.min() >= 0 and value.max() <= 1):
            low, high = value.min().item(), value.max().item()
            raise ValueError(f"{name} must lie in [0, 1], got values from {low:g} to {high:g}")


def require_probabilities(**tensors: Tensor) -> None:
    """Raise unless every argument is non-negative and sums to one over its last axis."""
    for name, value in tensors.items():
        if not (value >= 0).all():
            refuse_nan(name, value)
            raise ValueError(f"{name} must not be negative, its smallest value is {value.min().item():g}")
        total = value.sum(-1)
        tolerance = 1e-4 if value.dtype.itemsize < 8 else 1e-8
        if not ((total - 1).abs() <= tolerance).all():
            worst = total.flatten()[(total - 1).abs().argmax()].item()
            raise ValueError(f"{name} must sum to 1 over its last axis, got a sum of {worst:g}")


def require_columns(weight: Tensor, **tensors: Tensor) -> None:
    """Raise unless every argument can be multiplied by a layer's weight of shape (outputs, inputs)."""
    for name, value in tensors.items():
        require_same_dtype(**{name: value, "the model": weight})
        if value.shape[-1:] != weight.shape[1:]:
            raise ValueError(f"{name} must have a last axis of size {weight.shape[1]}, got shape {tuple(value.shape)}")


def require_sizes(**sizes: int) -> None:
    """Raise unless every argument is a whole number and at least 1."""
    for name, value in sizes.items():
        if not isinstance(value, Integral) or value < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")


def require_above_zero(**numbers: float) -> None:
    """Raise unless every argument is a positive, finite number."""
    for name, value in numbers.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be positive and finite, got {value!r}")


def refuse_nan(name: str, value: Tensor) -> None:
    """Raise if the argument holds NaN; looked for on the CPU only, see `explain_nan`."""
    if value.is_cpu and (count := int(value.isnan().sum())):
        raise ValueError(f"{name} must not hold NaN, got it in {count} of {value.numel()} entries")


def explain_nan(result: Tensor, **tensors: Tensor) -> Tensor:
    """Return the result; if NaN is in it, look for the argument that NaN came in with, and raise.

    Only the result, which is small, is searched each time: the arguments cost nothing while all is well. On a GPU
    the search would make every step wait, and is left to whoever reads the numbers.
    """
    if result.is_cpu and result.isnan().any():
        for name, value in tensors.items():
            refuse_nan(name, value)
    return result
