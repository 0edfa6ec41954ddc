"""The network: its parameters, the forward pass, and the ELBO."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from vae_lessons.numpy_vae.validation import (
    require_array,
    require_parameters,
    require_pixels,
    require_positive_integers,
    shapes,
)

Parameters = dict[str, NDArray]


class Values(NamedTuple):
    """The forward pass, (10.1), as the backward pass needs it: arrays with one row per image."""

    x: NDArray
    eps: NDArray
    h: NDArray
    mu: NDArray
    log_var: NDArray
    z: NDArray
    h3: NDArray
    a: NDArray


def init(rng: Generator, x_dim: int = 64, h_dim: int = 128, z_dim: int = 8) -> Parameters:
    """Draw weights from N(0, 1/inputs), so that a unit starts with a variance near 1; biases are 0.

    Parameters
    ----------
    rng : numpy.random.Generator
        The source of randomness.
    x_dim, h_dim, z_dim : int
        Pixels D, units H of either hidden layer, latent dimensions J.

    Returns
    -------
    dict of arrays
        Weights (outputs, inputs) and biases (outputs,) of the hidden layer, W1 and b1; of the heads, W_mu, b_mu and
        W_log_var, b_log_var; of the decoder, W3, b3, W4 and b4.

    Raises
    ------
    ValueError
        If a size is not a positive integer.
    """
    require_positive_integers(x_dim=x_dim, h_dim=h_dim, z_dim=z_dim)
    sizes = shapes(x_dim, h_dim, z_dim).items()
    return {name: rng.normal(size=s) / np.sqrt(s[1]) if len(s) == 2 else np.zeros(s) for name, s in sizes}


def forward(params: Parameters, x: NDArray, eps: NDArray) -> Values:
    """Go from images to logits, equation (10.1), with one draw of z per image. Complex numbers pass through.

    Parameters
    ----------
    params : dict of arrays
        As `init` returns it.
    x : array, shape (M, D)
        Pixels, 0 or 1.
    eps : array, shape (M, J)
        Standard normal noise.

    Returns
    -------
    Values
        Everything on the way, the logits a last, of shape (M, D).

    Raises
    ------
    ValueError
        If shapes do not fit, x is outside [0, 1], or something is no floating-point number, nan or infinite.
    """
    require_parameters(params)
    require_pixels(x, params["W1"].shape[1])
    require_array("eps", eps, (len(x), params["W3"].shape[1]))
    h = np.tanh(x @ params["W1"].T + params["b1"])
    mu = h @ params["W_mu"].T + params["b_mu"]
    log_var = h @ params["W_log_var"].T + params["b_log_var"]
    z = mu + np.exp(log_var / 2) * eps
    return Values(x, eps, h, mu, log_var, z, *decode(params, z))


def decode(params: Parameters, z: NDArray) -> tuple[NDArray, NDArray]:
    """Go from latent points (..., J) to the hidden layer h₃ and the logits a (..., D); `sigmoid(a)` is the image."""
    if z.shape[-1:] != params["W3"].shape[1:]:
        raise ValueError(f"z must have shape (..., {params['W3'].shape[1]}), got {z.shape}")
    h3 = np.tanh(z @ params["W3"].T + params["b3"])
    return h3, h3 @ params["W4"].T + params["b4"]


def softplus(a: NDArray) -> NDArray:
    """Return log(1 + e^a) without overflow; for complex numbers the branch goes by the real part."""
    positive = a.real > 0
    return np.where(positive, a, 0) + np.log1p(np.exp(np.where(positive, -a, a)))


def sigmoid(a: NDArray) -> NDArray:
    """Return 1 / (1 + e^-a) without overflow."""
    return np.exp(-softplus(-a))


def elbo(values: Values) -> NDArray:
    """The ELBO of each image in nats, shape (M,): log p(x|z) for one draw, (9.2), minus the exact KL, (4.2)."""
    x, mu, log_var, a = values.x, values.mu, values.log_var, values.a
    log_lik = (x * a - softplus(a)).sum(1)
    kl = -0.5 * (1 + log_var - mu**2 - np.exp(log_var)).sum(1)
    return log_lik - kl
