"""Checks of chapter 8, part one: where a gradient may pass an expectation, (8.1), and the mean score, (8.2)."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.finite_world import expect
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.registry import equation

# (8.1) A parameter of f


def two_parameters(rng) -> tuple[Tensor, Tensor]:
    """Draw θ, on which f depends, and φ, the logits of q; z has four values."""
    return torch.tensor(rng.normal(size=4)), torch.tensor(rng.normal(size=4))


def f_of(theta):
    """Values of f at the four z, for Tensor and array: sin θ times the next θ."""
    return (torch if isinstance(theta, Tensor) else np).sin(theta) * theta[[1, 2, 3, 0]]


def gradient_of_expectation(theta: Tensor, phi: Tensor, tied: bool = False) -> Tensor:
    """Gradient of E_q f with respect to θ, by autograd; the mistake ties φ to θ."""
    theta = theta.clone().requires_grad_()
    q = torch.softmax(theta if tied else phi, 0)
    return torch.autograd.grad(expect(q, f_of(theta)), theta)[0]


def expectation_of_gradient(theta: Tensor, weights: Tensor) -> Tensor:
    """Σ over z of a weight times the gradient of f at that z."""
    return weights @ torch.autograd.functional.jacobian(f_of, theta)


def by_complex_step(theta: Tensor, phi: Tensor, step: float = 1e-30) -> Tensor:
    """Im E_q f(θ + ih)/h: a derivative without a difference."""
    moved = theta.numpy() + 1j * step * np.eye(4)
    q = torch.softmax(phi, 0).numpy()
    return torch.tensor([(q @ f_of(point)).imag / step for point in moved])


def same_for_phi(theta: Tensor, phi: Tensor) -> Tensor:
    """Tell whether the gradient with respect to φ would be E_q of that of f, which has no φ: 0."""
    gradient = torch.autograd.functional.jacobian(lambda phi: expect(torch.softmax(phi, 0), f_of(theta)), phi)
    return gradient.abs() < 1e-9


equation(
    "8.1",
    "The gradient passes an expectation that does not depend on it",
    method="complex step",
    draw=two_parameters,
    lines={
        "∇ E_q f": gradient_of_expectation,
        "E_q ∇f": lambda theta, phi: expectation_of_gradient(theta, torch.softmax(phi, 0)),
        "complex step": by_complex_step,
    },
    mutants={
        "q depends on θ, too": lambda theta, phi: gradient_of_expectation(theta, phi, tied=True),
        "E_q left out": lambda theta, phi: expectation_of_gradient(theta, torch.ones(4).double()),
        "plain mean over z": lambda theta, phi: expectation_of_gradient(theta, torch.full((4,), 0.25).double()),
        "at the likeliest z": lambda theta, phi: expectation_of_gradient(theta, (phi == phi.max()).double()),
        "∇ log q for ∇f": lambda theta, phi: torch.zeros(4).double(),
        "the same for φ": same_for_phi,
    },
)

# (8.2) The score


def normal_and_logits(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw μ and ℓ of a normal q, and the logits of a q on four outcomes."""
    mu, log_var = torch.tensor(rng.normal(size=2))
    return mu, log_var, torch.tensor(rng.normal(size=4))


def mean_gradient(log_density: Callable, moves: bool = False, square: bool = False) -> Callable:
    """Return E_q of the gradient of a function of z, μ and ℓ with respect to μ and ℓ; the mistakes let z move."""

    def expectation(mu: Tensor, log_var: Tensor, logits: Tensor) -> Tensor:
        eps, weights = gauss_hermite(12)
        leaves = [parameter.expand(12).clone().requires_grad_() for parameter in (mu, log_var)]
        mean, ell = leaves if moves else (mu, log_var)
        densities = log_density(mean + torch.exp(0.5 * ell) * eps, *leaves)
        gradients = torch.stack(torch.autograd.grad(densities.sum(), leaves, materialize_grads=True))
        return (gradients**2 if square else gradients) @ weights

    return expectation


def log_q(z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Log-density of N(μ, e^ℓ)."""
    return Normal(mu, torch.exp(0.5 * log_var)).log_prob(z)


def by_formula(mu: Tensor, log_var: Tensor, logits: Tensor) -> Tensor:
    """Average the scores (z - μ)/σ² and ((z - μ)²/σ² - 1)/2, with three nodes: exact for squares."""
    eps, weights = gauss_hermite(3)
    std = torch.exp(0.5 * log_var)
    return torch.stack([expect(weights, eps / std), expect(weights, (eps**2 - 1) / 2)])


def on_outcomes(mu: Tensor, log_var: Tensor, logits: Tensor) -> Tensor:
    """Tell whether the mean score is 0 on four outcomes, too."""
    scores = torch.autograd.functional.jacobian(lambda logits: torch.log_softmax(logits, 0), logits)
    return (torch.softmax(logits, 0) @ scores).abs() < 1e-12


equation(
    "8.2",
    "The score is zero on average",
    method="quadrature",
    draw=normal_and_logits,
    lines={
        "E_q ∇ log q, gradients by autograd": mean_gradient(log_q),
        "E ε/σ, E(ε² - 1)/2": by_formula,
        "0": lambda *_: torch.zeros(2).double(),
        "on four outcomes, too": on_outcomes,
    },
    mutants={
        "E of its square": mean_gradient(log_q, square=True),
        "z moves with μ and ℓ": mean_gradient(log_q, moves=True),
        "∇q for ∇ log q": mean_gradient(lambda *inputs: log_q(*inputs).exp()),
        "q not normalised": mean_gradient(lambda z, mu, log_var: -0.5 * (z - mu) ** 2 / log_var.exp()),
        "∇ log p(z)": mean_gradient(lambda z, mu, log_var: log_q(z, torch.zeros(()), torch.zeros(())), moves=True),
    },
)
