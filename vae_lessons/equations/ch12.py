"""Check of chapter 12, part one: drawing images from a trained model, (12.1)."""

from collections.abc import Callable
from itertools import product
from types import SimpleNamespace

import numpy as np
import torch
from torch import Generator, Tensor

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.models import VAE

D, J = 4, 2
DRAWS = 4_000


def weights(rng) -> tuple[Tensor, ...]:
    """Draw W and b of the two layers of a decoder from two latents to four binary pixels, and μ, ℓ of an encoding."""
    shapes = (5, J), (5,), (D, 5), (D,), (J,), (J,)
    *layers, mu, log_var = (torch.tensor(rng.normal(size=shape)) for shape in shapes)
    return *layers, mu, log_var - 3


def model(w1, b1, w2, b2, mu, log_var) -> SimpleNamespace:
    """Build a VAE of these numbers, with the methods `mean` and `sample` of the library's."""
    vae = SimpleNamespace(z_dim=J, decoder=lambda z: torch.tanh(z @ w1.T + b1) @ w2.T + b2)
    vae.encoder = lambda x: (mu.expand(len(x), -1), log_var.expand(len(x), -1))
    vae.mean = lambda z: VAE.mean(vae, z)
    vae.sample = lambda z, generator=None: VAE.sample(vae, z, generator)
    return vae


def prior_grid() -> tuple[Tensor, Tensor]:
    """Return Gauss-Hermite points z, (3600, 2), and weights that integrate over N(0, I)."""
    node, weight = np.polynomial.hermite_e.hermegauss(60)
    weight = torch.tensor(weight / weight.sum())
    return torch.cartesian_prod(*[torch.tensor(node)] * J), torch.outer(weight, weight).flatten()


def moments_by_pixel(*w: Tensor) -> Tensor:
    """Stack E x and E x xᵀ: given z the pixels are independent, with E x = E x² = π(z)."""
    (z, weight), vae = prior_grid(), model(*w)
    probs = vae.mean(z)
    second = (weight[:, None, None] * probs[:, :, None] * probs[:, None]).sum(0)
    mean = weight @ probs
    return torch.cat([mean[None], second.fill_diagonal_(0) + mean.diag()])


def moments_by_image(*w: Tensor) -> Tensor:
    """Stack E x and E x xᵀ from p(x) = ∫ p(x|z) p(z) dz of each of the 2⁴ images."""
    z, weight = prior_grid()
    x = torch.tensor(list(product((0.0, 1.0), repeat=D)), dtype=torch.float64)
    p = bernoulli_log_prob(x, model(*w).decoder(z)[:, None]).exp().mul(weight[:, None]).sum(0)
    return torch.cat([(p @ x)[None], x.T @ (p[:, None] * x)])


def generate(vae, n: int, generator: Generator) -> Tensor:
    """Draw z ~ N(0, I), then x ~ p(x|z): n images."""
    z = torch.randn(n, vae.z_dim, generator=generator, dtype=torch.float64)
    return vae.sample(z, generator)


def has_the_moments(answer: Callable) -> Callable:
    """State that E x and E x xᵀ of 4,000 drawn images are within 5 standard errors of the exact ones."""

    def statement(*w: Tensor) -> Tensor:
        x = answer(model(*w), DRAWS, Generator().manual_seed(12))
        terms = torch.cat([x[:, None], x[:, :, None] * x[:, None]], 1)
        return (terms.mean(0) - moments_by_pixel(*w)).abs() < 5 * terms.std(0) / DRAWS**0.5 + 1e-12

    return statement


# The mistakes that exercise 12.1 knows by name


def _noise(vae, n, generator):
    return torch.randn(n, vae.z_dim, generator=generator, dtype=torch.float64)


def _encodes_data(vae, n, generator):
    mu, log_var = vae.encoder(torch.zeros(n, D))
    return vae.sample(mu + torch.exp(0.5 * log_var) * _noise(vae, n, generator), generator)


def _uniform_z(vae, n, generator):
    return vae.sample(torch.rand(n, vae.z_dim, generator=generator, dtype=torch.float64), generator)


def _z_scaled_by_sigma(vae, n, generator):
    log_var = vae.encoder(torch.zeros(n, D))[1]
    return vae.sample(torch.exp(0.5 * log_var) * _noise(vae, n, generator), generator)


def _logits_returned(vae, n, generator):
    return vae.decoder(_noise(vae, n, generator))


def _mean_returned(vae, n, generator):
    return vae.mean(_noise(vae, n, generator))


def _mean_thresholded(vae, n, generator):
    return (vae.mean(_noise(vae, n, generator)) > 0.5).double()


equation(
    "12.1",
    "A new image: z from the prior, then x from the decoder",
    method="quadrature",
    draw=weights,
    lines={
        "E x, E x xᵀ, from p(x|z) p(z)": moments_by_pixel,
        "from p(x) of all 2⁴ images": moments_by_image,
        "4,000 drawn images": has_the_moments(generate),
    },
    mutants={
        "z of encoded data": has_the_moments(_encodes_data),
        "uniform z": has_the_moments(_uniform_z),
        "z scaled by σ": has_the_moments(_z_scaled_by_sigma),
        "logits returned": has_the_moments(_logits_returned),
        "mean called a sample": has_the_moments(_mean_returned),
        "mean thresholded": has_the_moments(_mean_thresholded),
    },
    draws=5,
)
