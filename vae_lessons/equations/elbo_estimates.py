"""The ELBO of a linear model, exactly, and the exact expectation of what estimates it."""

from collections.abc import Callable
from functools import wraps

import torch
from torch import Tensor

from vae_lessons.divergences import kl_multivariate_normal
from vae_lessons.equations.finite_world import expect, tuples
from vae_lessons.equations.linear_gaussian import gauss_hermite
from vae_lessons.equations.worlds import LinearGaussian

L, D, J = 3, 3, 2


def random_linear_model(rng) -> tuple[Tensor, ...]:
    """Draw W and v of p(x|z) = N(Wz, v I), one x, and the mean and the log-variance of its q."""
    shapes = (D, J), (D,), (J,), (J,)
    w, x, mu, log_var = (torch.tensor(rng.normal(size=shape)) for shape in shapes)
    return w, torch.tensor(rng.uniform(0.3, 0.8, size=())), x, mu, log_var


def exact_elbo(w: Tensor, v: Tensor, x: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Log p(x) - KL(q‖p(z|x)): both are normal."""
    model = LinearGaussian(w, v)
    mean, cov = model.posterior(x[None])
    return model.log_evidence(x[None])[0] - kl_multivariate_normal(mu, log_var.exp().diag(), mean[0], cov)


def all_noise() -> tuple[Tensor, Tensor]:
    """Gauss-Hermite nodes for L draws of J dimensions, shape (3, 729, 2), and weights: exact up to degree 5."""
    points, weights = gauss_hermite(3)
    index = tuples(3, L * J)
    return points[index].reshape(L, J, -1).mT, weights[index].prod(0)


def expectation_of(objective: Callable) -> Callable:
    """Return the expectation over L draws of an objective of the library, as a function of W, v, x, μ and ℓ."""

    def expectation(w: Tensor, v: Tensor, x: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
        eps, weights = all_noise()
        model = LinearGaussian(w, v, q=(mu.expand(len(weights), J), log_var.expand(len(weights), J)))
        return expect(weights, objective(model, x.expand(len(weights), D), eps))

    return expectation


def by_hand(estimator: Callable) -> Callable:
    """Return the expectation of an estimator that sees log p(x|z) at the draws z, z itself, μ and ℓ."""

    def objective(model, x: Tensor, eps: Tensor) -> Tensor:
        mu, log_var = model.encoder(x)
        z = mu + torch.exp(0.5 * log_var) * eps
        return estimator(model.log_likelihood(x, z), z, mu, log_var)

    return wraps(estimator)(expectation_of(objective))
