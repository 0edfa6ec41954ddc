"""Checks of appendix C: what a convolution computes, its transpose, and shifts, (C.1) to (C.3)."""

from collections.abc import Callable

import numpy as np
import torch
from scipy.signal import correlate2d
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d, pad

from vae_lessons.equations.registry import equation

STRIDE, PADDING = 2, 1


def image_and_kernel(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw an image of two channels and 8×8 pixels, kernels for three channels of 4×4, and three biases."""
    return tuple(torch.tensor(rng.normal(size=shape)) for shape in [(2, 8, 8), (3, 2, 4, 4), (3,)])


def by_sums(x: Tensor, w: Tensor, b: Tensor, stride: int = STRIDE, padding: int = PADDING) -> Tensor:
    """Write the sum out: b + Σ w x, pixel by pixel; outside the image x is 0."""
    framed, k = pad(x, [padding] * 4), w.shape[-1]
    side = (x.shape[-1] + 2 * padding - k) // stride + 1
    y = torch.zeros(len(w), side, side).double()
    for i in range(side):
        for j in range(side):
            patch = framed[:, stride * i : stride * i + k, stride * j : stride * j + k]
            y[:, i, j] = b + (w * patch).sum((1, 2, 3))
    return y


def by_scipy(x: Tensor, w: Tensor, b: Tensor) -> np.ndarray:
    """Correlate channel by channel at all places, add up, and keep every second place."""
    framed = np.pad(x, [(0, 0), (PADDING, PADDING), (PADDING, PADDING)])
    maps = [sum(map(lambda image, k: correlate2d(image, k, "valid"), framed, kernels)) for kernels in w.numpy()]
    return np.stack(maps)[:, ::STRIDE, ::STRIDE] + b.numpy()[:, None, None]


def by_torch(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Let torch compute it."""
    return conv2d(x, w, b, stride=STRIDE, padding=PADDING)


def sides(*_) -> Tensor:
    """Tell whether torch's outputs have side ⌊(S + 2p - k)/s⌋ + 1, for many S, k, s and p."""
    cases = [(S, k, s, p) for S in (5, 8, 12) for k in (1, 3, 4) for s in (1, 2, 3) for p in (0, 1, 2)]
    got = [conv2d(torch.ones(1, S, S), torch.ones(1, 1, k, k), stride=s, padding=p).shape[-1] for S, k, s, p in cases]
    return torch.tensor(got) == torch.tensor([(S + 2 * p - k) // s + 1 for S, k, s, p in cases])


equation(
    "C.1",
    "What a convolutional layer computes",
    method="enumeration",
    draw=image_and_kernel,
    lines={
        "b + Σ w x": by_sums,
        "torch's conv2d": by_torch,
        "SciPy's correlate2d": by_scipy,
        "⌊(S + 2p - k)/s⌋ + 1": sides,
    },
    mutants={
        "kernel turned around": lambda x, w, b: by_sums(x, w.flip(-1, -2), b),
        "kernel transposed": lambda x, w, b: by_sums(x, w.mT, b),
        "no bias": lambda x, w, b: by_sums(x, w, 0 * b),
        "no stride": lambda x, w, b: by_sums(x, w, b, stride=1)[:, :4, :4],
        "no padding": lambda x, w, b: by_sums(pad(x, [0, 2, 0, 2]), w, b, padding=0),
        "one channel in": lambda x, w, b: by_sums(x[:1], w[:, :1], b),
    },
)


def apply(x: Tensor, w: Tensor) -> Tensor:
    """K x: the layer without its bias."""
    return conv2d(x, w, stride=STRIDE, padding=PADDING)


def image_kernel_and_map(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw an image, kernels, and three maps of 4×4."""
    x, w, _ = image_and_kernel(rng)
    return x, w, torch.tensor(rng.normal(size=(3, 4, 4)))


def by_matrix(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
    """Kᵀy with K as a matrix, (48, 128): its columns are the images of single pixels."""
    units = torch.eye(x.numel()).double().reshape(-1, *x.shape)
    k = torch.stack([apply(unit, w).flatten() for unit in units], 1)
    return (k.T @ y.flatten()).reshape(x.shape)


def by_autograd(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
    """The gradient of y·Kx with respect to x."""
    x = x.clone().requires_grad_()
    return torch.autograd.grad((y * apply(x, w)).sum(), x)[0]


def inner_products_agree(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
    """Tell whether y·Kx = Kᵀy·x."""
    back = conv_transpose2d(y, w, stride=STRIDE, padding=PADDING)
    return ((y * apply(x, w)).sum() - (back * x).sum()).abs() < 1e-10


def transposed(change: Callable, **settings: int) -> Callable:
    """Return torch's transposed convolution with a mistake in its weights or settings."""

    def line(x: Tensor, w: Tensor, y: Tensor) -> Tensor:
        return conv_transpose2d(y, change(w), **({"stride": STRIDE, "padding": PADDING} | settings))

    return line


equation(
    "C.2",
    "The transposed convolution is the transpose",
    method="enumeration",
    draw=image_kernel_and_map,
    lines={
        "conv_transpose2d": transposed(lambda w: w),
        "the matrix, transposed": by_matrix,
        "autograd": by_autograd,
        "y·Kx = Kᵀy·x": inner_products_agree,
    },
    mutants={
        "kernel turned around": transposed(lambda w: w.flip(-1, -2)),
        "kernel transposed": transposed(lambda w: w.mT),
        "no padding, cut at the corner": lambda x, w, y: transposed(lambda w: w, padding=0)(x, w, y)[:, :8, :8],
        "the inverse": lambda x, w, y: 2 * x - by_matrix(x, w, apply(x, w)),
    },
)


def framed_image_and_kernel(rng) -> tuple[Tensor, Tensor]:
    """Draw an image of 12×12 pixels that is 0 but for 4×4 in its middle, and kernels."""
    _, w, _ = image_and_kernel(rng)
    return pad(torch.tensor(rng.normal(size=(2, 4, 4))), [4] * 4), w


def moved(x: Tensor, down: int, right: int) -> Tensor:
    """Shift an image; nothing but zeros leaves or comes in."""
    return x.roll((down, right), (-2, -1))


equation(
    "C.3",
    "A convolution of a shifted image is the shifted convolution",
    method="enumeration",
    draw=framed_image_and_kernel,
    lines={
        "K of x shifted by (2, -2)": lambda x, w: apply(moved(x, 2, -2), w),
        "K x shifted by (1, -1)": lambda x, w: moved(apply(x, w), 1, -1),
    },
    mutants={
        "K x shifted by (2, -2)": lambda x, w: moved(apply(x, w), 2, -2),
        "not shifted back": lambda x, w: apply(x, w),
        "x shifted by (1, -2)": lambda x, w: apply(moved(x, 1, -2), w),
        "a dense layer": lambda x, w: moved(apply(x * torch.arange(144.0).reshape(12, 12), w), 1, -1),
    },
)
