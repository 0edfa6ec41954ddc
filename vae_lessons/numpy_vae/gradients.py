"""The backward pass by hand, and the check that it is right."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vae_lessons.numpy_vae.network import Parameters, Values, sigmoid
from vae_lessons.numpy_vae.validation import require_array, require_positive


class Deltas(NamedTuple):
    """Gradients of each image's loss; `dh` and `d3` are those with respect to what goes into the tanh."""

    da: NDArray
    d3: NDArray
    dz: NDArray
    dmu: NDArray
    dlog_var: NDArray
    dh: NDArray


def deltas(params: Parameters, values: Values) -> Deltas:
    """The gradient of each image's loss with respect to each value of the forward pass, (10.2) and (10.4)-(10.8)."""
    x, eps, h, mu, log_var, _, h3, a = values
    da = sigmoid(a) - x  # (10.2)
    d3 = (da @ params["W4"]) * (1 - h3**2)  # (10.4)
    dz = d3 @ params["W3"]  # (10.5)
    dmu = dz + mu  # (10.6): through the sample, and from the KL
    dlog_var = 0.5 * dz * eps * np.exp(log_var / 2) + 0.5 * (np.exp(log_var) - 1)  # (10.7): the same two
    dh = (dmu @ params["W_mu"] + dlog_var @ params["W_log_var"]) * (1 - h**2)  # (10.8)
    return Deltas(da, d3, dz, dmu, dlog_var, dh)


def backward(params: Parameters, values: Values) -> Parameters:
    """The gradient of the loss, the mean of -ELBO over the batch, with respect to every parameter; (10.3) and its kin.

    Returns
    -------
    dict of arrays
        With the names and shapes of the parameters.
    """
    _, _, h, _, _, z, h3, _ = values
    d = deltas(params, values)
    layers = {"1": (d.dh, values.x), "_mu": (d.dmu, h), "_log_var": (d.dlog_var, h), "3": (d.d3, z), "4": (d.da, h3)}
    grads = {f"W{name}": delta.T @ inputs / len(delta) for name, (delta, inputs) in layers.items()}
    return grads | {f"b{name}": delta.mean(0) for name, (delta, _) in layers.items()}


def complex_step(f: Callable[[NDArray], complex], x: NDArray, h: float = 1e-30) -> NDArray:
    """The gradient of f at x by complex steps, Im f(x + ih) / h, entry by entry, equation (10.9).

    Nothing is subtracted, so nothing cancels: h may be so small that the error of order h² vanishes.

    Parameters
    ----------
    f : function from an array to a number
        It must pass complex numbers through: no `abs`, no comparison of values, no cast to real numbers. What is
        random in it has to be drawn beforehand.
    x : array
        Real numbers.
    h : float
        The step.

    Returns
    -------
    array
        In the shape of x.

    Raises
    ------
    ValueError
        If x holds other than finite floating-point numbers, h is not positive, or f does not return a complex number.
    """
    require_array("x", x, x.shape)
    require_positive(h=h)
    return np.reshape([_directional(f, x, index, h) for index in np.ndindex(x.shape)], x.shape)


def _directional(f: Callable[[NDArray], complex], x: NDArray, index: tuple[int, ...], h: float) -> float:
    moved = x.astype(complex)
    moved[index] += 1j * h
    value = np.asarray(f(moved))
    if value.shape != () or value.dtype.kind != "c":
        raise ValueError(f"f must return one complex number, got {value.dtype} of shape {value.shape}: what drops i?")
    return value.imag / h
