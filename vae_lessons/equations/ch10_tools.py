"""Checks of chapter 10, part four: the complex step, (10.9), and Adam, (10.10)."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from vae_lessons import numpy_vae
from vae_lessons.equations.ch10 import autograd, in_numpy, library, network
from vae_lessons.equations.registry import equation

# (10.9) A gradient checker


def small_network(rng) -> tuple[Tensor, ...]:
    """Draw a network as in (10.1)."""
    return network(rng)


def loss(*net: Tensor, noise: Callable = lambda eps: eps) -> tuple[Callable, np.ndarray]:
    """Return the summed loss as a function of W₁, and W₁; a mistake draws new noise at each call."""
    params, values = in_numpy(*net)

    def summed_loss(W1):
        return -numpy_vae.elbo(numpy_vae.forward(params | {"W1": W1}, values.x, noise(values.eps))).sum()

    return summed_loss, params["W1"]


def by_steps(quotient: Callable, f: Callable, x: np.ndarray) -> np.ndarray:
    """Approximate the gradient of f at x entry by entry, by a quotient of f, x and a direction."""
    directions = np.eye(x.size).reshape(x.size, *x.shape)
    return np.reshape([quotient(f, x, direction) for direction in directions], x.shape)


def complex_quotient(f, x, direction, h=1e-30) -> float:
    """Divide the imaginary part of f(x + ih) by h."""
    return f(x + 1j * h * direction).imag / h


def central_quotient(f, x, direction, h=1e-5) -> float:
    """Divide f(x + h) - f(x - h) by 2h."""
    return (f(x + h * direction) - f(x - h * direction)) / (2 * h)


def _new_noise(*net: Tensor) -> np.ndarray:
    rng = np.random.default_rng(0)
    return by_steps(central_quotient, *loss(*net, noise=lambda eps: rng.normal(size=eps.shape)))


def _one_sided(f, x, direction, h=1e-12) -> float:
    return (f(x + h * direction) - f(x)) / h


def _float32(f, x, direction) -> float:
    h = 1e-5
    up, down = (np.float32(f((x + sign * h * direction).astype(np.float32))) for sign in (1, -1))
    return (up - down) / (2 * h)


equation(
    "10.9",
    "The complex step, on the summed loss as a function of W₁",
    method="complex step",
    draw=small_network,
    lines={
        "Im f(x + ih)/h": lambda *net: by_steps(complex_quotient, *loss(*net)),
        "numpy_vae.complex_step": lambda *net: numpy_vae.complex_step(*loss(*net)),
        "autograd": lambda *net: autograd("W1", net),
        "M × numpy_vae.backward": lambda *net: library("W1", net),
        "central differences": lambda *net: (
            np.abs(by_steps(central_quotient, *loss(*net)) - library("W1", net).numpy()) < 1e-7
        ),
    },
    mutants={
        "resamples ε": _new_noise,
        "one-sided, h = 10⁻¹²": lambda *net: by_steps(_one_sided, *loss(*net)),
        "float32": lambda *net: by_steps(_float32, *loss(*net)),
        "complex step, h = 10⁻²": lambda *net: by_steps(lambda *f: complex_quotient(*f, h=1e-2), *loss(*net)),
        "real step, h = 10⁻³⁰": lambda *net: by_steps(lambda *f: central_quotient(*f, h=1e-30), *loss(*net)),
    },
)

# (10.10) Adam


def two_arrays_three_gradients(rng) -> tuple[Tensor, Tensor]:
    """Draw two arrays of four parameters, and three gradients for each."""
    return torch.tensor(rng.normal(size=(2, 4))), torch.tensor(rng.normal(size=(3, 2, 4)))


def adam(w: Tensor, gradients: Tensor, correct=True, sign=-1, inside=False) -> Tensor:
    """Take a step for each gradient, with step size 0.1 and a large ε, 0.01; the mistakes change a line."""
    m, v = torch.zeros_like(w), torch.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        m_hat, v_hat = (m / (1 - 0.9**t), v / (1 - 0.999**t)) if correct else (m, v)
        w = w + sign * 0.1 * m_hat / ((v_hat + 0.01).sqrt() if inside else v_hat.sqrt() + 0.01)
    return w


def adam_by_library(w: Tensor, gradients: Tensor) -> np.ndarray:
    """Take the steps by `numpy_vae.adam_step`, each array under its own name."""
    params = {"first": w[0].numpy(), "second": w[1].numpy()}
    state = numpy_vae.adam_start(params)
    for g in gradients.numpy():
        params, state = numpy_vae.adam_step(params, dict(zip(params, g, strict=True)), state, lr=0.1, tiny=0.01)
    return np.stack(list(params.values()))


def adam_by_torch(w: Tensor, gradients: Tensor) -> Tensor:
    """Take the steps by torch."""
    w = w.clone().requires_grad_()
    optimizer = torch.optim.Adam([w], lr=0.1, eps=0.01)
    for g in gradients:
        w.grad = g
        optimizer.step()
    return w


def _shared_state(w: Tensor, gradients: Tensor) -> Tensor:
    steps = gradients.flatten(0, 1)  # first, second, first, … as if they were six gradients of one array
    moves = [adam(0 * w[0], steps[: n + 1]) - adam(0 * w[0], steps[:n]) for n in range(6)]
    return w + torch.stack(moves).unflatten(0, (3, 2)).sum(0)


equation(
    "10.10",
    "Three steps of Adam",
    method="exact model",
    draw=two_arrays_three_gradients,
    lines={"by the formula": adam, "numpy_vae.adam_step": adam_by_library, "torch.optim.Adam": adam_by_torch},
    mutants={
        "no bias correction": lambda w, gradients: adam(w, gradients, correct=False),
        "sign": lambda w, gradients: adam(w, gradients, sign=1),
        "ε inside the root": lambda w, gradients: adam(w, gradients, inside=True),
        "shared state": _shared_state,
        "no momentum": lambda w, gradients: w - 0.1 * gradients.sum(0),
    },
)
