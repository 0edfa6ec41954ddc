"""Exercise 3.5: the chain rule of KL on a table."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.exercise import Case, Exercise, Misconception


def chain_rule(p: Tensor, q: Tensor) -> tuple[Tensor, Tensor]:
    """Compute the two terms of the chain rule, equation (3.8), for joint tables of shape (A, B) with x in the rows."""
    p_x, q_x = p.sum(1), q.sum(1)
    conditional = kl_discrete(p / p_x[:, None], q / q_x[:, None])
    return kl_discrete(p_x, q_x), (p_x * conditional).sum()


def _conditional(p: Tensor, q: Tensor) -> Tensor:
    return kl_discrete(p / p.sum(1, keepdim=True), q / q.sum(1, keepdim=True))


def _terms(second) -> tuple:
    """Make a wrong answer whose first term is right."""
    return (lambda p, q: (chain_rule(p, q)[0], second(p, q)),)


def _cases() -> list[Case]:
    generator = torch.Generator().manual_seed(35)
    cases = []
    for shape in [(2, 3), (4, 3)]:
        tables = torch.rand(2, *shape, generator=generator, dtype=torch.double) + 0.05
        p, q = tables / tables.sum((1, 2), keepdim=True)
        cases.append(Case({"p": p, "q": q}))
    return cases


CHAIN_RULE = Exercise(
    id="3.5",
    title="The chain rule on a table",
    equation="(3.8)",
    chapter="chapter 3",
    cases=_cases,
    reference=chain_rule,
    parts=("kl_marginal", "kl_conditional"),
    not_negative="(3.5)",
    misconceptions=(
        Misconception("expectation under q", _terms(lambda p, q: (q.sum(1) * _conditional(p, q)).sum()),
                      "Your kl_conditional averages over x with q(x). The expectation in (3.8) is taken under "
                      "p(x)."),
        Misconception("conditional not renormalised",
                      _terms(lambda p, q: (p.sum(1) * (p * (p / q).log()).sum(1)).sum())
                      + _terms(lambda p, q: (p.sum(1) * (p * ((p / p.sum(1, keepdim=True)).log() -
                                                              (q / q.sum(1, keepdim=True)).log())).sum(1)).sum()),
                      "Your kl_conditional uses the rows of the table as they are. The p(y|x) of (3.8) is a row "
                      "divided by its sum."),
        Misconception("marginal over the wrong axis", (lambda p, q: chain_rule(p.T, q.T),),
                      "Your terms are those with x and y exchanged. In (3.8) x comes first, and here x is the "
                      "row."),
        Misconception("marginal counted twice", _terms(lambda p, q: kl_discrete(p.flatten(), q.flatten())),
                      "Your kl_conditional is the KL of the two whole tables. By (3.8) it already contains "
                      "kl_marginal, which would count twice in the sum."),
        Misconception("two marginals", _terms(lambda p, q: kl_discrete(p.sum(0), q.sum(0))),
                      "Your kl_conditional is the KL of the marginals of y. The second term of (3.8) conditions "
                      "on x."),
        Misconception("unweighted mean", _terms(lambda p, q: _conditional(p, q).mean()),
                      "Your kl_conditional is a plain mean over the rows. In (3.8) row x has the weight p(x)."),
        Misconception("unweighted sum", _terms(lambda p, q: _conditional(p, q).sum()),
                      "Your kl_conditional adds the rows. In (3.8) row x has the weight p(x)."),
    ),
    hints=(
        "The marginal of x is a sum over one axis of the table. What does p(y|x) have to sum to, in each row?",
        "First one KL per row, of p(y|x) from q(y|x); then their expectation under p(x). The two terms must add "
        "up to the KL of the whole tables: test that.",
    ),
)  # fmt: skip
