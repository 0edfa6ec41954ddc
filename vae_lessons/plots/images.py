"""Figures made of images."""

import matplotlib.pyplot as plt
from torch import Tensor

from vae_lessons.plots.style import figure


def _draw(axes, image: Tensor) -> None:
    side = round(len(image) ** 0.5)
    axes.imshow(image.reshape(side, side).detach(), vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


@figure
def contact_sheet(x: Tensor, rows: int, cols: int, what: str):
    """The first rows·cols images of x side by side; `what` says in words what they are."""
    fig, grid = plt.subplots(rows, cols, figsize=(0.62 * cols, 0.62 * rows), squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, image in zip(grid.flat, x, strict=False):
        _draw(axes, image)
    return fig, f"{what}: {rows} rows of {cols} images."


@figure
def image_rows(rows: dict[str, Tensor], what: str):
    """One row of images for each entry, with its name at the left; `what` says in words what to see."""
    cols = len(next(iter(rows.values())))
    fig, grid = plt.subplots(len(rows), cols, figsize=(0.62 * cols + 1.2, 0.68 * len(rows)), squeeze=False)
    for line, (name, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(line, images, strict=True):
            _draw(axes, image)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=8)
    return fig, f"{what}: {cols} images a row, the rows are {', '.join(rows)}."
