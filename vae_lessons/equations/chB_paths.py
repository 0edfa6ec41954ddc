"""Checks of appendix B, part two: gradients that follow the paths alone, (B.2) and (B.3)."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.chB import (
    EPS,
    MASS,
    both,
    by_library,
    derivatives_of_log_w,
    equal,
    gradients,
    of_the_bound,
    path_alone,
    phi_of,
    random_x_and_wide_q,
    weighted,
)
from vae_lessons.equations.linear_gaussian import as_model, elbo_in_closed_form, exact_posterior, random_x_and_q
from vae_lessons.equations.registry import equation
from vae_lessons.objectives import path_iw_terms


def of_the_elbo(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """∇𝓛 by autograd from the closed form."""
    mu, log_var = phi_of(mu, var)
    return gradients(elbo_in_closed_form(x, v, mu, log_var.exp()), mu, log_var)


def expected(*chosen: int) -> Callable:
    """Return the expectation of the sum of the chosen parts: 1 the path, 2 minus the score."""

    def line(*inputs: Tensor) -> Tensor:
        parts = derivatives_of_log_w(*inputs)
        return sum(parts[i] for i in chosen) @ MASS

    return line


def library_path(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Average of the gradients of `path_iw_terms` over ε = ±1: exact, for they are parabolas in ε."""
    mu, log_var = phi_of(mu, var)
    model, x, eps = as_model(x, v, mu, log_var.exp())
    model.encoder = lambda x: (mu.reshape(1, 1), log_var.reshape(1, 1))
    return sum(gradients(path_iw_terms(model, x, e[None])[0].sum(), mu, log_var) for e in eps) / 2


def still_at_the_posterior(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """Tell whether the path gradient is 0 at every single ε if q is the posterior, and the whole one is not."""
    _, path, minus_score = derivatives_of_log_w(x, v, *exact_posterior(x, v))
    return torch.stack([(path.abs() < 1e-12).all(), (path + minus_score).abs().max() > 1])


def _no_half(*inputs: Tensor) -> Tensor:
    return expected(1)(*inputs) * torch.tensor([1.0, 2.0])


def _log_q_held_fixed(x: Tensor, v: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    z = mu + var.sqrt() * EPS
    slope = (x - z) / v - z
    return torch.stack([slope, slope * EPS * var.sqrt() / 2]) @ MASS


equation(
    "B.2",
    "Sticking the landing: the path alone carries the gradient",
    method="quadrature",
    draw=random_x_and_q,
    lines={
        "∇𝓛, closed form": of_the_elbo,
        "E of path and score": expected(1, 2),
        "E of the path": expected(1),
        "path_iw_terms, L = 1": library_path,
        "no variance at the posterior": still_at_the_posterior,
    },
    mutants={
        "score alone": expected(2),
        "log q held fixed in z too": _log_q_held_fixed,
        "∂z/∂ℓ without ½": _no_half,
        "sign": lambda *inputs: -expected(1)(*inputs),
    },
)


equation(
    "B.3",
    "The doubly reparameterized gradient: paths with squared weights",
    method="quadrature",
    draw=random_x_and_wide_q,
    lines={
        "∇ E log ½Σw": of_the_bound,
        "E Σ ω² path": weighted(2, path_alone),
        "autograd of path_iw_terms": by_library(lambda *inputs: path_iw_terms(*inputs)[0]),
    },
    mutants={
        "weights not squared": weighted(1, path_alone),
        "weights cubed": weighted(3, path_alone),
        "equal weights": weighted(1, path_alone, equal),
        "score kept": weighted(2, both),
    },
    draws=10,
)
