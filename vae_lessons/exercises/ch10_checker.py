"""Exercise 10.5: a gradient checker."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from vae_lessons import numpy_vae
from vae_lessons.exercises.ch10_checker_mistakes import MISTAKES
from vae_lessons.exercises.converting import is_a
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch10 import HINTS
from vae_lessons.exercises.values import Unusable


def gradient_check(loss, w, eps, grad):
    """Numerical gradient of loss(w, eps) by (10.9), and the largest deviation of `grad` from it."""
    numeric = np.zeros(w.shape)
    for k in np.ndindex(w.shape):
        moved = w.astype(complex)
        moved[k] += 1e-30j
        numeric[k] = loss(moved, eps).imag / 1e-30
    error = np.abs(numeric - grad) / np.maximum(1, np.abs(numeric))
    return numeric, error.max()


def _vae(w: NDArray, eps: NDArray):
    """Loss of a small VAE as a function of W₁; the last pixel is always 0, so that its weights have no gradient."""
    rng = np.random.default_rng(5)
    params = {name: 1.3 * value for name, value in numpy_vae.init(rng, 4, 3, 2).items()}
    x = np.hstack([rng.integers(2, size=(len(eps), 3)), np.zeros((len(eps), 1))])
    return -numpy_vae.elbo(numpy_vae.forward(params | {"W1": w}, x, eps)).sum()


def _cubic(w: NDArray, eps: NDArray):
    """Cubes and exponentials with noise in them; the first entry has no gradient."""
    return 150 + (w[1:] ** 3 + np.exp(w[1:]) * eps).sum()


LOSSES = {"cubes": _cubic, "a VAE": _vae}


def _cases(seed: int = 0) -> list[Case]:
    """The given gradient is wrong in two entries: by more where the gradient is large, by less where it is 0."""
    rng, cases = np.random.default_rng(105 + seed), []
    for name, shape, noise in [("cubes", (4,), (3,)), ("a VAE", (3, 4), (5, 2))]:
        w, eps = rng.normal(size=shape), rng.normal(size=noise)
        w.flat[-2] = 2.3 if name == "cubes" else w.flat[-2]
        grad = gradient_check(LOSSES[name], w, eps, 0)[0]
        large, zero = np.abs(grad).argmax(), (0 if name == "cubes" else 3)
        sign = 1 if name == "cubes" else -1
        grad.flat[zero] += sign * 0.02
        grad.flat[large] -= sign * 0.03
        arrays = {"w": w, "eps": eps, "grad": grad}
        cases.append(Case({"loss": name} | {key: torch.tensor(value) for key, value in arrays.items()}))
    return cases


def probe(run: Callable, answer: Callable, loss: str, w, eps, grad) -> tuple:
    """Give arrays to the answer, and watch what it passes to the loss: which noise, and which precision."""
    w, eps, grad = (np.array(t, dtype=float) for t in (w, eps, grad))
    given, kept, double = eps.copy(), [], []

    def watched(w, eps=None, *more):
        kept.append(eps is not None and np.array_equal(eps, given))
        double.append(getattr(np.asarray(w), "dtype", None) in (np.dtype(float), np.dtype(complex)))
        return LOSSES[loss](np.asarray(w).astype(complex if np.iscomplexobj(w) else float), np.asarray(eps, float))

    value = run(answer, watched, w, eps, grad)
    if not is_a(value, tuple, list) or len(value) != 2:
        raise Unusable("Return two things: the numerical gradient, in the shape of w, and the largest error.")
    return *value, float(all(kept)), float(all(double))


CHECKER = Exercise(
    id="10.5",
    title="A gradient checker",
    equation="(10.9)",
    chapter="chapter 10",
    cases=_cases,
    reference=gradient_check,
    probe=probe,
    flavours=("torch64",),
    atol=1e-5,
    parts=("gradient", "error", "noise", "precision"),
    remarks={
        "noise": "Your loss is not always called with the eps that is given, as (10.9) needs it.",
        "precision": "Your loss is called with numbers of less than double precision: (10.9) needs all digits.",
    },
    misconceptions=MISTAKES,
    hints=HINTS["10.5"],
)
