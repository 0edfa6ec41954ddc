"""Two estimates of one gradient, draw by draw: by the score function and along the path."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.gradient_estimates import square, variances
from vae_lessons.live.figure import LiveFigure
from vae_lessons.live.random_numbers import normal
from vae_lessons.plots.style import BLUE, Q_LINE, VERMILION, figure
from vae_lessons.sampling import pathwise_grad, score_function_grad
from vae_lessons.validation import require_sizes

FREQUENCY, MOST = 10, 1000  # k of cos kz, and where the slider of the draws ends


def estimates(f, mu: float, seed: int, draws: int) -> Tensor:
    """Draw the estimates of d/dμ E f(z), z ~ N(μ, 1), that the live figure shows: (8.3) and (8.5).

    Parameters
    ----------
    f : function of (..., 1) -> (...)
        One value per point.
    mu : float
        Mean of q.
    seed, draws : int
        Of the generator of live figures, and how many.

    Returns
    -------
    Tensor of float64, shape (2, draws)
        By the score function, along the path.
    """
    eps = torch.from_numpy(normal(seed, np.arange(draws)))[:, None]
    q = torch.full((1,), mu, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    return torch.stack([grad(f, *q, eps)[0][:, 0] for grad in (score_function_grad, pathwise_grad)])


@figure
def _still(mu: float, draws: int, seed: int):
    both, number = estimates(square, mu, seed, draws), np.arange(1, draws + 1)
    exact, (by_score, by_path) = 2 * mu, variances(square, mu).tolist()
    z, points = np.linspace(-8.5, 8.5, 301), mu + normal(seed, np.arange(draws))
    fig, axes = plt.subplot_mosaic([["f", "f"], ["score function", "path"]], figsize=(5.6, 4.0))
    axes["f"].plot(z, z**2 / 72, color="black", linewidth=1.5)
    axes["f"].plot(z, 0.62 * np.exp(-0.5 * (z - mu) ** 2), **Q_LINE)
    axes["f"].plot(points, points**2 / 72, "o", color=BLUE, markersize=4)
    axes["f"].plot(mu, 0.62, "o", color=VERMILION, markersize=10)
    axes["f"].text(-5.6, 0.75, "f(z) = z²")
    axes["f"].set(xlabel="z", xlim=(-8.5, 8.5), ylim=(0, 1), yticks=[])
    words = []
    for (name, panel), values, variance in zip(list(axes.items())[1:], both, (by_score, by_path), strict=True):
        mean = values.numpy().cumsum() / number
        panel.semilogx(number, values.numpy(), "o", color=BLUE, markersize=3, alpha=0.6)
        panel.semilogx(number, mean, color=VERMILION, linewidth=2)
        panel.axhline(exact, color="black", linewidth=1.2)
        panel.set(xlabel="draws", xlim=(1, MOST), ylim=(-20, 20), title=f"{name}, variance {variance:.0f}")
        panel.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        words.append(f"{mean[-1]:.2f} ± {values.std() / math.sqrt(draws):.2f} by the {name}")
    axes["score function"].set_ylabel("gradient")
    return fig, (
        f"Above, f(z) = z² with {draws} draws from q = N({mu:g}, 1) on it. Below, what each draw says of the gradient, "
        "on the left by the score function and on the right along the path, with the running means and the exact "
        f"value {exact:g}. The dots on the left scatter more. After {draws} draws: {', '.join(words)}."
    )


def gradients(mu: float = 1.0, draws: int = 20, seed: int = 1) -> LiveFigure:
    """Two estimates of d/dμ E f(z) for z ~ N(μ, 1), draw by draw; the reader moves μ, draws more, and chooses f.

    The function is z² or cos 10z.

    Parameters
    ----------
    mu : float
        Where q begins, between -5 and 5.
    draws : int
        How many draws there are at the beginning, 2 to 1000.
    seed : int
        Of the draws; new ones have the following seeds.

    Returns
    -------
    LiveFigure
        Shows the estimates by (8.3) and (8.5) with their standard errors, the exact gradient, and both variances.

    Raises
    ------
    ValueError
        If `mu` or `draws` is out of range.
    """
    require_sizes(draws=draws)
    if not 2 <= draws <= MOST:
        raise ValueError(f"draws must be from 2 to {MOST}, got {draws}")
    if not -5 <= mu <= 5:
        raise ValueError(f"mu must be from -5 to 5, got {mu!r}")
    return LiveFigure(
        "gradients",
        title="Live figure: two estimates of a gradient, draw by draw",
        still=_still(mu, draws, seed),
        data={"mu": mu, "draws": draws, "seed": seed, "frequency": FREQUENCY, "most": MOST},
        panel=190,
        parts=("plot", "handle", "random", "choice"),
    )
