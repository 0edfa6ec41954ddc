"""Checks of appendix E, part two: the density of a flow, and the determinant of a planar one, (E.2) and (E.3)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Independent, Normal, TransformedDistribution
from torch.distributions.transforms import AffineTransform, TanhTransform
from torch.func import jacrev, vmap

from vae_lessons.equations.registry import equation


def planar_layers(rng) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draw u and w, (2, 2), and b, (2,), of two planar layers with u·w > -1, and five points of the plane."""
    w, b, z = (torch.tensor(rng.normal(size=shape)) for shape in [(2, 2), (2,), (5, 2)])
    u = torch.tensor(rng.normal(size=(2, 2)))
    u = u + (-0.8 - (u * w).sum(1, keepdim=True)).clamp(min=0) * w / (w * w).sum(1, keepdim=True)
    return u, w, b, z


def planar(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    """Return z + u tanh(w·z + b), (..., 2) -> (..., 2)."""
    return z + u * torch.tanh(z @ w + b).unsqueeze(-1)


def planar_log_det(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    """Log |1 + (1 - tanh²(w·z + b)) u·w|, (..., 2) -> (...)."""
    return torch.log((1 + (1 - torch.tanh(z @ w + b) ** 2) * (u @ w)).abs())


def log_base(z: Tensor) -> Tensor:
    """Log-density of N(0, I)."""
    return Normal(0.0, 1.0).log_prob(z).sum(-1)


def layer_by_layer(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    """Log q₀(z₀) less the log-determinant of each layer at the point that enters it."""
    log_q = log_base(z)
    for layer in zip(u, w, b, strict=True):
        log_q = log_q - planar_log_det(*layer, z)
        z = planar(*layer, z)
    return log_q


def by_autograd(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    """The same with the Jacobian of both layers together, by autograd."""

    def flow(z: Tensor) -> Tensor:
        for layer in zip(u, w, b, strict=True):
            z = planar(*layer, z)
        return z

    return log_base(z) - torch.linalg.slogdet(vmap(jacrev(flow))(z))[1]


def torch_s_flow(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    """Tell whether the sum holds for torch's own layers: a scale and shift, then a tanh, number by number."""
    scale, shift = u[0].exp(), w[0]
    base = Independent(Normal(torch.zeros(2).double(), torch.ones(2).double()), 1)
    flow = TransformedDistribution(base, [AffineTransform(shift, scale, event_dim=1), TanhTransform(cache_size=1)])
    y = 0.3 * (shift + scale * z)  # the tanh of a large number is 1, and has no way back
    z = (y - shift) / scale
    log_det = scale.log().sum() + torch.log(1 - torch.tanh(y) ** 2).sum(1)
    return (flow.log_prob(torch.tanh(y)) - (log_base(z) - log_det)).abs() < 1e-6


def _determinants_at_the_start(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    return log_base(z) - sum(planar_log_det(*layer, z) for layer in zip(u, w, b, strict=True))


def _last_layer_only(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    return log_base(z) - planar_log_det(u[1], w[1], b[1], planar(u[0], w[0], b[0], z))


equation(
    "E.2",
    "The density of a point that went through a flow",
    method="autograd",
    draw=planar_layers,
    lines={
        "layer by layer": layer_by_layer,
        "Jacobian of all layers": by_autograd,
        "torch.distributions": torch_s_flow,
    },
    mutants={
        "determinants added": lambda u, w, b, z: 2 * log_base(z) - layer_by_layer(u, w, b, z),
        "no determinant": lambda u, w, b, z: log_base(z),
        "all determinants at z₀": _determinants_at_the_start,
        "last layer only": _last_layer_only,
    },
)


def first_layer(function: Callable) -> Callable:
    """Apply a function to the first of the two layers."""
    return lambda u, w, b, z: function(u[0], w[0], b[0], z)


def _by_slogdet(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    return torch.linalg.slogdet(vmap(jacrev(lambda z: planar(u, w, b, z)))(z))[1]


def _by_differences(u: Tensor, w: Tensor, b: Tensor, z: Tensor) -> Tensor:
    h = 1e-6 * torch.eye(2).double()
    columns = (planar(u, w, b, z[:, None] + h) - planar(u, w, b, z[:, None] - h)) / 2e-6
    det = columns[:, 0, 0] * columns[:, 1, 1] - columns[:, 0, 1] * columns[:, 1, 0]
    return (det.abs().log() - planar_log_det(u, w, b, z)).abs() < 1e-7


def without(part: Callable) -> Callable:
    """Return the logarithm of something else, made of u, w and t = tanh(w·z + b)."""
    return first_layer(lambda u, w, b, z: part(u, w, torch.tanh(z @ w + b)).abs().log())


equation(
    "E.3",
    "The determinant of a planar layer",
    method="autograd",
    draw=planar_layers,
    lines={
        "log |1 + h' u·w|": first_layer(planar_log_det),
        "log |det| by autograd": first_layer(_by_slogdet),
        "differences": first_layer(_by_differences),
    },
    mutants={
        "no 1": without(lambda u, w, t: (1 - t**2) * (u @ w)),
        "tanh for its derivative": without(lambda u, w, t: 1 + t * (u @ w)),
        "u and w elementwise": without(lambda u, w, t: (1 + (1 - t**2)[:, None] * u * w).prod(1)),
        "u·u for u·w": without(lambda u, w, t: 1 + (1 - t**2) * (u @ u)),
    },
)
