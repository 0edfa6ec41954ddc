"""Exercise 3.3: distributions that show what the KL divergence is not."""

from typing import Any

from torch import Tensor

from vae_lessons.divergences import kl_discrete
from vae_lessons.exercises.exercise import Exercise, Misconception, Verdict
from vae_lessons.exercises.hints_ch03 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.values import Unusable, show, to_values

SIZES = {"equal": 2, "one way": 2, "triangle": 3}
RIGHT = {
    "equal": ([0.3, 0.7], [0.7, 0.3]),
    "one way": ([1.0, 0.0], [0.5, 0.5]),
    "triangle": ([0.9, 0.1], [0.5, 0.5], [0.1, 0.9]),
}


class _Wrong(Exception):
    """Stops the judgement: the name of a misconception or None, and what is wrong."""


def judge(answer: Any) -> Verdict:
    """Check the three examples in turn; the first that does not do what it should is reported."""
    key = ""
    try:
        answer = Runner()(answer) if callable(answer) else answer
        if not isinstance(answer, dict) or set(answer) != set(SIZES):
            raise _Wrong(None, f"A dict with the keys {', '.join(map(repr, SIZES))} is expected.")
        for key, rule in RULES.items():
            rule(*_vectors(key, answer[key]))
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message)
    except _Wrong as stop:
        name, message = stop.args
        return Verdict("incorrect", name, message, f'"{key}"' if key else "", _show(answer, key))
    return Verdict("correct", message="All 3 examples do what they should.")


def _show(answer: Any, key: str) -> str:
    try:
        return ", ".join(show(t) for v in answer[key] for t in to_values(v)) if key else ""
    except (Unusable, TypeError):
        return ""


def _vectors(key: str, value: Any) -> list[Tensor]:
    if value is Ellipsis or value is None:
        raise _Wrong(None, f"{key!r} is still to be filled in.")
    try:
        vectors = [to_values(v)[0] for v in value]
    except (Unusable, TypeError):
        raise _Wrong(None, f"{key!r} must hold {SIZES[key]} vectors of numbers.") from None
    if len(vectors) != SIZES[key] or any(v.ndim != 1 or v.shape != vectors[0].shape for v in vectors):
        raise _Wrong(None, f"{key!r} must hold {SIZES[key]} vectors of one length.")
    return [_distribution(v) for v in vectors]


def _distribution(v: Tensor) -> Tensor:
    if not v.isfinite().all():
        raise _Wrong(None, "A probability is nan or infinite.")
    if (v < 0).any():
        raise _Wrong(
            "negative entries", f"A probability is negative: {v.min().item():.4g}. In (3.1) p and q are at least 0."
        )
    if abs(v.sum().item() - 1) > 1e-5:
        text = f"A vector sums to {v.sum().item():.4g}. In (3.1) p and q are distributions: they sum to 1."
        raise _Wrong("unnormalised", text)
    return v / v.sum()


def _equal(p: Tensor, q: Tensor) -> None:
    forth, back = kl_discrete(p, q).item(), kl_discrete(q, p).item()
    if (p - q).abs().max() < 1e-3:
        text = "Your p and q are the same, so that both divergences are 0. Equation (3.6) does not say that they differ"
        raise _Wrong("p equals q", f"{text} for all p ≠ q: look for two different ones.")
    if forth == back == float("inf"):
        raise _Wrong("both infinite", "Both divergences are infinite, see (3.7). Look for a pair with finite ones.")
    if abs(forth - back) > 1e-5:
        text = f"KL(p‖q) = {forth:.4g} and KL(q‖p) = {back:.4g} differ, as (3.6) says they may."
        raise _Wrong("not equal", f"{text} Look for a pair with a symmetry.")


def _one_way(p: Tensor, q: Tensor) -> None:
    forth, back = kl_discrete(p, q).item(), kl_discrete(q, p).item()
    if forth == float("inf") and back < forth:
        text = "KL(p‖q) is infinite here, and KL(q‖p) finite: exchange the two. By (3.7) KL is infinite"
        raise _Wrong("reversed direction", f"{text} where its second argument is 0 and its first is not.")
    if back < float("inf") or forth == float("inf"):
        text = f"KL(p‖q) = {forth:.4g} and KL(q‖p) = {back:.4g}. By (3.7) a zero decides: which of the two needs one?"
        raise _Wrong("both infinite" if forth == back == float("inf") else "both finite", text)


def _triangle(p: Tensor, q: Tensor, r: Tensor) -> None:
    direct, first, second = (kl_discrete(a, b).item() for a, b in [(p, r), (p, q), (q, r)])
    if not direct > first + second + 1e-9:
        text = f"KL(p‖r) = {direct:.4g} is not greater than KL(p‖q) + KL(q‖r) = {first:.4g} + {second:.4g}"
        raise _Wrong("triangle holds", f"{text}. Place q between p and r, and compute (3.1) for each pair.")
    if direct == float("inf"):
        raise _Wrong(None, "KL(p‖r) is infinite, see (3.7). Look for three distributions with finite divergences.")


RULES = {"equal": _equal, "one way": _one_way, "triangle": _triangle}


def _instead(name: str, **changed: Any) -> Misconception:
    """Make a misconception:  right examples but for one; the message is made by the rule, with the numbers in it."""
    wrong = RIGHT | {key.replace("_", " "): value for key, value in changed.items()}
    return Misconception(name, (wrong,), judge(wrong).message)


EXAMPLES = Exercise(
    id="3.3",
    title="Look for examples",
    equation="(3.6)",
    chapter="chapter 3",
    reference=RIGHT,
    judge=judge,
    misconceptions=(
        _instead("p equals q", equal=([0.4, 0.6], [0.4, 0.6])),
        _instead("not equal", equal=([0.4, 0.6], [0.8, 0.2])),
        _instead("unnormalised", equal=([0.3, 0.3], [0.7, 0.7])),
        _instead("negative entries", triangle=([1.2, -0.2], [0.5, 0.5], [0.1, 0.9])),
        _instead("reversed direction", one_way=([0.5, 0.5], [1.0, 0.0])),
        _instead("both finite", one_way=([0.2, 0.8], [0.5, 0.5])),
        _instead("both infinite", one_way=([1.0, 0.0], [0.0, 1.0])),
        _instead("triangle holds", triangle=([0.9, 0.1], [0.1, 0.9], [0.5, 0.5])),
    ),
    hints=HINTS["3.3"],
)  # fmt: skip
