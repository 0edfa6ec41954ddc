"""Figures of chapter 8: two ways to a gradient, and what each of them costs."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from vae_lessons.plots.style import BLUE, GREEN, GREY, ORANGE, P_LINE, Q_LINE, VERMILION, figure
from vae_lessons.training import History


def _density(z, mean: float):
    return np.exp(-((z - mean) ** 2) / 2) / np.sqrt(2 * np.pi)


@figure
def weights_or_points(mean: float, step: float):
    """What moving μ does to E f, f = z²: the draws stay and change their weights (8.3), or they move (8.5)."""
    grid = np.linspace(mean - 3, mean + 3.5, 400)
    draws = mean + torch.special.ndtri((torch.arange(6) + 0.5) / 6).numpy()
    after = _density(draws, mean + step) / _density(draws, mean)
    fig, rows = plt.subplots(2, 1, figsize=(5.6, 5.8), sharex=True)
    titles = "Score function: the weights change", "Path: the points move"
    for axes, title in zip(rows, titles, strict=True):
        axes.plot(grid, grid**2, color=GREY, linewidth=1.5, zorder=0)
        axes.text(grid[0] + 0.25, grid[0] ** 2, "f", color=GREY, fontsize=13)
        axes.set(ylabel="f(z)", ylim=(-4.4, 11.5), title=title, yticks=(0, 5, 10))
        for at, style, name in ((mean, P_LINE, "q"), (mean + step, Q_LINE, "q, μ larger")):
            axes.plot(grid, -4.2 + 8 * _density(grid, at), **style, label=name)
    rows[0].scatter(draws, draws**2, s=130 * after, color=VERMILION, alpha=0.7, zorder=3)
    rows[0].scatter(draws, draws**2, s=130, facecolor="none", edgecolor="black", linewidth=1.4, zorder=4)
    rows[1].scatter(draws, draws**2, s=60, facecolor="white", edgecolor="black", linewidth=1.4, zorder=3)
    arrow = {"arrowstyle": "-|>", "color": VERMILION, "linewidth": 2, "shrinkA": 3, "shrinkB": 0}
    for z in draws:
        rows[1].annotate("", (z + step / 2, (z + step / 2) ** 2), (z, z**2), arrowprops=arrow, zorder=5)
    rows[0].legend(loc="upper left")
    rows[1].set(xlabel="z")
    return fig, (
        f"Six draws from N({mean:g}, 1) on the parabola f(z) = z², twice, with q before and after its mean has grown "
        f"by {step:g}. Above, the draws stay where they are; discs show their new weights, smaller on the left and "
        "larger on the right. Below, arrows show how each draw sets out to the right along the parabola."
    )


def _node(axes, x: float, y: float, text: str, colour: str, round_: bool = False, width: float = 1.5) -> None:
    look = {"edgecolor": colour, "facecolor": colour + "22", "linewidth": 2}
    if round_:
        axes.add_patch(Circle((x, y), 0.62, linestyle="--", **look))
    else:
        axes.add_patch(FancyBboxPatch((x - width / 2, y - 0.36), width, 0.72, boxstyle="round,pad=0.05", **look))
    axes.text(x, y, text, ha="center", va="center", fontsize=12)


@figure
def where_gradients_flow():
    """A draw as a random node, at which the gradient ends, and as a function of parameters and noise, (8.4)."""
    fig, columns = plt.subplots(1, 2, figsize=(5.6, 4.6))
    forward = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.6}
    back = {"arrowstyle": "-|>", "color": VERMILION, "linewidth": 2.4, "linestyle": (0, (4, 1.5))}
    for axes, title in zip(columns, ("z is drawn", "z is computed"), strict=True):
        axes.set(xlim=(-2.1, 2.1), ylim=(-0.6, 6.4), title=title)
        axes.set_aspect("equal")
        axes.axis("off")
        _node(axes, -0.75, 0.1, "μ, ℓ", BLUE, width=1.3)
        _node(axes, -0.3, 5.6, "f(z)", GREEN)
        axes.annotate("", (-0.45, 5.1), (-0.45, 3.6), arrowprops=forward)
        axes.annotate("", (-0.1, 3.6), (-0.1, 5.1), arrowprops=back)
    left, right = columns
    _node(left, -0.3, 2.9, "z ~ q", ORANGE, round_=True)
    left.annotate("", (-0.55, 2.2), (-0.75, 0.65), arrowprops=forward)
    left.plot([-0.05], [2.06], marker="x", color=VERMILION, markersize=13, markeredgewidth=3.5)
    left.text(0.2, 1.5, "no way\nback", color=VERMILION, fontsize=12, va="center")
    _node(right, -0.3, 2.9, "z = μ + σ ⊙ ε", GREEN, width=2.8)
    right.annotate("", (-0.65, 2.4), (-0.95, 0.6), arrowprops=forward)
    right.annotate("", (-0.6, 0.6), (-0.3, 2.4), arrowprops=back)
    _node(right, 1.25, 0.1, "ε", ORANGE, round_=True)
    right.annotate("", (0.5, 2.4), (1.05, 0.8), arrowprops=forward)
    return fig, (
        "Two diagrams, from the parameters μ and ℓ at the bottom to f(z) at the top. On the left z is a random node: "
        "the gradient comes down from f to z and ends there. On the right z is computed as μ plus σ times ε, the "
        "random node ε stands aside, and the gradient comes down through z to the parameters."
    )


@figure
def variance_by_frequency(frequencies: Tensor, score: Tensor, path: Tensor):
    """Variance of both estimators for cos kz against k, on a logarithmic axis."""
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    axes.semilogy(frequencies, score, **P_LINE, label="score function (8.3)")
    axes.semilogy(frequencies, path, **Q_LINE, label="path (8.5)")
    wins = (path > score).nonzero()[0].item()
    axes.axvline(frequencies[wins], color=GREY, linestyle=":", linewidth=1.5)
    axes.set(xlabel="frequency k in f(z) = cos kz", ylabel="variance of one draw", xlim=(0, frequencies[-1].item()))
    axes.legend(loc="lower right")
    return fig, (
        f"Variances against the frequency k. That of the path grows like k squared, to {path[-1]:.0f} at k = "
        f"{frequencies[-1]:.0f}; that of the score function stays at about {score[-1]:.1f}. From k = "
        f"{frequencies[wins]:.1f} on, marked by a dotted line, the score function varies less."
    )


@figure
def compare_trainings(histories: dict[str, History]):
    """ELBO and KL of several training runs, epoch by epoch, in nats per image."""
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.2), sharex=True, height_ratios=(3, 2))
    looks = zip(("black", VERMILION, BLUE, GREEN), ("-", "--", "-.", ":"), "osD^", strict=True)
    for (name, history), (color, line, marker) in zip(histories.items(), looks, strict=False):
        epochs = np.arange(1, len(history.kl) + 1)
        style = {"color": color, "linestyle": line, "linewidth": 2.2, "marker": marker, "markevery": (1, 6)}
        top.plot(epochs, history.elbo, **style, label=name)
        bottom.plot(epochs, history.kl, **style)
    top.set(ylabel="ELBO in nats", ylim=(-32, None))
    top.legend(loc="lower right")
    bottom.set(ylabel="KL in nats", xlabel="epoch")
    bottom.xaxis.set_major_locator(MaxNLocator(integer=True))
    ends = "; ".join(f"{name}: ELBO {h.elbo[-1]:.0f}, KL {h.kl[-1]:.1f}" for name, h in histories.items())
    return fig, f"Training curves of ELBO and KL against the epoch. In the last epoch: {ends}."
