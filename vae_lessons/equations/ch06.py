"""Checks of chapter 6, part one: the KL of q from the posterior, rearranged line by line, (6.1)-(6.3)."""

from torch import Tensor
from torch.distributions import Categorical, kl_divergence

from vae_lessons.divergences import kl_discrete
from vae_lessons.equations.finite_world import evidence, expect, likelihood, posterior, prior, random_tables
from vae_lessons.equations.registry import equation


def tables(rng) -> tuple[Tensor, Tensor]:
    """Draw p(x, z), two x in rows, three z in columns, and q(z|x)."""
    return random_tables(rng)


# The first three lines of five, one function each: one value per x


def from_posterior(p: Tensor, q: Tensor) -> Tensor:
    """E_q log[q / p(z|x)]."""
    return expect(q, (q / posterior(p)).log())


def from_joint(p: Tensor, q: Tensor) -> Tensor:
    """E_q log[q p(x) / p(x, z)]."""
    return expect(q, (q * evidence(p)[:, None] / p).log())


def evidence_outside(p: Tensor, q: Tensor) -> Tensor:
    """E_q log[q / p(x, z)] + log p(x)."""
    return expect(q, (q / p).log()) + evidence(p).log()


def kl_by_torch(p: Tensor, q: Tensor) -> Tensor:
    """KL(q‖p(z|x)) by `torch.distributions`, which divides the rows of a table by their sums."""
    return kl_divergence(Categorical(q), Categorical(p))


# The mistakes that exercise 6.2 knows by name, in the line in which they are made


def _joint_not_conditional(p, q):
    return expect(q, (q / p).log())


def _evidence_left_inside(p, q):
    return from_joint(p, q) + evidence(p).log()


def _evidence_not_weighted(p, q):
    return expect(q, (q / p).log()) + evidence(p).log()[:, None].expand_as(p).sum(-1)


def _prior_for_joint(p, q):
    return expect(q, (q / prior(p)).log()) + evidence(p).log()


equation(
    "6.1",
    "How far q is from the posterior",
    method="finite world",
    draw=tables,
    lines={
        "E_q log[q / p(z|x)]": from_posterior,
        "kl_discrete(q, p(z|x))": lambda p, q: kl_discrete(q, posterior(p)),
        "torch.distributions": kl_by_torch,
    },
    mutants={
        "joint, not conditional": _joint_not_conditional,
        "arguments swapped": lambda p, q: kl_discrete(posterior(p), q),
        "expectation under p(z|x)": lambda p, q: expect(posterior(p), (q / posterior(p)).log()),
        "p(x|z) for p(z|x)": lambda p, q: expect(q, (q / likelihood(p)).log()),
        "p(z) for p(z|x)": lambda p, q: kl_discrete(q, prior(p)),
    },
)

equation(
    "6.2",
    "The posterior replaced by joint over evidence",
    method="finite world",
    draw=tables,
    lines={
        "E_q log[q p(x) / p(x, z)]": from_joint,
        "E_q log[q / p(z|x)], (6.1)": from_posterior,
        "torch.distributions": kl_by_torch,
    },
    mutants={
        "p(x) below the line": lambda p, q: expect(q, (q / (p * evidence(p)[:, None])).log()),
        "no p(x)": _joint_not_conditional,
        "p(z) for p(x, z)": _prior_for_joint,
        "p(x|z) for p(x, z)": lambda p, q: expect(q, (q * evidence(p)[:, None] / likelihood(p)).log()),
        "p(z) for p(x)": lambda p, q: expect(q, (q * prior(p) / p).log()),
    },
)

equation(
    "6.3",
    "The evidence does not depend on z: it leaves the expectation",
    method="finite world",
    draw=tables,
    lines={
        "E_q log[q / p(x, z)] + log p(x)": evidence_outside,
        "E_q{log[q / p(x, z)] + log p(x)}": lambda p, q: expect(q, (q / p).log() + evidence(p).log()[:, None]),
        "E_q log[q p(x) / p(x, z)], (6.2)": from_joint,
        "torch.distributions": kl_by_torch,
    },
    mutants={
        "p(x) left inside": _evidence_left_inside,
        "Σ log p(x) without q": _evidence_not_weighted,
        "sign of log p(x)": lambda p, q: expect(q, (q / p).log()) - evidence(p).log(),
        "p(x), not its logarithm": lambda p, q: expect(q, (q / p).log()) + evidence(p),
        "p(z) for p(x, z)": _prior_for_joint,
    },
)
