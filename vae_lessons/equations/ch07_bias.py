"""Check of chapter 7, part three: the logarithm of an average is biased, and by how much, (7.5)."""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.finite_world import expect, on_average, variance
from vae_lessons.equations.registry import equation


def expected_log_mean(q: Tensor, w: Tensor, draws: int) -> Tensor:
    """E log((1/L) Σ w) for any L, by E log S = ∫ (e⁻ᵗ - E e⁻ᵗˢ)/t dt; here t = eᵘ, and w is in units of its maximum."""
    t = torch.linspace(-45, 60, 2101).double().exp()
    transform = torch.exp(-t[:, None] / draws * w / w.max()) @ q
    return torch.trapezoid(torch.exp(-t) - transform**draws, t.log()) + w.max().log()


def distribution_and_weights(rng) -> tuple[Tensor, Tensor]:
    """Draw q over three outcomes, and the weight w = p(x, z)/q of each."""
    return torch.tensor(rng.dirichlet(np.full(3, 3.0))), torch.tensor(rng.lognormal(-1, 0.7, size=3))


def bias(q: Tensor, w: Tensor, draws: int) -> Tensor:
    """E log of the mean of L weights, over all samples, less log E w."""
    return on_average(lambda w: w.mean(0).log(), draws)(q, w) - expect(q, w).log()


def second_order(q: Tensor, w: Tensor) -> Tensor:
    """Half of d²/dh² at h = 0 of E log(1 + h (mean/E w - 1)) over all samples, for L = 2, 3, 4."""
    h = torch.zeros((), dtype=torch.float64, requires_grad=True)

    def half_of_curvature(draws: int) -> Tensor:
        average = on_average(lambda ratio: torch.log1p(h * (ratio.mean(0) - 1)), draws)(q, w / expect(q, w))
        (slope,) = torch.autograd.grad(average, h, create_graph=True)
        return torch.autograd.grad(slope, h)[0] / 2

    return torch.stack([half_of_curvature(draws) for draws in (2, 3, 4)])


def delta_method(q: Tensor, w: Tensor) -> Tensor:
    """-Var w / (2 L (E w)²) for L = 2, 3, 4."""
    return -variance(q, w) / (2 * torch.tensor([2, 3, 4]) * expect(q, w) ** 2)


def what_is_left_out(q: Tensor, w: Tensor, draws: int) -> Tensor:
    """Distance of the bias from -Var w / (2 L (E w)²)."""
    approximation = -variance(q, w) / (2 * draws * expect(q, w) ** 2)
    return (expected_log_mean(q, w, draws) - expect(q, w).log() - approximation).abs()


equation(
    "7.5",
    "The logarithm of an estimate is too low on average",
    method="enumeration",
    draw=distribution_and_weights,
    lines={
        "-Var w/(2L(E w)²)": delta_method,
        "second-order bias": second_order,
        "E log ŵ ≤ log E w": lambda q, w: torch.stack([bias(q, w, draws) <= 0 for draws in (1, 2, 3, 4, 5)]),
        "the rest falls as 1/L²": lambda q, w: what_is_left_out(q, w, 400) < what_is_left_out(q, w, 100) / 12,
        "E ŵ = E w": lambda q, w: (on_average(lambda w: w.mean(0))(q, w) - expect(q, w)).abs() < 1e-12,
    },
    mutants={
        "no ½": lambda q, w: 2 * delta_method(q, w),
        "sign": lambda q, w: -delta_method(q, w),
        "E w not squared": lambda q, w: delta_method(q, w) * expect(q, w),
        "E w² for Var w": lambda q, w: delta_method(q, w) * expect(q, w**2) / variance(q, w),
        "falls as 1/L²": lambda q, w: delta_method(q, w) / torch.tensor([2, 3, 4]),
        "E log ŵ ≥ log E w": lambda q, w: bias(q, w, 3) >= 0,
        "E log ŵ = log E w": lambda q, w: bias(q, w, 3).abs() < 1e-9,
    },
)
