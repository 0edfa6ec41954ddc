"""Mistakes that exercise 10.5 knows."""

from collections.abc import Callable

import numpy as np

from vae_lessons.exercises.exercise import Misconception, mistake


def _entries(slope: Callable) -> Callable:
    """Make a numerical gradient from a slope: a function of the loss of w alone, w, and an entry."""

    def numeric(loss, w, eps):
        return np.reshape([slope(lambda w: loss(w, eps), w, k) for k in np.ndindex(w.shape)], w.shape)

    return numeric


def _moved(w, k, step):
    moved = w.astype(np.result_type(w, step))
    moved[k] += step
    return moved


def _central(h: float, divisor: float = 2) -> Callable:
    return _entries(lambda f, w, k: (f(_moved(w, k, h)) - f(_moved(w, k, -h))) / (divisor * h))


def _one_sided(h: float) -> Callable:
    return _entries(lambda f, w, k: (f(_moved(w, k, h)) - f(w)) / h)


def _complex(h: float = 1e-30, of: Callable = lambda value, h: value.imag / h) -> Callable:
    return _entries(lambda f, w, k: of(f(_moved(w, k, 1j * h)), h))


def _adding_up(loss, w, eps, h=1e-30):
    moved, numeric = w.astype(complex), np.zeros(w.shape)
    for k in np.ndindex(w.shape):
        moved[k] += 1j * h
        numeric[k] = loss(moved, eps).imag / h
    return numeric


def _adding_up_central(loss, w, eps, h=1e-5):
    moved, numeric = w.copy(), np.zeros(w.shape)
    for k in np.ndindex(w.shape):
        moved[k] += h
        numeric[k] = (loss(moved, eps) - loss(w, eps)) / h
    return numeric


def _all_at_once(loss, w, eps, h=1e-30):
    return np.full(w.shape, loss(w + 1j * h, eps).imag / h)


def _in_float32(loss, w, eps):
    return _central(1e-5)(lambda w, eps: np.float32(loss(w.astype(np.float32), eps)), w, eps)


def _with_new_noise(loss, w, eps):
    rng = np.random.default_rng(0)
    return _central(1e-5)(lambda w, eps: loss(w, rng.normal(size=eps.shape)), w, eps)


def _deviation(numeric, grad):
    return np.max(np.abs(numeric - grad) / np.maximum(1, np.abs(numeric)))


def _checked(*numerics: Callable) -> tuple[Callable, ...]:
    """Make wrong answers from wrong numerical gradients: the deviation is measured from these."""
    return tuple(lambda f, w, eps, grad, n=n: (n(f, w, eps), _deviation(n(f, w, eps), grad)) for n in numerics)


def _compared(*measures: Callable) -> tuple[Callable, ...]:
    """Make wrong answers whose gradient is right, from wrong measures of the deviation."""
    return tuple(lambda f, w, eps, grad, m=m: (_complex()(f, w, eps), m(_complex()(f, w, eps), grad)) for m in measures)


def _flag(part: int) -> Callable:
    """Recognise a mistake by what was passed to the loss, whatever came out."""
    return lambda values, references, cases: all(v[part].numel() == 1 and v[part].item() == 0 for v in values)


MISTAKES = (
    Misconception("resamples ε", _checked(_with_new_noise), "Your loss is called with noise of its own at each step, "
                  "so that differences are differences of draws. In (10.9) the noise is held fixed: pass the eps that "
                  "is given.", _flag(2)),
    Misconception("float32", _checked(_in_float32), "Your numbers are in float32, whose seven digits a difference "
                  "uses up. (10.9) needs double precision.", _flag(3)),
    mistake("step too small for a difference", "Your step is so small that the difference of two losses is mostly "
            "rounding error. Only the complex step of (10.9) may be that small: it subtracts nothing.",
            *_checked(*map(_one_sided, (1e-10, 1e-11, 1e-12, 1e-13, 1e-14))),
            *_checked(*map(_central, (1e-12, 1e-13, 1e-14)))),
    mistake("one-sided, step too large", "Your difference is one-sided, and its error is proportional to the step. The "
            "complex step of (10.9), or a central difference, has an error of order h².",
            *_checked(*map(_one_sided, (0.1, 0.01, 1e-3, 1e-4)))),
    mistake("step too large", "Your step is too large: the error of order h² in (10.9) shows.",
            *_checked(*map(_central, (0.5, 0.1, 0.01))), *_checked(*map(_complex, (1, 0.1, 0.01)))),
    mistake("nothing left", "Your gradient is 0 to all digits that are compared. Either the step of (10.9) was lost in "
            "an array of real numbers, or an imaginary part is not divided by it, or two losses are subtracted that "
            "have been rounded to the same number.",
            *_checked(_complex(of=lambda value, h: value.imag), _one_sided(1e-30))),
    mistake("real part", "Your value is the real part over h. In (10.9) it is the imaginary part that holds the slope.",
            *_checked(*(_complex(h, lambda value, h: value.real / h) for h in (1e-30, 1e-20, 1e-10, 1e-8)))),
    mistake("divided by 2h", "Your value is half the slope. The 2 in the denominator belongs to a central difference; "
            "the complex step of (10.9) has h.", *_checked(_complex(of=lambda value, h: value.imag / (2 * h)))),
    mistake("divided by h", "Your value is twice the slope: a central difference spans 2h. With (10.9) nothing is "
            "subtracted.", *_checked(*(_central(h, 1) for h in (1e-4, 1e-5, 1e-6)))),
    mistake("sign", "Your value is minus the gradient. In (10.9) the step goes up.",
            *_checked(_complex(of=lambda value, h: -value.imag / h))),
    mistake("steps add up", "Your entries stay moved when the next one is, so that the slopes add up. In (10.9) one "
            "entry moves at a time, from a fresh copy.", *_checked(_adding_up, _adding_up_central)),
    mistake("all entries at once", "You move all entries together, which gives the sum of the gradient. In (10.9) one "
            "entry moves at a time.", *_checked(_all_at_once)),
    mistake("no floor", "Your error is relative without a floor, and one entry of the gradient is 0: there a harmless "
            "rounding error of (10.9) would be infinite. Divide by at least 1.",
            *_compared(*(lambda n, g, s=s: np.max(np.abs(n - g) / (np.abs(n) + s)) for s in (0, 1e-12, 1e-10, 1e-8)),
                       lambda n, g: np.max(np.abs(n - g) / np.maximum(np.abs(n), 1e-8)),
                       lambda n, g: np.max(np.abs(n - g) / (np.abs(n) + np.abs(g))),
                       lambda n, g: np.max(np.abs(n - g) / np.abs(g)))),
    mistake("absolute", "Your error is absolute. Where the slope (10.9) is large, so are its harmless errors: divide "
            "by |numeric| where that is above 1.", *_compared(lambda n, g: np.abs(n - g).max())),
    mistake("mean for maximum", "Your error is a mean. One wrong entry among thousands has to show: take the largest "
            "deviation from (10.9).", *_compared(lambda n, g: np.mean(np.abs(n - g) / np.maximum(1, np.abs(n))))),
    mistake("no absolute value", "Your deviations keep their sign, so that the largest is not the worst. Take the "
            "absolute value of the difference to (10.9).",
            *_compared(lambda n, g: np.max((n - g) / np.maximum(1, np.abs(n))),
                       lambda n, g: np.max((g - n) / np.maximum(1, np.abs(n))))),
    mistake("ratio of norms", "Your error is a ratio of norms, in which one wrong entry is lost among many. Compare "
            "with (10.9) entry by entry.", *_compared(lambda n, g: np.linalg.norm(n - g) / np.linalg.norm(n),
            lambda n, g: np.linalg.norm(n - g) / (np.linalg.norm(n) + np.linalg.norm(g)))),
)  # fmt: skip
