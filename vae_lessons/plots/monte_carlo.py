"""Figures of chapter 7: Monte Carlo estimates, their errors and their bias."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, P_LINE, Q_LINE, VERMILION, figure


@figure
def running_means(f: Tensor, expectation: float, std: float):
    """Means of the first L draws, for many runs, and twice the standard error (7.2) around the expectation."""
    draws = torch.arange(1, f.shape[-1] + 1)
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    axes.semilogx(draws, (f.cumsum(-1) / draws).T, color=BLUE, alpha=0.4, linewidth=0.9)
    for sign in (-1, 1):
        label = "E f ± 2 sd(f)/√L" if sign > 0 else None
        axes.plot(draws, expectation + sign * 2 * std / draws.sqrt(), **Q_LINE, label=label)
    axes.axhline(expectation, color="black", linewidth=1.5, label="E f")
    axes.set(xlabel="number of draws L", ylabel="mean of the first L draws", xlim=(1, len(draws)))
    axes.legend(loc="upper right")
    return fig, (
        f"Running means of {len(f)} independent runs against the number of draws, on a logarithmic axis. They start "
        f"far apart and draw together around {expectation:.4f}; nearly all stay between two dashed curves at twice the "
        "standard error, which close like one over the root of L."
    )


@figure
def error_against_draws(draws: Tensor, errors: Tensor, std: float):
    """Standard deviation of the estimates against L, both axes logarithmic: a line of slope -1/2, by (7.2)."""
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    axes.loglog(draws, std / draws.sqrt(), **P_LINE, label="sd(f)/√L: slope −1/2")
    axes.loglog(draws, std / draws, color=GREY, linestyle=":", linewidth=2, label="sd(f)/L: slope −1, not what happens")
    axes.loglog(draws, errors, "o", color=VERMILION, markersize=9, label="measured")
    axes.set(xlabel="number of draws L", ylabel="standard deviation\nof the estimate", ylim=(1e-5, 2))
    axes.legend(loc="upper right")
    points = ", ".join(f"{e:.4f} at {int(n)}" for n, e in zip(draws.tolist(), errors.tolist(), strict=True))
    return fig, (
        "Standard deviation of the estimate against the number of draws, both axes logarithmic. The measured points, "
        f"{points}, lie on the line of slope minus one half, far above a dotted line of slope minus one."
    )


def _variances(mean: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Variance of A and of B from one draw; x = 1, p(x|z) = N(z, ½): that of c + aε + bε² is a² + 2b²."""
    a = (std * (2 - 3 * mean)) ** 2 + 2 * (0.5 - 1.5 * std**2) ** 2
    b = (2 * std * (1 - mean)) ** 2 + 2 * std**4
    return a, b


@figure
def who_varies_less(marks: dict[str, tuple[float, float]]):
    """Where estimator A (7.3) varies less than B (7.4), over the mean and the standard deviation of q."""
    mean, std = torch.meshgrid(torch.linspace(-1.5, 2.2, 371), torch.linspace(0.05, 1.3, 251), indexing="xy")
    a, b = _variances(mean, std)
    fig, axes = plt.subplots(figsize=(5.6, 4.4))
    axes.contourf(mean, std, b - a, levels=[-99, 0, 99], colors=["#FBE3D6", "#D3E7F3"])
    axes.contourf(mean, std, b - a, levels=[-99, 0], colors="none", hatches=["//"])
    axes.contour(mean, std, b - a, levels=[0], colors="black", linewidths=2)
    white = {"backgroundcolor": "#ffffffdd", "fontsize": 12}
    axes.text(0.4, 0.82, "A varies\nless", color=BLUE, ha="center", **white)
    axes.text(-1.35, 1.12, "B varies less", color=VERMILION, **white)
    for (name, at), marker in zip(marks.items(), "osD", strict=False):
        axes.plot(*at, marker, color="black", markersize=9, markeredgecolor="white", label=f"q = {name}", ls="none")
    axes.set(xlabel="mean of q", ylabel="standard deviation of q")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(marks), handletextpad=0.1, columnspacing=1)
    return fig, (
        "Map over mean and standard deviation of q. Inside an egg-shaped region estimator A has the smaller variance; "
        "outside, hatched, it is B: where q is narrow, where it is wide, and where its mean is far off. Marked are "
        f"{', '.join(marks)}: the posterior lies inside, the prior on the border, the misplaced normal outside."
    )


@figure
def bias_staircase(draws: list[int], exact: Tensor, second_order: Tensor, log_p: float):
    """The importance-weighted bounds (7.7) as steps up to log p(x), and the second-order bias (7.5)."""
    at = np.arange(len(draws))
    fig, axes = plt.subplots(figsize=(5.6, 4.0))
    axes.hlines(exact, at - 0.36, at + 0.36, color=BLUE, linewidth=5, label="E log of the mean, exactly")
    axes.plot(at, second_order, "D", color=VERMILION, markersize=8, label="log p(x) − Var w / 2L(E w)²")
    axes.axhline(log_p, color="black", linewidth=1.8)
    axes.text(-0.4, log_p + 0.03, f"log p(x) = {log_p:.4f}".replace("-", "−"), va="bottom")
    for i, value in enumerate(exact.tolist()):
        axes.text(i, value - 0.05, f"{value:.3f}".replace("-", "−"), ha="center", va="top")
    axes.set(xlabel="number of draws L", ylabel="nats", xticks=at, xticklabels=draws, ylim=(-2.9, -0.85))
    axes.legend(loc="upper right", labelspacing=0.3)
    return fig, (
        f"Steps that rise towards the line log p(x) = {log_p:.4f}: "
        + ", ".join(f"{v:.4f} for L = {n}" for n, v in zip(draws, exact.tolist(), strict=True))
        + ". Diamonds mark log p(x) less the second-order bias: far too high at L = 1, on the steps from L = 10."
    )


@figure
def two_proposals(z: Tensor, log_p: Tensor, proposals: dict[str, Tensor]):
    """A target p with proposals q, and below them their weights p/q, which must not explode; (7.6)."""
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.0), sharex=True)
    top.plot(z, log_p.exp(), **P_LINE, label="p")
    styles = zip(proposals.items(), ((VERMILION, "--"), (GREEN, "-."), (ORANGE, ":")), strict=False)
    for (name, log_q), (color, line) in styles:
        top.plot(z, log_q.exp(), color=color, linestyle=line, linewidth=2.5, label=name)
        bottom.semilogy(z, (log_p - log_q).exp(), color=color, linestyle=line, linewidth=2.5, label=name)
    top.set(ylabel="density")
    top.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1.0, handlelength=1.8)
    bottom.axhline(1, color="black", linewidth=0.8)
    bottom.set(xlabel="z", ylabel="weight p/q", ylim=(1e-2, 1e3))
    return fig, (
        "Above, the density p and two proposals, one wider and one narrower than p. Below, their weights p over q on a "
        "logarithmic axis: that of the wide proposal has its maximum in the middle and falls outwards; that of the "
        "narrow one is smallest in the middle and grows without bound outwards."
    )
