"""Check of appendix B, part one: the gradient of the importance-weighted bound, (B.1)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.equations.ch07_bias import expected_log_mean
from vae_lessons.equations.linear_gaussian import (
    as_model,
    exact_posterior,
    log_joint,
    random_x_and_q,
)
from vae_lessons.equations.registry import equation
from vae_lessons.objectives import iw_log_lik

# draws of ε; with the weights MASS their sum is an integral, to rounding
EPS = torch.linspace(-8.5, 8.5, 161, dtype=torch.float64)
MASS = Normal(0.0, 1.0).log_prob(EPS).exp() * (EPS[1] - EPS[0])
PAIRS = torch.cartesian_prod(EPS, EPS)  # all samples of L = 2 draws, with their probabilities
PAIR_MASS = torch.outer(MASS, MASS).flatten()


def random_x_and_wide_q(rng) -> tuple[Tensor, ...]:
    """Draw as `random_x_and_q`, with a q around the posterior and wider: no weight is out of all proportion."""
    x, v, shift, _ = random_x_and_q(rng)
    return x, v, exact_posterior(x, v)[0] + 0.4 * shift, torch.tensor(rng.uniform(0.5, 0.8), dtype=torch.float64)


def phi_of(mu: Tensor, var: Tensor) -> tuple[Tensor, Tensor]:
    """Return μ and ℓ as leaves, to be differentiated."""
    return mu.clone().requires_grad_(), var.log().requires_grad_()


def log_w(x: Tensor, v: Tensor, z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Log p(x, z) - log q(z|x)."""
    return log_joint(x, v, z) - Normal(mu, (log_var / 2).exp()).log_prob(z)


def gradients(value: Tensor, *phi: Tensor) -> Tensor:
    """Derivatives of a scalar with respect to μ and ℓ."""
    return torch.stack(torch.autograd.grad(value, phi))


def of_the_bound(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """∇ E log ½(w₁ + w₂) by autograd."""
    mu, log_var = phi_of(mu, var)
    w = log_w(x, v, mu + (log_var / 2).exp() * PAIRS, mu, log_var)
    return gradients(PAIR_MASS @ (w.logsumexp(1) - math.log(2)), mu, log_var)


def without_pairs(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """∇ of the bound as an integral over t, ∫ (e⁻ᵗ - E e⁻ᵗʷ)/t dt, in which no pair of draws occurs."""
    mu, log_var = phi_of(mu, var)
    w = log_w(x, v, mu + (log_var / 2).exp() * EPS, mu, log_var)
    return gradients(expected_log_mean(MASS, w.exp(), 2), mu, log_var)


def by_library(objective: Callable) -> Callable:
    """∇ of the library's bound for L = 2: every pair of draws is an image."""

    def line(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
        mu, log_var = phi_of(mu, var)
        model, x, _ = as_model(x, v, mu, log_var.exp())
        images, eps = x.expand(len(PAIRS), 1), PAIRS.T.unsqueeze(-1)
        model.encoder = lambda x: (mu.expand(x.shape), log_var.expand(x.shape))
        return gradients(PAIR_MASS @ objective(model, images, eps), mu, log_var)

    return line


def derivatives_of_log_w(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Log w at each ε, (121,); its derivatives ∂log w/∂z · ∂z/∂φ along the path; and its other part, -∇ log q."""
    std, z = var.sqrt(), mu + var.sqrt() * EPS
    slope = (x - z) / v - z + EPS / std  # of log p(x|z), log p(z), -log q
    path = torch.stack([slope, slope * EPS * std / 2])
    score = torch.stack([EPS / std, (EPS**2 - 1) / 2])
    return log_w(x, v, z, mu, var.log()), path, -score


def weighted(power: int, parts: Callable, weights: Callable = lambda w: torch.softmax(w, -1)) -> Callable:
    """Return E Σ ω_l^power g_l for L = 2, where g_l, by hand, is made by `parts` of path and minus score."""

    def line(*inputs: Tensor) -> Tensor:
        w, path, minus_score = derivatives_of_log_w(*inputs)
        pairs = torch.cartesian_prod(torch.arange(len(EPS)), torch.arange(len(EPS)))
        omega = weights(w[pairs]) ** power
        return (omega * parts(path, minus_score)[:, pairs]).sum(-1) @ PAIR_MASS

    return line


def equal(w: Tensor) -> Tensor:
    """Weights of ½ each."""
    return torch.full_like(w, 0.5)


def both(path: Tensor, minus_score: Tensor) -> Tensor:
    """The whole derivative of log w."""
    return path + minus_score


def path_alone(path: Tensor, minus_score: Tensor) -> Tensor:
    """The derivative along the path."""
    return path


equation(
    "B.1",
    "The gradient of the importance-weighted bound is a weighted mean",
    method="quadrature",
    draw=random_x_and_wide_q,
    lines={
        "∇ E log ½Σw": of_the_bound,
        "E Σ ω ∇log w, by hand": weighted(1, both),
        "∇ ∫ (e⁻ᵗ - E e⁻ᵗʷ)/t dt": without_pairs,
        "autograd of iw_log_lik": by_library(iw_log_lik),
    },
    mutants={
        "equal weights": weighted(1, both, equal),
        "weights squared": weighted(2, both),
        "weights not normalised": weighted(1, both, lambda w: w.exp()),
        "weights inverted": weighted(1, both, lambda w: torch.softmax(-w, -1)),
        "score left out": weighted(1, path_alone),
    },
    atol=1e-8,
    draws=10,
)
