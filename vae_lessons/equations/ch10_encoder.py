"""Checks of chapter 10, part three: back through the sample and the encoder, (10.6)-(10.8).

Two paths lead from the loss to μ and ℓ: through the sample z = μ + e^{ℓ/2} ⊙ ε, and through the KL.
"""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.ch10 import autograd, library, network, run, std_of
from vae_lessons.equations.registry import equation
from vae_lessons.numpy_vae import complex_step

# (10.6) The mean


def mean_of_the_code(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δz by autograd and μ: δz, μ, then the network."""
    net = network(rng)
    return autograd("z", net), run(*net).mu.detach(), *net


equation(
    "10.6",
    "The gradient of an image's loss with respect to μ",
    method="autograd",
    draw=mean_of_the_code,
    lines={
        "δz + μ": lambda dz, mu, *net: dz + mu,
        "autograd": lambda dz, mu, *net: autograd("mu", net),
        "numpy_vae.deltas": lambda dz, mu, *net: library("dmu", net),
    },
    mutants={
        "no path": lambda dz, mu, *_: mu,
        "no KL": lambda dz, mu, *_: dz,
        "KL sign": lambda dz, mu, *_: dz - mu,
        "KL no ½": lambda dz, mu, *_: dz + 2 * mu,
        "KL batch mean": lambda dz, mu, *_: dz + mu / len(mu),
    },
)

# (10.7) The log-variance


def log_variance_of_the_code(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δz by autograd and ℓ: δz, ε, ℓ, then the network."""
    net = network(rng)
    return autograd("z", net), net[1], run(*net).log_var.detach(), *net


def delta_log_var(dz, eps, log_var, half=0.5, kl_half=0.5, std=std_of) -> Tensor:
    """Add the path through the sample and the path through the KL; the mistakes change a factor."""
    return half * dz * eps * std(log_var) + kl_half * (log_var.exp() - 1)


def delta_log_var_by_complex_step(dz: Tensor, eps: Tensor, log_var: Tensor, *_):
    """Step ℓ into the complex plane in Σ δz ⊙ z + KL, with δz held fixed: the same first derivative."""

    def local(log_var):
        return (dz.numpy() * eps.numpy() * np.exp(log_var / 2) + 0.5 * (np.exp(log_var) - 1 - log_var)).sum()

    return complex_step(local, log_var.numpy())


equation(
    "10.7",
    "The gradient of an image's loss with respect to ℓ",
    method="complex step",
    draw=log_variance_of_the_code,
    lines={
        "½ δz⊙ε⊙σ + ½(σ² - 1)": lambda dz, eps, log_var, *net: delta_log_var(dz, eps, log_var),
        "complex step, δz fixed": delta_log_var_by_complex_step,
        "autograd": lambda dz, eps, log_var, *net: autograd("log_var", net),
        "numpy_vae.deltas": lambda dz, eps, log_var, *net: library("dlog_var", net),
    },
    mutants={
        "path no ½": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, half=1),
        "no σ": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, std=torch.ones_like),
        "no ε": lambda dz, eps, log_var, *_: delta_log_var(dz, torch.ones_like(eps), log_var),
        "no KL": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, kl_half=0),
        "KL sign": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, kl_half=-0.5),
        "no path": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, half=0),
        "σ²": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, std=torch.exp),
        "KL no ½": lambda dz, eps, log_var, *_: delta_log_var(dz, eps, log_var, kl_half=1),
    },
)

# (10.8) The first layer


def first_layer(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δμ and δℓ by autograd and h: δμ, δℓ, W_μ, W_ℓ, h, x, then the network."""
    net = network(rng)
    return autograd("mu", net), autograd("log_var", net), net[4], net[6], run(*net).h.detach(), net[0], *net


def delta_h(dmu, dlog_var, W_mu, W_log_var, h, *_) -> Tensor:
    """Add what comes back from the two heads, and go through the tanh."""
    return (dmu @ W_mu + dlog_var @ W_log_var) * (1 - h**2)


def weights(dmu, dlog_var, W_mu, W_log_var, h, x, *_) -> Tensor:
    """Multiply δh by what went in, as in (10.3)."""
    return delta_h(dmu, dlog_var, W_mu, W_log_var, h).T @ x


def _without_tanh(dmu, dlog_var, W_mu, W_log_var, h, x, *_) -> Tensor:
    return weights(dmu, dlog_var, W_mu, W_log_var, 0 * h, x)


equation(
    "10.8",
    "The gradients before the first tanh, and with respect to W₁",
    method="autograd",
    draw=first_layer,
    lines={
        "∂W₁ = δhᵀ x": weights,
        "autograd": lambda *inputs: autograd("W1", inputs[6:]),
        "M × numpy_vae.backward": lambda *inputs: library("W1", inputs[6:]),
        "δh is autograd's": lambda *inputs: (delta_h(*inputs) - autograd("u", inputs[6:])).abs() < 1e-9,
        "δh is the library's": lambda *inputs: (delta_h(*inputs) - library("dh", inputs[6:])).abs() < 1e-9,
    },
    mutants={
        "transposed": lambda *inputs: weights(*inputs).T,
        "batch mean": lambda *inputs: weights(*inputs) / len(inputs[0]),
        "forgot 1 - h²": _without_tanh,
        "only μ path": lambda dmu, dlog_var, *rest: weights(dmu, 0 * dlog_var, *rest),
        "only ℓ path": lambda dmu, dlog_var, *rest: weights(0 * dmu, dlog_var, *rest),
        "sign": lambda *inputs: -weights(*inputs),
    },
)
