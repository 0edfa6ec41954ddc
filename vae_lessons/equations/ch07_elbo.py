"""Checks of chapter 7, part five: two estimators of the ELBO, (7.3) and (7.4)."""

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.elbo_estimates import by_hand, exact_elbo, expectation_of, random_linear_model
from vae_lessons.equations.finite_world import variance
from vae_lessons.equations.linear_gaussian import gauss_hermite, log_joint
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.objectives import elbo_analytic_kl, elbo_mc


def linear_model_and_q(rng) -> tuple[Tensor, ...]:
    """Draw W and v of p(x|z) = N(Wz, v I), x, μ and ℓ."""
    return random_linear_model(rng)


# (7.3) Every term estimated


def estimator_a(log_lik: Tensor, z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Mean over the draws of log p(x|z) + log p(z) - log q(z|x): (L, M), (L, M, J), twice (M, J) -> (M,)."""
    return (log_lik + log_prior(z) - Normal(mu, torch.exp(0.5 * log_var)).log_prob(z).sum(-1)).mean(0)


# The mistakes that exercise 7.4 knows by name


def _log_q_outside_the_mean(log_lik, z, mu, log_var):
    return (log_lik + log_prior(z)).mean(0) - gaussian_log_prob(z, mu, log_var).sum(0)


def _sum_over_draws(log_lik, z, mu, log_var):
    return (log_lik + log_prior(z) - gaussian_log_prob(z, mu, log_var)).sum(0)


def _log_of_mean(log_lik, z, mu, log_var):
    return (log_lik + log_prior(z) - gaussian_log_prob(z, mu, log_var)).exp().mean(0).log()


def _unnormalised_q(log_lik, z, mu, log_var):
    return (log_lik + log_prior(z) + 0.5 * ((z - mu) ** 2 / log_var.exp()).sum(-1)).mean(0)


def _sign(log_lik, z, mu, log_var):
    return (gaussian_log_prob(z, mu, log_var) - log_lik - log_prior(z)).mean(0)


def _log_q_added(log_lik, z, mu, log_var):
    return (log_lik + log_prior(z) + gaussian_log_prob(z, mu, log_var)).mean(0)


equation(
    "7.3",
    "Estimator A of the ELBO: every term from the same draws",
    method="quadrature",
    draw=linear_model_and_q,
    lines={
        "log p(x) - KL(q‖p(z|x))": exact_elbo,
        "(1/L) Σ [log p(x, z) - log q], on average": by_hand(estimator_a),
        "elbo_mc, on average": expectation_of(elbo_mc),
    },
    mutants={
        "log q outside the mean": by_hand(_log_q_outside_the_mean),
        "sum over the draws": by_hand(_sum_over_draws),
        "logarithm of the mean": by_hand(_log_of_mean),
        "q not normalised": by_hand(_unnormalised_q),
        "sign": by_hand(_sign),
        "log q added": by_hand(_log_q_added),
    },
)

# (7.4) The KL in closed form


def estimator_b(log_lik: Tensor, z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Mean over the draws of log p(x|z), less KL(q‖p(z)): (L, M), (L, M, J), twice (M, J) -> (M,)."""
    return log_lik.mean(0) - 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(-1)


def variances(mu: float, var: float) -> Tensor:
    """Variances of A and B from one draw; x = 1, p(x|z) = N(z, ½), q = N(μ, s²)."""
    eps, weights = gauss_hermite(5)
    x, half, q = *torch.tensor([1.0, 0.5]).double(), Normal(torch.tensor(mu).double(), var**0.5)
    z = q.mean + q.stddev * eps
    return torch.stack([
        variance(weights, log_joint(x, half, z) - q.log_prob(z)),
        variance(weights, Normal(z, half.sqrt()).log_prob(x)),
    ])  # fmt: skip


def chapter_variances() -> Tensor:
    """Rows: q is the posterior N(⅔, ⅓), the prior, N(-1, ¼). Columns: variances of A and B."""
    return torch.stack([variances(2 / 3, 1 / 3), variances(0.0, 1.0), variances(-1.0, 0.25)])


def as_in_the_chapter(*_) -> Tensor:
    """Tell whether the variances are 0 and .370, 6 and 6, 6.28 and 4.13."""
    expected = torch.tensor([[0, 10 / 27], [6, 6], [6.28125, 4.125]]).double()
    return (chapter_variances() - expected).abs() < 1e-6


# The mistakes that exercise 7.5 knows by name: statements


def _b_never_varies_more(*_):
    return chapter_variances()[:, 1] <= chapter_variances()[:, 0] + 1e-9


def _a_never_varies_more(*_):
    return chapter_variances()[:, 0] <= chapter_variances()[:, 1] + 1e-9


def _means_tell_them_apart(*inputs):
    return (expectation_of(elbo_mc)(*inputs) - expectation_of(elbo_analytic_kl)(*inputs)).abs() > 1e-9


equation(
    "7.4",
    "Estimator B of the ELBO: the KL in closed form",
    method="quadrature",
    draw=linear_model_and_q,
    lines={
        "log p(x) - KL(q‖p(z|x))": exact_elbo,
        "(1/L) Σ log p(x|z) - KL(q‖p(z)), on average": by_hand(estimator_b),
        "elbo_analytic_kl, on average": expectation_of(elbo_analytic_kl),
        "Var A, B: 0, .37 or 6, 6 or 6.28, 4.13": as_in_the_chapter,
    },
    mutants={
        "plus KL": by_hand(lambda log_lik, z, *q: log_lik.mean(0) + kl_std_normal(*q)),
        "KL divided by L": by_hand(lambda log_lik, z, *q: log_lik.mean(0) - kl_std_normal(*q) / len(z)),
        "sum over the draws": by_hand(lambda log_lik, z, *q: log_lik.sum(0) - kl_std_normal(*q)),
        "log p(z) counted twice": by_hand(lambda log_lik, z, *q: (log_lik + log_prior(z)).mean(0) - kl_std_normal(*q)),
        "KL averaged over the latents": by_hand(
            lambda log_lik, z, *q: log_lik.mean(0) - kl_std_normal(*q) / z.shape[-1]
        ),
        "B never varies more than A": _b_never_varies_more,
        "A never varies more than B": _a_never_varies_more,
        "their means tell them apart": _means_tell_them_apart,
    },
)
