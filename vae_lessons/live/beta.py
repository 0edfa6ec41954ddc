"""VAEs trained with different weights β, in the plane of rate and distortion and by what they draw."""

import math

import matplotlib.pyplot as plt
import torch
from matplotlib.ticker import MaxNLocator
from torch import Tensor, nn

from vae_lessons.evaluation import active_units, evaluate_elbo
from vae_lessons.live.figure import LiveFigure
from vae_lessons.live.layers import packed_pixels
from vae_lessons.plots.style import P_LINE, VERMILION, figure
from vae_lessons.sampling import reparameterize
from vae_lessons.validation import require_batch

NUMBER = 10  # images in a row


@torch.no_grad()
def _images(models: dict[float, nn.Module], x: Tensor, seed: int) -> Tensor:
    """Test images, then, for each model, reconstructions at draws from q and images of draws from the prior."""
    rows = [x]
    for model in models.values():
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(2, len(x), model.z_dim, generator=generator).to(x)
        rows += [model.mean(reparameterize(*model.encoder(x), noise[:1])[0]), model.mean(noise[1])]
    return torch.stack(rows)


@figure
def _still(betas: list[float], rate: list[float], distortion: list[float], images: Tensor, begin: int):
    side = math.isqrt(images.shape[-1])
    rows = {"test image": 0, "z from q": 1 + 2 * begin, "z from p": 2 + 2 * begin}
    fig, (plane, *lines) = plt.subplots(4, 1, figsize=(5.6, 4.4), height_ratios=[5.4, 1, 1, 1])
    plane.plot(rate, distortion, "o-", **P_LINE, markersize=6)
    plane.plot(rate[begin], distortion[begin], "o", color=VERMILION, markersize=11)
    plane.set(xlabel="rate R: average KL in nats", ylabel="distortion Δ in nats")
    for axes, (name, row) in zip(lines, rows.items(), strict=True):
        tiles = torch.nn.functional.pad(images[row].reshape(-1, side, side), (1, 1))
        axes.imshow(tiles.transpose(0, 1).flatten(1).numpy(), vmin=0, vmax=1, interpolation="nearest")
        axes.set(xticks=[], yticks=[])
        axes.set_ylabel(name, rotation=0, ha="right", va="center")
    return fig, (
        f"{len(betas)} VAEs, trained with weights β from {betas[0]:g} to {betas[-1]:g}, as points of a falling curve "
        f"in the plane of rate and distortion; the one with β = {betas[begin]:g} is marked. Below, rows of images: "
        f"{NUMBER} test images, their reconstructions with z drawn from q, and images with z drawn from the prior."
    )


def beta(models: dict[float, nn.Module], x: Tensor, begin: float = 1, seed: int = 0) -> LiveFigure:
    """Rate, distortion and images of VAEs that were trained with different weights β, (14.1); the reader moves β.

    Parameters
    ----------
    models : dict of β to Module
        At least two trained VAEs.
    x : Tensor, shape (N, D)
        Square test images; rate and distortion are averages over all, the first ten are shown.
    begin : float
        The weight that is shown first.
    seed : int
        Of the codes of the images that are shown.

    Returns
    -------
    LiveFigure
        Shows rate, distortion, ELBO and active units (14.2) of each model.

    Raises
    ------
    ValueError
        If a weight is not above zero, if `begin` is none of them, or if there are too few models or images.
    """
    betas, shown = sorted(models), x[:NUMBER]
    _check(betas, x, begin)
    found = [evaluate_elbo(models[weight], x) for weight in betas]
    rate, distortion = [round(r.kl.mean, 4) for r in found], [round(-r.log_lik.mean, 4) for r in found]
    images, first = _images({weight: models[weight] for weight in betas}, shown, seed), betas.index(begin)
    data = {
        "betas": betas,
        "rate": rate,
        "distortion": distortion,
        "units": [active_units(models[weight], x) for weight in betas],
        "x": MaxNLocator(7, integer=True).tick_values(0, 1.02 * max(rate)).tolist(),
        "y": MaxNLocator(6, integer=True).tick_values(min(distortion), max(distortion)).tolist(),
        "side": math.isqrt(x.shape[1]),
        "number": NUMBER,
        "images": packed_pixels(images),
        "begin": first,
    }
    return LiveFigure(
        "beta",
        title="Live figure: the weight on the KL",
        still=_still(betas, rate, distortion, images.cpu(), first),
        data=data,
        panel=90,
        parts=("plot", "handle", "pixels"),
    )


def _check(betas: list[float], x: Tensor, begin: float) -> None:
    require_batch(x=x)
    if len(betas) < 2 or not all(0 < weight < math.inf for weight in betas):
        raise ValueError(f"models must be at least two, with weights above zero as keys, got {betas}")
    if begin not in betas:
        raise ValueError(f"begin must be one of the weights {betas}, got {begin!r}")
    if len(x) < NUMBER or math.isqrt(x.shape[1]) ** 2 != x.shape[1]:
        raise ValueError(f"x must hold at least {NUMBER} square images, got shape {tuple(x.shape)}")
