"""A running Monte Carlo mean, and the band of its standard errors."""

import math

import matplotlib.pyplot as plt
import numpy as np
from scipy import stats

from vae_lessons.live.figure import LiveFigure
from vae_lessons.live.random_numbers import normal
from vae_lessons.plots.style import BLUE, figure

X, V = 1.0, 0.5  # what was observed, and its variance given z


def run(seed: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Means of the first 2, 3, … draws of p(x|z), z from the prior, and their standard errors; (7.1) and (7.2).

    Parameters
    ----------
    seed : int
        Seed of the generator that the live figure uses.
    draws : int
        How many draws, at least 2.

    Returns
    -------
    (array, array), each of shape (draws - 1,)
    """
    f = stats.norm.pdf(X, normal(seed, np.arange(draws)), math.sqrt(V))
    number = np.arange(1, draws + 1)
    mean = f.cumsum() / number
    squares = ((f - mean[-1]) ** 2).cumsum() - number * (mean - mean[-1]) ** 2
    return mean[1:], np.sqrt(squares[1:] / (number[1:] * (number[1:] - 1)))


@figure
def _still(truth: float, seed: int, draws: int):
    number, (mean, se) = np.arange(2, draws + 1), run(seed, draws)
    fig, axes = plt.subplots(figsize=(5.6, 2.95))
    for width in (2, 1):
        axes.fill_between(number, mean - width * se, mean + width * se, color=BLUE, alpha=0.22, linewidth=0)
    axes.semilogx(number, mean, color=BLUE, linewidth=2)
    axes.axhline(truth, color="black", linewidth=1.5)
    axes.text(9000, truth - 0.02, "p(x)", ha="right", va="top")
    axes.set(xlabel="number of draws L", ylabel="mean of L draws", xlim=(2, 10_000), ylim=(0, 0.4))
    axes.set_yticks([0, 0.1, 0.2, 0.3, 0.4])
    axes.set_xticks([10, 100, 1000, 10_000], ["10", "100", "1,000", "10,000"])
    return fig, (
        f"The mean of the first L draws against L, on a logarithmic axis, in bands of one and two standard errors, and "
        f"the true value {truth:.4f} as a line. The bands close in on the mean; after {draws:,} draws it is "
        f"{mean[-1]:.4f} ± {se[-1]:.4f}."
    )


def running_mean(seed: int = 1, draws: int = 1000) -> LiveFigure:
    """The mean of draws as their number grows, with one and two standard errors; new draws at the press of a button.

    The expectation is p(x) = E p(x|z) under the prior, for p(z) = N(0, 1), p(x|z) = N(z, ½), and x = 1.

    Parameters
    ----------
    seed : int
        Seed of the first run; further runs have the following seeds.
    draws : int
        Number of draws at the beginning, 10, 100, 1000 or 10,000.

    Returns
    -------
    LiveFigure
        Shows the mean, its standard error, and in how many runs the true value is within one and two of them.

    Raises
    ------
    ValueError
        If `draws` is another number.
    """
    if draws not in (10, 100, 1000, 10_000):
        raise ValueError(f"draws must be 10, 100, 1000 or 10000, got {draws}")
    truth = stats.norm.pdf(X, 0, math.sqrt(1 + V)).item()
    return LiveFigure(
        "running_mean",
        title="Live figure: a running mean with its standard errors",
        still=_still(truth, seed, draws),
        data={"x": X, "v": V, "truth": truth, "seed": seed, "draws": draws},
        panel=130,
        parts=("plot", "random"),
    )
