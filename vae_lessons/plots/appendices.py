"""Figures of the appendices."""

import matplotlib.pyplot as plt
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.plots.style import BLUE, GREEN, ORANGE, P_LINE, VERMILION, figure


@figure
def covering_normals(z: Tensor, posterior: Tensor, normals: dict[int, tuple[float, float]]):
    """A posterior with two peaks, and the normals that climb 𝓛_L, by L: from one peak to all of it."""
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    axes.fill_between(z, posterior, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(z, posterior, **P_LINE, label="posterior")
    looks = zip(
        ((VERMILION, "--"), (ORANGE, ":"), (GREEN, "-."), ("black", (0, (6, 1.5)))), normals.items(), strict=False
    )
    for (color, line), (draws, (mean, std)) in looks:
        density = Normal(mean, std).log_prob(z).exp()
        axes.plot(z, density, color=color, linestyle=line, linewidth=2.5, label=f"q for L = {draws}")
    axes.set(xlabel="z", ylabel="density", xlim=(-3.3, 3.3), ylim=(0, None))
    axes.legend(loc="upper left")
    draws = ", ".join(map(str, normals))
    return fig, (
        "A posterior with two equal peaks, at about plus and minus 1.2, and the normal distributions that climb the "
        f"importance-weighted bounds for L = {draws}. With few draws it is a narrow normal on one peak, with more a "
        "wide one over both peaks and the valley between them."
    )
