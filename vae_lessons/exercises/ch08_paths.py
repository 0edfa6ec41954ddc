"""What exercises 8.1 and 8.6 look at: draws as functions of parameters, together with their gradients."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from vae_lessons.equations.ch08_changes import weights_like
from vae_lessons.exercises.converting import is_a
from vae_lessons.exercises.running import Runner


def draws_and_gradients(run: Runner, answer: Any, turned: Callable = lambda z, noise: z, **inputs: Tensor) -> tuple:
    """Give what an answer makes of parameters and noise, and the gradients of a weighted sum of it; 0 if none flows."""
    *parameters, noise = inputs.values()
    leaves = [parameter.clone().requires_grad_() for parameter in parameters]
    z = _stacked(run(answer, *leaves, noise))
    if not is_a(z, Tensor):
        return z, *map(torch.zeros_like, parameters)
    z = turned(z, noise)
    if not z.requires_grad:
        return z, *map(torch.zeros_like, parameters)
    total = (weights_like(z) * z).sum()
    return z.detach(), *torch.autograd.grad(total, leaves, materialize_grads=True)


def _stacked(z: Any) -> Any:
    """Make one tensor of a list of tensors, one for each draw, through which gradients still flow."""
    rows = z if is_a(z, list, tuple) else ()
    alike = bool(rows) and all(is_a(row, Tensor) for row in rows) and len({row.shape for row in rows}) == 1
    return torch.stack(tuple(rows)) if alike else z


def own_noise(draws: list[Tensor], given: list[Tensor]) -> bool:
    """Whether draws are made of other noise than the given: they hold none of it, nor are they ordered as it is."""
    known, new = (torch.cat([noise.flatten() for noise in side]) for side in (given, draws))
    if not new.isfinite().all() or any(len(noise.unique()) < 0.9 * noise.numel() for noise in draws):
        return False
    again = (new[:, None] - known).abs().min(1).values < 1e-4
    pairs = zip(draws, given, strict=True)
    ordered = torch.cat([((a - a[:, None]) * (b - b[:, None])).flatten().sign() for a, b in pairs])
    return bool(again.double().mean() < 0.1 and ordered.mean().abs() < 0.7)
