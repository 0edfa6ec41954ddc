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


@figure
def flow_posterior(z: Tensor, posterior: Tensor, normal: Tensor, points: Tensor, density: Tensor):
    """The posterior with two peaks, the best normal, and a flow: its draws, with their densities."""
    order = points.argsort()
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    axes.fill_between(z, posterior, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(z, posterior, **P_LINE, label="posterior")
    axes.plot(z, normal, color=ORANGE, linestyle=":", linewidth=2.5, label="best normal")
    axes.plot(points[order], density[order], color=VERMILION, linestyle="--", linewidth=2.5, label="four planar layers")
    axes.set(xlabel="z", ylabel="density", xlim=(-2.6, 2.6), ylim=(0, None))
    axes.legend(loc="upper left")
    return fig, (
        "A posterior with two equal peaks. The best normal is a narrow curve over one of them, twice as high. The "
        "density of a flow of four planar layers follows both peaks and the valley between them."
    )


@figure
def excess_by_steps(steps: list[int], nats: list[float]):
    """How many nats a chain of normal steps loses on data with two peaks, by the number of steps."""
    fig, axes = plt.subplots(figsize=(5.6, 3.4))
    axes.loglog(steps, nats, "o-", color=BLUE, linewidth=2.5, markersize=8)
    for n, value in zip(steps, nats, strict=True):
        axes.annotate(f"{value:.3f}", (n, value), xytext=(6, 5), textcoords="offset points")
    axes.set(xlabel="number of steps T", ylabel="nats lost", xlim=(0.8, 1.9 * steps[-1]), ylim=(0.6 * nats[-1], 2.2))
    axes.set_xticks(steps, [str(n) for n in steps])
    axes.minorticks_off()
    return fig, (
        "The nats that a chain of normal steps loses against the number of steps, both axes logarithmic: "
        + ", ".join(f"{value:.3f} for {n}" for n, value in zip(steps, nats, strict=True))
        + ". The loss falls all the way."
    )
