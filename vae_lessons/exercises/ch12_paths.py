"""Exercise 12.2: the images on the line from one code to another."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations import ch12_paths as paths
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch12 import HINTS


def interpolate(decoder: Callable, z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Decode n_frames points of the line from z_0 to z_1, the first line of (12.2)."""
    t = torch.linspace(0, 1, n_frames, dtype=z_0.dtype)[:, None]
    return decoder((1 - t) * z_0 + t * z_1)


def probe(run, answer, weight: Tensor, z_0: Tensor, z_1: Tensor, n_frames: int) -> Tensor:
    """Call the answer with a bent decoder of codes, whatever their precision."""
    return run(answer, lambda z: torch.tanh(torch.as_tensor(z).double() @ weight.double()), z_0, z_1, n_frames)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 122), []
    for z_dim, x_dim, n_frames in [(2, 3, 4), (3, 5, 7), (4, 3, 6)]:
        weight = 0.8 * torch.randn(z_dim, x_dim, generator=generator).double()
        z_0, z_1 = (scale * torch.randn(z_dim, generator=generator).double() for scale in (0.7, 1.6))
        cases.append(Case({"weight": weight, "z_0": z_0, "z_1": z_1, "n_frames": n_frames}))
    return cases


def _at(times: Callable) -> Callable:
    """Make a wrong answer with other values of t, from a function of n."""

    def answer(decoder, z_0, z_1, n_frames):
        t = times(n_frames).to(z_0)[:, None]
        return decoder((1 - t) * z_0 + t * z_1)

    return answer


def _weighted(weights: Callable) -> Callable:
    """Make a wrong answer with other weights of the two codes, from a function of t."""

    def answer(decoder, z_0, z_1, n_frames):
        a, b = weights(torch.linspace(0, 1, n_frames, dtype=z_0.dtype)[:, None])
        return decoder(a * z_0 + b * z_1)

    return answer


INTERPOLATION = Exercise(
    id="12.2",
    title="From one code to another",
    equation="(12.2)",
    chapter="chapter 12",
    cases=_cases,
    reference=interpolate,
    probe=probe,
    flavours=("torch", "torch64"),
    misconceptions=(
        mistake("endpoints swapped", "Your first frame is that of z_1. In (12.2) t = 0 belongs to z_0.",
                paths._endpoints_swapped),
        mistake("one frame too many", "You return one frame too many: n_frames counts both endpoints of (12.2).",
                paths._one_frame_too_many),
        mistake("last frame missing", "Your path stops one step short of z_1. In (12.2) t runs from 0 to 1, and both "
                "are frames.", paths._last_frame_missing, _at(lambda n: torch.arange(n) / n)),
        mistake("first frame missing", "Your path begins one step after z_0. In (12.2) t runs from 0 to 1, and both "
                "are frames.", _at(lambda n: torch.arange(1, n + 1) / n)),
        mistake("endpoints missing", "Neither z_0 nor z_1 is among your frames. In (12.2) t runs from 0 to 1.",
                _at(lambda n: torch.linspace(0, 1, n + 2)[1:-1]), _at(lambda n: (torch.arange(n) + 0.5) / n)),
        mistake("in pixel space", "You mix the two images. In (12.2) the codes are mixed, and each mixture is decoded.",
                paths._in_pixel_space),
        mistake("normalised endpoints", "You bring the codes to length 1 first. The endpoints of (12.2) are the codes "
                "as they are.", paths._normalised_endpoints),
        mistake("the arc", "Your frames follow the arc, the last line of (12.2). Asked for is the straight line.",
                lambda decoder, z_0, z_1, n: decoder(paths.slerp(z_0.double(), z_1.double(), n))),
        mistake("difference reversed", "Your path leaves z_0 in the wrong direction: z_0 + t (z_0 − z_1). (12.2) goes "
                "towards z_1.", _weighted(lambda t: (1 + t, -t))),
        mistake("z_0 never leaves", "Your frames are z_0 + t z_1. In (12.2) the weight of z_0 falls as that of z_1 "
                "rises.", _weighted(lambda t: (1, t))),
        mistake("random t", "Your t is drawn at random, or is not evenly spaced. In (12.2) the steps are equal.",
                _at(lambda n: torch.linspace(0, 1, n) ** 2), _at(lambda n: torch.linspace(0, 1, n) ** 0.5)),
        mistake("sigmoid of the images", "You pass the images through a sigmoid. What the decoder returns for a code "
                "of (12.2) is the frame.",
                lambda decoder, z_0, z_1, n: torch.sigmoid(interpolate(decoder, z_0, z_1, n))),
        mistake("codes, not images", "What you return are codes on the path (12.2). Each has to be decoded.",
                lambda decoder, z_0, z_1, n: paths.lerp(z_0, z_1, n)),
    ),
    hints=HINTS["12.2"],
)  # fmt: skip
