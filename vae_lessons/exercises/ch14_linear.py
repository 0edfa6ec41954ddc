"""Exercise 14.2: predict the units of a linear VAE from eigenvalues."""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch14 import HINTS

# Principal variances, σ² and J of each case
WORLDS = [
    ((1.9, 0.7, 0.44, 0.12), 0.36, 2),
    ((2.2, 1.3, 0.75, 0.5, 0.2, 0.07), 0.49, 5),
    ((0.9, 0.55, 0.38, 0.2, 0.15, 0.12, 0.1), 0.3, 5),
    ((3.0, 2.1, 1.4, 1.1, 0.6), 1.7, 4),
    ((0.12, 0.09, 0.05, 0.03, 0.008, 0.004), 0.04, 5),
    ((0.9, 0.8, 0.032, 0.02, 0.01), 1.2, 3),
    ((0.9, 0.6, 0.03, 0.01, 0.0005, 0.0002), 0.5, 5),
]


def principal_variances(x: Tensor) -> Tensor:
    """Eigenvalues λ of the covariance of the images, the largest first."""
    return torch.linalg.eigvalsh(torch.cov(x.T, correction=0)).flip(0)


def predicted_units(x: Tensor, var: float, z_dim: int) -> Tensor:
    """Count the λ_j > σ² among the J largest, (14.3)."""
    return (principal_variances(x)[:z_dim] > var).sum()


def _cases(seed: int = 0) -> list[Case]:
    rng, cases = np.random.default_rng(seed + 142), []
    for variances, var, z_dim in WORLDS:
        n, d = 40, len(variances)
        u, _, v = np.linalg.svd(rng.normal(size=(n, d)), full_matrices=False)
        shift = rng.normal(size=d)
        shift *= np.sqrt(1.3 * sum(variances)) / np.linalg.norm(shift)
        x = np.sqrt(n * np.array(variances)) * np.linalg.qr(u - u.mean(0))[0] @ v + shift
        cases.append(Case({"x": torch.tensor(x), "var": var, "z_dim": z_dim}))
    return cases


def _counting(above):
    """Make a wrong answer from a function of (x, σ²) that says which of the D directions count."""
    return lambda x, var, z_dim: above(x, var)[:z_dim].sum()


UNITS = Exercise(
    id="14.2",
    title="Predict the collapse",
    equation="(14.3)",
    chapter="chapter 14",
    cases=_cases,
    reference=predicted_units,
    remarks={"value": "Your count is wrong for some input. What is counted in (14.3) are eigenvalues above σ²."},
    shows=(principal_variances,),
    misconceptions=(
        *known(
            "14.3",
            {
                "standard deviation for variance": "You compare λ with σ. Both sides of (14.3) are variances: λ and "
                "σ².",
                "twice the variance": "Your threshold is twice σ². In (14.3) a direction counts as soon as it varies "
                "more than the noise.",
                "sum of the variances left": "You compare σ² with the sum of the eigenvalues that are left. In (14.3) "
                "each direction is judged by its own λ.",
                "images not centred": "Your images are not centred, so that their mean counts as a direction. The λ of "
                "(14.3) are variances around the mean.",
                "all J": "You count all J. (14.3) counts those whose λ is above σ².",
            },
        ),
        mistake(
            "more than J",
            "You count more directions than the model has latents. In (14.3) j runs up to J.",
            lambda x, var, z_dim: (principal_variances(x) > var).sum(),
        ),
        mistake(
            "the smallest eigenvalues",
            "You judge the J smallest eigenvalues. The best linear VAE takes the J largest first: see (14.3).",
            _counting(lambda x, var: principal_variances(x).flip(0) > var),
        ),
        mistake(
            "singular values",
            "You compare singular values with σ². Their squares, divided by N, are the λ of (14.3).",
            _counting(lambda x, var: torch.linalg.svdvals(x - x.mean(0)) > var),
        ),
        mistake(
            "not divided by N",
            "Your eigenvalues are those of a sum over the images. Those of (14.3) belong to the covariance, a mean.",
            _counting(lambda x, var: len(x) * principal_variances(x) > var),
        ),
        mistake(
            "neither centred nor divided",
            "Your eigenvalues are those of XᵀX. The λ of (14.3) belong to the covariance: subtract the mean of the "
            "images first, and divide by their number.",
            _counting(lambda x, var: torch.linalg.eigvalsh(x.T @ x).flip(0) > var),
        ),
        mistake(
            "variances of the pixels",
            "You compare the variances of single pixels with σ². The λ of (14.3) are those along the principal axes.",
            _counting(lambda x, var: x.var(0, correction=0).sort(descending=True).values > var),
        ),
        mistake(
            "σ² squared",
            "You compare λ with the square of var, or the root of λ with var. In (14.3) it is λ against σ², and var is "
            "σ² already.",
            _counting(lambda x, var: principal_variances(x) > var**2),
        ),
        mistake(
            "the unused ones",
            "You count the latents that are switched off. (14.3) counts those in use.",
            _counting(lambda x, var: principal_variances(x) < var),
        ),
        mistake(
            "a share of the variance",
            "You compare shares of the total variance with σ². (14.3) compares the λ themselves.",
            _counting(lambda x, var: principal_variances(x) / principal_variances(x).sum() > var),
        ),
        mistake(
            "not counted",
            "You return one value for each direction. (14.3) counts them.",
            lambda x, var, z_dim: principal_variances(x)[:z_dim] > var,
            lambda x, var, z_dim: principal_variances(x)[:z_dim],
        ),
    ),
    hints=HINTS["14.2"],
)
