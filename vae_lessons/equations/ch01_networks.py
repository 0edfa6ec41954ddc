"""Checks of chapter 1, part two: the loss of an autoencoder, and why its codes are not unique, (1.2) and (1.4)."""

import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from vae_lessons.equations.registry import equation

# (1.2) The loss and its minimum


def images_and_reconstructions(rng) -> tuple[Tensor, Tensor]:
    """Draw four images of six pixels, and reconstructions that are too dark and noisy."""
    x = rng.uniform(size=(4, 6))
    return torch.tensor(x), torch.tensor(0.6 * x + rng.normal(0, 0.2, size=(4, 6)))


def squared_error(x: Tensor, x_hat: Tensor) -> Tensor:
    """Sum the squared differences over D, average over N."""
    return ((x - x_hat) ** 2).sum(-1).mean()


def best_scale(x: Tensor, x_hat: Tensor) -> Tensor:
    """Return the θ that minimises the loss of the decoder θy, y = g(f(x)): θ = Σxy/Σy²."""
    return (x * x_hat).sum() / (x_hat**2).sum()


def scale_is_argmin(x: Tensor, x_hat: Tensor, best=best_scale) -> bool:
    """Tell whether none of 301 scales from -1 to 5 gives a smaller loss than the one that is called best."""
    scales = torch.linspace(-1, 5, 301, dtype=x.dtype)
    losses = torch.stack([squared_error(x, theta * x_hat) for theta in scales])
    return bool((losses >= squared_error(x, best(x, x_hat) * x_hat)).all())


# The mistakes that exercise 1.2 knows by name


def _mean_of_everything(x, x_hat):
    return ((x - x_hat) ** 2).mean()


def _sum_of_everything(x, x_hat):
    return ((x - x_hat) ** 2).sum()


def _mean_over_pixels_sum_over_images(x, x_hat):
    return ((x - x_hat) ** 2).mean(-1).sum()


def _not_squared(x, x_hat):
    return (x - x_hat).abs().sum(-1).mean()


def _root(x, x_hat):
    return ((x - x_hat) ** 2).sum(-1).sqrt().mean()


def _sign_lost(x, x_hat):
    return (x - x_hat).sum(-1).mean()


equation(
    "1.2",
    "An autoencoder minimises the squared error",
    method="exact model",
    draw=images_and_reconstructions,
    lines={
        "mean over N of ‖x - g(f(x))‖²": squared_error,
        "torch's mse_loss, times D": lambda x, x_hat: mse_loss(x_hat, x) * x.shape[-1],
        "‖x‖² - 2x·y + ‖y‖², y = g(f(x))": lambda x, x_hat: (
            ((x * x).sum() - 2 * (x * x_hat).sum() + (x_hat * x_hat).sum()) / len(x)
        ),
        "best decoder θy: θ = Σxy/Σy²": scale_is_argmin,
    },
    mutants={
        "mean of everything": _mean_of_everything,
        "sum of everything": _sum_of_everything,
        "mean over D, sum over N": _mean_over_pixels_sum_over_images,
        "not squared": _not_squared,
        "root": _root,
        "differences added": _sign_lost,
        "best decoder: θ = 1": lambda x, x_hat: scale_is_argmin(x, x_hat, lambda x, x_hat: 1.0),
        "best decoder: θ = Σxy/Σx²": lambda x, x_hat: scale_is_argmin(x, x_hat, lambda a, b: best_scale(b, a)),
    },
)


# (1.4) Other codes, the same autoencoder


def autoencoder_and_matrix(rng) -> tuple[Tensor, ...]:
    """Draw seven images in five dimensions, the weights of f and g with J = 3, and an invertible matrix R."""
    weights = [rng.normal(size=shape) for shape in [(7, 5), (3, 5), (5, 3)]]
    r = rng.normal(size=(3, 3))
    return *map(torch.tensor, weights), torch.tensor(r + 2 * (r.trace() > 0) * r.T)


def f(x: Tensor, encoder: Tensor) -> Tensor:
    """Encode: not linear in x, linear in the weights of its last layer."""
    return torch.tanh(x) @ encoder.T


def g(z: Tensor, decoder: Tensor) -> Tensor:
    """Decode."""
    return torch.tanh(z @ decoder.T)


def with_matrices(into, out_of):
    """Make the autoencoder g(B A f(x)), where A = into(R) changes the code and B = out_of(R) should undo it."""
    return lambda x, encoder, decoder, r: g(f(x, encoder) @ into(r).T @ out_of(r).T, decoder)


def absorbed(x: Tensor, encoder: Tensor, decoder: Tensor, r: Tensor) -> Tensor:
    """Put R and R⁻¹ into the weights: another pair (θ, φ) with the same function."""
    return g(f(x, r @ encoder), torch.linalg.solve(r.T, decoder.T).T)


def singular(r: Tensor) -> Tensor:
    """Set the smallest singular value of R to zero: no matrix undoes that."""
    u, s, vh = torch.linalg.svd(r)
    return u[:, :-1] * s[:-1] @ vh[:-1]


def same_loss_other_codes(x: Tensor, encoder: Tensor, decoder: Tensor, r: Tensor) -> bool:
    """Tell whether the loss is the same although every code is another one: a minimum is never alone."""
    losses = [squared_error(x, g(f(x, encoder), decoder)), squared_error(x, absorbed(x, encoder, decoder, r))]
    moved = (f(x, encoder) - f(x, r @ encoder)).norm(dim=-1)
    return bool(torch.isclose(*losses, rtol=0, atol=1e-12)) and bool((moved > 1e-3).all())


equation(
    "1.4",
    "Codes can be changed without changing the autoencoder",
    method="exact model",
    draw=autoencoder_and_matrix,
    lines={
        "g(f(x))": lambda x, encoder, decoder, r: g(f(x, encoder), decoder),
        "g(R⁻¹ R f(x))": with_matrices(torch.clone, torch.linalg.inv),
        "R, R⁻¹ in the weights": absorbed,
        "same loss, other codes": same_loss_other_codes,
    },
    mutants={
        "R not undone": with_matrices(torch.clone, lambda r: torch.eye(len(r), dtype=r.dtype)),
        "R applied twice": with_matrices(torch.clone, torch.clone),
        "Rᵀ for R⁻¹": with_matrices(torch.clone, lambda r: r.T),
        "singular R": with_matrices(singular, lambda r: torch.linalg.pinv(singular(r))),
        "the codes are the same": lambda x, encoder, decoder, r: f(x, encoder) == f(x, r @ encoder),
    },
)
