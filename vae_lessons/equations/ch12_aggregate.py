"""Check of chapter 12, part five: drawing from the aggregate posterior, (12.5)."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import sigma_points

DRAWS = 4_000


def encodings(rng) -> tuple[Tensor, Tensor]:
    """Draw μ and ℓ of six images, two latents."""
    return torch.tensor(rng.normal(0.4, 1, size=(6, 2))), torch.tensor(rng.normal(-1, 0.7, size=(6, 2)))


def total_moments(mu: Tensor, log_var: Tensor) -> Tensor:
    """Stack the mean of μ, and the covariance of μ plus the mean of diag σ²: the law of total variance."""
    return torch.cat([mu.mean(0)[None], torch.cov(mu.T, correction=0) + log_var.exp().mean(0).diag()])


def moments_of_points(mu: Tensor, log_var: Tensor) -> Tensor:
    """Stack mean and covariance of six times four points, which have the moments of the six normals exactly."""
    z = (mu + torch.exp(0.5 * log_var) * sigma_points(2)).flatten(0, 1)
    return torch.cat([z.mean(0)[None], torch.cov(z.T, correction=0)])


def has_moments_of_torch_s_mixture(mu: Tensor, log_var: Tensor) -> Tensor:
    """Tell whether mean and variances are those of torch's mixture with equal weights."""
    normals = Independent(Normal(mu, (log_var / 2).exp()), 1)
    mixture = MixtureSameFamily(Categorical(torch.ones(len(mu), dtype=mu.dtype)), normals)
    moments = total_moments(mu, log_var)
    return (
        torch.stack([moments[0], moments[1:].diagonal()]) - torch.stack([mixture.mean, mixture.variance])
    ).abs() < 1e-12


def sample_aggregate(mu: Tensor, log_var: Tensor, n: int, generator: Generator) -> Tensor:
    """Pick an image for each of n draws, then draw from its q(z|x)."""
    i = torch.randint(len(mu), (n,), generator=generator)
    return mu[i] + torch.exp(0.5 * log_var[i]) * torch.randn(n, mu.shape[1], generator=generator, dtype=mu.dtype)


def has_the_moments(answer: Callable) -> Callable:
    """State that the moments of 4,000 draws are within 5 standard errors of the exact ones."""

    def statement(mu: Tensor, log_var: Tensor) -> Tensor:
        z, exact = answer(mu, log_var, DRAWS, Generator().manual_seed(125)), total_moments(mu, log_var)
        centred = z - exact[0]
        terms = torch.cat([z[:, None], centred[:, :, None] * centred[:, None]], 1)
        return (terms.mean(0) - exact).abs() < 5 * terms.std(0) / DRAWS**0.5

    return statement


# The mistakes that exercise 12.5 knows by name


def _parameters_averaged(mu, log_var, n, generator):
    return sample_aggregate(mu.mean(0)[None], log_var.exp().mean(0).log()[None], n, generator)


def _means_only(mu, log_var, n, generator):
    return mu[torch.randint(len(mu), (n,), generator=generator)]


def _prior(mu, log_var, n, generator):
    return torch.randn(n, mu.shape[1], generator=generator, dtype=mu.dtype)


def _one_image(mu, log_var, n, generator):
    return sample_aggregate(mu[:1], log_var[:1], n, generator)


equation(
    "12.5",
    "The aggregate posterior: pick an image, then draw its z",
    method="exact model",
    draw=encodings,
    lines={
        "mean, Cov μ + mean of σ²": total_moments,
        "exact points": moments_of_points,
        "torch's mixture": has_moments_of_torch_s_mixture,
        "4,000 draws": has_the_moments(sample_aggregate),
    },
    mutants={
        "parameters averaged": has_the_moments(_parameters_averaged),
        "means only": has_the_moments(_means_only),
        "prior": has_the_moments(_prior),
        "always the same image": has_the_moments(_one_image),
        "Cov μ alone": lambda mu, log_var: total_moments(mu, log_var - 99),
    },
)
