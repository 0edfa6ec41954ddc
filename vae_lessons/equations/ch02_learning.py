"""Check of chapter 2, part four: maximum likelihood, where it has a closed form, (2.3)."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from vae_lessons.equations.registry import equation
from vae_lessons.models import LinearVAE

J = 2  # latent dimensions


def linear_data(rng) -> tuple[Tensor]:
    """Draw 30 points in five dimensions from a linear model with two latent dimensions."""
    z, weight, bias, eps = (rng.normal(size=shape) for shape in [(30, J), (J, 5), 5, (30, 5)])
    return (torch.tensor(2 * z @ weight + bias + 0.5 * eps),)


def log_likelihood(x: Tensor, weight: Tensor, bias: Tensor, var: Tensor) -> Tensor:
    """Add log p(x) over the data, p(x) = N(b, WWᵀ + σ²I)."""
    cov = weight @ weight.T + var * torch.eye(len(bias), dtype=x.dtype)
    return MultivariateNormal(bias, cov).log_prob(x).sum()


def spectrum(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return eigenvalues, the largest first, and eigenvectors of the covariance matrix with 1/N."""
    values, vectors = torch.linalg.eigh(x.T.cov(correction=0))
    return values.flip(0), vectors.flip(1)


def maximum(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return W = U(Λ - σ²I)^½, b the mean, σ² the mean of the other eigenvalues (Tipping and Bishop, 1999)."""
    values, vectors = spectrum(x)
    var = values[J:].mean()
    return vectors[:, :J] * (values[:J] - var).sqrt(), x.mean(0), var


def at(parameters: Callable) -> Callable:
    """Evaluate the likelihood at parameters that are a function of the data."""
    return lambda x: log_likelihood(x, *parameters(x))


def in_closed_form(x: Tensor) -> Tensor:
    """Compute the maximum from the eigenvalues alone: -N/2 (D log 2π + Σ log λ + (D - J) log σ² + D)."""
    (n, d), values = x.shape, spectrum(x)[0]
    log_det = values[:J].log().sum() + (d - J) * values[J:].mean().log()
    return -n / 2 * (d * math.log(2 * math.pi) + log_det + d)


def by_library(x: Tensor) -> Tensor:
    """Let the library build the model of greatest likelihood."""
    with torch.random.fork_rng(devices=[]):  # its first weights are random, and replaced
        return LinearVAE.from_ppca(x, J).log_evidence(x).sum()


def by_search(x: Tensor) -> Tensor:
    """Climb Σ log p(x) from W of cosines, b = 0, σ² = 1, without knowing where the maximum is."""
    start = torch.linspace(0, 5, 5 * J, dtype=x.dtype).cos().reshape(5, J), torch.zeros(5).double(), x.new_zeros(())
    weight, bias, log_var = (value.clone().requires_grad_() for value in start)
    search = torch.optim.LBFGS(
        [weight, bias, log_var], max_iter=500, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure():
        search.zero_grad()
        loss = -log_likelihood(x, weight, bias, log_var.exp())
        loss.backward()
        return loss

    search.step(closure)
    return -closure().detach()


def is_flat(x: Tensor) -> Tensor:
    """Tell whether the gradient of Σ log p(x) is zero at the maximum."""
    parameters = [value.requires_grad_() for value in maximum(x)]
    gradients = torch.autograd.grad(log_likelihood(x, *parameters), parameters)
    return torch.cat([gradient.flatten() for gradient in gradients]).abs() < 1e-9


def not_shrunk(x):
    """Use W = U Λ^½, as if x had no noise."""
    values, vectors = spectrum(x)
    return vectors[:, :J] * values[:J].sqrt(), x.mean(0), values[J:].mean()


def with_variance(variance: Callable) -> Callable:
    """Use another σ², a function of the eigenvalues."""
    return at(lambda x: (*maximum(x)[:2], variance(spectrum(x)[0])))


def log_of_sum(x: Tensor) -> Tensor:
    """Add the densities of the data, then take the logarithm."""
    weight, bias, var = maximum(x)
    return torch.stack([log_likelihood(row[None], weight, bias, var) for row in x]).logsumexp(0)


equation(
    "2.3",
    "Maximum likelihood adds the log-evidence of all data",
    method="exact model",
    draw=linear_data,
    lines={
        "Σ log p(x) at θ of Tipping and Bishop": at(maximum),
        "its value from the eigenvalues": in_closed_form,
        "LinearVAE.from_ppca": by_library,
        "largest value found by a search": by_search,
        "the gradient is zero there": is_flat,
    },
    mutants={
        "log of the sum": log_of_sum,
        "mean over the data": lambda x: at(maximum)(x) / len(x),
        "W not shrunk by σ²": at(not_shrunk),
        "σ² the smallest λ": with_variance(lambda values: values[-1]),
        "σ² the mean of all λ": with_variance(lambda values: values.mean()),
        "b = 0": at(lambda x: (maximum(x)[0], torch.zeros_like(x[0]), maximum(x)[2])),
        "p(x|z) at z = 0 for p(x)": at(lambda x: (torch.zeros_like(maximum(x)[0]), *maximum(x)[1:])),
    },
    draws=5,
)
