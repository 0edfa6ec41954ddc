"""Exercise 7.4: the ELBO from draws alone."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch07 import HINTS
from vae_lessons.likelihoods import LOG_2PI, gaussian_log_prob, log_prior


def estimator_a(log_lik: Tensor, z: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Mean over the draws of log p(x|z) + log p(z) - log q(z|x), (7.3)."""
    return (log_lik + log_prior(z) - gaussian_log_prob(z, mu, log_var)).mean(0)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 74), []
    for draws, rows, z_dim in [(3, 2, 2), (4, 3, 5), (5, 4, 2)]:
        mu, log_var = torch.randn(2, rows, z_dim, generator=generator).double()
        z = mu + (log_var / 2).exp() * torch.randn(draws, rows, z_dim, generator=generator).double()
        log_lik = -20 + 3 * torch.randn(draws, rows, generator=generator).double()
        cases.append(Case({"log_lik": log_lik, "z": z, "mu": mu, "log_var": log_var}))
    return cases


def _q_with(log_var_of):
    """Make a wrong answer whose q has another log-variance."""
    return lambda log_lik, z, mu, v: estimator_a(log_lik, z, mu, log_var_of(v))


def _plus(term):
    """Make a wrong answer that differs from (7.3) by a term."""
    return lambda *args: estimator_a(*args) + term(*args)


ESTIMATOR_A = Exercise(
    id="7.4",
    title="Estimator A",
    equation="(7.3)",
    chapter="chapter 7",
    cases=_cases,
    reference=estimator_a,
    misconceptions=(
        *known(
            "7.3",
            {
                "log q outside the mean": "Your log q is summed over the draws, outside the mean. In (7.3) it is in "
                "the bracket, and divided by L like the rest.",
                "sum over the draws": "Your value is summed over the draws. (7.3) divides by L.",
                "logarithm of the mean": "Your value is the logarithm of a mean over the draws. (7.3) is a mean of "
                "logarithms; the two differ, see (7.5).",
                "q not normalised": "Your log q lacks its normalising constant. A density in (7.3) needs it, as the "
                "constant depends on σ.",
                "sign": "Your value is minus the ELBO: the loss. In (7.3) the joint log-density is positive, log q "
                "negative.",
                "log q added": "Your value adds log q. (7.3) subtracts it.",
            },
            {
                "q not normalised": (
                    lambda a, z, m, v: (a + log_prior(z) + 0.5 * ((z - m) ** 2 / v.exp() + LOG_2PI).sum(-1)).mean(0),
                ),
            },
        ),
        mistake(
            "2π in one density only",
            "One of your two log-densities of z has its 2π, and the other has not. In (7.3) they would cancel.",
            _plus(lambda a, z, m, v: -0.5 * LOG_2PI * z.shape[-1]),
            _plus(lambda a, z, m, v: 0.5 * LOG_2PI * z.shape[-1]),
        ),
        mistake(
            "no prior",
            "Your value lacks log p(z): the joint log-density in (7.3) is log p(x|z) + log p(z).",
            _plus(lambda a, z, m, v: -log_prior(z).mean(0)),
        ),
        mistake(
            "no log q",
            "Your value lacks log q: (7.3) subtracts it at each draw.",
            _plus(lambda a, z, m, v: gaussian_log_prob(z, m, v).mean(0)),
        ),
        mistake(
            "no log-likelihood",
            "Your value lacks log p(x|z), the first part of the joint log-density in (7.3).",
            _plus(lambda a, z, m, v: -a.mean(0)),
        ),
        mistake(
            "only the reconstruction",
            "Your value is the mean log-likelihood. (7.3) has log p(z) and log q(z|x) as well.",
            lambda a, z, m, v: a.mean(0),
        ),
        mistake(
            "ℓ as log σ",
            "Your standard deviation is e^ℓ, which is the variance. For the q of (7.3) it is e^(ℓ/2).",
            _q_with(lambda v: 2 * v),
        ),
        mistake(
            "σ = e^(−ℓ/2)",
            "Your q has the variance e^(−ℓ). That of (7.3) has e^ℓ.",
            _q_with(lambda v: -v),
        ),
        mistake(
            "σ = 1",
            "Your q has the variance 1. That of (7.3) has e^ℓ.",
            _q_with(torch.zeros_like),
        ),
        mistake(
            "estimator B",
            "Your KL term is the closed form, which makes your value estimator B, (7.4). (7.3) takes every term from "
            "the draws.",
            lambda a, z, m, v: a.mean(0) - kl_std_normal(m, v),
        ),
        mistake(
            "prior at the mean of q",
            "Your log p is that of mu. In (7.3) the prior is evaluated at the draw z.",
            lambda a, z, m, v: (a - gaussian_log_prob(z, m, v)).mean(0) + log_prior(m),
        ),
        mistake(
            "mean over the latents",
            "Your log-densities of z are means over the dimensions. In (7.3) the dimensions are independent: their "
            "log-densities are summed.",
            lambda a, z, m, v: (a + (log_prior(z) - gaussian_log_prob(z, m, v)) / z.shape[-1]).mean(0),
        ),
        mistake(
            "over the images",
            "Your mean runs over the images. In (7.3) it runs over the draws, the first axis.",
            lambda a, z, m, v: (a + log_prior(z) - gaussian_log_prob(z, m, v)).mean(1),
        ),
        mistake(
            "mean of everything",
            "Your value is one number. There is one estimate (7.3) for each image.",
            lambda *args: estimator_a(*args).mean(),
        ),
        mistake(
            "sum over the images",
            "Your value is a sum over the images. There is one estimate (7.3) for each image.",
            lambda *args: estimator_a(*args).sum(),
        ),
        mistake(
            "not averaged",
            "You return one value per draw. (7.3) averages them.",
            lambda a, z, m, v: a + log_prior(z) - gaussian_log_prob(z, m, v),
        ),
    ),
    hints=HINTS["7.4"],
)
