"""Check of chapter 5, part four: independent latents see too little variance, (5.4)."""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from vae_lessons.divergences import kl_multivariate_normal
from vae_lessons.equations.registry import equation


def correlated_pair(rng) -> tuple[Tensor]:
    """Draw the covariance of two latents, with a correlation of 0.3 to 0.95 of either sign."""
    rho, std = rng.uniform(0.3, 0.95) * rng.choice([-1, 1]), rng.uniform(0.5, 2, size=2)
    return (torch.tensor(np.outer(std, std) * np.array([[1, rho], [rho, 1]])),)


def mean_field(cov: Tensor) -> Tensor:
    """Return 1/Λ_jj, with the precision matrix Λ = Σ⁻¹."""
    return 1 / torch.linalg.inv(cov).diagonal()


def given_the_others(cov: Tensor) -> Tensor:
    """Return the variance of each latent when the others are known: Σ_jj - Σ_jo Σ_oo⁻¹ Σ_oj."""

    def conditional(j):
        others = [k for k in range(len(cov)) if k != j]
        gain = torch.linalg.solve(cov[others][:, others], cov[others, j])
        return cov[j, j] - cov[j, others] @ gain

    return torch.stack([conditional(j) for j in range(len(cov))])


def kl_of_independent(mean: Tensor, log_var: Tensor, cov: Tensor) -> Tensor:
    """KL(N(mean, diag e^ℓ) ‖ N(0, Σ)), equation (4.4)."""
    return kl_multivariate_normal(mean, torch.diag(log_var.exp()), torch.zeros_like(mean), cov)


def by_search(cov: Tensor) -> Tensor:
    """Minimise the KL over mean and log-variances of independent latents by Newton steps; return their variances."""

    def objective(fit):
        return kl_of_independent(fit[:2], fit[2:], cov)

    fit = torch.cat([torch.tensor([0.5, -0.3]).double(), cov.diagonal().log()])
    for _ in range(12):
        slope = torch.autograd.functional.jacobian(objective, fit)
        fit = fit - torch.linalg.solve(torch.autograd.functional.hessian(objective, fit), slope).clamp(-1, 1)
    return fit[2:].exp()


def never_too_large(cov: Tensor) -> Tensor:
    """Tell whether 1/Λ_jj ≤ Σ_jj; and of three latents, with equality for the one that is independent of the others."""
    three = torch.block_diag(cov, torch.tensor([[1.7]]).double())
    equal = mean_field(three)[2] - three[2, 2]
    return torch.cat([mean_field(cov) < cov.diagonal(), equal.abs()[None] < 1e-12])


@cache
def sympy_finds(variance: str) -> bool:
    """Let SymPy minimise the KL for Σ with 1 on and ρ off the diagonal: tell whether the variance is as given."""
    import sympy as sp

    rho, u, v = sp.Symbol("rho", real=True), *sp.symbols("u v", positive=True)
    cov = sp.Matrix([[1, rho], [rho, 1]])
    kl = ((cov.inv() * sp.diag(u, v)).trace() - 2 + sp.log(cov.det()) - sp.log(u) - sp.log(v)) / 2
    (found,) = sp.solve([sp.diff(kl, u), sp.diff(kl, v)], [u, v], dict=True)
    return sp.simplify(found[u] - sp.sympify(variance, locals={"rho": rho})) == 0


def chapter_numbers(*_) -> Tensor:
    """Tell whether ρ = 0.9 gives 0.19 where the variance is 1."""
    pair = torch.tensor([[1, 0.9], [0.9, 1]], dtype=torch.double)
    return (mean_field(pair) - 0.19).abs() < 1e-12


# The mistakes that exercise 5.4 knows by name


def _variance_of_p(cov):
    return cov.diagonal()


def _precision(cov):
    return torch.linalg.inv(cov).diagonal()


def _rho_not_squared(cov):
    rho = cov[0, 1] / cov.diagonal().prod().sqrt()
    return cov.diagonal() * (1 - rho)


def _inverse_of_the_variance(cov):
    return 1 / cov.diagonal()


def _standard_deviation(cov):
    return mean_field(cov).sqrt()


equation(
    "5.4",
    "Independent latents see too little variance",
    method="SymPy",
    draw=correlated_pair,
    lines={
        "1/Λ_jj": mean_field,
        "variance given the other": given_the_others,
        "argmin KL by search": by_search,
        "1/Λ_jj ≤ Σ_jj": never_too_large,
        "proof: SymPy, 1 - ρ² of a pair": lambda cov: sympy_finds("1 - rho**2"),
        "ρ = 0.9: 0.19, not 1": chapter_numbers,
    },
    mutants={
        "Σ_jj": _variance_of_p,
        "Λ_jj": _precision,
        "1 - ρ for 1 - ρ²": _rho_not_squared,
        "1/Σ_jj": _inverse_of_the_variance,
        "standard deviation": _standard_deviation,
        "proof of 1 - ρ": lambda cov: sympy_finds("1 - rho"),
    },
)
