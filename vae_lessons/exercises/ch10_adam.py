"""Exercise 10.6: a step of Adam."""

import numpy as np
import torch

from vae_lessons.exercises.ch10_adam_mistakes import MISTAKES
from vae_lessons.exercises.converting import is_a
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch10 import HINTS
from vae_lessons.exercises.values import Unusable


def adam_step(params, grads, state, lr, tiny):
    """One step of Adam, (10.10), with β₁ = 0.9 and β₂ = 0.999: new parameters, new state."""
    t, m, v = state
    t, m, v, new = t + 1, dict(m), dict(v), {}
    for name, g in grads.items():
        m[name] = 0.9 * m[name] + 0.1 * g
        v[name] = 0.999 * v[name] + 0.001 * g**2
        m_hat, v_hat = m[name] / (1 - 0.9**t), v[name] / (1 - 0.999**t)
        new[name] = params[name] - lr * m_hat / (np.sqrt(v_hat) + tiny)
    return new, (t, m, v)


def _cases(seed: int = 0) -> list[Case]:
    """Two arrays of two and three entries, and three gradients of each: their signs and sizes change."""
    generator, cases = torch.Generator().manual_seed(seed + 106), []
    for lr, tiny, scale in [(0.1, 0.01, 1.0), (0.02, 0.3, 3.0)]:
        w, g = torch.randn(5, generator=generator).double(), scale * torch.randn(3, 5, generator=generator).double()
        cases.append(Case({"w": w, "gradients": g, "lr": lr, "tiny": tiny}))
    return cases


def _split(array) -> dict:
    return {"W": array[:3].copy().reshape(1, 3), "b": array[3:].copy()}


def _joined(params, what: str):
    if not is_a(params, dict) or set(params) != {"W", "b"}:
        raise Unusable(f"{what} must be a dictionary with the names of params.")
    return torch.cat([torch.tensor(np.array(params[name], dtype=float)).flatten() for name in ("W", "b")])


def probe(run, answer, w, gradients, lr: float, tiny: float) -> tuple:
    """Take three steps, each from what the one before has returned."""
    params, steps = _split(np.array(w, dtype=float)), []
    state = 0, {k: np.zeros_like(p) for k, p in params.items()}, {k: np.zeros_like(p) for k, p in params.items()}
    for g in np.array(gradients, dtype=float):
        value = run(answer, params, _split(g), state, lr, tiny)
        if not is_a(value, tuple, list) or len(value) != 2:
            raise Unusable("Return two things: the new parameters, and the new state.")
        params, state = value
        steps.append(_joined(params, "The new parameters"))
        params = _split(np.array(steps[-1]))
    return tuple(steps)


ADAM = Exercise(
    id="10.6",
    title="A step of Adam",
    equation="(10.10)",
    chapter="chapter 10",
    cases=_cases,
    reference=adam_step,
    probe=probe,
    flavours=("torch64",),
    atol=1e-7,
    parts=("first step", "second step", "third step"),
    proves="Three steps in a row agree.",
    misconceptions=MISTAKES,
    hints=HINTS["10.6"],
)
