"""Check of chapter 7, part six: a minibatch estimates the sum over all data, (7.8)."""

from collections.abc import Callable
from itertools import combinations, product

import torch
from torch import Tensor

from vae_lessons.equations.elbo_estimates import D, J, exact_elbo
from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import LinearGaussian, sigma_points
from vae_lessons.objectives import elbo_analytic_kl, elbo_mc

N, M = 5, 2
BATCHES = tuple(combinations(range(N), M))


def linear_model_and_data(rng) -> tuple[Tensor, ...]:
    """Draw W and v of p(x|z) = N(Wz, v I), five x, and mean and log-variance of q for each of them."""
    w, x, mu, log_var = (torch.tensor(rng.normal(size=shape)) for shape in [(D, J), (N, D), (N, J), (N, J)])
    return w, torch.tensor(rng.uniform(0.3, 0.8, size=())), x, mu, log_var


def elbos(w, v, x, mu, log_var, objective=elbo_analytic_kl) -> Tensor:
    """ELBO of each image by the library; with these L = 2J values of ε the draws add no error."""
    eps = sigma_points(J).expand(-1, len(x), -1)
    return objective(LinearGaussian(w, v, q=(mu, log_var)), x, eps)


def over_batches(scale: float, batches: tuple = BATCHES, **choice) -> Callable:
    """Return the average over batches of the ELBOs of a batch, summed and scaled."""

    def average(w: Tensor, v: Tensor, *data: Tensor) -> Tensor:
        sums = [elbos(w, v, *(values[list(rows)] for values in data), **choice).sum() for rows in batches]
        return scale * torch.stack(sums).mean()

    return average


def gradients_agree(w: Tensor, v: Tensor, *data: Tensor) -> Tensor:
    """Tell whether the gradient with respect to W, too, is that of all data on average."""
    w = w.clone().requires_grad_()
    both = elbos(w, v, *data).sum(), over_batches(N / M)(w, v, *data)
    of_all, of_batches = (torch.autograd.grad(value, w)[0] for value in both)
    return (of_all - of_batches).abs() < 1e-9


equation(
    "7.8",
    "A minibatch, scaled by N/M, estimates the ELBO of all data",
    method="enumeration",
    draw=linear_model_and_data,
    lines={
        "Σ over all N images, exactly": lambda w, v, *data: sum(
            exact_elbo(w, v, *image) for image in zip(*data, strict=True)
        ),
        "N/M Σ, all batches, elbo_analytic_kl": over_batches(N / M),
        "N/M Σ, all batches, elbo_mc": over_batches(N / M, objective=elbo_mc),
        "N/M Σ, images drawn with replacement": over_batches(N / M, tuple(product(range(N), repeat=M))),
        "the gradient with respect to W, too": gradients_agree,
    },
    mutants={
        "no N/M": over_batches(1),
        "M/N": over_batches(M / N),
        "mean of the batch": over_batches(1 / M),
        "N times the sum": over_batches(N),
        "always the first M images": over_batches(N / M, ((0, 1),)),
    },
    draws=10,
)
