"""Mistakes that exercise 10.6 knows."""

import numpy as np

from vae_lessons.exercises.converting import is_a
from vae_lessons.exercises.exercise import mistake


def _step(
    params,
    grads,
    state,
    lr,
    tiny,
    *,
    beta=(0.9, 0.999),
    gain=None,
    power=2,
    sign=-1,
    count=1,
    stored=False,
    corrected=(True, True),
    keep=True,
    root=np.sqrt,
    inside=False,
    stale=False,
    old=False,
):
    """Take a step with something changed."""
    t, m, v = state
    (b1, b2), t, new = beta, t + count, {}
    g1, g2 = gain or (1 - b1, 1 - b2)
    new_m = {k: b1 * m[k] + g1 * g for k, g in grads.items()}
    new_v = {k: b2 * v[k] + g2 * np.abs(g) ** power for k, g in grads.items()}
    for k, p in params.items():
        m_hat = (m if stale else new_m)[k] / ((1 - b1**t) if corrected[0] else 1)
        v_hat = new_v[k] / ((1 - b2**t) if corrected[1] else 1)
        new[k] = p + sign * lr * m_hat / (np.sqrt(v_hat + tiny) if inside else root(v_hat) + tiny)
        if stored:
            new_m[k], new_v[k] = m_hat, v_hat
    return new, (state if old else (t if keep else 0, new_m, new_v))


def _wrong(**changes):
    return lambda *args: _step(*args, **changes)


def _shared(per_array: bool):
    """Make one running mean for all arrays, by their means; `per_array`: each array counts as a step."""

    def step(params, grads, state, lr, tiny):
        t, m, v = state if not is_a(state[1], dict) else (0, 0.0, 0.0)
        t, new = t + (not per_array), {}
        for k, p in params.items():
            g, t = grads[k].mean(), t + per_array
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            new[k] = p - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + tiny)
        return new, (t, m, v)

    return step


def _plain(params, grads, state, lr, tiny):
    return {k: p - lr * grads[k] for k, p in params.items()}, state


def _momentum_only(params, grads, state, lr, tiny):
    t, m, v = state
    m = {k: 0.9 * m[k] + 0.1 * g for k, g in grads.items()}
    return {k: p - lr * m[k] / (1 - 0.9 ** (t + 1)) for k, p in params.items()}, (t + 1, m, v)


def _count_arrays(params, grads, state, lr, tiny):
    """Count t up for each array, not for each step."""
    (t, m, v), new = state, {}
    for i, k in enumerate(params):
        one, (_, m1, v1) = _step({k: params[k]}, {k: grads[k]}, (t + i, {k: m[k]}, {k: v[k]}), lr, tiny)
        new, m, v = new | one, m | m1, v | v1
    return new, (t + len(params), m, v)


def _late(params, grads, state, lr, tiny):
    """Correct as if one step more had been taken."""
    t, m, v = state
    new, (_, m, v) = _step(params, grads, (t + 1, m, v), lr, tiny)
    return new, (t + 1, m, v)


def _early_constant(params, grads, state, lr, tiny):
    """Divide by the root of v plus the constant, and correct afterwards."""
    return _step(params, grads, state, lr, tiny / np.sqrt(1 - 0.999 ** (state[0] + 1)))


def _from_zero(params, grads, state, lr, tiny):
    """Count the step after it has been taken."""
    t, m, v = state
    with np.errstate(all="ignore"):
        new, (_, m, v) = _step(params, grads, (t - 1, m, v), lr, tiny)
    return new, (t + 1, m, v)


def _times_t(params, grads, state, lr, tiny):
    t, m, v = state
    m = {k: 0.9 * m[k] + 0.1 * g for k, g in grads.items()}
    v = {k: 0.999 * v[k] + 0.001 * g**2 for k, g in grads.items()}
    t, new = t + 1, {}
    with np.errstate(all="ignore"):
        for k, p in params.items():
            m_hat, v_hat = m[k] / (1 - 0.9 * t), v[k] / (1 - 0.999 * t)
            new[k] = p - lr * m_hat / (np.sqrt(v_hat) + tiny)
    return new, (t, m, v)


MISTAKES = (
    mistake("no bias correction", "Your running means are not corrected. Both began at 0, and (10.10) divides them "
            "by 1 − βᵗ.", _wrong(corrected=(False, False))),
    mistake("one correction missing", "One of your two running means is not corrected. (10.10) divides both by "
            "1 − βᵗ.", _wrong(corrected=(True, False)), _wrong(corrected=(False, True))),
    mistake("sign", "Your step goes up the loss. (10.10) subtracts it.", _wrong(sign=1)),
    mistake("ε inside the root", "Your small constant is inside the root. In (10.10) it is added to the root.",
            _wrong(inside=True)),
    mistake("no small constant", "Your step lacks τ, the constant `tiny`. (10.10) adds it to the root.",
            lambda params, grads, state, lr, tiny: _step(params, grads, state, lr, 0)),
    mistake("constant before the correction", "Your small constant is added to the root of v. In (10.10) it is added "
            "to that of v̂, after the correction.", _early_constant),
    mistake("shared state", "Your arrays share one running mean. In (10.10) every entry has its own m and v.",
            _shared(False), _shared(True)),
    mistake("no momentum", "Your step has the gradient itself where (10.10) has its running mean m̂.",
            _wrong(beta=(0, 0.999))),
    mistake("no scale", "Your step is not divided by the root of v̂. In (10.10) it is, so that large and small "
            "gradients make steps alike.", _momentum_only),
    mistake("gradient descent", "Your step is −lr times the gradient. (10.10) has running means.", _plain),
    mistake("no root", "Your step is divided by v̂. In (10.10) it is divided by its root.", _wrong(root=lambda v: v)),
    mistake("gradient not squared", "Your v is a running mean of |g|. In (10.10) it is one of g².",
            _wrong(power=1), _wrong(power=1, root=lambda v: v)),
    mistake("β exchanged", "Your β₁ and β₂ are exchanged: in (10.10) m forgets faster, with 0.9.",
            _wrong(beta=(0.999, 0.9))),
    mistake("weights exchanged", "Your running means give the new gradient the weight of the past. In (10.10) the "
            "past has the weight β.", _wrong(beta=(0.9, 0.999), gain=(0.9, 0.999)), _wrong(beta=(0.1, 0.001))),
    mistake("no 1 − β", "Your running means add the whole gradient. In (10.10) it has the weight 1 − β.",
            _wrong(gain=(1, 1))),
    mistake("t stays at 1", "Your t does not grow from step to step, so the correction of (10.10) stays that of the "
            "first.", _wrong(keep=False)),
    mistake("t begins at 2", "Your t is one too large: in the first step of (10.10) it is 1.",
            _wrong(count=2), _late),
    mistake("t begins at 0", "Your t is 0 in the first step, and 1 − β⁰ is 0. In (10.10) t is 1 there.",
            _from_zero),
    mistake("β t for βᵗ", "Your correction has β times t. In (10.10) it is β to the power of t.", _times_t),
    mistake("t counts arrays", "Your t grows with every array. In (10.10) it counts steps, and is the same for all "
            "arrays.", _count_arrays),
    mistake("mean of the step before", "Your step uses the m from before this step. In (10.10) the new gradient is in "
            "it already.", _wrong(stale=True)),
    mistake("corrected means kept", "Your state holds the corrected means. (10.10) goes on from m and v "
            "themselves.", _wrong(stored=True)),
    mistake("state not kept", "You return the old state, so that each step is a first one. (10.10) needs the new "
            "m, v and t.", _wrong(old=True)),
)  # fmt: skip
