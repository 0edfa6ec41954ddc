"""Figures of chapter 3: the Kullback-Leibler divergence."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.divergences import kl_discrete, kl_normal
from vae_lessons.plots.style import BLUE, GREY, P_LINE, Q_LINE, VERMILION, figure


def _signed(axes, x: Tensor, terms: Tensor) -> None:
    axes.fill_between(x, terms, where=terms >= 0, color=BLUE, alpha=0.35, label="adds")
    axes.fill_between(x, terms, where=terms < 0, color=VERMILION, alpha=0.35, hatch="///", label="takes away")
    axes.axhline(0, color="black", linewidth=0.8)


@figure
def kl_bars(p: Tensor, q: Tensor, names: list[str]):
    """Two discrete distributions as bars, and below them the terms of their divergence, p log(p/q)."""
    terms = (torch.xlogy(p, p) - torch.xlogy(p, q)).numpy()
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 4.6), sharex=True)
    at = np.arange(len(p))
    top.bar(at - 0.2, p, 0.38, color=BLUE, label="p, what happens")
    top.bar(at + 0.2, q, 0.38, color=VERMILION, hatch="///", edgecolor="white", label="q, what was forecast")
    top.set(ylabel="probability", xticks=at, xticklabels=names)
    top.legend()
    colours = [BLUE if term >= 0 else VERMILION for term in terms]
    bottom.bar(at, terms, 0.5, color=colours, hatch=["" if term >= 0 else "///" for term in terms], edgecolor="white")
    bottom.axhline(0, color="black", linewidth=0.8)
    bottom.set(ylabel="p log(p/q) in nats")
    spoken = ", ".join(f"{name} {term:+.2f}" for name, term in zip(names, terms.tolist(), strict=True))
    return fig, f"Bars of p and q over {len(p)} outcomes; below them the terms p log(p/q) in nats: {spoken}."


@figure
def tangent_line():
    """The logarithm below its tangent at t = 1, inequality (3.4)."""
    t = np.linspace(0.08, 3, 200)
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    axes.plot(t, t - 1, color=GREY, linestyle="--", linewidth=2, label="t − 1")
    axes.plot(t, np.log(t), **P_LINE, label="log t")
    axes.fill_between(t, np.log(t), t - 1, color=BLUE, alpha=0.12)
    axes.plot(1, 0, "o", color="black")
    axes.annotate("they touch at t = 1", (1, 0), (1.25, -0.9), arrowprops={"arrowstyle": "->"})
    axes.set(xlabel="t", ylabel="value", ylim=(-2.6, 2.1))
    axes.legend(loc="upper left")
    return fig, "The curve log t lies below the straight line t minus 1 everywhere and touches it only at t = 1."


@figure
def asymmetry_map(n: int = 201):
    """KL(p‖q) - KL(q‖p) for all pairs of coins: zero on both diagonals, and nowhere else."""
    heads = torch.linspace(0.02, 0.98, n, dtype=torch.float64)
    coin = torch.stack([heads, 1 - heads], -1)
    p, q = coin[None, :, :].expand(n, n, 2), coin[:, None, :].expand(n, n, 2)
    difference = kl_discrete(p, q) - kl_discrete(q, p)
    fig, axes = plt.subplots(figsize=(5.2, 4.4))
    levels = np.array([-0.5, -0.2, -0.05, 0, 0.05, 0.2, 0.5])
    filled = axes.contourf(heads, heads, difference, levels=levels, cmap="PuOr", extend="both")
    axes.contour(heads, heads, difference, levels=[0], colors="black", linewidths=1.5)
    axes.set(xlabel="probability of heads under p", ylabel="probability of heads under q", aspect="equal")
    fig.colorbar(filled, label="KL(p‖q) − KL(q‖p) in nats")
    return fig, (
        "Map over all pairs of coins of KL of p from q minus KL of q from p. It is zero on the diagonal p = q and on "
        "the other diagonal p = 1 − q, and positive and negative in opposite quarters between them."
    )


@figure
def kl_integrand(mu_p: float, std_p: float, mu_q: float, std_q: float):
    """Two normal densities, and below them the integrand of (3.2), shaded by its sign."""
    x = torch.linspace(min(mu_p - 4 * std_p, mu_q - 3 * std_q), max(mu_p + 4 * std_p, mu_q + 3 * std_q), 400)
    log_p, log_q = Normal(mu_p, std_p).log_prob(x), Normal(mu_q, std_q).log_prob(x)
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 4.6), sharex=True)
    top.plot(x, log_p.exp(), **P_LINE, label="p(x)")
    top.plot(x, log_q.exp(), **Q_LINE, label="q(x)")
    top.set(ylabel="density")
    top.legend()
    _signed(bottom, x, log_p.exp() * (log_p - log_q))
    bottom.set(xlabel="x", ylabel="p(x) log(p(x)/q(x))")
    bottom.legend()
    area = kl_normal(*(torch.tensor(float(v)) for v in (mu_p, std_p, mu_q, std_q))).item()
    return fig, (
        f"Densities of p and q; below, the integrand p log(p/q), negative where q is larger than p and positive "
        f"where p is larger. The signed area is {area:.2f} nats."
    )


@figure
def bimodal_fits(x: Tensor, log_p: Tensor, reverse: tuple[float, float], forward: tuple[float, float]):
    """A density with two modes, and the normals that minimise KL(q‖p) and KL(p‖q), problem (3.10)."""
    fig, panels = plt.subplots(2, 1, figsize=(5.6, 4.8), sharex=True)
    fits = (("smallest KL(q‖p): q settles on one mode", reverse), ("smallest KL(p‖q): q covers both", forward))
    for axes, (title, (mean, std)) in zip(panels, fits, strict=True):
        axes.plot(x, log_p.exp(), **P_LINE, label="p")
        axes.plot(x, Normal(mean, std).log_prob(x).exp(), **Q_LINE, label=f"q = N({mean:.2f}, {std:.2f}²)")
        axes.set(title=title, ylabel="density")
        axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
        axes.legend(loc="upper left", ncols=2)
    panels[1].set_xlabel("x")
    return fig, (
        f"A density p with two modes, twice. Minimising KL of q from p gives a normal on one mode, "
        f"mean {reverse[0]:.2f} and standard deviation {reverse[1]:.2f}; minimising KL of p from q gives a broad "
        f"normal over both, mean {forward[0]:.2f} and standard deviation {forward[1]:.2f}."
    )
