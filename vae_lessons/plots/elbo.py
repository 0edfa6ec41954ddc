"""Figures of chapter 6: the evidence lower bound."""

import matplotlib.pyplot as plt
import numpy as np
from torch import Tensor

from vae_lessons.plots.style import BLUE, GREY, ORANGE, VERMILION, figure

GAP = {"color": ORANGE, "alpha": 0.45, "hatch": "///", "edgecolor": "white"}


def _minus(value: float) -> str:
    """Four digits, with a true minus sign."""
    return f"{value:.4f}".replace("-", "−")


@figure
def evidence_bars(elbo: dict[str, float], log_p: float, floor: float):
    """One bar for each q, all of the height log p(x), cut at the ELBO: what is above the cut is KL(q‖p(z|x)), (6.5)."""
    at, low = np.arange(len(elbo)), np.array(list(elbo.values()))
    fig, axes = plt.subplots(figsize=(5.6, 4.2))
    axes.bar(at, low - floor, 0.62, bottom=floor, color=BLUE, label="ELBO")
    axes.bar(at, log_p - low, 0.62, bottom=low, **GAP, label="KL of q from the posterior")
    axes.axhline(log_p, color="black", linewidth=1.5)
    for x, value in zip(at, low, strict=True):
        axes.text(x, floor + 0.1, f"ELBO\n{_minus(value)}", ha="center", va="center", color="white")
        axes.text(x, log_p + 0.015, f"KL {log_p - value:.4f}", ha="center", va="bottom")
    axes.set(xticks=at, xticklabels=elbo, ylabel="nats", ylim=(floor, log_p + 0.2), xlim=(-0.5, len(elbo) - 0.5))
    axes.set_title(f"Every bar ends at log p(x) = {_minus(log_p)}")
    axes.legend(loc="upper center", ncols=2)
    gaps = ", ".join(f"{name.replace(chr(10), ' ')} {log_p - value:.4f}" for name, value in elbo.items())
    return fig, (
        f"{len(elbo)} bars of the same height, log p(x) = {log_p:.4f} nats, one for each q. The ELBO fills the lower "
        f"part of each bar, the KL divergence of q from the posterior the rest: {gaps}."
    )


@figure
def jensen_hull(joint: Tensor, guesses: dict[str, Tensor]):
    """Jensen's inequality (6.6) on three values of w = p(x, z)/q: their average is inside, the logarithm outside."""
    from scipy.spatial import ConvexHull  # here, because it takes half a second

    fig, panels = plt.subplots(len(guesses), 1, figsize=(5.6, 3.1 * len(guesses)), sharex=True, sharey=True)
    curve, spoken = np.linspace(0.09, 1.02, 300), []
    for axes, (title, q) in zip(panels, guesses.items(), strict=True):
        w = (joint / q).numpy()
        mean, mean_log = float((q.numpy() * w).sum()), float((q.numpy() * np.log(w)).sum())
        axes.plot(curve, np.log(curve), color=BLUE, linewidth=2.5, label="log w")
        hull = np.stack([w, np.log(w)], -1)[ConvexHull(np.stack([w, np.log(w)], -1)).vertices]
        axes.fill(*hull.T, color=GREY, alpha=0.25, edgecolor=GREY, linewidth=1.2)
        axes.scatter(w, np.log(w), s=500 * q.numpy(), color=BLUE, alpha=0.35, label="the three z, area: weight q")
        axes.plot([mean, mean], [mean_log, np.log(mean)], color=VERMILION, linewidth=3)
        axes.plot(mean, np.log(mean), "o", color="black", markersize=8)
        axes.plot(mean, mean_log, "s", color="black", markersize=8)
        here = {"xycoords": "data", "va": "center", "arrowprops": {"arrowstyle": "-", "color": GREY, "shrinkB": 5}}
        axes.annotate(f"log E w = {_minus(np.log(mean))}", (mean, np.log(mean)), (0.13, -0.28), **here)
        axes.annotate(f"E log w = {_minus(mean_log)}", (mean, mean_log), (0.6, -1.4), **here)
        axes.set(title=title, ylabel="logarithm", ylim=(-2.45, 0.25))
        spoken.append(f"{title}: {mean_log:.4f} and {np.log(mean):.4f}")
    panels[0].legend(loc="lower right")
    panels[-1].set_xlabel("w = p(x, z) / q(z | x)")
    return fig, (
        "The curve of the logarithm, with three points on it, the values of w, and the triangle between them. The "
        "average of the three points is a point in the triangle, straight below the point of the curve that belongs "
        f"to the average of w. Heights of the two, {'; '.join(spoken)}. Where the w differ less the gap is smaller."
    )


@figure
def em_bounds(theta: Tensor, log_p: Tensor, bounds: Tensor, path: list[float]):
    """The likelihood of all data over θ, and bounds that touch it where their q was chosen: E- and M-steps, (6.10)."""
    fig, axes = plt.subplots(figsize=(5.6, 4.4))
    axes.plot(theta, log_p, color="black", linewidth=2.5, label="Σ log p(x)")
    for k, (bound, line, colour) in enumerate(zip(bounds, ("--", "-.", ":"), (BLUE, VERMILION, GREY), strict=False)):
        axes.plot(theta, bound, color=colour, linestyle=line, linewidth=2.5, label=f"Σ ELBO, q of step {k + 1}")
        here, there = path[k], path[k + 1]
        start, top = (np.interp(t, theta.numpy(), bound.numpy()) for t in (here, there))
        axes.plot(here, start, "o", color=colour, markersize=8)
        axes.plot(there, top, "^", color=colour, markersize=9)
        up = np.interp(there, theta.numpy(), log_p.numpy())
        axes.annotate("", (there, up), (there, top), arrowprops={"arrowstyle": "->", "shrinkA": 4, "shrinkB": 4})
    low = log_p.min().item()
    axes.set(xlabel="θ", ylabel="nats, all data", ylim=(low - 0.3, log_p.max().item() + 0.3))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return fig, (
        "The log-likelihood of all data over theta, and under it one curve for each step: the bound for the q of that "
        "step. Each bound touches the likelihood at the theta for which its q is the posterior, marked by a dot, and "
        "has its maximum, marked by a triangle, at a larger theta. An arrow leads from there up to the "
        "likelihood, where the next bound begins. Theta goes through " + ", ".join(f"{t:.2f}" for t in path) + "."
    )


@figure
def restricted_bound(square: Tensor, log_p: Tensor, bound: Tensor):
    """Mean log-likelihood and best ELBO over θ² where the variance of q is fixed: two maxima, (6.11)."""
    fig, axes = plt.subplots(figsize=(5.6, 4.2))
    axes.fill_between(square, bound, log_p, **GAP, label="the gap, KL(q‖p(z|x))")
    axes.plot(square, log_p, color="black", linewidth=2.5, label="log p(x)")
    axes.plot(square, bound, color=BLUE, linewidth=2.5, linestyle="--", label="ELBO with the best allowed q")
    best = []
    for curve, mark in ((log_p, "o"), (bound, "s")):
        top = int(curve.argmax())
        best.append(square[top].item())
        axes.plot(square[top], curve[top], mark, color=VERMILION, markersize=9)
        name = "likelihood" if mark == "o" else "ELBO"
        offset = (0.35, 0.2) if mark == "o" else (-0.75, -0.55)
        axes.annotate(f"best {name}\nθ² = {best[-1]:.2f}", (square[top], curve[top]),
                      (square[top] + offset[0], curve[top] + offset[1]), va="center",
                      arrowprops={"arrowstyle": "->"})  # fmt: skip
    axes.set(xlabel="θ²", ylabel="nats per x, on average", ylim=(bound.min() - 0.05, log_p.max() + 0.35))
    axes.legend(loc="lower left")
    return fig, (
        f"Mean log-likelihood over theta squared with its maximum at {best[0]:.2f}, and below it the ELBO with its "
        f"maximum at {best[1]:.2f}. The gap between the two is nothing at theta = 0 and grows with theta."
    )
