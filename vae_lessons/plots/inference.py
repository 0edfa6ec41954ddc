"""Figures of chapter 5: approximations of a posterior."""

import matplotlib.pyplot as plt
import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.plots.normals import _ellipse
from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, P_LINE, Q_LINE, VERMILION, figure

LINES = (Q_LINE, {"color": GREEN, "linewidth": 2.5, "linestyle": "-."})


@figure
def normal_fits(z: Tensor, log_p: Tensor, fits: dict[str, tuple[float, float]]):
    """A density and normals fitted to it, and below them minus the logarithms, as in Bishop (2006), figure 10.1."""
    log_p = log_p - torch.trapezoid(log_p.exp(), z).log()
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.4), sharex=True)
    curves = {"posterior": (log_p, P_LINE)}
    for (name, (mean, std)), line in zip(fits.items(), LINES, strict=False):
        curves[name] = Normal(mean, std).log_prob(z), line
    for name, (log_density, line) in curves.items():
        top.plot(z, log_density.exp(), **line, label=name)
        bottom.plot(z, -log_density, **line)
    highest = max(log_density.exp().max().item() for log_density, _ in curves.values())
    top.set(ylabel="density", xlim=(-2, 3.2), ylim=(0, 1.06 * highest))
    top.legend(loc="upper right")
    bottom.set(xlabel="z", ylabel="−log density in nats", ylim=(-0.3, 10))
    spoken = "; ".join(f"{name}, mean {mean:.2f} and std {std:.2f}" for name, (mean, std) in fits.items())
    return fig, (
        "The posterior, which rises like a cliff at −0.2 and falls slowly to the right, and minus its logarithm, a "
        f"wall at the left of a shallow bowl. Over them normals: {spoken}."
    )


@figure
def search_path(z: Tensor, log_p: Tensor, path: Tensor, others: dict[str, tuple[float, float]]):
    """Level sets of KL(q‖p) over mean and standard deviation of a normal q, with a search for the minimum, (5.2)."""
    log_p = log_p - torch.trapezoid(log_p.exp(), z).log()
    mean, std = torch.meshgrid(torch.linspace(-0.2, 1.3, 61), torch.linspace(0.2, 1.0, 61), indexing="xy")
    log_q = Normal(mean[..., None], std[..., None]).log_prob(z)
    kl = torch.trapezoid(log_q.exp() * (log_q - log_p), z)
    fig, axes = plt.subplots(figsize=(5.6, 4.6))
    lines = axes.contour(mean, std, kl, levels=[0.2, 0.3, 0.5, 1, 2, 3, 5], colors=GREY, linewidths=1.2)
    axes.clabel(lines, fmt="%g")
    axes.plot(*path.T, color=VERMILION, linewidth=2.5, label="the search")
    axes.plot(*path[0], "s", color=BLUE, markersize=9, label="Laplace, the start")
    axes.plot(*path[-1], "o", color=VERMILION, markersize=9, label="nearest q")
    for marker, (name, fit) in zip("^D", others.items(), strict=False):
        axes.plot(*fit, marker, color=ORANGE, markersize=9, markeredgecolor="black", linestyle="none", label=name)
    axes.set(xlabel="mean of q", ylabel="standard deviation of q")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.24), ncols=2)
    (a, b), (c, d) = path[0].tolist(), path[-1].tolist()
    return fig, (
        "Level sets of KL of q from the posterior over mean and standard deviation of q: closed curves around one "
        f"minimum at ({c:.2f}, {d:.2f}). A path leads to it from Laplace's approximation at ({a:.2f}, {b:.2f}), first "
        "to the right and down, across the steep slope, then along a flat valley."
        + "".join(f" Marked as well: {name} ({fit[0]:.2f}, {fit[1]:.2f})." for name, fit in others.items())
    )


@figure
def mean_field_pair(cov: Tensor, independent: Tensor):
    """A correlated normal in the plane and the nearest q with independent dimensions, (5.4), with their marginals."""
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 6.2), height_ratios=(1.7, 1))
    zero = torch.zeros(2, dtype=cov.dtype)
    for matrix, line, name in ((cov, P_LINE, "posterior"), (torch.diag(independent), Q_LINE, "q, independent")):
        for radius, alpha in ((1, 1.0), (2, 0.5)):
            top.plot(*_ellipse(zero, radius**2 * matrix).T, **line, alpha=alpha, label=name if radius == 1 else None)
        z = torch.linspace(-3, 3, 241, dtype=cov.dtype)
        bottom.plot(z, Normal(0.0, matrix[0, 0].sqrt()).log_prob(z).exp(), **line)
    top.set(xlabel="first latent", ylabel="second latent", aspect="equal", xlim=(-3, 3))
    top.legend(loc="upper left")
    bottom.set(xlabel="first latent", ylabel="density", xlim=(-3, 3), ylim=(0, None))
    return fig, (
        "Above, ellipses of one and two standard deviations: those of the posterior are long and tilted, those of the "
        "independent q are circles that meet them on the axes. Below, densities of the first latent alone: "
        f"variance {cov[0, 0]:.2f} under the posterior, {independent[0]:.2f} under q."
    )


@figure
def amortized_codes(t: Tensor, codes: dict[str, tuple[Tensor, Tensor]]):
    """Means and standard deviations of q over the input of an encoder; the first entry is the search for each."""
    lines = ({"color": GREY, "marker": "o", "markersize": 5, "linestyle": "none"}, Q_LINE | {"color": ORANGE}, P_LINE)
    fig, panels = plt.subplots(2, 1, figsize=(5.6, 5.2), sharex=True)
    order = t.argsort()
    for axes, k, ylabel in ((panels[0], 0, "mean of q"), (panels[1], 1, "std of q")):
        for (name, code), line in zip(codes.items(), lines, strict=True):
            axes.plot(t[order], code[k][order], **line, label=name)
        axes.set(ylabel=ylabel)
    panels[0].legend(loc="upper left")
    panels[1].set_xlabel("threshold t, which the encoder is given")
    return fig, (
        "Mean and standard deviation of the nearest normal as functions of the threshold. The searches lie on two "
        "smooth bent curves, the mean rising and the standard deviation falling. The network runs through them; the "
        "affine encoder is a straight line in the upper panel, and misses both curves."
    )
