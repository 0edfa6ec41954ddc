"""Check of chapter 4, part five: the KL divergence of two normals with full covariance matrices, (4.4)."""

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, kl_divergence

from vae_lessons.divergences import kl_multivariate_normal
from vae_lessons.equations.ch04_matrices import expectation, random_covariance
from vae_lessons.equations.registry import equation


def two_normals_in_space(rng) -> tuple[Tensor, ...]:
    """Draw means and covariances of q and p in three dimensions; the covariances do not commute."""
    mu_q, mu_p = torch.tensor(rng.normal(size=(2, 3)))
    return mu_q, random_covariance(rng), mu_p, random_covariance(rng)


def trace_and_log_det(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor) -> Tensor:
    """Compute ½(tr(R⁻¹Σ) + (n - m)ᵀR⁻¹(n - m) - J + log(det R/det Σ))."""
    inverse, d = torch.linalg.inv(cov_p), mu_p - mu_q
    log_det = torch.logdet(cov_p) - torch.logdet(cov_q)
    return 0.5 * (torch.trace(inverse @ cov_q) + d @ inverse @ d - len(d) + log_det)


def by_definition(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor) -> Tensor:
    """Average log q(z) - log p(z), a sum of squares, over the nodes."""
    q, p = MultivariateNormal(mu_q, cov_q), MultivariateNormal(mu_p, cov_p)
    return expectation(lambda z: q.log_prob(z) - p.log_prob(z), mu_q, cov_q)


def by_torch(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor) -> Tensor:
    """Let torch.distributions compute it."""
    return kl_divergence(MultivariateNormal(mu_q, cov_q), MultivariateNormal(mu_p, cov_p))


# The mistakes that exercise 4.3 knows by name; `_parts` are tr(R⁻¹Σ), the quadratic term, J and the log-determinants


def _parts(mu_q, cov_q, mu_p, cov_p):
    inverse, d = torch.linalg.inv(cov_p), mu_p - mu_q
    return torch.trace(inverse @ cov_q), d @ inverse @ d, len(d), torch.logdet(cov_p) - torch.logdet(cov_q)


def _swapped(mu_q, cov_q, mu_p, cov_p):
    return kl_multivariate_normal(mu_p, cov_p, mu_q, cov_q)


def _no_half(mu_q, cov_q, mu_p, cov_p):
    return 2 * kl_multivariate_normal(mu_q, cov_q, mu_p, cov_p)


def _sign_of_log_det(mu_q, cov_q, mu_p, cov_p):
    trace, quadratic, j, log_det = _parts(mu_q, cov_q, mu_p, cov_p)
    return 0.5 * (trace + quadratic - j - log_det)


def _dimension_missing(mu_q, cov_q, mu_p, cov_p):
    trace, quadratic, _, log_det = _parts(mu_q, cov_q, mu_p, cov_p)
    return 0.5 * (trace + quadratic + log_det)


def _diagonals_only(mu_q, cov_q, mu_p, cov_p):
    return kl_multivariate_normal(mu_q, cov_q.diagonal().diag(), mu_p, cov_p.diagonal().diag())


def _divided_entry_by_entry(mu_q, cov_q, mu_p, cov_p):
    _, quadratic, j, log_det = _parts(mu_q, cov_q, mu_p, cov_p)
    return 0.5 * (torch.trace(cov_q / cov_p) + quadratic - j + log_det)


def _covariance_not_inverted(mu_q, cov_q, mu_p, cov_p):
    _, quadratic, j, log_det = _parts(mu_q, cov_q, mu_p, cov_p)
    return 0.5 * (torch.trace(cov_q @ cov_p) + quadratic - j + log_det)


def _distance_by_cov_q(mu_q, cov_q, mu_p, cov_p):
    trace, _, j, log_det = _parts(mu_q, cov_q, mu_p, cov_p)
    return 0.5 * (trace + (mu_p - mu_q) @ torch.linalg.solve(cov_q, mu_p - mu_q) - j + log_det)


equation(
    "4.4",
    "The KL divergence of two normals in J dimensions",
    method="quadrature",
    draw=two_normals_in_space,
    lines={
        "½(tr R⁻¹Σ + dᵀR⁻¹d - J + log det…)": trace_and_log_det,
        "kl_multivariate_normal": kl_multivariate_normal,
        "E (log q - log p), 27 nodes": by_definition,
        "torch.distributions": by_torch,
    },
    mutants={
        "arguments swapped": _swapped,
        "no ½": _no_half,
        "sign of log det": _sign_of_log_det,
        "no -J": _dimension_missing,
        "diagonals only": _diagonals_only,
        "divided entry by entry": _divided_entry_by_entry,
        "tr(ΣR)": _covariance_not_inverted,
        "distance measured by Σ": _distance_by_cov_q,
    },
)
