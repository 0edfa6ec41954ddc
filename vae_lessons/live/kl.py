"""The divergence of two normals, both ways, as the mean and the width of one of them are moved."""

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy import stats

from vae_lessons.divergences import kl_normal
from vae_lessons.live.figure import LiveFigure
from vae_lessons.plots.style import P_LINE, Q_LINE, VERMILION, figure


@figure
def _still(mu: float, sigma: float):
    x = np.linspace(-6, 6, 241)
    density = stats.norm(mu, sigma).pdf
    fig, axes = plt.subplots(figsize=(5.6, 2.9))
    axes.plot(x, stats.norm.pdf(x), **P_LINE)
    axes.plot(x, density(x), **Q_LINE)
    axes.plot([mu, mu + sigma], density([mu, mu + sigma]), "o", color=VERMILION, markersize=10)
    axes.set(xlabel="x", xlim=(-6, 6), ylim=(0, 1.4), yticks=[])
    axes.text(-1, 0.3, "p", ha="right")
    axes.text(mu + 0.3, density(mu), "q")
    q, p = (torch.tensor(mu), torch.tensor(sigma)), (torch.tensor(0.0), torch.tensor(1.0))
    return fig, (
        f"The densities of p = N(0, 1) and, dashed, of q with mean {mu:.2f} and standard deviation {sigma:.2f}. "
        f"KL(q‖p) is {kl_normal(*q, *p):.4f} nats, KL(p‖q) is {kl_normal(*p, *q):.4f} nats."
    )


def kl(mu: float = 1.5, sigma: float = 0.6) -> LiveFigure:
    """Two normals, p = N(0, 1) and q, whose mean and standard deviation the reader drags; (4.1) in both directions.

    Parameters
    ----------
    mu, sigma : float
        Where q begins: its mean and its standard deviation.

    Returns
    -------
    LiveFigure
        Shows KL(q‖p) and KL(p‖q) in nats.
    """
    return LiveFigure(
        "kl",
        title="Live figure: the KL divergence of two normals",
        still=_still(mu, sigma),
        data={"mu": mu, "sigma": sigma},
        panel=110,
        parts=("plot", "handle"),
    )
