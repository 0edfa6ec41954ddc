"""Figures of chapter 4: the divergence of two normals."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from vae_lessons.divergences import kl_multivariate_normal, kl_std_normal
from vae_lessons.plots.style import BLUE, GREY, P_LINE, Q_LINE, VERMILION, figure


@figure
def kl_slices():
    """KL(N(μ, σ²) ‖ N(0, 1)) along μ with σ = 1, and along σ with μ = 0, equation (4.1)."""
    mu = torch.linspace(-3, 3, 121, dtype=torch.float64)[:, None]
    std = torch.linspace(0.05, 3, 121, dtype=torch.float64)[:, None]
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 4.8))
    top.plot(mu, kl_std_normal(mu, torch.zeros_like(mu)), color=BLUE, linewidth=2.5)
    top.set(xlabel="mean μ, with σ = 1", ylabel="KL in nats")
    bottom.plot(std, kl_std_normal(torch.zeros_like(std), 2 * std.log()), color=BLUE, linewidth=2.5)
    bottom.set(xlabel="standard deviation σ, with μ = 0", ylabel="KL in nats")
    for axes, at in ((top, 0), (bottom, 1)):
        axes.plot(at, 0, "o", color="black")
        axes.set_ylim(-0.1, 4.6)
    return fig, (
        "KL of N(μ, σ²) from N(0, 1). Along the mean it is a parabola with its minimum, zero, at 0. Along the standard "
        "deviation it is zero at 1, rises without bound as σ falls to 0, and rises slowly at first above 1."
    )


@figure
def kl_landscape():
    """Level sets of KL(N(μ, e^ℓ) ‖ N(0, 1)) over μ and ℓ, with arrows along minus the gradient (4.5)."""
    mu, log_var = torch.meshgrid(torch.linspace(-2.5, 2.5, 101), torch.linspace(-4, 2, 121), indexing="xy")
    kl = kl_std_normal(mu[..., None], log_var[..., None])
    fig, axes = plt.subplots(figsize=(5.6, 4.6))
    lines = axes.contour(mu, log_var, kl, levels=[0.1, 0.5, 1, 2, 3, 4], colors=GREY, linewidths=1.2)
    axes.clabel(lines, fmt="%g")
    at_mu, at_log_var = np.meshgrid(np.linspace(-2.2, 2.2, 9), np.linspace(-3.6, 1.6, 9))
    down = (-at_mu, -0.5 * (np.exp(at_log_var) - 1))
    axes.quiver(at_mu, at_log_var, *down, color=BLUE, angles="xy", scale_units="xy", scale=6, width=0.006)
    axes.plot(0, 0, "o", color=VERMILION, markersize=8)
    axes.annotate("N(0, 1)", (0, 0), (0.1, 0.2), color=VERMILION, backgroundcolor="#ffffffcc")
    axes.set(xlabel="mean μ", ylabel="log-variance ℓ")
    return fig, (
        "Level sets of the KL divergence over mean and log-variance, closed curves around its only minimum at (0, 0), "
        "with arrows of steepest descent. They lead to the minimum; for large negative log-variance they are "
        "short, with a vertical part of at most one half."
    )


def _ellipse(mu: Tensor, cov: Tensor) -> Tensor:
    """Points one standard deviation from the mean: μ + L u for u on the unit circle and Σ = LLᵀ."""
    angle = torch.linspace(0, 2 * torch.pi, 181, dtype=mu.dtype)
    return mu + torch.stack([angle.cos(), angle.sin()], -1) @ torch.linalg.cholesky(cov).T


@figure
def two_ellipses(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor):
    """Two normals in the plane as their one- and two-standard-deviation ellipses, with KL both ways, (4.4)."""
    fig, axes = plt.subplots(figsize=(5.6, 4.6))
    for mu, cov, style, name in ((mu_q, cov_q, Q_LINE, "q"), (mu_p, cov_p, P_LINE, "p")):
        for radius, alpha in ((1, 1.0), (2, 0.5)):
            axes.plot(*_ellipse(mu, radius**2 * cov).T, **style, alpha=alpha, label=name if radius == 1 else None)
        axes.plot(*mu, "o", color=style["color"])
    axes.set(xlabel="first dimension", ylabel="second dimension", aspect="equal")
    axes.legend()
    there = kl_multivariate_normal(mu_q, cov_q, mu_p, cov_p)
    back = kl_multivariate_normal(mu_p, cov_p, mu_q, cov_q)
    return fig, (
        "Ellipses of one and two standard deviations of two normals in the plane, q dashed and p solid. KL of q from p "
        f"is {there:.2f} nats, KL of p from q is {back:.2f} nats."
    )
