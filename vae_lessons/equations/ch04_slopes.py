"""Check of chapter 4, part three: which way the divergence pulls μ and ℓ, (4.5)."""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch04_diagonal import means_and_log_variances
from vae_lessons.equations.registry import equation


def batch(rng) -> tuple[Tensor, Tensor]:
    """Draw μ and ℓ of two images and three latents, as for (4.2)."""
    return means_and_log_variances(rng)


def slopes(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return ∂KL/∂μ = μ and ∂KL/∂ℓ = ½(e^ℓ - 1), one above the other."""
    return torch.stack([mu, 0.5 * (log_var.exp() - 1)])


def by_autograd(mu: Tensor, log_var: Tensor) -> Tensor:
    """Differentiate `kl_std_normal`."""
    inputs = mu.clone().requires_grad_(), log_var.clone().requires_grad_()
    return torch.stack(torch.autograd.grad(kl_std_normal(*inputs).sum(), inputs))


def by_complex_step(mu: Tensor, log_var: Tensor) -> Tensor:
    """Differentiate (4.2) without truncation error: the imaginary part at μ + ih, or ℓ + ih, over h = 1e-30."""
    step = torch.complex(torch.zeros_like(mu), torch.full_like(mu, 1e-30))
    kl = lambda m, v: -0.5 * (1 + v - m**2 - v.exp())  # noqa: E731
    return torch.stack([kl(mu + step, log_var + 0j), kl(mu + 0j, log_var + step)]).imag / 1e-30


@cache
def sympy_differentiates(slope_of_log_var: str) -> bool:
    """Let SymPy differentiate (4.2): ∂μ is μ, ∂ℓ as given, zero only at μ = ℓ = 0, where the Hessian is positive."""
    import sympy as sp

    mu, log_var = sp.symbols("mu l", real=True)
    kl = -(1 + log_var - mu**2 - sp.exp(log_var)) / 2
    right = sp.simplify(sp.diff(kl, log_var) - sp.sympify(slope_of_log_var, locals={"l": log_var})) == 0
    flat = sp.solve([sp.diff(kl, mu), sp.diff(kl, log_var)], [mu, log_var], dict=True)
    curved = sp.hessian(kl, (mu, log_var)).subs({mu: 0, log_var: 0}).is_positive_definite
    return bool(right and sp.diff(kl, mu) == mu and flat == [{mu: 0, log_var: 0}] and curved)


def changed(of_log_var: Callable, of_mu: Callable = torch.clone) -> Callable:
    """Make a mistake in the slopes."""
    return lambda mu, log_var: torch.stack([of_mu(mu), of_log_var(log_var)])


equation(
    "4.5",
    "The divergence pulls μ to 0 and σ to 1",
    method="SymPy",
    draw=batch,
    lines={
        "μ, ½(e^ℓ - 1)": slopes,
        "autograd": by_autograd,
        "complex step": by_complex_step,
        "proof: SymPy, least at 0, 0": lambda *_: sympy_differentiates("(exp(l) - 1)/2"),
    },
    mutants={
        "no ½": changed(lambda log_var: log_var.exp() - 1),
        "sign": lambda mu, log_var: -slopes(mu, log_var),
        "no -1": changed(lambda log_var: 0.5 * log_var.exp()),
        "e^(ℓ/2) for e^ℓ": changed(lambda log_var: 0.5 * ((log_var / 2).exp() - 1)),
        "ℓ as log σ": changed(lambda log_var: (2 * log_var).exp() - 1),
        "2μ": changed(lambda log_var: 0.5 * (log_var.exp() - 1), lambda mu: 2 * mu),
        "mean over the latents": lambda mu, log_var: slopes(mu, log_var) / mu.shape[-1],
        "proof without ½": lambda *_: sympy_differentiates("exp(l) - 1"),
    },
)
