"""Checks of appendix D: the bound of a conditional VAE, and the label by Bayes' rule, (D.1) and (D.2)."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Categorical, kl_divergence

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.finite_world import expect
from vae_lessons.equations.registry import equation


def conditional_tables(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw p(z) for three z; p(x|z, y), a row for each of two y and two x, a column per z; q(z|x, y)."""
    p_z, p_x = rng.dirichlet(np.full(3, 3.0)), rng.dirichlet(np.full(2, 3.0), size=(2, 3))
    q = rng.dirichlet(np.full(3, 3.0), size=(2, 2))
    return torch.tensor(p_z), torch.tensor(p_x).mT, torch.tensor(q)


def evidence(p_z: Tensor, p_x: Tensor) -> Tensor:
    """p(x|y), one value per y and x."""
    return (p_x * p_z).sum(-1)


def posterior(p_z: Tensor, p_x: Tensor) -> Tensor:
    """p(z|x, y), a distribution for each y and x."""
    return p_x * p_z / evidence(p_z, p_x)[..., None]


def elbo(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    """E_q log p(x|z, y) - KL(q(z|x, y)‖p(z)), one value per y and x."""
    return expect(q, p_x.log()) - kl_discrete(q, p_z)


def evidence_less_gap(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    """Log p(x|y) - KL(q(z|x, y)‖p(z|x, y)), with torch's divergence."""
    return evidence(p_z, p_x).log() - kl_divergence(Categorical(q), Categorical(posterior(p_z, p_x)))


def with_the_label_as_a_latent(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    """E_q log [p(x, z, y)/q] - log p(y), for the joint table of all three with p(y) = ½."""
    joint = 0.5 * p_x * p_z
    return expect(q, (joint / q).log()) - joint.sum((1, 2)).log()[:, None]


def tight_at_the_posterior(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    """Tell whether the bound lies below log p(x|y), and reaches it at the posterior."""
    log_p = evidence(p_z, p_x).log()
    return torch.stack([elbo(p_z, p_x, q) < log_p, (elbo(p_z, p_x, posterior(p_z, p_x)) - log_p).abs() < 1e-12])


def _label_unseen_by_the_decoder(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    return elbo(p_z, p_x.mean(0).expand_as(p_x), q)


def _label_unseen_by_the_encoder(p_z: Tensor, p_x: Tensor, q: Tensor) -> Tensor:
    return elbo(p_z, p_x, q.mean(0).expand_as(q))


equation(
    "D.1",
    "The bound of a conditional VAE",
    method="finite world",
    draw=conditional_tables,
    lines={
        "E_q log p(x|z,y) - KL": elbo,
        "log p(x|y) - gap": evidence_less_gap,
        "joint bound - log p(y)": with_the_label_as_a_latent,
        "≤ log p(x|y)": tight_at_the_posterior,
    },
    mutants={
        "the decoder does not see y": _label_unseen_by_the_decoder,
        "the encoder does not see y": _label_unseen_by_the_encoder,
        "plus KL": lambda p_z, p_x, q: expect(q, p_x.log()) + kl_discrete(q, p_z),
        "KL reversed": lambda p_z, p_x, q: expect(q, p_x.log()) - kl_discrete(p_z.expand_as(q), q),
        "draws from the prior": lambda p_z, p_x, q: expect(p_z, p_x.log()) - kl_discrete(q, p_z),
        "log p(y) added": lambda p_z, p_x, q: elbo(p_z, p_x, q) - np.log(2),
    },
)


def labels_and_images(rng) -> tuple[Tensor, Tensor]:
    """Draw p(y) for three labels, and log p(x|y) of five images near -1050, where p(x|y) is 0 in floating point."""
    return torch.tensor(rng.dirichlet(np.full(3, 3.0))), torch.tensor(rng.normal(-1050, 1.5, size=(3, 5)))


def by_softmax(p_y: Tensor, log_p: Tensor) -> Tensor:
    """p(y|x) as the softmax over y of log p(x|y) + log p(y)."""
    return torch.softmax(log_p + p_y.log()[:, None], 0)


def by_fractions(p_y: Tensor, log_p: Tensor) -> Tensor:
    """p(x|y) p(y) / Σ p(x|y') p(y'), all p(x|y) in units of the largest."""
    joint = (log_p - log_p.max()).exp() * p_y[:, None]
    return joint / joint.sum(0)


def odds(p_y: Tensor, log_p: Tensor) -> Tensor:
    """1 / Σ (odds of y' against y), one label after the other."""
    ratio = (log_p[:, None] - log_p).exp() * (p_y[:, None] / p_y)[..., None]
    return 1 / ratio.sum(0)


def what_the_label_is_worth(p_y: Tensor, log_p: Tensor) -> Tensor:
    """Tell whether log p(x|y) - log p(x) = log p(y|x) - log p(y), and is at most -log p(y)."""
    gain = log_p - torch.logsumexp(log_p + p_y.log()[:, None], 0)
    same = (gain - by_softmax(p_y, log_p).log() + p_y.log()[:, None]).abs() < 1e-9
    return torch.stack([same, gain <= -p_y.log()[:, None]])


def bayes(change: Callable) -> Callable:
    """Return the softmax of something else."""
    return lambda p_y, log_p: torch.softmax(change(p_y[:, None], log_p), 0)


equation(
    "D.2",
    "The label of an image by Bayes' rule",
    method="finite world",
    draw=labels_and_images,
    lines={
        "softmax of the sum": by_softmax,
        "p(x|y) p(y) / Σ": by_fractions,
        "1 / Σ odds": odds,
        "at most -log p(y) gained": what_the_label_is_worth,
    },
    mutants={
        "no p(y)": bayes(lambda p_y, log_p: log_p),
        "p(y) for its logarithm": bayes(lambda p_y, log_p: log_p + p_y),
        "normalised over images": lambda p_y, log_p: torch.softmax(log_p + p_y.log()[:, None], 1),
        "divided by p(y)": bayes(lambda p_y, log_p: log_p - p_y.log()),
        "not normalised": lambda p_y, log_p: (log_p - log_p.max()).exp() * p_y[:, None],
    },
)
