"""Figures of chapter 13: likelihoods, gaps, and a number that is no bound."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from vae_lessons.plots.style import BLUE, VERMILION, figure


@figure
def iw_errors(draws: list[int], errors: Tensor, se: Tensor):
    """How far the importance-weighted estimate (13.1) is below the exact log p(x), for each number of draws L."""
    at = torch.as_tensor(draws)
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    axes.loglog(at, errors[0] / at, color=VERMILION, linestyle="--", linewidth=2, label="slope −1")
    axes.errorbar(at, errors, 2 * se, fmt="o", color=BLUE, markersize=8, capsize=4, label="measured, ± 2 se")
    axes.set(xlabel="draws per image L", ylabel="log p(x) − estimate, nats", ylim=(errors.min().item() / 4, 0.8))
    axes.set_xticks(at, [str(n) for n in draws])
    axes.minorticks_off()
    axes.legend(loc="upper right")
    points = ", ".join(f"{e:.3f} at {n}" for n, e in zip(draws, errors.tolist(), strict=True))
    return fig, (
        "Distance of the importance-weighted estimate from the exact log p(x) against the number of draws, both axes "
        f"logarithmic: {points}. A dashed line falls like 1/L from the first point; the others lie above it."
    )


@figure
def posteriors_and_qs(axis: Tensor, log_joint: Tensor, qs: dict[str, tuple[Tensor, Tensor]], x: Tensor, titles: list):
    """Exact posteriors on a grid, (G, G, K) for K images x, with the ellipses of some q: of two σ, as (μ, ℓ) each."""
    side = round(x.shape[-1] ** 0.5)
    fig, panels = plt.subplots(1, len(x), figsize=(5.6, 3.9), squeeze=False)
    styles = [{"color": VERMILION, "linestyle": "--"}, {"color": "black", "linestyle": "-"}]
    angle = torch.linspace(0, 2 * torch.pi, 100)
    circle = 2 * torch.stack([angle.cos(), angle.sin()], 1)
    for k, (axes, title) in enumerate(zip(panels[0], titles, strict=True)):
        density = (log_joint[..., k] - log_joint[..., k].max()).exp()
        axes.contourf(axis, axis, density.T, levels=np.array([0.02, 0.1, 0.25, 0.5, 0.75, 1.01]), cmap="Blues")
        for (name, (mu, log_var)), style in zip(qs.items(), styles, strict=False):
            ellipse = mu[k] + torch.exp(0.5 * log_var[k]) * circle
            axes.plot(*ellipse.T, linewidth=2.2, label=name if k == 0 else None, **style)
            axes.plot(*mu[k], "+", color=style["color"], markersize=10, markeredgewidth=2)
        centre = torch.cat([qs[name][0][k][None] for name in qs]).mean(0)
        axes.set(xlim=(centre[0] - 1.7, centre[0] + 1.7), ylim=(centre[1] - 1.7, centre[1] + 1.7), aspect="equal")
        axes.set(xlabel="first latent", title=title)
        inset = axes.inset_axes((0.02, 0.74, 0.24, 0.24))
        inset.imshow(x[k].reshape(side, side))
        inset.set_axis_off()
    panels[0, 0].set_ylabel("second latent")
    fig.legend(loc="outside lower center", ncols=len(qs))
    return fig, (
        f"{len(x)} panels, an image each: the exact posterior in the plane of the latents as shaded contours, "
        f"with ellipses two standard deviations wide for {' (dashed) and '.join(qs)}. "
        + " ".join(f"Panel {k + 1}: {title.replace(chr(10), ', ')}." for k, title in enumerate(titles))
    )


@figure
def no_bound(elbo: Tensor, at_mean: Tensor, log_p: Tensor):
    """ELBO and the number at the mean of q, less the exact log p(x), image by image in the order of the latter."""
    below, other = elbo - log_p, at_mean - log_p
    order = other.argsort()
    at = torch.arange(len(order))
    fig, axes = plt.subplots(figsize=(5.6, 3.9))
    axes.axhline(0, color="black", linewidth=1.8)
    axes.plot(at, other[order], "^", color=VERMILION, markersize=4, label="at the mean of q")
    axes.plot(at, below[order], "o", color=BLUE, markersize=3.5, label="ELBO")
    axes.text(len(at) * 0.99, -1.3, "0 is the exact log p(x)", ha="right", va="top", fontsize=12)
    axes.set(xlabel="test images, sorted", ylabel="difference from log p(x), nats", ylim=(-3, None))
    axes.legend(loc="upper left", markerscale=2)
    return fig, (
        f"For each of {len(at)} images two marks: the ELBO less log p(x), always below zero, and the number computed "
        f"at the mean of q less log p(x), above zero for {(other > 0).double().mean().item():.0%} of the images."
    )
