"""Check of chapter 4, part four: the expectation of a quadratic form, (4.3)."""

from itertools import product

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def random_covariance(rng, size: int = 3) -> Tensor:
    """Draw a symmetric positive definite matrix, far from diagonal."""
    root = rng.normal(size=(size, size))
    return torch.tensor(root @ root.T + 0.3 * np.eye(size))


def expectation(f, mean: Tensor, cov: Tensor) -> Tensor:
    """Average f(z) over z ~ N(mean, cov) by Gauss-Hermite quadrature: 3 nodes per dimension are exact for squares."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    eps = torch.tensor(list(product(nodes, repeat=len(mean))))
    share = torch.tensor(list(product(weights / weights.sum(), repeat=len(mean)))).prod(1)
    return (share * f(mean + eps @ torch.linalg.cholesky(cov).T)).sum()


def quadratic_form(rng) -> tuple[Tensor, ...]:
    """Draw mean m and covariance Σ of z, a centre n, and a matrix A that is not symmetric."""
    m, n, a = (torch.tensor(rng.normal(size=shape)) for shape in (3, 3, (3, 3)))
    return m, random_covariance(rng), n, a


def trace_and_mean(mean: Tensor, cov: Tensor, center: Tensor, matrix: Tensor) -> Tensor:
    """Compute tr(AΣ) + (m - n)ᵀA(m - n)."""
    return torch.trace(matrix @ cov) + (mean - center) @ matrix @ (mean - center)


def by_quadrature(mean: Tensor, cov: Tensor, center: Tensor, matrix: Tensor) -> Tensor:
    """Average (z - n)ᵀA(z - n)."""
    return expectation(lambda z: ((z - center) @ matrix * (z - center)).sum(-1), mean, cov)


def entry_by_entry(mean: Tensor, cov: Tensor, center: Tensor, matrix: Tensor) -> Tensor:
    """Add A_ij E[(z_i - n_i)(z_j - n_j)], where the second moment is Σ_ij + (m_i - n_i)(m_j - n_j)."""
    d = mean - center
    return sum(matrix[i, j] * (cov[i, j] + d[i] * d[j]) for i in range(3) for j in range(3))


# The mistakes that exercise 4.5 knows by name


def _cov_forgotten(mean, cov, center, matrix):
    return trace_and_mean(mean, torch.eye(len(mean), dtype=mean.dtype), center, matrix)


def _matrix_squared(mean, cov, center, matrix):
    return trace_and_mean(mean, cov, center, matrix @ matrix)


def _mean_term_missing(mean, cov, center, matrix):
    return torch.trace(matrix @ cov)


def _trace_missing(mean, cov, center, matrix):
    return (mean - center) @ matrix @ (mean - center)


def _diagonal_only(mean, cov, center, matrix):
    return trace_and_mean(mean, cov.diagonal().diag(), center, matrix)


equation(
    "4.3",
    "The expectation of a quadratic form",
    method="quadrature",
    draw=quadratic_form,
    lines={
        "E (z - n)ᵀA(z - n), 27 nodes": by_quadrature,
        "tr(AΣ) + (m - n)ᵀA(m - n)": trace_and_mean,
        "tr(ΣA) + …: traces are cyclic": lambda m, cov, n, a: torch.trace(cov @ a) + (m - n) @ a @ (m - n),
        "Σ A_ij (Σ_ij + d_i d_j), d = m - n": entry_by_entry,
    },
    mutants={
        "Σ forgotten": _cov_forgotten,
        "A squared": _matrix_squared,
        "mean term missing": _mean_term_missing,
        "trace missing": _trace_missing,
        "diagonal of Σ only": _diagonal_only,
    },
)
