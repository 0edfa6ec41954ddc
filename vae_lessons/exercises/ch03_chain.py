"""Exercise 3.5: the chain rule of KL on a table."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch03 import HINTS


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


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 35)
    cases = []
    for shape in [(2, 3), (4, 3)]:
        tables = torch.rand(2, *shape, generator=generator, dtype=torch.double) ** 3 + 0.02
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
        mistake("arguments swapped", "Your two terms are those of KL(q‖p). In (3.8) p comes first.",
                lambda p, q: chain_rule(q, p)),
        mistake("terms exchanged", "Your two terms are exchanged: kl_marginal comes first, as in (3.8).",
                lambda p, q: chain_rule(p, q)[::-1]),
        mistake("log base 2", "Your terms are in bits. The logarithms of (3.8) are natural ones.",
                lambda p, q: tuple(v / math.log(2) for v in chain_rule(p, q))),
        mistake("marginal divergence swapped", "Your kl_marginal is KL(q(x)‖p(x)). In (3.8) p(x) comes first.",
                lambda p, q: (kl_discrete(q.sum(1), p.sum(1)), chain_rule(p, q)[1])),
        mistake("conditional divergence swapped", "Your kl_conditional has KL(q(y|x)‖p(y|x)). In (3.8) p comes first.",
                *_terms(lambda p, q: (p.sum(1) * _conditional(q, p)).sum())),
        mistake("mean over y", "Your kl_conditional takes a mean over y in each row. A KL is a sum over y: see (3.8).",
                *_terms(lambda p, q: chain_rule(p, q)[1] / p.shape[1])),
        mistake("rows not added", "Your kl_conditional has one number for each row. The expectation in (3.8) adds "
                "them, each with its weight.", *_terms(lambda p, q: p.sum(1) * _conditional(p, q)),
                *_terms(_conditional)),
        mistake("conditioned on y", "Your kl_conditional divides by the sums of the columns. In (3.8) the condition is "
                "x, the row.", *_terms(lambda p, q: chain_rule(p.T, q.T)[1])),
        mistake("marginal over columns", "Your kl_marginal is that of y. In (3.8) it is that of x, the row.",
                lambda p, q: (kl_discrete(p.sum(0), q.sum(0)), chain_rule(p, q)[1])),
    ),
    hints=HINTS["3.5"],
)  # fmt: skip
