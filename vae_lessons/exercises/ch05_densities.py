"""The log-densities of exercises 5.1 and 5.2: with one peak, skewed, and not normalised."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus  # torch 2.13: logsigmoid has no second derivative of float32 scalars

from vae_lessons.exercises.exercise import Case


@dataclass(frozen=True)
class LogDensity:
    """A log-density as a function of z: of a tensor a tensor, of an array or a number the same in NumPy's types."""

    words: str
    kind: str
    first: float
    second: float
    height: float

    def __call__(self, z: Any) -> Any:
        """Return log p̃(z)."""
        if isinstance(z, Tensor):
            return self._value(z)
        return self._value(torch.as_tensor(np.asarray(z, dtype=float))).numpy()[()]

    def _value(self, z: Tensor) -> Tensor:
        if self.kind == "lamp":
            return self.height - 0.5 * z**2 - softplus(-self.first * z - self.second)
        return self.height + self.first * z - self.second * torch.exp(z)

    def __repr__(self) -> str:
        return self.words


def lamp(slope: float, shift: float, height: float) -> LogDensity:
    """Put a normal and a sigmoid together, log p̃(z) = h - z²/2 + log sigmoid(az + b)."""
    words = f"{height:.2f} - z²/2 + log sigmoid({slope:.2f}z {'+' if shift > 0 else '-'} {abs(shift):.2f})"
    return LogDensity(words, "lamp", slope, shift, height)


def log_gamma(shape: float, rate: float, height: float) -> LogDensity:
    """Return the density of the logarithm of a gamma variable, log p̃(z) = h + kz - ce^z."""
    words = f"{height:.2f} + {shape:.2f}z - {rate:.2f}e^z"
    return LogDensity(words, "log gamma", shape, rate, height)


def density_cases(seed: int = 0) -> list[Case]:
    """Three log-densities: steep at the left, steep at the right, and a lopsided one."""
    u = torch.rand(4, generator=torch.Generator().manual_seed(seed + 51)).tolist() if seed else [0.0] * 4
    densities = [
        lamp(14 + 3 * u[0], 2.6 + u[1], -0.7),
        lamp(-7 - 2 * u[2], 1.3, 0.9),
        log_gamma(1.7 + 0.5 * u[3], 0.6, 1.4),
    ]
    return [Case({"log_p": density}) for density in densities]
