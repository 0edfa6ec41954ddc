"""Exercises of chapter 2, latent-variable models: 2.1 here, the others in their own modules."""

import torch
from torch import Tensor

from vae_lessons.equations import ch02 as samplers
from vae_lessons.exercises.ch02_enumeration import ENUMERATION
from vae_lessons.exercises.ch02_grid import GRID_POSTERIOR
from vae_lessons.exercises.ch02_linear import LINEAR_EVIDENCE
from vae_lessons.exercises.ch02_weights import EFFECTIVE_SIZE
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch02 import HINTS


def sample(weight: Tensor, bias: Tensor, std: Tensor, eps_z: Tensor, eps_x: Tensor) -> tuple[Tensor, Tensor]:
    """Draw z ~ N(0, I), then x ~ N(Wz + b, σ²I), by (2.1), with the noise as an argument."""
    return eps_z, eps_z @ weight.T + bias + std * eps_x


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 21), []
    for rows, x_dim, z_dim in [(3, 4, 2), (4, 3, 2)]:
        shapes = {"weight": (x_dim, z_dim), "bias": (x_dim,), "eps_z": (rows, z_dim), "eps_x": (rows, x_dim)}
        args = {name: torch.randn(shape, generator=generator).double() for name, shape in shapes.items()}
        std = torch.tensor(0.6 + 0.1 * len(cases)).double()
        names = "weight", "bias", "std", "eps_z", "eps_x"
        cases.append(Case({name: (args | {"std": std})[name] for name in names}))
    return cases


def _x_is(x):
    """Make a wrong answer with a right z, from a function of W, b, σ and the noise that gives x."""
    return lambda w, b, s, ez, ex: (ez, x(w, b, s, ez, ex))


SAMPLE = Exercise(
    id="2.1",
    title="Tell the story",
    equation="(2.1)",
    chapter="chapter 2",
    cases=_cases,
    reference=sample,
    parts=("z", "x"),
    misconceptions=(
        mistake(
            "no noise",
            "Your x is the mean Wz + b. The second factor of (2.1) is a distribution: x is drawn around its mean.",
            samplers.no_noise,
        ),
        mistake(
            "σ² used as scale",
            "Your noise is multiplied by the variance. With (2.1), x = mean + σ ε has the variance σ².",
            samplers.variance_as_scale,
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b + s.sqrt() * ex),
        ),
        mistake(
            "same z for all",
            "Your x all come from the first z. In (2.1) every x has a z of its own.",
            samplers.same_z_for_all,
            lambda w, b, s, ez, ex: (ez[:1].expand_as(ez), samplers.same_z_for_all(w, b, s, ez, ex)[1]),
        ),
        mistake(
            "noise on z only",
            "Your noise is added to z, before the decoder. The second step of (2.1) adds it to the pixels.",
            samplers.noise_on_z_only,
        ),
        mistake(
            "W reshaped, not transposed",
            "Your W is reshaped: its entries are in the wrong places. A batch of rows meets (2.1) through Wᵀ.",
            samplers.reshaped_for_transposed,
        ),
        mistake(
            "noise not scaled",
            "Your noise has the standard deviation 1. In (2.1) the decoder's distribution has the standard deviation "
            "σ.",
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b + ex),
        ),
        mistake(
            "no b",
            "Your x lacks b. The mean of the decoder in (2.1) is Wz + b.",
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + s * ex),
        ),
        mistake(
            "σ added, not multiplied",
            "Your x is shifted by σ. The spread in (2.1) comes from σ times the noise.",
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b + s),
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b + s + ex),
        ),
        mistake(
            "noise shared by the rows",
            "Your rows all have the same noise. By (2.1) the x are drawn independently, each with its own.",
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b + s * ex[:1]),
        ),
        mistake(
            "z scaled by σ",
            "Your z has the standard deviation σ. The prior of (2.1) is N(0, I), and σ belongs to the second step.",
            lambda w, b, s, ez, ex: sample(w, b, s, s * ez, ex),
            lambda w, b, s, ez, ex: (s * ez, s * ez @ w.T + b + ex),
            lambda w, b, s, ez, ex: (s * ez, s * ez @ w.T + b),
        ),
        mistake(
            "noise subtracted",
            "Your x has the right distribution, with −ε where the check has +ε. Add the noise, so that it can compare "
            "your x with (2.1) number by number.",
            _x_is(lambda w, b, s, ez, ex: ez @ w.T + b - s * ex),
        ),
        mistake(
            "mean and noise scaled",
            "Your σ multiplies the mean as well. In (2.1) it is the spread around the mean alone.",
            _x_is(lambda w, b, s, ez, ex: s * (ez @ w.T + b + ex)),
            _x_is(lambda w, b, s, ez, ex: s * (ez @ w.T + b) + ex),
            _x_is(lambda w, b, s, ez, ex: s * (ez @ w.T + b)),
        ),
        mistake(
            "x first",
            "You return x, then z. The order is that of the story (2.1): z comes first.",
            lambda *args: sample(*args)[::-1],
        ),
        mistake(
            "decoder forgotten",
            "Your x does not depend on z. In (2.1) x is drawn around a mean that z decides: Wz + b.",
            _x_is(lambda w, b, s, ez, ex: b + s * ex),
            _x_is(lambda w, b, s, ez, ex: s * ex),
        ),
    ),
    hints=HINTS["2.1"],
)

EXERCISES = (SAMPLE, ENUMERATION, LINEAR_EVIDENCE, GRID_POSTERIOR, EFFECTIVE_SIZE)
