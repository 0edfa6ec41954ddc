"""Exercise 5.4: the variances of the best q with independent latents."""

import torch
from torch import Tensor

from vae_lessons.exercises.ch04_full import random_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch05 import HINTS


def mean_field(cov: Tensor) -> Tensor:
    """1/Λ_jj, (5.4), with Λ the inverse of the covariance matrix."""
    return 1 / torch.linalg.inv(cov).diagonal()


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 54)
    return [Case({"cov": random_normal(size, generator)[1]}) for size in (2, 3, 4)]


def _rho(cov: Tensor) -> Tensor:
    """Return the correlation of the first two latents."""
    return cov[0, 1] / (cov[0, 0] * cov[1, 1]).sqrt()


MEAN_FIELD = Exercise(
    id="5.4",
    title="What a mean-field q sees",
    equation="(5.4)",
    chapter="chapter 5",
    cases=_cases,
    reference=mean_field,
    rtol=1e-5,
    misconceptions=(
        *known(
            "5.4",
            {
                "Σ_jj": "Your variances are those of the posterior: what KL(p‖q) would ask for. Those of (5.4) are "
                "smaller.",
                "Λ_jj": "Your values are the diagonal of the precision matrix. In (5.4) it stands below.",
                "1/Σ_jj": "You invert the entries of the covariance one by one. Λ in (5.4) is the inverse of the whole "
                "matrix.",
                "standard deviation": "Your values are standard deviations. Those of (5.4) are variances.",
            },
        ),
        mistake(
            "1 − ρ for 1 − ρ²",
            "Your correlation is not squared. For two latents (5.4) is the variance times 1 − ρ².",
            lambda cov: cov.diagonal() * (1 - _rho(cov)),
            lambda cov: cov.diagonal() * (1 - _rho(cov).abs()),
        ),
        mistake(
            "right for two latents only",
            "Your values are right for two latents, and use the correlation of the first two. Equation (5.4) counts "
            "what all others say about z_j.",
            lambda cov: cov.diagonal() * (1 - _rho(cov) ** 2),
            lambda cov: torch.linalg.det(cov) / cov.diagonal().flip(0),
        ),
        mistake(
            "variances given the earlier latents",
            "Your values are the squares of a Cholesky factor's diagonal: the variance of each latent given those "
            "before it. In (5.4) all others are given.",
            lambda cov: torch.linalg.cholesky(cov).diagonal() ** 2,
        ),
        mistake(
            "diagonal of a Cholesky factor",
            "Your values are the diagonal of a Cholesky factor. The Λ of (5.4) is the inverse of the covariance.",
            lambda cov: torch.linalg.cholesky(cov).diagonal(),
        ),
        mistake(
            "eigenvalues",
            "Your values are eigenvalues: variances along the axes of the ellipse. Those of (5.4) are along the axes "
            "of the latents.",
            lambda cov: torch.linalg.eigvalsh(cov),
            lambda cov: torch.linalg.eigvalsh(cov).flip(0),
        ),
        mistake(
            "whole matrix",
            "You return a matrix. The variances of (5.4) are one for each latent.",
            lambda cov: 1 / torch.linalg.inv(cov),
            lambda cov: torch.diag(mean_field(cov)),
        ),
        mistake(
            "precision matrix",
            "You return the precision matrix. In (5.4) one over its diagonal counts.",
            lambda cov: torch.linalg.inv(cov),
        ),
        mistake(
            "root of the precision",
            "Your values are the roots of the diagonal of Λ. In (5.4) it stands below, without a root.",
            lambda cov: torch.linalg.inv(cov).diagonal().sqrt(),
        ),
        mistake(
            "log-variance",
            "Your values are the logarithms of the variances in (5.4).",
            lambda cov: mean_field(cov).log(),
        ),
    ),
    hints=HINTS["5.4"],
)
