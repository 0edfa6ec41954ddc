"""Figures of chapter 1: autoencoders."""

import matplotlib.pyplot as plt
import numpy as np
from torch import Tensor

from vae_lessons.plots.style import BLUE, GREY, P_LINE, Q_LINE, figure

# Ten dark colours; the class is told by the digit that marks a point.
CLASSES = ("#332288", "#0072B2", "#117733", "#B04A00", "#882255", "#5A5A5A", "#AA3377", "#7A5C00", "#000000", "#C0303A")


@figure
def code_map(panels: dict[str, Tensor], labels: Tensor, most: int = 360):
    """Codes of two numbers, each drawn as the digit that it is the code of; one panel for each way of encoding."""
    fig, rows = plt.subplots(len(panels), 1, figsize=(5.6, 4.1 * len(panels)), squeeze=False)
    for axes, (title, codes) in zip(rows.flat, panels.items(), strict=True):
        for digit, colour in enumerate(CLASSES):
            at = codes.detach()[:most][labels[:most] == digit]
            axes.scatter(at[:, 0], at[:, 1], s=70, marker=f"${digit}$", color=colour, linewidths=0.2)
        axes.set(title=title, xlabel="first number of the code", ylabel="second number")
    names = " and ".join(panels)
    return fig, (
        f"Maps of the codes of test images, {names}: each point is drawn as the digit on the image. Images of one "
        "digit lie together in groups, which overlap in places."
    )


@figure
def error_curves(sizes: tuple[int, ...], errors: dict[str, list[float]]):
    """Test error against the length of the code, both on logarithmic axes."""
    fig, axes = plt.subplots(figsize=(5.6, 3.8))
    for (name, values), style, marker in zip(errors.items(), (Q_LINE, P_LINE), "so", strict=True):
        axes.plot(sizes, values, **style, marker=marker, markersize=7, label=name)
    axes.set(xlabel="numbers in the code, J", ylabel="squared error per image")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    ticks = [2.0**k for k in range(-3, 3)]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.legend()
    spoken = "; ".join(f"{name} from {values[0]:.1f} to {values[-1]:.1f}" for name, values in errors.items())
    reach = f"falling with the length of the code from {sizes[0]} to {sizes[-1]}"
    return fig, f"Squared error of test images, {reach}: {spoken}."


@figure
def nearest_distances(distances: dict[str, Tensor]):
    """Distances to the nearest training image: of each set the middle half as a bar, 5% to 95% as a line."""
    fig, axes = plt.subplots(figsize=(5.6, 0.62 * len(distances) + 1.1))
    for at, values in enumerate(distances.values()):
        low, first, middle, third, high = np.percentile(values, (5, 25, 50, 75, 95))
        axes.hlines(at, low, high, color="black", linewidth=1.2)
        hatch, colour = ("///", GREY) if at == 0 else ("", BLUE)
        axes.barh(at, third - first, 0.55, first, color=colour, alpha=0.6, hatch=hatch, edgecolor="white")
        axes.vlines(middle, at - 0.28, at + 0.28, color="black", linewidth=2.5)
    axes.set_yticks(range(len(distances)), list(distances))
    axes.invert_yaxis()
    axes.set(xlabel="distance to the nearest training image", xlim=(0, None))
    spoken = ", ".join(f"{name} {values.median():.1f}" for name, values in distances.items())
    return fig, f"Bars of the distances to the nearest training image. Medians: {spoken}."
