"""Checks on arguments: the message names the argument, what came and what was expected."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def shapes(x_dim: int, h_dim: int, z_dim: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter: weights are (outputs, inputs), biases (outputs,)."""
    layers = {"1": (h_dim, x_dim), "_mu": (z_dim, h_dim), "_log_var": (z_dim, h_dim)}
    layers |= {"3": (h_dim, z_dim), "4": (x_dim, h_dim)}
    return {f"{kind}{name}": size for name, (n, m) in layers.items() for kind, size in [("W", (n, m)), ("b", (n,))]}


NAMES = tuple(shapes(1, 1, 1))


def require_parameters(params: Mapping[str, NDArray]) -> None:
    """Raise unless all arrays of the network are there, finite, and fit together."""
    missing = [name for name in NAMES if name not in params]
    if missing:
        raise ValueError(f"params must have the arrays {', '.join(NAMES)}; missing: {', '.join(missing)}")
    for name in ("W1", "W3"):
        require_array(name, params[name], (None, None))
    (h_dim, x_dim), z_dim = params["W1"].shape, params["W3"].shape[1]
    for name, shape in shapes(x_dim, h_dim, z_dim).items():
        require_array(name, params[name], shape)


def require_array(name: str, array: NDArray, shape: tuple[int | None, ...]) -> None:
    """Raise unless this is an array of finite floating-point numbers of the given shape; None is any but 0."""
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(array).__name__}")
    if array.dtype.kind not in ("f", "c"):
        raise ValueError(f"{name} must hold floating-point numbers, got {array.dtype}: use {name}.astype(float)")
    if array.ndim != len(shape) or not all(map(_fits, array.shape, shape)):
        raise ValueError(f"{name} must have shape {str(shape).replace('None', 'any')}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, but {np.sum(~np.isfinite(array))} of its entries are nan or infinite")


def _fits(n: int, size: int | None) -> bool:
    return n > 0 if size is None else n == size


def require_pixels(x: NDArray, x_dim: int) -> None:
    """Raise unless these are images of x_dim pixels in [0, 1], at least one."""
    require_array("x", x, (None, x_dim))
    low, high = x.real.min(), x.real.max()
    if low < 0 or high > 1:
        raise ValueError(f"x must lie in [0, 1], got values from {low:g} to {high:g}")


def require_positive(**numbers: float) -> None:
    """Raise unless every argument is greater than zero."""
    for name, value in numbers.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive, got {value!r}")


def require_positive_integers(**numbers: int) -> None:
    """Raise unless every argument is an integer, and at least 1."""
    for name, value in numbers.items():
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} must be a positive integer, got {value!r}")
