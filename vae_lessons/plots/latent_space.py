"""Figures of chapter 12: what a trained VAE has made of its latent space."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Circle, Ellipse
from torch import Tensor

from vae_lessons.plots.autoencoders import CLASSES
from vae_lessons.plots.images import _draw
from vae_lessons.plots.style import GREY, figure


@figure
def manifold(images: Tensor, z: Tensor):
    """Images decoded on a grid of codes, (n, n, D) and (n, n, 2) as in (12.3), as one picture with z along its axes."""
    n, side = len(images), round(images.shape[-1] ** 0.5)
    tiles = torch.nn.functional.pad(images.detach().reshape(n, n, side, side), (1, 1, 1, 1))  # white between them
    fig, axes = plt.subplots(figsize=(5.6, 5.5))
    picture = tiles.transpose(1, 2).reshape(n * (side + 2), n * (side + 2))
    axes.imshow(picture, vmin=0, vmax=1, interpolation="nearest", extent=(0, n, 0, n))
    shown = torch.linspace(0, n - 1, 5).round().int().tolist()
    across, up = z[0, :, 0], z[:, 0, 1].flip(0)
    axes.set_xticks([k + 0.5 for k in shown], [f"{across[k].item():.2f}".replace("-", "−") for k in shown])
    axes.set_yticks([k + 0.5 for k in shown], [f"{up[k].item():.2f}".replace("-", "−") for k in shown])
    axes.set(xlabel="first latent z₁, equal steps in probability", ylabel="second latent z₂")
    return fig, (
        f"A square of {n} by {n} decoded images over the plane of the two latents, z from {across[0].item():.2f} to "
        f"{across[-1].item():.2f} both ways. Neighbouring images are alike, and the digits turn into each other from "
        "place to place; between some of them lie shapes that are no digit."
    )


@figure
def latent_ellipses(mu: Tensor, log_var: Tensor, labels: Tensor, most: int = 150):
    """Posterior means, drawn as the digit on the image, each with the ellipse of one standard deviation of its q."""
    fig, axes = plt.subplots(figsize=(5.6, 5.6))
    for radius in (1, 2):
        axes.add_patch(Circle((0, 0), radius, fill=False, color=GREY, linestyle=":", linewidth=1.6))
    for centre, std, digit in zip(mu[:most], torch.exp(0.5 * log_var[:most]), labels[:most].tolist(), strict=True):
        style = {"color": CLASSES[digit], "linewidth": 0.7}
        axes.add_patch(Ellipse(centre.tolist(), *(2 * std).tolist(), fill=True, alpha=0.06, **style))
        axes.add_patch(Ellipse(centre.tolist(), *(2 * std).tolist(), fill=False, alpha=0.55, **style))
        axes.plot(*centre.tolist(), marker=f"${digit}$", markersize=8, color=CLASSES[digit], markeredgewidth=0.2)
    axes.set(xlabel="first latent z₁", ylabel="second latent z₂", aspect="equal", xlim=(-3, 3), ylim=(-3, 3))
    axes.set_xticks(range(-3, 4))
    axes.set_yticks(range(-3, 4))
    return fig, (
        f"The plane of two latents with {min(most, len(mu))} test images at their posterior means, each drawn as its "
        "digit, and around each an upright ellipse of one standard deviation. Equal digits lie in groups, and ellipses "
        "overlap with their neighbours; dotted circles mark the radii 1 and 2 of the prior."
    )


@figure
def halves(rows: dict[str, Tensor], seen: Tensor, hidden_in: str, what: str):
    """Rows of images as in `image_rows`; in the row `hidden_in` the pixels that are not seen are hatched."""
    side, cols = round(len(seen) ** 0.5), len(next(iter(rows.values())))
    fig, grid = plt.subplots(len(rows), cols, figsize=(0.62 * cols + 1.2, 0.68 * len(rows)), squeeze=False)
    lines = torch.nonzero(seen.reshape(side, side)[:-1, 0] != seen.reshape(side, side)[1:, 0]).flatten().tolist()
    for line, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(line, images, strict=True):
            _draw(axes, image)
            for at in lines:
                axes.axhline(at + 0.5, color="#0072B2", linewidth=1)
            if name == hidden_in:
                for k in torch.nonzero(~seen.reshape(side, side)[:, 0]).flatten().tolist():
                    axes.axhspan(k - 0.5, k + 0.5, facecolor="#D9D9D9", edgecolor="white", hatch="///", linewidth=0)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    return fig, f"{what}: {cols} images a row, the rows are {', '.join(rows)}."
