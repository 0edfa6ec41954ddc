"""Exercise 13.4: what the average KL is made of, from draws."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations import ch13_surgery as mutants
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch13 import HINTS
from vae_lessons.likelihoods import gaussian_log_prob, log_prior


def surgery(z: Tensor, mu: Tensor, log_var: Tensor) -> tuple[Tensor, Tensor]:
    """Information I and KL(q(z)‖p(z)) of (13.4), estimated from draws z of each image's q."""
    log_mixture = torch.logsumexp(gaussian_log_prob(z[:, :, None], mu, log_var), 2) - math.log(len(mu))
    return (gaussian_log_prob(z, mu, log_var) - log_mixture).mean(), (log_mixture - log_prior(z)).mean()


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 134), []
    for draws, n, z_dim in [(3, 4, 2), (6, 5, 3)]:
        mu, log_var = torch.randn(2, n, z_dim, generator=generator).double()
        log_var = 0.6 * log_var - 0.8
        z = mu + torch.exp(0.5 * log_var) * torch.randn(draws, n, z_dim, generator=generator).double()
        cases.append(Case({"z": z, "mu": mu, "log_var": log_var}))
    return cases


def _with(log_mixture, log_own=gaussian_log_prob):
    """Make a wrong answer from another density of the aggregate, or of the image's own q."""

    def answer(z, mu, log_var):
        log_q = log_mixture(z, mu, log_var)
        return (log_own(z, mu, log_var) - log_q).mean(), (log_q - log_prior(z)).mean()

    return answer


def _then(change):
    """Make a wrong answer from the right two numbers and the inputs."""
    return lambda z, mu, log_var: change(*surgery(z, mu, log_var), z, mu, log_var)


def _pairs(z, mu, log_var):
    return gaussian_log_prob(z[:, :, None], mu, log_var)


def _dimensions_apart(z, mu, log_var):
    each = [_pairs(z[..., j : j + 1], mu[:, j : j + 1], log_var[:, j : j + 1]) for j in range(z.shape[-1])]
    return sum(torch.logsumexp(pairs, 2) - math.log(len(mu)) for pairs in each)


def _over_the_draws(z, mu, log_var):
    return (torch.logsumexp(gaussian_log_prob(z, mu, log_var), 0) - math.log(len(z))).expand(z.shape[:2])


def _over_the_images(z, mu, log_var):
    return (torch.logsumexp(gaussian_log_prob(z, mu, log_var), 1) - math.log(len(mu)))[:, None].expand(z.shape[:2])


def _twice(density):
    """Take the log-variance for log σ."""
    return lambda z, mu, log_var: density(z, mu, 2 * log_var)


SURGERY = Exercise(
    id="13.4",
    title="What the KL is made of",
    equation="(13.4)",
    chapter="chapter 13",
    cases=_cases,
    reference=surgery,
    parts=("information", "KL of the aggregate"),
    misconceptions=(
        mistake(
            "no log N",
            "Your aggregate posterior is a sum of the N densities. In (13.4) it is their mean: log N is missing.",
            _with(mutants._no_log_n),
        ),
        mistake(
            "image itself left out",
            "Your aggregate posterior leaves out the image that z was drawn for. That of (13.4) is made of all N.",
            _with(mutants._image_itself_left_out),
        ),
        mistake(
            "averaged parameters",
            "Your aggregate posterior is one normal with averaged parameters. That of (13.4) is a mixture: average the "
            "densities.",
            _with(mutants._averaged_parameters),
            _with(lambda z, mu, log_var: gaussian_log_prob(z, mu.mean(0), log_var.mean(0))),
        ),
        mistake(
            "mean of the logarithms",
            "You average log-densities. The aggregate posterior of (13.4) is a mean of densities; its logarithm comes "
            "after.",
            _with(mutants._mean_of_the_logarithms),
        ),
        mistake(
            "the two terms swapped",
            "Your two numbers are exchanged: the information of (13.4) comes first.",
            _then(lambda i, m, *_: (m, i)),
        ),
        mistake(
            "dimensions apart",
            "You average over the images for each dimension apart, and then multiply. The normals of (13.4) are "
            "densities of all J dimensions: sum over those first.",
            _with(_dimensions_apart),
        ),
        mistake(
            "over the wrong axis",
            "Your mean does not run over the N normals. In the aggregate posterior of (13.4) each z meets the q of "
            "every image.",
            _with(_over_the_draws),
            _with(_over_the_images),
        ),
        mistake(
            "prior for aggregate",
            "Your first number compares with the prior: that is the average KL. The information of (13.4) compares "
            "with the aggregate posterior.",
            _then(lambda i, m, *_: (i + m, m)),
            _then(lambda i, m, z, mu, log_var: (kl_std_normal(mu, log_var).mean(), m)),
        ),
        mistake(
            "own q for aggregate",
            "Your second number is the average KL of the images' own q. In (13.4) it is the aggregate posterior that "
            "is compared with the prior.",
            _then(lambda i, m, *_: (i, i + m)),
            _then(lambda i, m, z, mu, log_var: (i, kl_std_normal(mu, log_var).mean())),
        ),
        mistake(
            "the rest",
            "Your second number is the exact average KL less your first. Estimate both of (13.4) from the draws: then "
            "their sum tells whether they are right.",
            _then(lambda i, m, z, mu, log_var: (i, kl_std_normal(mu, log_var).mean() - i)),
        ),
        mistake(
            "sums",
            "Your values are sums over the images. Both terms of (13.4) are means over them.",
            _then(lambda i, m, z, *_: (len(z[0]) * i, len(z[0]) * m)),
            _then(lambda i, m, z, *_: (z.shape[0] * z.shape[1] * i, z.shape[0] * z.shape[1] * m)),
        ),
        mistake(
            "sign",
            "A value has the wrong sign: neither of the two terms of (13.4) is negative in the long run.",
            _then(lambda i, m, *_: (-i, m)),
            _then(lambda i, m, *_: (i, -m)),
            _then(lambda i, m, *_: (-i, -m)),
        ),
        mistake(
            "ℓ as log σ",
            "You take log_var for log σ. The ℓ in (13.4) is the logarithm of the variance.",
            _with(_twice(mutants.aggregate_log_prob), _twice(gaussian_log_prob)),
        ),
    ),
    hints=HINTS["13.4"],
)
