"""Check of chapter 12, part two: two paths from one code to another, (12.2)."""

import math
from collections.abc import Callable

import torch
from scipy.spatial import geometric_slerp
from torch import Tensor

from vae_lessons.equations.registry import equation


def decoder_and_codes(rng) -> tuple[Tensor, Tensor, Tensor, int]:
    """Draw the weights of a decoder tanh(zW), two codes of length √J, and 5 to 9 frames."""
    w, *codes = (torch.tensor(rng.normal(size=shape)) for shape in [(3, 6), (3,), (3,)])
    return w, *(math.sqrt(3) * z / z.norm() for z in codes), int(rng.integers(5, 10))


def times(n_frames: int) -> Tensor:
    """Return n values of t from 0 to 1, (n, 1)."""
    return torch.linspace(0, 1, n_frames, dtype=torch.float64)[:, None]


def lerp(z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Compute (1 - t) z₀ + t z₁, (n, J)."""
    t = times(n_frames)
    return (1 - t) * z_0 + t * z_1


def slerp(z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Compute [sin((1-t)Ω) z₀ + sin(tΩ) z₁] / sin Ω, where Ω is the angle between z₀ and z₁."""
    t, angle = times(n_frames), torch.arccos(z_0 @ z_1 / (z_0.norm() * z_1.norm()))
    return (torch.sin((1 - t) * angle) * z_0 + torch.sin(t * angle) * z_1) / torch.sin(angle)


def interpolate(decoder: Callable, z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Decode n points of the line from z₀ to z₁."""
    return decoder(lerp(z_0, z_1, n_frames))


def frames(answer: Callable = interpolate, arc: Callable = slerp) -> Callable:
    """Put the decoded frames of the line and the points of the arc in a row."""
    return lambda w, z_0, z_1, n: torch.cat(
        [answer(lambda z: torch.tanh(z @ w), z_0, z_1, n).flatten(), arc(z_0, z_1, n).flatten()]
    )


def by_torch_and_scipy(w: Tensor, z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Compute the same with torch's lerp and SciPy's slerp of directions."""
    arc = geometric_slerp(z_0 / z_0.norm(), z_1 / z_1.norm(), times(n_frames)[:, 0])
    line = torch.lerp(z_0.expand(n_frames, -1), z_1.expand(n_frames, -1), times(n_frames))
    return torch.cat([torch.tanh(line @ w).flatten(), z_0.norm() * torch.tensor(arc).flatten()])


def constant_speed(w: Tensor, z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Tell whether the arc keeps its length and turns by equal angles, and the line is shorter halfway."""
    path, line = slerp(z_0, z_1, n_frames), lerp(z_0, z_1, 3)
    cosines = (path[1:] * path[:-1]).sum(-1) / 3
    spread = torch.stack([(path.norm(dim=1) - z_0.norm()).abs().max(), cosines.max() - cosines.min()])
    return (spread < 1e-9).all() & (line[1].norm() < z_0.norm())


# The mistakes that exercise 12.2 knows by name


def _endpoints_swapped(decoder, z_0, z_1, n_frames):
    return interpolate(decoder, z_1, z_0, n_frames)


def _one_frame_too_many(decoder, z_0, z_1, n_frames):
    return interpolate(decoder, z_0, z_1, n_frames + 1)


def _in_pixel_space(decoder, z_0, z_1, n_frames):
    return lerp(decoder(z_0), decoder(z_1), n_frames)


def _normalised_endpoints(decoder, z_0, z_1, n_frames):
    return interpolate(decoder, z_0 / z_0.norm(), z_1 / z_1.norm(), n_frames)


def _last_frame_missing(decoder, z_0, z_1, n_frames):
    return interpolate(decoder, z_0, z_1, n_frames + 1)[:-1]


equation(
    "12.2",
    "Two ways from one code to another: the line and the arc",
    method="exact model",
    draw=decoder_and_codes,
    lines={
        "lerp, decoded, and slerp": frames(),
        "torch and SciPy": by_torch_and_scipy,
        "the arc has constant speed": constant_speed,
    },
    mutants={
        "endpoints swapped": frames(_endpoints_swapped),
        "one frame too many": frames(_one_frame_too_many),
        "last frame missing": frames(_last_frame_missing),
        "in pixel space": frames(_in_pixel_space),
        "normalised endpoints": frames(_normalised_endpoints),
        "no sin Ω": frames(arc=lambda *z: slerp(*z) * torch.sin(torch.arccos(z[0] @ z[1] / 3))),
        "lerp for slerp": frames(arc=lerp),
    },
)
