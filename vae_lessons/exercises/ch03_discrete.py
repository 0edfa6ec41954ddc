"""Exercise 3.1: the KL divergence of two discrete distributions."""

import torch

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.ch03_mistakes import SPECIAL_CASES, WRONG_SHAPES, WRONG_TERMS
from vae_lessons.exercises.exercise import Case, Exercise, known
from vae_lessons.exercises.hints_ch03 import HINTS


def _discrete_cases(seed: int = 0) -> list[Case]:
    pair = torch.rand(2, 4, 5, generator=torch.Generator().manual_seed(seed + 31), dtype=torch.double) + 0.05
    p, q = pair / pair.sum(-1, keepdim=True)
    rows = ([0.5, 0.3, 0.2], [0.15, 0.25, 0.6]), ([0.7, 0, 0.3], [0.2, 0.5, 0.3]), ([0.6, 0.3, 0.1], [0.8, 0.2, 0])
    small = [{"p": torch.tensor(p).double(), "q": torch.tensor(q).double()} for p, q in rows]
    small = [{name: v / v.sum() for name, v in args.items()} for args in small]
    small[0] = small[0] if seed == 0 else {"p": p[0], "q": q[0]}
    return [Case(small[0]), Case(small[1], edge=True), Case(small[2], edge=True), Case({"p": p, "q": q})]


KL_DISCRETE = Exercise(
    id="3.1",
    title="Write the divergence",
    equation="(3.1)",
    chapter="chapter 3",
    cases=_discrete_cases,
    reference=kl_discrete,
    not_negative="(3.5)",
    proves="Zeros in p and in q come out right.",
    misconceptions=(
        *known("3.1", {
            "arguments swapped": "Your value is KL(q‖p). In (3.1) it is p that weights the logarithm and stands "
            "over q.",
            "log base 2": "Your value is in bits. The logarithm of (3.1) is the natural one, and the unit the nat.",
            "cross-entropy": "Your value is the cross-entropy H(p, q). By (3.3) it exceeds (3.1) by the entropy "
            "of p.",
            "mean instead of sum": "Your value is divided by the number of outcomes. Equation (3.1) is a sum: p "
            "is already the weight of each outcome.",
            "sign": "Your value has its sign reversed. In (3.1) p stands over q, and by (3.5) KL is never "
            "negative.",
            "difference of entropies": "Your value is a difference of two entropies: each logarithm has its own "
            "weight. In (3.1) p weights both, log p and log q.",
            "absolute value": "Your value adds absolute values. Terms of (3.1) may be negative, and count as they "
            "are.",
            "unweighted": "Your value adds the log-ratios without weights. In (3.1) each is weighted by p.",
        }),
        *SPECIAL_CASES,
        *WRONG_SHAPES,
        *WRONG_TERMS,
    ),
    hints=HINTS["3.1"],
)  # fmt: skip
