"""Check of chapter 12, part four: the mean image is not the image of the mean, (12.4)."""

from collections.abc import Callable

import numpy as np
import torch
from scipy.special import owens_t
from torch import Tensor
from torch.special import ndtr

from vae_lessons.equations.registry import equation

DRAWS = 4_000


def encoding_and_decoder(rng) -> tuple[Tensor, ...]:
    """Draw μ and ℓ of one image, and W, b of a decoder Φ(zW + b) from two latents to four pixels."""
    mu, log_var, w, b = (torch.tensor(rng.uniform(-1, 1, size=shape)) for shape in [(2,), (2,), (2, 4), (4,)])
    return mu, log_var - 0.5, w, 0.5 * b


def mean_and_sd(mu: Tensor, log_var: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Integrate Φ(zW + b) and its square over q by Gauss-Hermite: zW + b of each pixel is one normal number."""
    node, weight = np.polynomial.hermite_e.hermegauss(120)
    a = mu @ w + b + torch.tensor(node)[:, None] * (log_var.exp() @ w**2).sqrt()
    mean, square = (torch.tensor(weight / weight.sum()) @ ndtr(a) ** k for k in (1, 2))
    return torch.stack([mean, (square - mean**2).sqrt()])


def in_closed_form(mu: Tensor, log_var: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Compute E Φ(a) = Φ(h), h = m/√(1 + s²), and E Φ(a)² = Φ(h) - 2 T(h, 1/√(1 + 2s²)), with Owen's function T."""
    m, var = mu @ w + b, log_var.exp() @ w**2
    h = m / (1 + var).sqrt()
    square = ndtr(h) - 2 * torch.tensor(owens_t(h.numpy(), (1 + 2 * var).rsqrt().numpy()))
    return torch.stack([ndtr(h), (square - ndtr(h) ** 2).sqrt()])


def reconstruct(decoder: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Stack mean and standard deviation, over draws of z, of the decoded image: (S, J) noise -> (2, D)."""
    images = decoder(mu + torch.exp(0.5 * log_var) * eps)
    return torch.stack([images.mean(0), images.std(0)])


def by_drawing(answer: Callable) -> Callable:
    """State that 4,000 draws give the exact mean and standard deviation, within 5 standard errors."""

    def statement(mu: Tensor, log_var: Tensor, w: Tensor, b: Tensor) -> Tensor:
        eps = torch.tensor(np.random.default_rng(124).normal(size=(DRAWS, 2)))
        images, exact = ndtr((mu + torch.exp(0.5 * log_var) * eps) @ w + b), in_closed_form(mu, log_var, w, b)
        se = torch.stack([exact[1], ((images - exact[0]) ** 2).std(0) / (2 * exact[1])]) / DRAWS**0.5
        return (answer(lambda z: ndtr(z @ w + b), mu, log_var, eps) - exact).abs() < 5 * se

    return statement


def linear_is_the_exception(mu: Tensor, log_var: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Tell whether mean and image of the mean agree for a linear decoder, and differ for Φ(zW + b)."""
    root = 2**0.5 * torch.eye(2, dtype=torch.float64)
    z = mu + torch.exp(0.5 * log_var) * torch.cat([root, -root])
    linear = ((z @ w + b).mean(0) - (mu @ w + b)).abs() < 1e-12
    return linear.all() & ((in_closed_form(mu, log_var, w, b)[0] - ndtr(mu @ w + b)).abs() > 1e-4).any()


# The mistakes that exercise 12.4 knows by name


def _image_of_the_mean(decoder, mu, log_var, eps):
    image = decoder(mu)
    return torch.stack([image, 0 * image])


def _sd_of_x(decoder, mu, log_var, eps):
    mean, _ = reconstruct(decoder, mu, log_var, eps)
    return torch.stack([mean, (mean * (1 - mean)).sqrt()])


def _standard_error(decoder, mu, log_var, eps):
    mean, sd = reconstruct(decoder, mu, log_var, eps)
    return torch.stack([mean, sd / len(eps) ** 0.5])


def _variance(decoder, mu, log_var, eps):
    mean, sd = reconstruct(decoder, mu, log_var, eps)
    return torch.stack([mean, sd**2])


equation(
    "12.4",
    "The mean image is not the image of the mean",
    method="quadrature",
    draw=encoding_and_decoder,
    lines={
        "mean, sd, by Gauss-Hermite": mean_and_sd,
        "in closed form": in_closed_form,
        "4,000 draws of z": by_drawing(reconstruct),
        "equal for a linear decoder": linear_is_the_exception,
    },
    mutants={
        "image of the mean": by_drawing(_image_of_the_mean),
        "sd of x, not of its mean": by_drawing(_sd_of_x),
        "standard error for sd": by_drawing(_standard_error),
        "variance for sd": by_drawing(_variance),
        "σ² as the scale of q": lambda mu, log_var, w, b: mean_and_sd(mu, 2 * log_var, w, b),
    },
)
