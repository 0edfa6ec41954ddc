"""Exercises of chapter 1, autoencoders: 1.2 here, the others in their own modules."""

import torch

from vae_lessons.equations.ch01_networks import squared_error
from vae_lessons.exercises.ch01_components import PCA
from vae_lessons.exercises.ch01_networks import NETWORKS
from vae_lessons.exercises.ch01_sampling import SAMPLING
from vae_lessons.exercises.ch01_twin import TWIN
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch01 import HINTS


def _loss_cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 12), []
    for shape in [(2, 3), (5, 4)]:
        x = torch.rand(shape, generator=generator, dtype=torch.double)
        noise = torch.randn(shape, generator=generator, dtype=torch.double)
        cases.append(Case({"x": x, "x_hat": 0.7 * x + 0.4 * noise}))
    return cases


LOSS = Exercise(
    id="1.2",
    title="The loss",
    equation="(1.2)",
    chapter="chapter 1",
    cases=_loss_cases,
    reference=squared_error,
    gradients=("x_hat",),
    not_negative="(1.2)",
    misconceptions=(
        *known("1.2", {
            "mean of everything": "Your value is a mean over the pixels too, as mse_loss computes it by default: it is "
            "D times too small. Equation (1.2) sums over the pixels of an image.",
            "sum of everything": "Your value is the sum over the images: it grows with the batch. Equation (1.2) has "
            "1/N in front.",
            "mean over D, sum over N": "Your axes are exchanged: (1.2) is a sum over the pixels and a mean over the "
            "images.",
            "not squared": "Your value adds absolute differences. Equation (1.2) squares them.",
            "root": "Your value is the mean *distance* of an image from its reconstruction. Equation (1.2) has its "
            "square: there is no root.",
            "differences added": "Your differences cancel, positive against negative: (1.2) squares each of them "
            "before they are added.",
        }),
        mistake("root of the mean", "Your value is the root of a mean square. Equation (1.2) has no root.",
                lambda x, y: ((x - y) ** 2).mean().sqrt(), lambda x, y: ((x - y) ** 2).sum(-1).mean().sqrt(),
                lambda x, y: (x - y).norm()),
        mistake("squared too late", "Your value squares a sum over pixels, in which the differences cancel: (1.2) "
                "squares first and sums then.", lambda x, y: ((x - y).sum(-1) ** 2).mean(),
                lambda x, y: (x - y).sum() ** 2 / len(x)),
        mistake("difference of squares", "Your value is the difference of two squared lengths. Equation (1.2) has the "
                "squared length of the difference.", lambda x, y: (x**2 - y**2).sum(-1).mean(),
                lambda x, y: (y**2 - x**2).sum(-1).mean()),
        mistake("½ in front", "Your value is half of (1.2), which has no ½.", lambda x, y: 0.5 * squared_error(x, y)),
        mistake("sign", "Your value has its sign reversed: (1.2) is an error, and is to be made small.",
                lambda x, y: -squared_error(x, y)),
    ),
    hints=HINTS["1.2"],
)  # fmt: skip

EXERCISES = (PCA, LOSS, NETWORKS, SAMPLING, TWIN)
