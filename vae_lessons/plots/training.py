"""Figures of training runs."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from vae_lessons.plots.style import BLUE, GREY, VERMILION, figure
from vae_lessons.training import History


@figure
def learning_curves(history: History):
    """Reconstruction, ELBO and KL in nats per image, epoch by epoch; the ELBO is the first minus the third."""
    epochs = np.arange(1, len(history.kl) + 1)
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 4.6), sharex=True, height_ratios=(2, 1))
    top.plot(epochs, history.log_lik, color=BLUE, linewidth=2, linestyle="--", label="reconstruction")
    top.plot(epochs, history.elbo, color="black", linewidth=2.5, label="ELBO")
    top.set(ylabel="nats per image")
    top.legend()
    bottom.plot(epochs, history.kl, color=VERMILION, linewidth=2, label="KL")
    bottom.axhline(0, color=GREY, linewidth=0.8)
    bottom.set(xlabel="epoch", ylabel="nats per image")
    bottom.xaxis.set_major_locator(MaxNLocator(integer=True))
    bottom.legend()
    return fig, (
        f"Training curves over {len(epochs)} epochs: the ELBO rises from {history.elbo[0]:.0f} to "
        f"{history.elbo[-1]:.0f} nats per image, the reconstruction term lies above it, and the KL term ends at "
        f"{history.kl[-1]:.1f}."
    )
