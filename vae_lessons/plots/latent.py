"""Figures of chapter 2: latent-variable models and their integral."""

import matplotlib.pyplot as plt
import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, P_LINE, VERMILION, figure

MARKS = {"A": (BLUE, "o", "-"), "B": (VERMILION, "s", "--"), "C": (GREEN, "^", "-.")}


def _curve(axes, curve: Tensor, **style) -> None:
    axes.plot(*curve.T, **({"color": "black", "linewidth": 1.5} | style))
    axes.set(xlabel="first coordinate of x", ylabel="second coordinate of x", aspect="equal")


@figure
def two_steps(z: Tensor, mean: Tensor, x: Tensor, curve: Tensor, marked: int = 6):
    """Ancestral sampling, (2.1): latent points under the prior, and the x that came of them, some of them marked."""
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 6.6), height_ratios=(1, 3))
    line = torch.linspace(-3.3, 3.3, 200)
    top.plot(line, Normal(0.0, 1.0).log_prob(line).exp(), **P_LINE)
    top.set(xlabel="z, which nobody sees", ylabel="p(z)", ylim=(0, 0.48))
    closest = (z - torch.linspace(-2.1, 2.1, marked)[:, None]).abs().argmin(1)
    _curve(bottom, curve, label="where the decoder puts z")
    bottom.plot(*x.T, ".", color=GREY, alpha=0.45, markersize=5, label="x, which we see")
    for number, i in enumerate(closest, 1):
        name = {"ha": "center", "va": "center", "fontsize": 11, "color": "white", "fontweight": "bold"}
        dot = {"marker": "o", "markersize": 14, "color": VERMILION, "linestyle": "none"}
        top.plot(z[i], 0.06, **dot)
        top.text(z[i], 0.057, str(number), **name)
        bottom.plot(*torch.stack([mean[i], x[i]]).T, color=VERMILION, linewidth=2)
        bottom.plot(*x[i], **dot)
        bottom.text(*x[i], str(number), **name)
    bottom.legend(loc="upper center", bbox_to_anchor=(0.5, 1.17), ncols=2, columnspacing=1.2, handletextpad=0.5)
    return fig, (
        f"Above, the normal density of z with {marked} numbered draws. Below, the plane of x: a circle, open at the "
        f"left, onto which the decoder puts z, and {len(x)} points scattered around it; each of the {marked} numbered "
        "points is joined by a line to the place on the circle where its z put it."
    )


@figure
def evidence_integrand(z: Tensor, prior: Tensor, likelihood: Tensor):
    """Prior, likelihood of one x as a function of z, and their product, whose area is the evidence (2.2)."""
    joint, area = prior * likelihood, torch.trapezoid(prior * likelihood, z).item()
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    axes.plot(z, prior, **P_LINE, label="p(z)")
    axes.plot(z, likelihood, color=VERMILION, linewidth=2.5, linestyle="--", label="p(x = 1 | z)")
    axes.plot(z, joint, color="black", linewidth=1.5, label="their product")
    axes.fill_between(z, joint, color=ORANGE, alpha=0.45, hatch="///", edgecolor="white")
    axes.annotate(f"area p(x) = {area:.4f}", (0.55, 0.12), (-3.3, 0.5), arrowprops={"arrowstyle": "->"})
    axes.set(xlabel="z", ylabel="density", xlim=(-3.5, 3.5), ylim=(0, 0.95))
    axes.legend(loc="upper left", ncols=3, columnspacing=1.0, handlelength=1.6)
    return fig, (
        "Three curves over z: the prior, centred at 0; the likelihood of x = 1, narrower, centred at 1; and their "
        f"product between the two, lower than both, with its area shaded. The area is {area:.4f}, the likelihood's "
        f"maximum {likelihood.max().item():.4f}."
    )


@figure
def evidence_map(axis: Tensor, density: Tensor, curve: Tensor):
    """The evidence p(x) at every point of a square, (2.2), with the curve of the decoder."""
    fig, axes = plt.subplots(figsize=(5.6, 4.5))
    shown = axes.pcolormesh(axis, axis, density.T, cmap="Blues", shading="gouraud", rasterized=True)
    _curve(axes, curve, linestyle=":")
    fig.colorbar(shown, label="p(x)")
    return fig, (
        "Map of the density p(x) over the plane: a blurred ring that follows the decoder's circle, darkest at the "
        "right, where z is near 0, pale towards the opening at the left, empty in the middle and outside."
    )


@figure
def grid_posteriors(z: Tensor, places: dict[str, tuple], densities: dict[str, Tensor], curve: Tensor):
    """Some x in the plane of the decoder's curve, and the posterior of each on a grid, (2.4), over the prior."""
    layout = [["plane"] * len(places), list(places)]
    fig, panels = plt.subplot_mosaic(layout, figsize=(5.6, 5.6), height_ratios=(1.9, 1))
    _curve(panels["plane"], curve, color=GREY)
    for name, place in places.items():
        colour, marker, line = MARKS[name]
        panels["plane"].plot(*place, marker, color=colour, markersize=11)
        panels["plane"].annotate(name, place, (9, 7), textcoords="offset points", fontsize=14, color=colour)
        axes = panels[name]
        axes.plot(z, Normal(0.0, 1.0).log_prob(z).exp(), color=GREY, linewidth=1.5, linestyle=":")
        axes.plot(z, densities[name], color=colour, linewidth=2.5, linestyle=line)
        axes.set(title=f"p(z | x = {name})", xlabel="z", xlim=(-4, 4), ylim=(0, None), xticks=[-3, 0, 3])
    panels["plane"].set(xlim=(-2.9, 2.9), ylim=(-2.4, 2.4))
    peaks = {name: int(((d[1:-1] > d[:-2]) & (d[1:-1] > d[2:])).sum()) for name, d in densities.items()}
    spoken = "; ".join(f"{name} at {places[name]}: {peaks[name]} peak{'s' * (peaks[name] > 1)}" for name in places)
    return fig, (
        "Above, the circle of the decoder with marked points; below, the posterior of z for each, over the "
        f"dotted prior. {spoken}. The posterior of A is narrow, that of C coincides with the prior."
    )


@figure
def prior_collapse(z_dims: list[int], errors: Tensor, sizes: Tensor, n_samples: int):
    """Estimates of log p(x) from draws of the prior, (2.8): their errors, and effective sizes, a row of each per J."""
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.4), sharex=True)
    at = torch.tensor(z_dims, dtype=torch.double)[:, None].expand_as(errors)
    for axes, values, colour, marker in ((top, errors, VERMILION, "s"), (bottom, sizes, BLUE, "o")):
        axes.plot(at, values, marker, color=colour, alpha=0.45, markeredgewidth=0)
        axes.plot(z_dims, values.median(1).values, color=colour, linewidth=2)
    top.axhline(0, color="black", linewidth=0.8)
    top.set(ylabel="estimate − exact, nats")
    bottom.axhline(n_samples, color=GREY, linestyle="--")
    bottom.axhline(1, color=GREY, linestyle="--")
    bottom.text(z_dims[-1], n_samples * 0.75, "all draws count", ha="right", va="top", fontsize=11, color=GREY)
    bottom.text(z_dims[0], 1.25, "one draw counts", va="bottom", fontsize=11, color=GREY)
    bottom.set(xlabel="latent dimensions J", ylabel="effective sample size", yscale="log", xticks=z_dims)
    return fig, (
        f"Two panels over the number J of latent dimensions, from {z_dims[0]} to {z_dims[-1]}. Above, the error of the "
        f"estimate of log p(x): zero at the left, at the right typically {errors[-1].median().item():.0f} nats. Below, "
        f"the effective sample size of {n_samples} draws on a logarithmic scale: it falls from "
        f"{sizes[0].median().item():.0f} to 1."
    )
