"""Check of chapter 6, part seven: what training does, seen as one KL between joint distributions, (6.12)."""

import torch
from torch import Tensor
from torch.distributions import Categorical, kl_divergence

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.ch06_elbo import elbo
from vae_lessons.equations.finite_world import evidence, expect, random_tables
from vae_lessons.equations.registry import equation


def entropy(data: Tensor) -> Tensor:
    """H(p_data) = -E log p_data."""
    return -expect(data, data.log())


def tables_and_data(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw p(x, z), q(z|x) and a data distribution over the x, which is not p(x)."""
    return *random_tables(rng), torch.tensor(rng.dirichlet([3.0, 3.0]))


def kl_of_joints(p: Tensor, q: Tensor, data: Tensor) -> Tensor:
    """KL(p_data(x) q(z|x) ‖ p(x, z)), the two tables laid out as vectors."""
    return kl_discrete((data[:, None] * q).flatten(), p.flatten())


equation(
    "6.12",
    "Training a VAE brings two joint distributions together",
    method="finite world",
    draw=tables_and_data,
    lines={
        "KL(p_data q‖p(x, z))": kl_of_joints,
        "-E ELBO - H(p_data)": lambda p, q, data: -expect(data, elbo(p, q)) - entropy(data),
        "torch.distributions": lambda p, q, data: kl_divergence(
            Categorical((data[:, None] * q).flatten()), Categorical(p.flatten())
        ),
        "≥ KL(p_data‖p(x))": lambda p, q, data: kl_of_joints(p, q, data) >= kl_discrete(data, evidence(p)),
    },
    mutants={
        "sign of the constant": lambda p, q, data: -expect(data, elbo(p, q)) + entropy(data),
        "no constant": lambda p, q, data: -expect(data, elbo(p, q)),
        "E ELBO, not its negative": lambda p, q, data: expect(data, elbo(p, q)) - entropy(data),
        "x from p(x), not from the data": lambda p, q, data: -expect(evidence(p), elbo(p, q)) - entropy(data),
        "KL(p(x, z)‖p_data q)": lambda p, q, data: kl_discrete(p.flatten(), (data[:, None] * q).flatten()),
        "KL of the marginals of x": lambda p, q, data: kl_discrete(data, evidence(p)),
        "one q(z) for every x": lambda p, q, data: kl_of_joints(p, (data @ q).expand(2, 3), data),
    },
)
