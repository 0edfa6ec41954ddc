"""Figures of chapter 10: where gradients flow in a VAE, how they are checked, and where they balance."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch
from numpy.typing import NDArray

from vae_lessons.plots.style import BLUE, GREEN, GREY, VERMILION, figure

PATH = {"color": BLUE, "linewidth": 2.6, "linestyle": "-"}
KL = {"color": VERMILION, "linewidth": 2.6, "linestyle": "--"}
BOTH = {"color": GREEN, "linewidth": 4.5, "linestyle": "-"}


def _box(axes, x: float, y: float, text: str, width: float, colour: str = GREY) -> None:
    outline = {"edgecolor": colour, "facecolor": colour + "1c", "linewidth": 1.6}
    axes.add_patch(FancyBboxPatch((x - width / 2, y - 0.36), width, 0.72, boxstyle="round,pad=0.04", **outline))
    axes.text(x, y, text, ha="center", va="center", fontsize=12)


def _back(axes, start: tuple[float, float], end: tuple[float, float], style: dict) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "mutation_scale": 20, **style})


@figure
def gradient_flow():
    """The network of (10.1) with the gradients that flow back through it: (10.2)-(10.8)."""
    fig, axes = plt.subplots(figsize=(5.6, 7.2))
    axes.set(xlim=(-4.3, 4.3), ylim=(-0.8, 10.9))
    axes.axis("off")
    for x, y, text, width, colour in (
        (0, 10.3, "image $x$", 2.2, GREY),
        (0, 8.5, "$h = \\tanh(x W_1^\\top + b_1)$", 4.2, GREY),
        (-3.2, 6.5, "mean $\\mu$", 1.8, GREY),
        (0, 6.5, "$\\mathrm{KL}(q\\|p)$", 1.8, VERMILION),
        (3.0, 6.5, "log-var. $\\ell$", 2.1, GREY),
        (0, 4.4, "$z = \\mu + \\sigma \\odot \\varepsilon$", 2.7, GREY),
        (0, 2.8, "$h_3$", 1.2, GREY),
        (0, 1.3, "logits $a$", 1.9, GREY),
        (0, -0.35, "$-\\log p(x|z)$", 2.6, BLUE),
    ):
        _box(axes, x, y, text, width, colour)
    for start, end, style in (
        ((0, 8.95), (0, 9.9), BOTH),
        ((-3.0, 6.95), (-1.3, 8.1), BOTH),
        ((2.8, 6.95), (1.3, 8.1), BOTH),
        ((-0.7, 4.8), (-2.8, 6.1), PATH),
        ((0.7, 4.8), (2.6, 6.1), PATH),
        ((0, 3.2), (0, 4.0), PATH),
        ((0, 1.7), (0, 2.4), PATH),
        ((0, 0.05), (0, 0.9), PATH),
        ((-0.95, 6.5), (-2.25, 6.5), KL),
        ((0.95, 6.5), (1.9, 6.5), KL),
    ):
        _back(axes, start, end, style)
    words = {"fontsize": 11.5, "va": "center"}
    for x, y, text, colour, where in (
        (0.3, 9.42, "$\\partial W_1 = \\delta h^\\top x$", GREEN, "left"),
        (-2.35, 7.75, "$\\delta\\mu$", GREEN, "right"),
        (2.25, 7.75, "$\\delta\\ell$", GREEN, "left"),
        (-1.95, 5.2, "$\\delta z$", BLUE, "right"),
        (1.85, 5.2, "$\\frac{1}{2}\\,\\delta z \\odot \\varepsilon \\odot \\sigma$", BLUE, "left"),
        (-1.55, 6.85, "$\\mu$", VERMILION, "center"),
        (1.35, 7.12, "$\\frac{1}{2}(\\sigma^2\\!-\\!1)$", VERMILION, "center"),
        (-0.3, 3.6, "$\\delta z = \\delta_3 W_3$", BLUE, "right"),
        (-0.3, 2.05, "$\\delta_3 = \\delta a\\, W_4 \\odot (1 - h_3^2)$", BLUE, "right"),
        (-0.3, 0.45, "$\\delta a = \\mathrm{sigmoid}(a) - x$", BLUE, "right"),
    ):
        axes.text(x, y, text, color=colour, ha=where, **words)
    for y, style, label in ((3.0, PATH, "through z"), (2.3, KL, "from the KL"), (1.6, BOTH, "their sum")):
        _back(axes, (1.25, y), (2.05, y), style)
        axes.text(2.2, y, label, fontsize=11, va="center")
    return fig, (
        "How gradients flow back through a VAE. From minus log p(x|z) a solid path goes through the logits, the hidden "
        "layer and the sample z, and splits there: δz to the mean, ½ δz times ε times σ to the log-variance. From the "
        "KL dashed paths lead to the mean, carrying μ, and to the log-variance, carrying ½(σ² − 1). At each of the two "
        "they are added, and thick arrows go on to the hidden layer h and to the weights W₁."
    )


@figure
def step_errors(steps: NDArray, errors: dict[str, NDArray]):
    """Errors of numerical slopes against the step h, both axes logarithmic; an error of 0 is drawn at 10⁻¹⁸."""
    fig, axes = plt.subplots(figsize=(5.6, 4.2))
    looks = (VERMILION, "--", "s"), (BLUE, "-", "o"), (GREEN, "-.", "D")
    for (name, values), (colour, line, marker) in zip(errors.items(), looks, strict=True):
        axes.loglog(steps, np.maximum(values, 1e-18), line, color=colour, marker=marker, markersize=6, label=name)
    axes.invert_xaxis()
    axes.set(xlabel="step h", ylabel="error of the slope", ylim=(2e-19, 1e5))
    axes.legend(loc="upper left")
    return fig, (
        "Error of three numerical slopes against the step h, which shrinks to the right, both axes logarithmic. One-"
        "sided and central differences first gain digits, are at their best near 10⁻⁶, and lose all of them again as "
        "h shrinks further. The complex step gains two digits with each digit of h, and stays at "
        "rounding error from 10⁻⁸ on."
    )


@figure
def balanced_pulls(mu: dict[str, NDArray], path: dict[str, NDArray]):
    """Pull through the sample, averaged over the noise, against μ, the pull of the KL: two moments of training."""
    fig, panels = plt.subplots(1, len(mu), figsize=(5.6, 3.6), sharex=True, sharey=True)
    for axes, (name, m) in zip(panels, mu.items(), strict=True):
        m, p = m.ravel(), path[name].ravel()
        axes.plot(m, p, "o", color=BLUE, markersize=2.5, alpha=0.35, markeredgewidth=0, rasterized=True)
        axes.plot([-3, 3], [3, -3], **KL)
        axes.set(title=name, xlabel="μ, the pull of the KL", xlim=(-3, 3), ylim=(-3.3, 3.3))
    panels[0].set(ylabel="mean δz, the pull\nthrough the sample")
    panels[-1].text(-1.2, 2.7, "δz = −μ", color=VERMILION, fontsize=11.5)
    return fig, (
        "Two scatter plots of the average of δz over the noise against μ, one point for each image and latent "
        "dimension, with the dashed line δz = −μ. Before training the cloud has nothing to do with the line; after "
        "training it lies along it."
    )
