"""Checks of chapter 2, part one: a latent variable, then an observation, (2.1)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior


def linear_model_and_noise(rng) -> tuple[Tensor, ...]:
    """Draw W (4×2), b and σ of a linear decoder, and standard normal noise for three z and three x."""
    normal = [torch.tensor(rng.normal(size=shape)) for shape in [(4, 2), 4, (3, 2), (3, 4)]]
    return normal[0], normal[1], torch.tensor(rng.uniform(0.4, 0.8, size=())), *normal[2:]


def sample(weight: Tensor, bias: Tensor, std: Tensor, eps_z: Tensor, eps_x: Tensor) -> tuple[Tensor, Tensor]:
    """Draw z ~ N(0, I), then x ~ N(Wz + b, σ²I): ancestral sampling, with the noise as an argument."""
    z = eps_z
    return z, z @ weight.T + bias + std * eps_x


def log_joint_of(sampler: Callable) -> Callable:
    """Evaluate log p(z) + log p(x|z), the logarithm of (2.1), where a sampler puts z and x."""

    def log_joint(weight, bias, std, eps_z, eps_x):
        z, x = sampler(weight, bias, std, eps_z, eps_x)
        return log_prior(z) + gaussian_log_prob(x, z @ weight.T + bias, 2 * std.log().expand_as(x))

    return log_joint


def density_of_the_noise(weight, bias, std, eps_z, eps_x) -> Tensor:
    """Change variables: z and x are a linear function of the noise, with Jacobian σ^D."""
    return log_prior(torch.cat([eps_z, eps_x], -1)) - len(bias) * std.log()


def by_torch(weight, bias, std, eps_z, eps_x) -> Tensor:
    """Evaluate the joint normal of (z, x), with its full covariance matrix."""
    eye_z, eye_x = (torch.eye(n, dtype=weight.dtype) for n in (weight.shape[1], weight.shape[0]))
    rows = [torch.cat([eye_z, weight.T], 1), torch.cat([weight, weight @ weight.T + std**2 * eye_x], 1)]
    joint = MultivariateNormal(torch.cat([torch.zeros_like(eye_z[0]), bias]), torch.cat(rows))
    return joint.log_prob(torch.cat(sample(weight, bias, std, eps_z, eps_x), -1))


# The mistakes that exercise 2.1 knows by name: samplers


def no_noise(weight, bias, std, eps_z, eps_x):
    """Return the mean Wz + b as x."""
    return eps_z, eps_z @ weight.T + bias


def variance_as_scale(weight, bias, std, eps_z, eps_x):
    """Multiply the noise by σ²."""
    return sample(weight, bias, std**2, eps_z, eps_x)


def same_z_for_all(weight, bias, std, eps_z, eps_x):
    """Draw every x from the first z."""
    return eps_z, sample(weight, bias, std, eps_z[:1].expand_as(eps_z), eps_x)[1]


def noise_on_z_only(weight, bias, std, eps_z, eps_x):
    """Add the noise before the decoder, not after it."""
    return eps_z, (eps_z + std * eps_x[:, : eps_z.shape[1]]) @ weight.T + bias


def reshaped_for_transposed(weight, bias, std, eps_z, eps_x):
    """Reshape W where it should be transposed."""
    return eps_z, eps_z @ weight.reshape(weight.shape[::-1]) + bias + std * eps_x


def wrong_density(change: Callable) -> Callable:
    """Make a mistake in the density itself: combine log p(z) and log p(x|z) in another way."""

    def density(weight, bias, std, eps_z, eps_x):
        z, x = sample(weight, bias, std, eps_z, eps_x)
        return change(log_prior(z), gaussian_log_prob(x, z @ weight.T + bias, 2 * std.log().expand_as(x)))

    return density


equation(
    "2.1",
    "A latent variable, then an observation",
    method="exact model",
    draw=linear_model_and_noise,
    lines={
        "log p(z) + log p(x|z)": log_joint_of(sample),
        "noise density over σ^D": density_of_the_noise,
        "torch: normal of (z, x)": by_torch,
    },
    mutants={
        "no noise": log_joint_of(no_noise),
        "σ² used as scale": log_joint_of(variance_as_scale),
        "same z for all": log_joint_of(same_z_for_all),
        "noise on z only": log_joint_of(noise_on_z_only),
        "W reshaped, not Wᵀ": log_joint_of(reshaped_for_transposed),
        "no prior": wrong_density(lambda log_prior, log_lik: log_lik),
        "densities added": wrong_density(torch.logaddexp),
        "log p(z) subtracted": wrong_density(lambda log_prior, log_lik: log_lik - log_prior),
    },
)
