"""Exercise 13.2: the exact log p(x) of a model with two latents."""

import torch
from torch import Tensor

from vae_lessons.exercises.ch13_grid_mistakes import MISTAKES
from vae_lessons.exercises.ch13_grid_world import exact, model_of
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch13 import HINTS


def probe(run, answer, model_seed: int, x: Tensor):
    """Let the answer integrate over the latents of a small model."""
    return run(answer, model_of(model_seed), x.double())


def _cases(seed: int = 0) -> list[Case]:
    cases = []
    for k, codes in enumerate([[[3.0, -0.6], [-0.4, 1.1]], [[0.7, 3.1], [-1.9, -2.3], [0.2, -0.4]]]):
        model, generator = model_of(132 + k), torch.Generator().manual_seed(seed + 132 + k)
        mean = torch.tensor(codes).double() @ model.w.mT + model.b
        x = mean + 0.3 * model.var.sqrt() * torch.randn(mean.shape, generator=generator).double()
        cases.append(Case({"model_seed": 132 + k, "x": x}))
    return cases


EXACT = Exercise(
    id="13.2",
    title="The exact log-likelihood",
    equation="(13.2)",
    chapter="chapter 13",
    cases=_cases,
    confirm=False,
    reference=exact,
    probe=probe,
    flavours=("torch",),
    atol=1e-3,
    seconds=20.0,
    proves="Any grid that is wide and fine enough is accepted.",
    misconceptions=MISTAKES,
    hints=HINTS["13.2"],
)
