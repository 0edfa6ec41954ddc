"""The functions f of exercises 8.2 to 8.4, and of per-draw estimates the average."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Misconception


@dataclass(frozen=True)
class Rough:
    """f(z), (..., J) -> (...): a wave, a square and a jump, summed over the dimensions with different weights."""

    height: float
    wave: float
    bend: float
    jump: float

    def __call__(self, z: Any) -> Any:
        """Return one value per point: of a tensor a tensor, of anything else what NumPy makes of it."""
        if isinstance(z, Tensor):
            return self._value(z)
        return self._value(torch.as_tensor(np.asarray(z, dtype=float))).numpy()[()]

    def _value(self, z: Tensor) -> Tensor:
        weights = 1 + 0.5 * torch.arange(z.shape[-1], dtype=z.dtype)
        terms = torch.cos(self.wave * z) + self.bend * z**2 + self.jump * torch.sign(z - 0.3)
        return self.height + (weights * terms).sum(-1)

    def __repr__(self) -> str:
        terms = f"cos({self.wave:.2f}z) + {self.bend:.2f}z² + {self.jump:.2f} sign(z - 0.3)"
        return f"{self.height:.2f} + Σ w({terms}), w = 1, 1.5, …"


def cases(seed: int, shapes: list[tuple[int, int]], pilot: bool = False) -> list[Case]:
    """Make a function, a normal and noise of each shape (L, J); and more noise for the pilot draws."""
    generator, found = torch.Generator().manual_seed(seed + 82), []
    for draws, z_dim in shapes:
        u = torch.rand(4, generator=generator).tolist()
        f = Rough(1.2 + u[0], 0.9 + 0.8 * u[1], 0.4 + 0.5 * u[2], 0.7 + 0.5 * u[3])
        mu, log_var = 0.8 * torch.randn(2, z_dim, generator=generator).double()
        mu, log_var = mu + 0.4, log_var - 0.5
        args = {"f": f, "mu": mu, "log_var": log_var}
        args["eps"] = torch.randn(draws, z_dim, generator=generator).double()
        if pilot:
            args["pilot"] = torch.randn(draws + 3, z_dim, generator=generator).double()
        found.append(Case(args))
    return found


def averaged(estimator: Callable) -> Callable:
    """Make of an estimator with one value per draw one that averages them."""
    return lambda *args: tuple(part.mean(0) for part in estimator(*args))


def rewrapped(misconceptions: tuple[Misconception, ...], wrap: Callable) -> tuple[Misconception, ...]:
    """Put each wrong answer of each misconception into another function."""
    return tuple(replace(m, wrong=tuple(wrap(wrong) for wrong in m.wrong)) for m in misconceptions)
