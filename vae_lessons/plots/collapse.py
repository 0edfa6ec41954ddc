"""Figures of chapter 14: latents that die, and the plane of rate and distortion."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, P_LINE, VERMILION, figure

LINES = ((BLUE, "-"), (VERMILION, "--"), (GREEN, "-."), (ORANGE, ":"))
MARKS = ((VERMILION, "s"), (GREEN, "^"), (ORANGE, "D"), ("#CC79A7", "P"), (GREY, "v"))


@figure
def latent_kls(kls: dict[str, Tensor]):
    """KL of each latent, averaged over the images and sorted, one panel for each trained model."""
    fig, axes = plt.subplots(1, len(kls), figsize=(5.6, 2.8), sharey=True)
    for ax, (name, kl) in zip(axes, kls.items(), strict=True):
        ax.bar(np.arange(1, len(kl) + 1), kl.sort(descending=True).values, color=BLUE, edgecolor="white")
        ax.set_title(name)
        ax.set_xticks([1, len(kl)])
    axes[0].set_ylabel("KL in nats")
    fig.supxlabel("latent dimensions, sorted", fontsize=12)
    totals = ", ".join(f"{kl.sum():.2f} for {name}" for name, kl in kls.items())
    return fig, (
        "Bars for the KL of each latent dimension, in one panel for each weight. With growing weight the bars get "
        f"shorter, some vanish, and in the last panel none is left. They add up to {totals} nats."
    )


@figure
def eigenvalues_and_noise(variances: Tensor, levels: list[float]):
    """The largest eigenvalues of the images' covariance, and the noise levels σ² above which they count, (14.3)."""
    at = np.arange(1, len(variances) + 1)
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    axes.bar(at, variances, color="#CFE3F0", edgecolor=BLUE, linewidth=1.5)
    for level in levels:
        above = int((variances > level).sum())
        axes.axhline(level, color=VERMILION, linestyle="--", linewidth=1.8)
        label = f"σ² = {level:g}: {above} above"
        axes.text(len(variances) + 0.7, level + 0.01, label, va="bottom")
    axes.set(xlabel="principal direction j", ylabel="variance λ of the images", xlim=(0.3, len(variances) + 5.4))
    axes.set_xticks(at)
    counts = ", ".join(f"{int((variances > level).sum())} above {level:g}" for level in levels)
    return fig, (
        f"Bars for the {len(variances)} largest variances of the digits along their principal directions, falling from "
        f"{variances[0]:.2f} to {variances[-1]:.2f}, and dashed lines at values of the noise variance: {counts}."
    )


@figure
def kl_over_time(paths: dict[str, list[float]], per_epoch: int):
    """KL, without its weight, averaged over each epoch of several trainings."""
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    ends = []
    for (name, path), (color, line) in zip(paths.items(), LINES, strict=False):
        means = torch.tensor(path).unflatten(0, (-1, per_epoch)).mean(1)
        axes.plot(np.arange(1, len(means) + 1), means, color=color, linestyle=line, linewidth=2.5, label=name)
        ends.append(f"{name}: up to {means.max():.1f}, at the end {means[-1]:.1f}")
    axes.set(xlabel="epoch", ylabel="KL in nats per image", yscale="symlog", ylim=(0, 40))
    axes.set_yticks([0, 0.5, 1, 2, 5, 10, 20], ["0", "0.5", "1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="upper right")
    return fig, f"KL against the epoch for {len(paths)} trainings. {'; '.join(ends)}."


@figure
def exact_rate_distortion(rate: Tensor, distortion: Tensor, marks: dict[str, tuple[float, float]]):
    """Curve (14.6) of the best linear β-VAE, with points on it, and the line of equal ELBO that touches it."""
    fig, axes = plt.subplots(figsize=(5.6, 4.0))
    axes.plot(rate, distortion, **P_LINE)
    best = (rate + distortion).min().item()
    axes.plot([-0.5, 6], [best + 0.5, best - 6], color=GREY, linestyle="--", linewidth=1.5)
    axes.text(0.2, best - 3.4, "dashed: slope −1,\nthe same ELBO all along")
    for name, (r, d) in marks.items():
        axes.plot(r, d, "o", color="black", markersize=8)
        axes.annotate(name, (r, d), textcoords="offset points", xytext=(9, 5))
    axes.set(xlabel="rate R: average KL in nats", ylabel="distortion: −E log p(x|z) in nats", xlim=(-0.15, 5.3))
    axes.set_ylim(distortion.min().item() - 0.4, distortion.max().item() + 0.8)
    return fig, (
        "A falling, convex curve in the plane of rate and distortion, with points for several weights β on it. The "
        "dashed line of slope minus one, along which the ELBO is constant, touches it at β = 1; all other points lie "
        "above that line."
    )


@figure
def trained_rate_distortion(betas: dict[str, tuple[float, float]], others: dict[str, list[tuple[float, float]]]):
    """Trained VAEs in the plane of rate and distortion: a curve over β, other trainings as marks, lines of ELBO."""
    fig, axes = plt.subplots(figsize=(5.6, 4.8))
    white = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for elbo in range(16, 31, 2):
        axes.plot([0, elbo], [elbo, 0], color="#C8C8C8", linewidth=0.9)
        place = (elbo - 9.3, 9.3) if elbo < 21 else (11.9, elbo - 11.9)
        text = f"ELBO −{elbo}" if elbo == 16 else f"−{elbo}"
        axes.annotate(text, place, color=GREY, fontsize=11, ha="center", va="center", bbox=white)
    points = np.array(list(betas.values()))
    axes.plot(*points.T, "o-", color=BLUE, markersize=7, linewidth=1.5)
    for name, (r, d) in betas.items():
        axes.annotate(name, (r, d), textcoords="offset points", xytext=(8, 4) if r < 8 else (-24, 9))
    for (name, places), (color, mark) in zip(others.items(), MARKS, strict=False):
        axes.plot(*np.array(places).T, mark, color=color, markeredgecolor="white", markersize=9, label=name, ls="none")
    axes.set(xlabel="rate R: average KL in nats", ylabel="distortion: −E log p(x|z) in nats")
    axes.set(xlim=(-0.3, 12.5), ylim=(8.6, 25.7))
    axes.legend(loc="upper right", frameon=True, framealpha=1, edgecolor="white")
    return fig, (
        f"The plane of rate and distortion with grey lines of equal ELBO. A curve joins VAEs trained with {len(betas)} "
        "weights β, from rate 0 on the left to large rates on the right; it comes closest to the origin at β = 1. "
        f"Marks: {', '.join(others)}."
    )
