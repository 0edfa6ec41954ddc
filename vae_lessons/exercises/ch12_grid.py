"""Exercise 12.3: a grid of codes for the picture of a latent plane."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations import ch12_grid as grid
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch12 import HINTS


def manifold_grid(n: int) -> Tensor:
    """Make the grid (12.3), (n, n, 2): z_1 grows to the right, z_2 upwards."""
    z = torch.special.ndtri((torch.arange(n, dtype=torch.float64) + 0.5) / n)
    return torch.stack([z.expand(n, n), z.flip(0)[:, None].expand(n, n)], -1)


def _cases(seed: int = 0) -> list[Case]:
    return [Case({"n": n}) for n in ((4, 7, 15), (5, 6, 11))[seed % 2]]


def _axis(value: Tensor) -> Tensor | None:
    """Return the numbers along an axis if they lie on a picture as they should, or upside down, or sideways."""
    for seen in (value, value.flip(0), value.flip(-1), value.flip(0, -1), value.transpose(0, 1).flip(0)):
        z = seen[0, :, 0]
        if torch.allclose(seen, grid.on_a_picture(z), atol=1e-4, equal_nan=True) and bool((z.diff() > 0).all()):
            return z
    return None


def _all_along(test: Callable) -> Callable:
    """Recognise a mistake by a test of the numbers along an axis, for whatever range the student chose."""

    def recognise(values, references, cases):
        axes = [_axis(value) for (value,) in values]
        return all(axis is not None and test(axis) for axis in axes)

    return recognise


def _even(numbers: Tensor) -> bool:
    return bool(numbers.isfinite().all()) and bool((numbers.diff().diff().abs() < 1e-3).all())


def _equal_steps_in_z(z: Tensor) -> bool:
    return _even(z) and not torch.allclose(z, grid.levels(len(z)), atol=1e-3)


def _other_ends(z: Tensor) -> bool:
    u, n = torch.special.ndtr(z), len(z)
    ends = [(u[0] - end).abs() < 1e-3 for end in (0.5 / n, 1 / (n + 1))]
    return bool(z.isfinite().all()) and _even(u) and not any(ends) and not _even(z)


def _from(levels: Callable) -> Callable:
    """Make a wrong answer with other levels u, from a function of n."""
    return lambda n: grid.on_a_picture(torch.special.ndtri(levels(n).double()))


def _as_mesh(n: int) -> Tensor:
    z = manifold_grid(n)[0, :, 0]
    return torch.stack(torch.meshgrid(z, z, indexing="ij"), -1)


GRID = Exercise(
    id="12.3",
    title="A grid for the map",
    equation="(12.3)",
    chapter="chapter 12",
    cases=_cases,
    reference=manifold_grid,
    flavours=("torch",),
    misconceptions=(
        Misconception("equal steps in z", (grid._equal_steps_in_z, lambda n: grid.on_a_picture(
                      torch.linspace(-3, 3, n, dtype=torch.float64))), "Your steps are equal in z. In (12.3) they are "
                      "equal in probability: close together near 0, far apart outside.", _all_along(_equal_steps_in_z)),
        mistake("0 and 1 among the u", "Your grid is infinite at the edges, because 0 and 1 are among your u. (12.3) "
                "takes the midpoints of n equal parts.", grid._zero_and_one_among_u,
                _from(lambda n: torch.arange(n) / n), _from(lambda n: torch.arange(1, n + 1) / n)),
        mistake("u = k/(n + 1)", "Your u are k/(n + 1), the ends of n + 1 parts. (12.3) takes the midpoints of n.",
                _from(lambda n: torch.arange(1, n + 1) / (n + 1))),
        Misconception("other ends", (_from(lambda n: torch.linspace(0.05, 0.95, n)),
                      _from(lambda n: torch.linspace(0.01, 0.99, n))), "Your u are evenly spaced between ends of your "
                      "own choice. (12.3) takes the midpoints of n equal parts of the interval from 0 to 1.",
                      _all_along(_other_ends)),
        mistake("axes swapped", "Your rows and columns are exchanged. On the picture of (12.3) z_1 changes along a "
                "row, and z_2 from row to row.", grid._axes_swapped, _as_mesh, lambda n: _as_mesh(n).flip(0, 1),
                lambda n: grid._axes_swapped(n).flip(1, 0)),
        mistake("upside down", "Your row 0 has the smallest z_2. It is the top of the picture, where (12.3) has the "
                "largest.", grid._upside_down),
        mistake("left and right swapped", "Your z_1 falls from left to right. On the picture of (12.3) it grows.",
                lambda n: manifold_grid(n).flip(1), lambda n: manifold_grid(n).flip(0, 1)),
        mistake("Φ for Φ⁻¹", "You apply Φ, which turns numbers into probabilities. (12.3) needs its inverse.",
                lambda n: grid.on_a_picture(torch.special.ndtr(grid.levels(n)))),
        mistake("u, not z", "Your grid holds the probabilities u. (12.3) turns each into a z.",
                lambda n: grid.on_a_picture(grid.levels(n))),
    ),
    hints=HINTS["12.3"],
)  # fmt: skip
