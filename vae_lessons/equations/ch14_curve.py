"""Check of chapter 14, part five: rate and distortion of the best linear β-VAE, (14.6); Alemi et al. (2018)."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch14_linear import images_variance_latents, optimum, principal_variances
from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import sigma_points
from vae_lessons.objectives import elbo_analytic_kl

BETAS = torch.tensor([0.3, 0.5, 1.0, 2.0, 3.0]).double()


def images_and_variance(rng) -> tuple[Tensor, Tensor]:
    """Draw 60 images of six pixels, and σ²; the models have J = 4 latents."""
    return images_variance_latents(rng)[0], torch.tensor(rng.uniform(0.25, 0.4), dtype=torch.float64)


def curve(x: Tensor, var: Tensor, betas: Tensor = BETAS) -> Tensor:
    """Stack R = ½ Σ log(λ/βσ²) over λ > βσ², and D = Σ min(λ, βσ²)/(2σ²) + D/2 log 2πσ², for each β, J = 4."""
    variances, level = principal_variances(x), (betas * var)[:, None]
    kept = variances[:4]
    rate = 0.5 * (kept / level).log().clamp(min=0).sum(-1)
    left = torch.minimum(kept, level).sum(-1) + variances[4:].sum()
    return torch.stack([rate, 0.5 * left / var + len(variances) / 2 * (2 * math.pi * var).log()])


def of_the_model(x: Tensor, var: Tensor) -> Tensor:
    """Stack the average KL and -E log p(x|z) of the best linear β-VAE, by (9.7) that of βσ², for each β."""
    return torch.stack([torch.stack([kl_std_normal(*m.encoder(x)).mean(), -rec(m, x)]) for m in models(x, var)], 1)


def models(x: Tensor, var: Tensor) -> list:
    """Build them: probabilistic PCA with the variance βσ², then σ² in its place."""
    found = [optimum(x, (beta * var).item(), 4) for beta in BETAS]
    for model in found:
        model.log_var_x.data = var.log()
    return found


def rec(model, x: Tensor) -> Tensor:
    """Average E log p(x|z) over the images; the sigma points make it exact."""
    return elbo_analytic_kl(model, x, sigma_points(4).expand(-1, len(x), -1), beta=0.0).mean()


def each_is_best(x: Tensor, var: Tensor) -> Tensor:
    """Tell whether 𝓛_β of the library is flat at the model of each β, by autograd."""
    largest = []
    for model, beta in zip(models(x, var), BETAS.tolist(), strict=True):
        value = elbo_analytic_kl(model, x, sigma_points(4).expand(-1, len(x), -1), beta=beta).mean()
        gradient = torch.autograd.grad(value, [p for p in model.parameters() if p.requires_grad])
        largest.append(max(g.abs().max() for g in gradient))
    return torch.stack(largest) < 1e-9


def slope(x: Tensor, var: Tensor) -> Tensor:
    """Compute dD/dR along the curve, by autograd."""
    betas = BETAS.clone().requires_grad_()
    d_rate, d_distortion = (torch.autograd.grad(c.sum(), betas, retain_graph=True)[0] for c in curve(x, var, betas))
    return d_distortion / d_rate


def falls_and_is_convex(x: Tensor, var: Tensor) -> Tensor:
    """Tell whether, as β grows, R falls and D rises, and whether the chords get steeper with less R."""
    d_rate, d_distortion = curve(x, var).diff(dim=1)
    steepness = -d_distortion / d_rate
    return torch.cat([d_rate < 0, d_distortion > 0, steepness.diff() > 0])


equation(
    "14.6",
    "The curve of rate and distortion, whose slope is -β",
    method="exact model",
    draw=images_and_variance,
    lines={
        "R(β), D(β) from the λ_j": curve,
        "KL and -E log p of LinearVAE": of_the_model,
        "𝓛_β is flat there": each_is_best,
        "dD/dR = -β": lambda *inputs: (slope(*inputs) + BETAS).abs() < 1e-9,
        "falling and convex": falls_and_is_convex,
        "R + D is least at β = 1": lambda *inputs: curve(*inputs).sum(0).argmin() == 2,
    },
    mutants={
        "dD/dR = -1/β": lambda *inputs: (slope(*inputs) + 1 / BETAS).abs() < 1e-9,
        "level σ²/β": lambda x, var: curve(x, var, 1 / BETAS),
        "R and D swapped": lambda *inputs: curve(*inputs).flip(0),
        "no ½ in R": lambda *inputs: curve(*inputs) * torch.tensor([[2.0], [1.0]]),
        "R in bits": lambda *inputs: curve(*inputs) / torch.tensor([[math.log(2)], [1.0]]).double(),
        "R + D is the same for all β": lambda *inputs: curve(*inputs).sum(0).diff().abs() < 1e-9,
        "R grows with β": lambda *inputs: curve(*inputs)[0].diff() > 0,
    },
)
