"""The bar log p(x) = ELBO + KL as q moves, in the model that is solved exactly."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy import stats

from vae_lessons.equations import linear_gaussian as model
from vae_lessons.live.figure import LiveFigure
from vae_lessons.plots.style import BLUE, P_LINE, Q_LINE, VERMILION, figure

FLOOR = -3.6  # where the bar begins, in nats


@figure
def _still(x: float, v: float, mean: float, std: float):
    args = [torch.tensor(value, dtype=torch.float64) for value in (x, v, mean, std**2)]
    elbo, gap = model.elbo_in_closed_form(*args).item(), model.kl_from_posterior(*args).item()
    (centre, variance), log_p = model.exact_posterior(x, v), elbo + gap
    fig, (left, right) = plt.subplots(1, 2, figsize=(5.6, 3.05), width_ratios=[3, 1])
    z, q = np.linspace(-2, 3, 201), stats.norm(mean, std).pdf
    posterior = stats.norm(centre, math.sqrt(variance)).pdf
    left.plot(z, posterior(z), **P_LINE)
    left.plot(z, q(z), **Q_LINE)
    left.plot([mean, mean + std], q([mean, mean + std]), "o", color=VERMILION, markersize=10)
    left.text(mean - 0.3, q(mean) + 0.04, "q", ha="right")
    left.text(1.15, posterior(1.15) + 0.03, "p(z|x)")
    left.set(xlabel="z", xlim=(-2, 3), ylim=(0, 1.4), yticks=[])
    right.bar(0, elbo - FLOOR, 0.6, bottom=FLOOR, color=BLUE)
    right.bar(0, gap, 0.6, bottom=elbo, color="white", edgecolor=VERMILION, hatch="///")
    right.axhline(log_p, color="black", linewidth=2)
    right.text(0, (elbo + FLOOR) / 2, "ELBO", color="white", ha="center")
    right.set(ylabel="nats", ylim=(FLOOR, log_p), xlim=(-0.5, 0.5), xticks=[])
    right.set_title("log p(x)", loc="center")
    return fig, (
        f"Densities over z of the posterior, with mean {centre:.2f} and standard deviation {math.sqrt(variance):.2f}, "
        f"and of q, dashed, with {mean:.2f} and {std:.2f}. Beside them a bar up to log p(x) = {log_p:.4f} nats: the "
        f"ELBO, {elbo:.4f}, is its lower part, the divergence of q from the posterior, {gap:.4f}, the rest."
    )


def bound(mean: float = 0.3, std: float = math.sqrt(0.4)) -> LiveFigure:
    """The ELBO and its gap for q = N(mean, std²), both dragged by the reader; equation (6.5).

    The model is p(z) = N(0, 1), p(x|z) = N(z, ½), and x = 1.

    Parameters
    ----------
    mean, std : float
        Where q begins: its mean and its standard deviation.

    Returns
    -------
    LiveFigure
        Shows the ELBO, KL(q‖p(z|x)), and their sum, log p(x), in nats.
    """
    x, v = 1.0, 0.5
    log_p = model.log_evidence(torch.tensor(x, dtype=torch.float64), torch.tensor(v)).item()
    return LiveFigure(
        "bound",
        title="Live figure: the evidence is the ELBO plus a divergence",
        still=_still(x, v, mean, std),
        data={"x": x, "v": v, "logP": log_p, "floor": FLOOR, "mean": mean, "std": std},
        panel=110,
        parts=("plot", "handle"),
    )
