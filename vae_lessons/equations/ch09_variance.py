"""Checks of chapter 9, part four: the variance that a loss stands for, (9.5), and its best value, (9.6)."""

import math
from collections.abc import Callable

import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.nn.functional import mse_loss

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob
from vae_lessons.objectives import effective_beta


def gradient(loss: Callable, *parameters: Tensor) -> Tensor:
    """Put the gradients of a loss with respect to all parameters in a row, by autograd."""
    parameters = [p.clone().requires_grad_() for p in parameters]
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss(*parameters), parameters)])


# (9.5) The variance that nobody chose


def size_and_images(rng) -> tuple[int, Tensor, Tensor]:
    """Draw a number of pixels D, five grey images, and the mean of every pixel."""
    x_dim = int(rng.integers(5, 65))
    return x_dim, *(torch.tensor(rng.uniform(size=(5, x_dim))) for _ in "xm")


LOSSES = {  # from (x, mean) to a reconstruction term, to which training adds the KL of an image
    "F.mse_loss": lambda x, mean: mse_loss(mean, x),
    "summed squares per image": lambda x, mean: mse_loss(mean, x, reduction="sum") / len(x),
    "half of them": lambda x, mean: 0.5 * ((x - mean) ** 2).sum(-1).mean(),
}


def implied_variances(x_dim: int, *_) -> Tensor:
    """Return the σ² of the three losses: D/2, ½ and 1."""
    return torch.tensor([x_dim / 2, 0.5, 1.0]).double()


def variance_by_autograd(x_dim: int, x: Tensor, mean: Tensor) -> Tensor:
    """Divide the gradient of -log p(x|z) at σ² = 1 by that of the loss, pixel by pixel: the ratio is σ²."""
    nll = gradient(lambda m: -gaussian_log_prob(x, m, torch.zeros_like(x)).mean(), mean)
    return torch.stack([(nll / gradient(lambda m, f=loss: f(x, m), mean)).median() for loss in LOSSES.values()])


def same_gradients(x_dim: int, x: Tensor, mean: Tensor) -> Tensor:
    """Tell whether every pixel's gradient of the loss is that of -log p(x|z) with the implied σ²."""
    pairs = zip(LOSSES.values(), implied_variances(x_dim).log(), strict=True)
    nll = [gradient(lambda m, v=v: -gaussian_log_prob(x, m, v.expand_as(x)).mean(), mean) for _, v in pairs]
    own = [gradient(lambda m, f=loss: f(x, m), mean) for loss in LOSSES.values()]
    return (torch.stack(nll) - torch.stack(own)).abs() < 1e-12


def variance_by_library(x_dim: int, x: Tensor, mean: Tensor) -> list[float]:
    """Let `effective_beta` compare each loss plus KL with normal pixels of σ² = 1: by (9.7) it returns σ²."""
    mu, log_var = x[:, :2], mean[:, 2:4]
    return [
        effective_beta(
            lambda x, m, *q, f=loss: f(x, m) + kl_std_normal(*q).mean(),
            *(x, mean, mu, log_var),
            log_prob=lambda x, m: gaussian_log_prob(x, m, torch.zeros_like(x)),
        )
        for loss in LOSSES.values()
    ]


# The mistakes that exercise 9.3 knows by name; they take D, as its answers do


def _half_always(x_dim, *_):
    return torch.full((3,), 0.5).double()


def _no_two(x_dim, *_):
    return torch.tensor([x_dim, 1.0, 2.0]).double()


def _two_over_d(x_dim, *_):
    return 1 / implied_variances(x_dim)


def _one_over_d(x_dim, *_):
    return torch.tensor([1 / x_dim, 1.0, 0.5]).double()


equation(
    "9.5",
    "F.mse_loss plus KL has chosen σ² = D/2",
    method="autograd",
    draw=size_and_images,
    lines={
        "mean, sum, half: D/2, ½, 1": implied_variances,
        "ratio of gradients": variance_by_autograd,
        "effective_beta": variance_by_library,
        "gradients are equal": same_gradients,
    },
    mutants={"½ always": _half_always, "D": _no_two, "2/D": _two_over_d, "1/D": _one_over_d},
)

# (9.6) The variance that makes the images most probable


def images_and_means(rng) -> tuple[Tensor, Tensor]:
    """Draw four images of six grey pixels, and the mean of every pixel."""
    return size_and_images(rng)[1:]


def log_var_slope(log_var: float, x: Tensor, mean: Tensor) -> float:
    """Differentiate the log-density of all images by the one ℓ = log σ², by autograd."""
    log_var = torch.tensor(log_var, dtype=x.dtype, requires_grad=True)
    return torch.autograd.grad(gaussian_log_prob(x, mean, log_var.expand_as(x)).sum(), log_var)[0].item()


def sse(x: Tensor, mean: Tensor) -> Tensor:
    """Sum the squared errors of all images."""
    return ((x - mean) ** 2).sum()


equation(
    "9.6",
    "The best shared variance is the mean squared error",
    method="autograd",
    draw=images_and_means,
    lines={
        "SSE/(ND)": lambda x, m: sse(x, m) / x.numel(),
        "where d log p/dℓ = 0, by SciPy": lambda x, m: math.exp(brentq(log_var_slope, -9, 9, (x, m), xtol=1e-14)),
        "F.mse_loss": lambda x, m: mse_loss(m, x),
    },
    mutants={
        "per image: SSE/N": lambda x, m: sse(x, m) / len(x),
        "per pixel: SSE/D": lambda x, m: sse(x, m) / x.shape[1],
        "standard deviation": lambda x, m: (sse(x, m) / x.numel()).sqrt(),
        "SSE/(2ND)": lambda x, m: sse(x, m) / (2 * x.numel()),
        "SSE/(ND - 1)": lambda x, m: sse(x, m) / (x.numel() - 1),
    },
)
