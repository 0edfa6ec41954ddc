"""Check of chapter 13, part six: what decoding the mean of q adds to the ELBO, (13.6), on an exactly solvable model."""

import torch
from torch import Tensor

from vae_lessons.equations.ch13_gaps import best_q
from vae_lessons.equations.ch13_grid import weights_variance_images
from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import LinearGaussian, sigma_points
from vae_lessons.objectives import elbo_analytic_kl


def excess(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Compute log p(x|μ) - KL less the ELBO, both by the library, at the best factorised q of each image."""
    model = LinearGaussian(w, var)
    model.q = best_q(model, x)
    at_mean = elbo_analytic_kl(model, x, torch.zeros(1, *model.q[0].shape, dtype=x.dtype))
    return at_mean - elbo_analytic_kl(model, x, sigma_points(2).expand(-1, len(x), -1))


def half_of_what_is_left(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Compute ½ Σ (1 - σ_j²) at the best q."""
    _, log_var = best_q(LinearGaussian(w, var), x)
    return 0.5 * (1 - log_var.exp()).sum(-1)


def by_curvature(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Compute -½ tr(H diag σ²), with the Hessian H of log p(x|z) at μ by autograd."""
    model = LinearGaussian(w, var)
    mu, log_var = best_q(model, x)
    rows = [
        torch.autograd.functional.hessian(lambda z, i=i: model.log_likelihood(x[i : i + 1], z[None, None]).sum(), mu[i])
        for i in range(len(x))
    ]
    return -0.5 * torch.stack([h.diagonal() @ v for h, v in zip(rows, log_var.exp(), strict=True)])


def above_the_evidence(w: Tensor, var: Tensor, x: Tensor) -> Tensor:
    """Tell whether, where q is the posterior, the number at the mean is log p(x) + ½ Σ (1 - σ_j²), which is more."""
    w = w @ torch.linalg.svd(w)[2].mT  # WᵀW is diagonal now, and so is the posterior
    model = LinearGaussian(w, var)
    model.q = best_q(model, x)
    at_mean = elbo_analytic_kl(model, x, torch.zeros(1, *model.q[0].shape, dtype=x.dtype))
    more = half_of_what_is_left(w, var, x)
    return ((at_mean - model.log_evidence(x) - more).abs() < 1e-9) & (more > 0)


def _of_variances(wrong):
    """Make a mutant from a function of the best q's log-variances."""
    return lambda w, var, x: wrong(best_q(LinearGaussian(w, var), x)[1])


def _marginal_variances(w, var, x):
    cov = LinearGaussian(w, var).posterior(x)[1]
    return 0.5 * (1 - cov.diagonal()).sum().expand(len(x))


equation(
    "13.6",
    "What the number at the mean of q exceeds the ELBO by",
    method="exact model",
    draw=weights_variance_images,
    lines={
        "log p(x|μ) - E log p(x|z)": excess,
        "½ Σ (1 - σ²)": half_of_what_is_left,
        "-½ tr(HΣ), by autograd": by_curvature,
        "so much above log p(x)": above_the_evidence,
    },
    mutants={
        "no ½": _of_variances(lambda log_var: (1 - log_var.exp()).sum(-1)),
        "σ for σ²": _of_variances(lambda log_var: 0.5 * (1 - (0.5 * log_var).exp()).sum(-1)),
        "½ Σ σ²": _of_variances(lambda log_var: 0.5 * log_var.exp().sum(-1)),
        "mean over the dimensions": _of_variances(lambda log_var: 0.5 * (1 - log_var.exp()).mean(-1)),
        "the posterior's variances": _marginal_variances,
        "half a nat per dimension": _of_variances(lambda log_var: 0 * log_var.sum(-1) + 1),
        "sign": lambda *inputs: -excess(*inputs),
    },
)
