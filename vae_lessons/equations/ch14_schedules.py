"""Checks of chapter 14, part four: two remedies against collapse, warm-up, (14.4), and free bits, (14.5)."""

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.registry import equation
from vae_lessons.objectives import kl_free_bits

# (14.4) Warm-up


def steps_of_training(rng) -> tuple[Tensor, int, int]:
    """Draw steps t from 0 to beyond T, the length T of the warm-up in steps, and the steps of an epoch."""
    per_epoch = int(rng.integers(5, 12))
    warmup = per_epoch * int(rng.integers(3, 6))
    return torch.arange(2 * warmup), warmup, per_epoch


def warm_up(step: Tensor, warmup: int, *_) -> Tensor:
    """Compute β = min(1, t/T)."""
    return (step.double() / warmup).clamp(max=1)


def rises_once(step: Tensor, warmup: int, *_) -> Tensor:
    """Tell whether β starts at 0, never falls, and is 1 from step T on."""
    beta = warm_up(step, warmup)
    return (beta[0] == 0) & (beta.diff() >= 0).all() & (beta[warmup:] == 1).all() & (beta[:warmup] < 1).all()


# The mistakes that exercise 14.4 knows by name


def _starts_at_one(step, warmup, *_):
    return (1 - step.double() / warmup).clamp(min=0)


def _unbounded(step, warmup, *_):
    return step.double() / warmup


def _epochs_over_steps(step, warmup, per_epoch):
    return ((step // per_epoch).double() / warmup).clamp(max=1)


def _once_per_epoch(step, warmup, per_epoch):
    return warm_up(step // per_epoch * per_epoch, warmup)


def _one_step_early(step, warmup, *_):
    return warm_up(step + 1, warmup)


equation(
    "14.4",
    "Warm-up: the weight of the KL rises from 0 to 1",
    method="exact model",
    draw=steps_of_training,
    lines={
        "min(1, t/T)": warm_up,
        "NumPy's interp": lambda t, warmup, _: np.interp(t, [0, warmup], [0, 1]),
        "0 at first, 1 from T on": rises_once,
    },
    mutants={
        "starts at 1": _starts_at_one,
        "unbounded": _unbounded,
        "epochs over steps": _epochs_over_steps,
        "once per epoch": _once_per_epoch,
        "one step early": _one_step_early,
    },
)

# (14.5) Free bits


def encodings_and_floor(rng) -> tuple[Tensor, Tensor, float]:
    """Draw μ and ℓ of eight images, of four latents from collapsed to informative, and a floor λ for each in nats."""
    scale = np.array([0.02, 0.6, 1.0, 2.0])
    mu, log_var = scale * rng.normal(size=(8, 4)), -scale * rng.uniform(0.2, 1, size=(8, 4))
    return torch.tensor(mu), torch.tensor(log_var), float(rng.uniform(0.2, 0.5))


def kl_by_latent(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return the KL of each image and latent, (M, J)."""
    return kl_std_normal(mu[..., None], log_var[..., None])


def free_bits(mu: Tensor, log_var: Tensor, floor: float) -> Tensor:
    """Compute Σ over j of max(λ, mean over i of KL_ij)."""
    return kl_by_latent(mu, log_var).mean(0).clamp(min=floor).sum()


def by_torch(mu: Tensor, log_var: Tensor, floor: float) -> Tensor:
    """Compute it with torch's KL, latent by latent."""
    kl = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).mean(0)
    return torch.stack([torch.maximum(k, k.new_tensor(floor)) for k in kl]).sum()


def no_gradient_below_the_floor(mu: Tensor, log_var: Tensor, floor: float) -> Tensor:
    """Tell whether the gradient reaches exactly those latents whose KL is above the floor, by autograd."""
    mu = mu.clone().requires_grad_()
    slope = torch.autograd.grad(free_bits(mu, log_var, floor), mu)[0]
    return (slope != 0).all(0) == (kl_by_latent(mu, log_var).mean(0) > floor)


# The mistakes that exercise 14.5 knows by name


def _for_each_image(mu, log_var, floor):
    return kl_by_latent(mu, log_var).clamp(min=floor).sum(-1).mean()


def _on_the_total(mu, log_var, floor):
    return kl_std_normal(mu, log_var).mean().clamp(min=floor)


def _minimum(mu, log_var, floor):
    return kl_by_latent(mu, log_var).mean(0).clamp(max=floor).sum()


def _subtracted(mu, log_var, floor):
    return (kl_by_latent(mu, log_var).mean(0) - floor).clamp(min=0).sum()


def _no_floor(mu, log_var, floor):
    return kl_std_normal(mu, log_var).mean()


equation(
    "14.5",
    "Free bits: a floor for the KL of each latent",
    method="autograd",
    draw=encodings_and_floor,
    lines={
        "Σ max(λ, mean of KL_ij)": free_bits,
        "kl_free_bits": kl_free_bits,
        "torch, latent by latent": by_torch,
        "no gradient below the floor": no_gradient_below_the_floor,
    },
    mutants={
        "for each image": _for_each_image,
        "on the total": _on_the_total,
        "minimum": _minimum,
        "floor subtracted": _subtracted,
        "no floor": _no_floor,
    },
)
