"""Exercise 1.1: principal components."""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.ch01 import correlated_data, directions, reconstruct
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch01 import HINTS


def _pca_cases(seed: int = 0) -> list[Case]:
    cases = []
    for k, (n, z_dim) in enumerate([(6, 2), (12, 3)]):
        x, _ = correlated_data(np.random.default_rng(10 * seed + k))
        cases.append(Case({"x": x[:n], "z_dim": z_dim}))
    return cases


def _around(centre):
    """Project on the principal directions around something else than the mean image."""

    def wrong(x: Tensor, z_dim: int) -> Tensor:
        v = torch.linalg.svd(x - centre(x), full_matrices=False).Vh[:z_dim].T
        return centre(x) + (x - centre(x)) @ v @ v.T

    return wrong


def _std_left_out(x: Tensor, z_dim: int) -> Tensor:
    return x.mean(0) + reconstruct((x - x.mean(0)) / x.std(0), z_dim)


def _through(change):
    """Decode codes that were changed on the way."""

    def wrong(x: Tensor, z_dim: int) -> Tensor:
        s, v = torch.linalg.svdvals(x - x.mean(0)), directions(x).T
        return x.mean(0) + change((x - x.mean(0)) @ v[:, :z_dim], s[:z_dim]) @ v[:, :z_dim].T

    return wrong


PCA = Exercise(
    id="1.1",
    title="Principal components",
    equation="(1.1)",
    chapter="chapter 1",
    cases=_pca_cases,
    reference=reconstruct,
    shows=(directions,),
    rtol=1e-5,
    misconceptions=(
        *known("1.1", {
            "not centred": "Your value is what you get without subtracting the mean image. The f of (1.1) is "
            "Vᵀ(x − mean) here: directions through the origin are not those of the data.",
            "mean not added back": "Your value lacks the mean image: the g of (1.1) has to add what f subtracted.",
            "smallest components": "Your value keeps the directions of the *smallest* variance. Mind the order: eigh "
            "sorts upwards, svd downwards, and (1.3) says which to keep.",
            "columns of Vᵀ for rows": "Your value uses columns of the matrix where its rows belong, or rows where its "
            "columns belong. svd returns Vᵀ, with the directions in (1.1) as its rows.",
            "U for the codes": "Your value decodes U without the singular values. The codes of (1.1) are "
            "(x − mean)V, which is US.",
            "divided by the std": "Your value is that of pixels divided by their standard deviations. Then another "
            "error than (1.2) is as small as can be.",
        }),
        mistake("scale lost", "Your value divides by the standard deviations of the pixels, and does not multiply by "
                "them again. The g of (1.1) has to undo whatever f did; here f only subtracts the mean.",
                _std_left_out),
        mistake("one mean for all pixels", "Your value subtracts one number from all pixels. The mean in the f of "
                "(1.1) is an image: each pixel has its own mean, over the images.", _around(Tensor.mean)),
        mistake("mean over the pixels", "Your value subtracts from each image its own mean over the pixels. The mean "
                "in the f of (1.1) is taken over the images.", _around(lambda x: x.mean(1, keepdim=True))),
        mistake("one direction too many", "Your value keeps J + 1 directions: the code of (1.1) has J numbers.",
                lambda x, z_dim: reconstruct(x, z_dim + 1)),
        mistake("one direction short", "Your value keeps J − 1 directions: the code of (1.1) has J numbers.",
                lambda x, z_dim: reconstruct(x, z_dim - 1)),
        mistake("one direction only", "Your value keeps the J-th direction alone, or the first. The code of (1.1) has "
                "J numbers, one for each of the first J directions.", lambda x, z_dim: reconstruct(x, 1),
                lambda x, z_dim: reconstruct(x, z_dim) - reconstruct(x, z_dim - 1) + x.mean(0)),
        mistake("nothing left out", "Your value is the image itself. The code of (1.1) has J numbers: the other "
                "directions are left out.", lambda x, z_dim: x.clone()),
        mistake("everything left out", "Your value is the mean image for every x: the code of (1.1) does not arrive.",
                lambda x, z_dim: x.mean(0).expand_as(x)),
        mistake("singular values twice", "Your codes are multiplied by the singular values once too often. The codes "
                "of (1.1) are (x − mean)V, and that is US already.", _through(lambda z, s: z * s)),
        mistake("codes whitened", "Your codes are divided by their spread and not multiplied by it again: what f "
                "does in (1.1), g has to undo.", _through(lambda z, s: z / z.std(0)),
                _through(lambda z, s: z / z.std(0, correction=0))),
    ),
    hints=HINTS["1.1"],
)  # fmt: skip
