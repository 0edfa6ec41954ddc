"""Figures of chapter 9: what a decoder's output says about pixels."""

import matplotlib.pyplot as plt
import torch
from torch import Tensor
from torch.nn.functional import softplus

from vae_lessons.plots.style import BLUE, GREEN, GREY, P_LINE, Q_LINE, VERMILION, figure

LINES = ((GREY, ":"), (GREEN, "-."), (VERMILION, "--"), (BLUE, "-"))


@figure
def pixel_losses():
    """Loss of one blank pixel along its logit, and the slope: minus the log-likelihood (9.2), and squared error."""
    a = torch.linspace(-6, 6, 241)
    probs = a.sigmoid()
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 5.0), sharex=True)
    top.plot(a, softplus(a), **P_LINE, label="−log(1 − π), Bernoulli")
    top.plot(a, probs**2, **Q_LINE, label="π², squared error")
    top.set(ylabel="loss of a blank pixel")
    top.legend(loc="upper left")
    bottom.plot(a, probs, **P_LINE)
    bottom.plot(a, 2 * probs**2 * (1 - probs), **Q_LINE)
    bottom.set(xlabel="logit a: blank to the left, ink to the right", ylabel="slope", ylim=(-0.05, 1.12))
    bottom.annotate("surely wrong,\nno signal", (5, 0.02), (3.0, 0.4), arrowprops={"arrowstyle": "->"}, color=VERMILION)
    return fig, (
        "Loss of a blank pixel against its logit, and below it the slope. The Bernoulli loss grows in a straight line "
        "where the network is surely wrong, with a slope that goes to 1. The squared error levels off at 1 there, and "
        "its slope goes back to 0."
    )


@figure
def rate_distortion(points: dict[str, tuple[float, float]], special: str):
    """What is spent on the code against what is lost of the image, one network for each variance of the pixels."""
    fig, axes = plt.subplots(figsize=(5.6, 4.0))
    rate, distortion = zip(*points.values(), strict=True)
    order = sorted(range(len(rate)), key=lambda i: rate[i])
    axes.plot([rate[i] for i in order], [distortion[i] for i in order], color=GREY, linewidth=1.2)
    for name, (kl, sse) in points.items():
        chosen = name == special
        axes.plot(kl, sse, "D" if chosen else "o", color=VERMILION if chosen else BLUE, markersize=10 if chosen else 8)
    for name, (kl, sse) in points.items():
        offset = (-4, -20) if name == special else (10, 4 if kl < 0.1 else 0 if kl < 1 else 7)
        names = " and ".join(other for other, (near, _) in points.items() if near < 0.1) if kl < 0.1 else name
        axes.annotate(names, (kl, sse), offset, textcoords="offset points")
    axes.set(xlabel="KL: nats per image in the code", ylabel="squared error per image", ylim=(0, 5.6))
    axes.set_xlim(-1, 1.22 * max(rate))
    spoken = "; ".join(f"{name}: KL {kl:.1f}, squared error {sse:.1f}" for name, (kl, sse) in points.items())
    return fig, f"Squared error of a round trip against the KL term, one point for each trained network. {spoken}."


@figure
def grey_pixels(probs: list[float]):
    """The Bernoulli formula on grey pixels, which is no density, and what the constant (9.8) makes of it."""
    x = torch.linspace(0, 1, 401, dtype=torch.float64)
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.6, 6.0), sharex=True)
    areas = []
    for p, (color, line) in zip(probs, LINES, strict=False):
        formula = p**x * (1 - p) ** (1 - x)
        areas.append(torch.trapezoid(formula, x).item())
        style = {"color": color, "linestyle": line, "linewidth": 2.5}
        top.plot(x, formula, **style, label=f"λ = {p:g}: area {areas[-1]:.3f}")
        bottom.plot(x, formula / areas[-1], **style, label=f"λ = {p:g}: area 1")
    top.set(ylabel="Bernoulli formula", ylim=(0, 1.55))
    bottom.set(xlabel="pixel x: 0 is blank, 1 is ink", ylabel="density", ylim=(0, 5.6))
    for axes in (top, bottom):
        axes.legend(loc="upper left", labelspacing=0.3)
    said = ", ".join(f"{area:.3f} for λ = {p:g}" for p, area in zip(probs, areas, strict=True))
    return fig, (
        f"Above, the Bernoulli formula between blank and ink for several λ: the areas below the curves are {said}. "
        "Below, the same curves divided by their areas: densities, steeper for λ near 1."
    )


@figure
def density_of_a_pixel(mean: float, stds: list[float]):
    """The normal density of one pixel for several standard deviations, (9.3): it may exceed 1, and leave [0, 1]."""
    x = torch.linspace(-0.5, 1.5, 601, dtype=torch.float64)
    fig, axes = plt.subplots(figsize=(5.6, 3.6))
    axes.axvspan(0, 1, color=BLUE, alpha=0.07)
    for std, (color, line) in zip(stds, LINES, strict=False):
        density: Tensor = torch.distributions.Normal(mean, std).log_prob(x).exp()
        axes.plot(x, density, color=color, linestyle=line, linewidth=2.5, label=f"σ = {std:g}")
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set(xlabel="pixel x; shaded: from blank to ink", ylabel="density", xticks=[-0.5, 0, 0.5, 1, 1.5])
    axes.legend(loc="upper left")
    return fig, (
        f"Normal densities of one pixel with mean {mean:g} and standard deviations "
        f"{', '.join(f'{s:g}' for s in stds)}. The wide one is flat and reaches far beyond blank and ink; the narrow "
        "ones exceed 1."
    )
