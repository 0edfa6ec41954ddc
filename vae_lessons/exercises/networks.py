"""What the exercises need to examine networks of unknown structure."""

from typing import Any

import torch
from torch import Tensor, nn

from vae_lessons.exercises.values import Unusable, kind


def fill(module: nn.Module, weight: float, bias: float) -> None:
    """Set every entry of every weight matrix to one number and every bias to another.

    What a network computes then no longer depends on how its layers are arranged, split or initialised, so that two
    networks that mean the same give the same values.
    """
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(weight if parameter.ndim > 1 else bias)


def count(*modules: nn.Module) -> float:
    """Count the parameters."""
    return float(sum(p.numel() for module in modules for p in module.parameters()))


def unreached(outputs: list[Tensor], *modules: nn.Module) -> float:
    """Count the parameter tensors that get no gradient from the sum of the outputs."""
    parameters = [p for module in modules for p in module.parameters()]
    total = sum((output**2).sum() for output in outputs)
    if not total.requires_grad:
        return float(len(parameters))
    grads = torch.autograd.grad(total, parameters, allow_unused=True)
    return float(sum(g is None or not g.any() for g in grads))


def require_module(value: Any, what: str) -> nn.Module:
    """Return the value if it is a module."""
    if not isinstance(value, nn.Module):
        raise Unusable(f"{what} must be an nn.Module, and is {kind(value)}.")
    return value


def require_pair(value: Any, what: str) -> tuple[Any, Any]:
    """Return the value if it is a tuple of two."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise Unusable(f"{what} must be a tuple of 2, and is {kind(value)}.")
    return tuple(value)


def require_tensor(value: Any, what: str) -> Tensor:
    """Return the value if it is a tensor."""
    if not isinstance(value, Tensor):
        raise Unusable(f"{what} must be a tensor, and is {kind(value)}.")
    return value
