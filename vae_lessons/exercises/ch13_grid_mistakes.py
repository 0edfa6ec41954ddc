"""What goes wrong in exercise 13.2, as functions of (model, x); most values depend on the grid that was chosen."""

import math
from functools import partial

import torch
from torch import Tensor

from vae_lessons.equations import ch13_grid
from vae_lessons.exercises.ch13_grid_world import exact, model_of
from vae_lessons.exercises.misconceptions import mistake
from vae_lessons.likelihoods import log_prior


def _sum(z: Tensor, width: float, model, x: Tensor) -> Tensor:
    return torch.logsumexp(model.log_likelihood(x, z) + log_prior(z), 0) + 2 * math.log(width)


def _differences(of, values: list, cases: list) -> Tensor:
    """Subtract another number per image from the values; all images of all cases together."""
    others = [of(model_of(c.args["model_seed"]), c.args["x"].double()) for c in cases]
    return torch.cat([v[0].double() - o for v, o in zip(values, others, strict=True)])


def _off_by_a_constant(of, low: float, high: float):
    """Recognise values that differ from another number per image by one constant between two limits."""

    def recognise(values: list, references: list, cases: list) -> bool:
        d = _differences(of, values, cases)
        return bool(d.isfinite().all() and d.std() < 1e-3 and low < d.mean() < high)

    return recognise


def _joint_at_peak(model, x):
    mean = model.posterior(x)[0]
    return (model.log_likelihood(x, mean[None]) + log_prior(mean))[0]


def _likelihood_at_peak(model, x):
    z = torch.linalg.lstsq(model.w, (x - model.b).T).solution.T
    return model.log_likelihood(x, z[None])[0]


def _near(of):
    """Recognise values at the highest grid point: not above a peak, and hardly below."""

    def recognise(values: list, references: list, cases: list) -> bool:
        d = _differences(of, values, cases)
        return bool(((d < 1e-3) & (d > -0.06)).all())

    return recognise


def _ends_too_soon(values: list, references: list, cases: list) -> bool:
    """Whether one square, too small, explains what is missing in all images, but for the cells on its edge."""
    z, width = ch13_grid.grid(161, 4.0)
    missing, size, found = -_differences(exact, values, cases), z.abs().amax(-1), []
    for reach in torch.arange(0.5, 4, 0.05):
        d = _differences(partial(_sum, z[size[:, 0] < reach], width), values, cases)
        found.append(bool((d.abs() < 0.05 + 0.15 * missing.abs()).all()))
    return bool(missing.max() > 0.01 and missing.std() > 2e-3) and any(found)


MISTAKES = (
    mistake(
        "no cell area",
        "Your values are too large by the same amount for every image. In (13.2) each term is multiplied by the "
        "area of a cell, Δ² in two dimensions; that factor, or a part of it, is missing.",
        ch13_grid._no_cell_area,
        ch13_grid._side_for_area,
        recognise=_off_by_a_constant(exact, 1e-2, 99),
    ),
    mistake(
        "average over the grid",
        "Your values are too small by the same amount for every image. (13.2) is a sum times the area of a cell, "
        "not a mean over the points of the grid.",
        lambda model, x: ch13_grid._no_cell_area(model, x) - 2 * math.log(141),
        recognise=_off_by_a_constant(exact, -99, -3),
    ),
    mistake(
        "points for intervals",
        "Your values are a little too small, by the same amount for every image: your Δ is too small. The Δ of (13.2) "
        "is the distance of two points; n points have n − 1 such steps between them.",
        *(
            lambda model, x, n=n, reach=r: _sum(ch13_grid.grid(n, reach)[0], 2 * reach / n, model, x)
            for n, r in [(121, 6.0), (51, 5.0), (401, 7.0)]
        ),
        recognise=_off_by_a_constant(exact, -0.12, -2e-3),
    ),
    mistake(
        "no prior",
        "Your integrand lacks the prior. By (2.2) what (13.2) adds up is p(x|z) p(z).",
        ch13_grid._no_prior,
        recognise=_off_by_a_constant(ch13_grid._no_prior, -99, 99),
    ),
    mistake(
        "grid ends too soon",
        "Your grid leaves out some of the posterior. The sum (13.2) needs all z where p(x|z) p(z) is not "
        "negligible: compare with a wider grid.",
        ch13_grid._grid_from_minus_2_to_2,
        *(partial(ch13_grid.log_evidence_on_grid, side=100, reach=reach) for reach in (1.0, 1.5, 2.5, 3.0)),
        recognise=_ends_too_soon,
    ),
    mistake(
        "maximum",
        "Your value is the largest term, p(x, z) at the best z. (13.2) adds up all of them.",
        ch13_grid._maximum,
        recognise=_near(_joint_at_peak),
    ),
    mistake(
        "maximum of the likelihood",
        "Your value is log p(x|z) at the best z. (13.2) averages over all z that the prior can give.",
        lambda model, x: model.log_likelihood(x, ch13_grid.grid(201, 6.0)[0]).amax(0),
        recognise=_near(_likelihood_at_peak),
    ),
    mistake(
        "one number for all images",
        "Your value is one number. (13.2) is a sum for each image.",
        lambda model, x: exact(model, x).mean(),
        lambda model, x: exact(model, x).sum(),
    ),
    mistake(
        "sign",
        "Your value has the wrong sign. (13.2) is log p(x), not minus that.",
        lambda model, x: -exact(model, x),
    ),
    mistake(
        "no logarithm",
        "Your value is p(x). Asked for is its logarithm, as in (13.2).",
        lambda model, x: exact(model, x).exp(),
    ),
)
