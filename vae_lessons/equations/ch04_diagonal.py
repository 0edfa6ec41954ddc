"""Check of chapter 4, part two: the KL divergence of independent normals from N(0, I), (4.2)."""

from functools import cache

import torch
from torch import Tensor
from torch.distributions import Independent, Normal, kl_divergence

from vae_lessons.divergences import kl_normal, kl_std_normal
from vae_lessons.equations.registry import equation


def means_and_log_variances(rng) -> tuple[Tensor, Tensor]:
    """Draw μ and ℓ of two images and three latents; of each image, one ℓ at least is negative and one positive."""
    mu, log_var = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    log_var[:, 0], log_var[:, 2] = -abs(log_var[:, 0]) - 0.1, abs(log_var[:, 2]) + 0.1
    return torch.tensor(mu), torch.tensor(log_var)


@cache
def follows_from_4_1(log_var_is: str) -> bool:
    """Let SymPy put s = e^{ℓ/2}, n = 0, r = 1 into (4.1): tell whether that is -½(1 + ℓ - μ² - e^ℓ) of one latent."""
    import sympy as sp

    mu, log_var = sp.symbols("mu l", real=True)
    s = {"log σ²": sp.exp(log_var / 2), "log σ": sp.exp(log_var)}[log_var_is]
    kl = sp.log(1 / s) + (s**2 + mu**2) / 2 - sp.Rational(1, 2)
    return sp.simplify(sp.expand_log(kl, force=True) + (1 + log_var - mu**2 - sp.exp(log_var)) / 2) == 0


def latent_by_latent(mu: Tensor, log_var: Tensor) -> Tensor:
    """Add (4.1) over the latents, with p = N(0, 1)."""
    zero, one = torch.zeros_like(mu), torch.ones_like(mu)
    return kl_normal(mu, (log_var / 2).exp(), zero, one).sum(-1)


def by_torch(mu: Tensor, log_var: Tensor) -> Tensor:
    """Let torch.distributions add over the latents."""
    q, p = Normal(mu, (log_var / 2).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return kl_divergence(Independent(q, 1), Independent(p, 1))


# The mistakes that exercise 4.2 knows by name


def _no_half(mu, log_var):
    return -(1 + log_var - mu**2 - log_var.exp()).sum(-1)


def _sign(mu, log_var):
    return 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(-1)


def _mean_over_the_latents(mu, log_var):
    return -0.5 * (1 + log_var - mu**2 - log_var.exp()).mean(-1)


def _sum_over_the_batch(mu, log_var):
    return -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(0)


def _sum_of_everything(mu, log_var):
    return -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()


def _log_var_as_log_std(mu, log_var):
    return kl_std_normal(mu, 2 * log_var)


def _log_var_as_std(mu, log_var):
    return -0.5 * (1 + (log_var**2).log() - mu**2 - log_var**2).sum(-1)


def _log_var_as_var(mu, log_var):
    return -0.5 * (1 + log_var.log() - mu**2 - log_var).sum(-1)


def _no_exponential(mu, log_var):
    return -0.5 * (1 + log_var - mu**2 - log_var).sum(-1)


def _mean_not_squared(mu, log_var):
    return -0.5 * (1 + log_var - mu - log_var.exp()).sum(-1)


def _no_one(mu, log_var):
    return -0.5 * (log_var - mu**2 - log_var.exp()).sum(-1)


def _swapped(mu, log_var):
    return 0.5 * (log_var + (1 + mu**2) * (-log_var).exp() - 1).sum(-1)


equation(
    "4.2",
    "The KL divergence of independent normals from N(0, I)",
    method="SymPy",
    draw=means_and_log_variances,
    lines={
        "-½ Σ(1 + ℓ - μ² - e^ℓ)": lambda mu, log_var: -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(-1),
        "kl_std_normal": kl_std_normal,
        "(4.1) added over the latents": latent_by_latent,
        "torch.distributions": by_torch,
        "proof: SymPy puts e^(ℓ/2) in (4.1)": lambda mu, log_var: follows_from_4_1("log σ²"),
    },
    mutants={
        "no ½": _no_half,
        "sign": _sign,
        "mean over the latents": _mean_over_the_latents,
        "sum over the batch": _sum_over_the_batch,
        "sum of everything": _sum_of_everything,
        "ℓ as log σ": _log_var_as_log_std,
        "ℓ as σ": _log_var_as_std,
        "ℓ as σ²": _log_var_as_var,
        "no exponential": _no_exponential,
        "μ not squared": _mean_not_squared,
        "no 1": _no_one,
        "arguments swapped": _swapped,
        "proof with ℓ = log σ": lambda mu, log_var: follows_from_4_1("log σ"),
    },
)
