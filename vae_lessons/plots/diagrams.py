"""Diagrams of the networks."""

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch
from torch import nn

from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, VERMILION, figure


def _box(axes, x: float, y: float, text: str, colour: str, width: float = 3.0) -> None:
    outline = {"edgecolor": colour, "facecolor": colour + "22", "linewidth": 1.8}
    axes.add_patch(FancyBboxPatch((x - width / 2, y - 0.42), width, 0.84, boxstyle="round,pad=0.04", **outline))
    axes.text(x, y, text, ha="center", va="center", fontsize=11)


def _arrow(axes, start: tuple[float, float], end: tuple[float, float], label: str = "") -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": GREY, "linewidth": 1.5})
    if label:
        axes.text((start[0] + end[0]) / 2 + 0.15, (start[1] + end[1]) / 2, label, va="center", fontsize=10, color=GREY)


@figure
def vae_diagram(model: nn.Module):
    """What flows through a VAE for one image, with the sizes of `model` and the two terms of its loss."""
    hidden = model.encoder.hidden[0]
    d, h, j = hidden.in_features, hidden.out_features, model.z_dim
    fig, axes = plt.subplots(figsize=(5.6, 6.6))
    axes.set(xlim=(-4.1, 4.1), ylim=(-0.7, 9.3))
    axes.axis("off")
    _box(axes, 0, 8.7, f"image x: {d} pixels", BLUE, 3.6)
    _box(axes, 0, 7.1, f"hidden layer: {h}", GREY)
    _box(axes, -1.8, 5.5, f"mean μ: {j}", ORANGE, 2.4)
    _box(axes, 1.8, 5.5, f"log-variance ℓ: {j}", ORANGE, 2.9)
    _box(axes, -1.5, 3.9, f"z = μ + σ ⊙ ε: {j}", GREEN, 3.2)
    _box(axes, -1.5, 2.3, f"hidden layer: {h}", GREY)
    _box(axes, -1.5, 0.7, f"logits a: {d}", BLUE)
    _box(axes, 2.4, 3.5, "KL(q‖p)", VERMILION, 2.2)
    _box(axes, 2.4, 0.7, "−log p(x|z)", VERMILION, 2.5)
    for start, end, label in (
        ((0, 8.2), (0, 7.6), "encoder"),
        ((-0.5, 6.6), (-1.6, 6.0), ""),
        ((0.5, 6.6), (1.6, 6.0), ""),
        ((-1.8, 5.0), (-1.7, 4.4), ""),
        ((1.3, 5.0), (-0.9, 4.4), ""),
        ((-0.6, 5.2), (1.9, 4.0), ""),
        ((2.2, 5.0), (2.4, 4.0), ""),
        ((-1.5, 3.4), (-1.5, 2.8), "decoder"),
        ((-1.5, 1.8), (-1.5, 1.2), ""),
        ((0.1, 0.7), (1.05, 0.7), ""),
    ):
        _arrow(axes, start, end, label)
    axes.text(-3.9, 4.75, "ε ~ N(0, I)", fontsize=10, color=GREY)
    _arrow(axes, (-3.3, 4.6), (-2.6, 4.4))
    axes.text(2.4, 2.1, "+", ha="center", va="center", fontsize=18)
    axes.text(2.4, -0.25, "loss = the sum", ha="center", va="center", fontsize=11)
    return fig, (
        f"Flow through a VAE: an image of {d} pixels, a hidden layer of {h}, the mean and log-variance of {j} latent "
        f"dimensions, a draw z, a hidden layer of {h}, {d} logits. The loss is minus the log-likelihood of the image "
        "under the logits plus the KL divergence computed from mean and log-variance."
    )
