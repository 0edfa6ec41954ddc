"""A decoder of two latents that runs in the browser, and the plane of its codes."""

import math

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn

from vae_lessons.live.figure import LiveFigure
from vae_lessons.live.layers import packed_mean, packed_pixels
from vae_lessons.plots.autoencoders import CLASSES
from vae_lessons.plots.style import VERMILION, figure
from vae_lessons.validation import require_batch, require_sizes

GRID = 13  # images across the still
MOST = 220_000  # letters for weights and images: the whole figure stays below 300 kB


@figure
@torch.no_grad()
def _still(model: nn.Module, start: Tensor, extent: float, side: int):
    weight = next(model.decoder.parameters())
    z = extent * (2 * torch.arange(GRID).to(weight) + 1 - GRID) / GRID
    images = model.mean(torch.cartesian_prod(z.flip(0), z).flip(1)).cpu().reshape(GRID, GRID, side, side)
    fig, (plane, image) = plt.subplots(1, 2, figsize=(5.6, 3.9), width_ratios=[2.1, 1])
    look = {"vmin": 0, "vmax": 1, "interpolation": "nearest"}
    tiled = images.transpose(1, 2).reshape(GRID * side, GRID * side).numpy()
    plane.imshow(tiled, extent=(-extent, extent, -extent, extent), **look)
    plane.plot(*start.tolist(), "o", color=VERMILION, markeredgecolor="white", markersize=10)
    plane.set(xlabel="first latent z₁", ylabel="second latent z₂")
    image.imshow(model.mean(start).cpu().reshape(side, side).numpy(), **look)
    image.set(title="decoded image", xticks=[], yticks=[])
    return fig, (
        f"The plane of the two latents, filled with {GRID} by {GRID} decoded images, each where its code is. "
        "Neighbours are alike, and from place to place one digit turns into another. A dot marks the code of a test "
        "image; beside the plane is what is decoded from it."
    )


@torch.no_grad()
def decoder(model: nn.Module, x: Tensor, labels: Tensor, most: int = 60) -> LiveFigure:
    """The plane of two latents with the q(z|x) of images, and the image π(z) of the code z that the reader drags.

    The decoder runs in the browser, with weights rounded to 16 bits; its pixels differ from the model's by less than
    about 0.001.

    Parameters
    ----------
    model : Module
        A VAE with two latents: its `decoder` is a Linear layer or a sequence of Linear, ReLU, Tanh and Sigmoid
        layers, and `mean`, what that returns or the sigmoid of it.
    x : Tensor, shape (N, D)
        Square images, preferably some that the model has not seen.
    labels : Tensor of int, shape (N,)
        What is on them, 0 to 9.
    most : int
        How many of them are shown, from the first on.

    Returns
    -------
    LiveFigure
        Its picture is the map of decoded images.

    Raises
    ------
    ValueError
        If the model has another number of latents or other layers, if images or labels do not fit, or if all that
        is too much for a page.
    """
    side = _side(model, x, labels, most)
    network, images = packed_mean(model), packed_pixels(x[:most])
    if (size := len(network["weights"]) + len(images)) > MOST:
        raise ValueError(f"decoder and images must take at most {MOST:,} letters of the page, got {size:,}: lower most")
    mu, log_var = model.encoder(x[:most])
    std = torch.exp(0.5 * log_var)
    extent = max(3.0, math.ceil(2 * (mu.abs() + std).max().item()) / 2)
    start = (20 * mu[0]).round() / 20  # on the sliders
    seen = {"images": images, "labels": labels[:most].tolist(), "colours": CLASSES, "side": side, "extent": extent}
    columns = torch.cat([mu, std], 1).double().round(decimals=3).T.tolist()
    return LiveFigure(
        "decoder",
        title="Live figure: a decoder and the plane of its codes",
        still=_still(model, start, extent, side),
        data=network
        | seen
        | {"start": start.double().round(decimals=2).tolist()}
        | dict(zip(("mu1", "mu2", "std1", "std2"), columns, strict=True)),
        panel=110,
        parts=("plot", "handle", "pixels", "layers"),
    )


def _side(model: nn.Module, x: Tensor, labels: Tensor, most: int) -> int:
    """Check the arguments and return the number of pixels along an image."""
    require_sizes(most=most)
    require_batch(x=x)
    if model.z_dim != 2:
        raise ValueError(f"model must have 2 latent dimensions, got {model.z_dim}")
    side = math.isqrt(x.shape[1])
    if side**2 != x.shape[1]:
        raise ValueError(f"x must hold square images, got {x.shape[1]} pixels")
    if labels.shape != x.shape[:1] or labels.is_floating_point() or not ((labels >= 0) & (labels <= 9)).all():
        raise ValueError(f"labels must be {len(x)} whole numbers from 0 to 9, got {labels.dtype} {tuple(labels.shape)}")
    return side
