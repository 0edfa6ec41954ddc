"""Adam, and the training loop."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from vae_lessons.numpy_vae.gradients import backward
from vae_lessons.numpy_vae.network import Parameters, elbo, forward
from vae_lessons.numpy_vae.validation import (
    require_array,
    require_parameters,
    require_pixels,
    require_positive,
    require_positive_integers,
)


class AdamState(NamedTuple):
    """What Adam remembers: the steps taken, and running means of each gradient, m, and of its square, v."""

    step: int
    m: Parameters
    v: Parameters


def adam_start(params: Parameters) -> AdamState:
    """The state before the first step: zeros in the shapes of the parameters."""
    return AdamState(0, *({name: np.zeros_like(p) for name, p in params.items()} for _ in range(2)))


def adam_step(
    params: Parameters,
    grads: Parameters,
    state: AdamState,
    lr: float = 1e-3,
    beta1: float = 0.9,
    beta2: float = 0.999,
    tiny: float = 1e-8,
) -> tuple[Parameters, AdamState]:
    """One step of Adam (Kingma and Ba, 2015), algorithm 1; the arguments stay as they are.

    Parameters
    ----------
    params, grads : dict of arrays
        Parameters and the gradient of the loss, under the same names.
    state : AdamState
        From `adam_start`, later from the step before.
    lr, beta1, beta2, tiny : float
        Step size, the weights of the past in the two running means, and what keeps the denominator from 0.

    Returns
    -------
    (dict of arrays, AdamState)
        New parameters and new state.

    Raises
    ------
    ValueError
        If the names or shapes of parameters and gradients differ, a gradient is nan, or lr is not positive.
    """
    require_positive(lr=lr)
    _require_gradients(params, grads)
    t = state.step + 1
    m = {name: beta1 * state.m[name] + (1 - beta1) * g for name, g in grads.items()}
    v = {name: beta2 * state.v[name] + (1 - beta2) * g**2 for name, g in grads.items()}
    new = {}
    for name, p in params.items():
        m_hat, v_hat = m[name] / (1 - beta1**t), v[name] / (1 - beta2**t)  # both means began at 0
        new[name] = p - lr * m_hat / (np.sqrt(v_hat) + tiny)
    return new, AdamState(t, m, v)


def _require_gradients(params: Parameters, grads: Parameters) -> None:
    if set(params) != set(grads):
        raise ValueError(f"grads must have the names of params, {', '.join(params)}; got {', '.join(grads)}")
    for name, g in grads.items():
        require_array(f"grads[{name!r}]", g, params[name].shape)


def fit(
    rng: Generator,
    params: Parameters,
    x: NDArray,
    *,
    epochs: int = 30,
    batch_size: int = 64,
    lr: float = 2e-3,
) -> tuple[Parameters, list[float]]:
    """Train by Adam on the loss of chapter 10, the mean of -ELBO over a minibatch, one draw of z per image.

    Parameters
    ----------
    rng : numpy.random.Generator
        Of the order of the images and of the noise.
    params : dict of arrays
        Where to begin, as `init` returns it; it stays as it is.
    x : array, shape (N, D)
        Training images, pixels 0 or 1.
    epochs, batch_size, lr
        Passes over the data, images per step, step size of Adam.

    Returns
    -------
    (dict of arrays, list of float)
        The trained parameters; the ELBO in nats per image, averaged over each epoch.

    Raises
    ------
    ValueError
        If x or params is not what `forward` takes, or if epochs, batch_size or lr is not positive.
    """
    require_positive_integers(epochs=epochs, batch_size=batch_size)
    require_positive(lr=lr)
    require_parameters(params)
    require_pixels(x, params["W1"].shape[1])
    state, curve = adam_start(params), []
    for _ in range(epochs):
        total = 0.0
        for rows in np.split(rng.permutation(len(x)), range(batch_size, len(x), batch_size)):
            values = forward(params, x[rows], rng.normal(size=(len(rows), params["W3"].shape[1])))
            params, state = adam_step(params, backward(params, values), state, lr)
            total += elbo(values).sum()
        curve.append(float(total / len(x)))
    return params, curve
