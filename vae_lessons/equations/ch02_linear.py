"""Check of chapter 2, part seven: the evidence of the linear model in closed form, (2.6)."""

import math

import torch
from torch import Tensor
from torch.distributions import LowRankMultivariateNormal, MultivariateNormal

from vae_lessons.equations.ch02_linear_posterior import linear_vae, posterior, precision
from vae_lessons.equations.registry import equation

LOG_2PI = math.log(2 * math.pi)


def large_numbers(rng) -> tuple[Tensor, ...]:
    """Draw three x of 64 pixels in the hundreds, with W (64×2), b and σ: det(WWᵀ + σ²I) has no floating point."""
    weight, bias, z, eps = (rng.normal(size=shape) for shape in [(64, 2), 64, (3, 2), (3, 64)])
    std = rng.uniform(320, 400, size=())
    x = 300 * z @ weight.T + 300 * bias + std * eps
    return tuple(torch.tensor(value) for value in (x, 300 * weight, 300 * bias, std))


def covariance(weight: Tensor, std: Tensor) -> Tensor:
    """Return WWᵀ + σ²I."""
    return weight @ weight.T + std**2 * torch.eye(len(weight), dtype=weight.dtype)


def log_normal(x: Tensor, bias: Tensor, cov: Tensor, log_det=torch.logdet, half=0.5, log_2pi=LOG_2PI) -> Tensor:
    """Compute -½ (D log 2π + log det C + (x - b)ᵀ C⁻¹ (x - b)); the mistakes change its parts."""
    d = x - bias
    return -half * (len(bias) * log_2pi + log_det(cov) + (d * torch.linalg.solve(cov, d.T).T).sum(-1))


def by_small_matrix(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    """Use M = I + WᵀW/σ² (J×J) alone: det C = σ^{2D} det M, C⁻¹ = (I - W M⁻¹Wᵀ/σ²)/σ²."""
    m, d = precision(weight, std), x - bias
    u = d @ weight / std**2
    quadratic = (d**2).sum(-1) / std**2 - (u * torch.linalg.solve(m, u.T).T).sum(-1)
    return -0.5 * (len(bias) * (LOG_2PI + 2 * std.log()) + torch.logdet(m) + quadratic)


def by_bayes(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    """Solve (2.4) for the evidence: log p(x, z) - log p(z|x) at any z, here z = (1, -1)."""
    z = torch.tensor([1.0, -1.0], dtype=x.dtype)
    mean, cov = posterior(x, weight, bias, std)
    log_lik = -0.5 * (len(bias) * (LOG_2PI + 2 * std.log()) + ((x - weight @ z - bias) ** 2).sum(-1) / std**2)
    return log_lik - LOG_2PI - 0.5 * z @ z - MultivariateNormal(mean, cov).log_prob(z)


def by_scipy(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor):
    """Let SciPy evaluate the normal."""
    from scipy.stats import multivariate_normal  # here, because it takes a second

    return multivariate_normal(bias.numpy(), covariance(weight, std).numpy()).logpdf(x.numpy())


# The mistakes that exercise 2.3 knows by name


def _std_for_variance(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std.sqrt()))


def _small_determinant(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std), lambda cov: torch.logdet(covariance(weight.T, std)))


def _no_half(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std), half=1)


def _no_2pi(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std), log_2pi=0)


def _determinant_overflows(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std), lambda cov: torch.linalg.det(cov).log())


def _sign_of_log_det(x, weight, bias, std):
    return log_normal(x, bias, covariance(weight, std), lambda cov: -torch.logdet(cov))


def _not_centred(x, weight, bias, std):
    return log_normal(x, torch.zeros_like(bias), covariance(weight, std))


equation(
    "2.6",
    "The evidence of the linear model is normal",
    method="exact model",
    draw=large_numbers,
    lines={
        "log N(x; b, WWᵀ + σ²I)": lambda x, weight, bias, std: log_normal(x, bias, covariance(weight, std)),
        "LinearVAE.log_evidence": lambda x, *decoder: linear_vae(*decoder).log_evidence(x),
        "by M (J×J) alone": by_small_matrix,
        "log p(x, z) - log p(z|x)": by_bayes,
        "scipy.stats": by_scipy,
        "torch.distributions": lambda x, weight, bias, std: LowRankMultivariateNormal(
            bias, weight, std.expand_as(bias) ** 2
        ).log_prob(x),
    },
    mutants={
        "σ for σ²": _std_for_variance,
        "det of WᵀW + σ²I": _small_determinant,
        "no ½": _no_half,
        "no 2π": _no_2pi,
        "det overflows": _determinant_overflows,
        "sign of log det": _sign_of_log_det,
        "not centred": _not_centred,
    },
)
