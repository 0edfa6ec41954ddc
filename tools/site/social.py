"""Draw the picture that a link to the book is shown with: python -m tools.site.social.

It is committed as book/_static/social.png, 1200 by 630 pixels; draw it again after changing the title of the book.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

PICTURE = Path(__file__).resolve().parents[2] / "book" / "_static" / "social.png"
PAPER, INK, MUTED, BLUE, ORANGE = "#15181c", "#f2f4f7", "#a6b0bb", "#8cb9f2", "#e3b565"


def normal(x: np.ndarray, mean: float, std: float) -> np.ndarray:
    """Return the normal density at x, of any shape."""
    return np.exp(-0.5 * ((x - mean) / std) ** 2) / (std * np.sqrt(2 * np.pi))


def draw() -> Figure:
    """Return the picture: the title, the identity of the ELBO, and two densities with what lies between them."""
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER)
    title = {"size": 50, "weight": "bold", "color": INK, "linespacing": 1.15}
    figure.text(0.065, 0.74, "Variational\nautoencoders", va="center", **title)
    figure.text(0.065, 0.535, "an executable course", size=26, va="center", color=MUTED)
    figure.text(0.065, 0.26, r"$\log p(x) \;=\; \mathrm{ELBO} \;+\; \mathrm{KL}$", size=32, va="center", color=INK)
    figure.text(0.065, 0.145, "✓ checked, like every equation in it", size=20, va="center", color=MUTED)
    densities(figure.add_axes((0.57, 0.12, 0.39, 0.76)))
    return figure


def densities(axes) -> None:
    """Draw an approximation q over a posterior p of two parts."""
    z = np.linspace(-4, 4, 600)
    p = 0.62 * normal(z, -0.9, 0.75) + 0.38 * normal(z, 1.5, 0.6)
    q = normal(z, -0.7, 0.95)
    axes.fill_between(z, p, q, color=ORANGE, alpha=0.28, linewidth=0)
    axes.plot(z, p, color=BLUE, linewidth=4)
    axes.plot(z, q, color=ORANGE, linewidth=4, linestyle=(0, (4, 1.5)))
    axes.text(1.9, 0.285, "$p(z|x)$", color=BLUE, size=26)
    axes.text(-2.95, 0.3, "$q(z)$", color=ORANGE, size=26, ha="center")
    axes.set_axis_off()


if __name__ == "__main__":
    draw().savefig(PICTURE, facecolor=PAPER, metadata={"Software": None})
