"""Checks of chapter 10, part two: back through the decoder, (10.2)-(10.5).

Every δ is the gradient of an image's loss, -ELBO; a weight's gradient is that of the loss summed over the batch.
"""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vae_lessons.equations.ch10 import D, H, M, autograd, library, network, run
from vae_lessons.equations.registry import equation

# (10.2) The logits


def images_logits_network(rng) -> tuple[Tensor, ...]:
    """Draw a network and compute its logits: x, a, then the network."""
    net = network(rng)
    return net[0], run(*net).a.detach(), *net


def residual_by_torch(x: Tensor, a: Tensor, *_) -> Tensor:
    """Differentiate the summed cross-entropy of given logits."""
    a = a.clone().requires_grad_()
    return torch.autograd.grad(binary_cross_entropy_with_logits(a, x, reduction="sum"), a)[0]


equation(
    "10.2",
    "The gradient of an image's loss with respect to its logits",
    method="autograd",
    draw=images_logits_network,
    lines={
        "σ(a) - x": lambda x, a, *net: a.sigmoid() - x,
        "autograd of the BCE": residual_by_torch,
        "autograd": lambda x, a, *net: autograd("a", net),
        "numpy_vae.deltas": lambda x, a, *net: library("da", net),
    },
    mutants={
        "x - σ(a)": lambda x, a, *_: x - a.sigmoid(),
        "times σ′": lambda x, a, *_: (a.sigmoid() - x) * a.sigmoid() * (1 - a.sigmoid()),
        "mean over the pixels": lambda x, a, *_: (a.sigmoid() - x) / x.shape[-1],
        "mean over the batch": lambda x, a, *_: (a.sigmoid() - x) / len(x),
        "probs as logits": lambda x, a, *_: a.sigmoid().sigmoid() - x,
        "no σ": lambda x, a, *_: a - x,
    },
)

# (10.3) The weights of the last layer


def last_layer(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δa by autograd and h₃: δa, h₃, then the network."""
    net = network(rng)
    return autograd("a", net), run(*net).h3.detach(), *net


equation(
    "10.3",
    "The gradient of the summed loss with respect to W₄",
    method="autograd",
    draw=last_layer,
    lines={
        "δaᵀ h₃": lambda da, h3, *net: da.T @ h3,
        "Σ over images δa h₃ᵀ": lambda da, h3, *net: sum(torch.outer(da[i], h3[i]) for i in range(M)),
        "autograd": lambda da, h3, *net: autograd("W4", net),
        "M × numpy_vae.backward": lambda da, h3, *net: library("W4", net),
    },
    mutants={
        "transposed": lambda da, h3, *_: h3.T @ da,
        "batch mean": lambda da, h3, *_: da.T @ h3 / len(da),
        "first image alone": lambda da, h3, *_: torch.outer(da[0], h3[0]),
        "means multiplied": lambda da, h3, *_: len(da) * torch.outer(da.mean(0), h3.mean(0)),
        "times 1 - h₃²": lambda da, h3, *_: da.T @ (h3 * (1 - h3**2)),
        "sign": lambda da, h3, *_: -da.T @ h3,
    },
)

# (10.4) Through the tanh


def second_tanh(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δa by autograd and h₃: δa, W₄, h₃, then the network."""
    net = network(rng)
    return autograd("a", net), net[-2], run(*net).h3.detach(), *net


equation(
    "10.4",
    "The gradient of an image's loss, before the second tanh",
    method="autograd",
    draw=second_tanh,
    lines={
        "(δa W₄) ⊙ (1 - h₃²)": lambda da, W4, h3, *net: (da @ W4) * (1 - h3**2),
        "autograd": lambda da, W4, h3, *net: autograd("u3", net),
        "numpy_vae.deltas": lambda da, W4, h3, *net: library("d3", net),
    },
    mutants={
        "forgot 1 - h₃²": lambda da, W4, h3, *_: da @ W4,
        "1 - h₃": lambda da, W4, h3, *_: (da @ W4) * (1 - h3),
        "tanh twice": lambda da, W4, h3, *_: (da @ W4) * (1 - h3.tanh() ** 2),
        "derivative of σ": lambda da, W4, h3, *_: (da @ W4) * h3 * (1 - h3),
        "mean over the pixels": lambda da, W4, h3, *_: (da @ W4) * (1 - h3**2) / D,
        "sign": lambda da, W4, h3, *_: (da @ W4) * (h3**2 - 1),
    },
)

# (10.5) The sample


def third_layer(rng) -> tuple[Tensor, ...]:
    """Draw a network, and compute δ₃ by autograd and z: δ₃, W₃, z, then the network."""
    net = network(rng)
    return autograd("u3", net), net[-4], run(*net).z.detach(), *net


equation(
    "10.5",
    "The gradient of an image's loss with respect to its sample",
    method="autograd",
    draw=third_layer,
    lines={
        "δ₃ W₃": lambda d3, W3, z, *net: d3 @ W3,
        "autograd": lambda d3, W3, z, *net: autograd("z", net),
        "numpy_vae.deltas": lambda d3, W3, z, *net: library("dz", net),
    },
    mutants={
        "times 1 - z²": lambda d3, W3, z, *_: (d3 @ W3) * (1 - z**2),
        "plus z, of the prior": lambda d3, W3, z, *_: d3 @ W3 + z,
        "mean over the units": lambda d3, W3, z, *_: d3 @ W3 / H,
        "mean over the batch": lambda d3, W3, z, *_: d3 @ W3 / len(z),
        "sign": lambda d3, W3, z, *_: -d3 @ W3,
    },
)
