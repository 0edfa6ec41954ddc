"""Exercise 9.3: the variance that a squared error stands for."""

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch09 import HINTS


def implied_variances(x_dim: int) -> tuple[float, float, float]:
    """σ² of the mean over the pixels, of their sum, and of half the sum: 1/(2 weight) by (9.4), as in (9.5)."""
    weights = 1 / x_dim, 1.0, 0.5
    return tuple(1 / (2 * weight) for weight in weights)


def _cases(seed: int = 0) -> list[Case]:
    return [Case({"x_dim": x_dim + 2 * seed}) for x_dim in (5, 12, 784)]


def _three(*of_dim):
    """Make a wrong answer from three functions of D, or numbers."""
    return lambda x_dim: tuple(float(f(x_dim)) if callable(f) else float(f) for f in of_dim)


IMPLIED_VARIANCES = Exercise(
    id="9.3",
    title="The variance behind a loss",
    equation="(9.5)",
    chapter="chapter 9",
    cases=_cases,
    reference=implied_variances,
    rtol=1e-5,
    parts=("σ² of the mean", "σ² of the sum", "σ² of half the sum"),
    proves="The number of images does not come in: both terms of a loss are averaged over them.",
    misconceptions=(
        *known("9.5", {
            "½ always": "You give all three losses the same variance. In (9.5) the factor in front of the squared "
            "errors decides, and theirs differ.",
            "D": "Your variances are twice too large: in (9.4) the squared error is divided by 2σ², not by σ².",
            "2/D": "Your values are 1/σ². In (9.5) the larger the variance, the less a squared error weighs.",
            "1/D": "Your values are the weights of the squared error, or nearly. By (9.4) a weight is 1/(2σ²).",
        }, {
            "½ always": (_three(1, 1, 1), _three(lambda d: d / 2, lambda d: d / 2, lambda d: d / 2)),
            "1/D": (_three(lambda d: 1 / d, 1, 0.5), _three(lambda d: 1 / (2 * d), 0.5, 0.25)),
        }),
        mistake("standard deviations", "Your values are standard deviations σ. (9.5) asks for variances σ².",
                _three(lambda d: (d / 2) ** 0.5, 0.5**0.5, 1)),
        mistake("half the sum is ¼", "Your last variance is too small: halving a loss makes an error count less, so "
                "the variance in (9.4) grows.", _three(lambda d: d / 2, 0.5, 0.25)),
        mistake("half without effect", "Your last two variances are equal. Halving a loss halves the weight of an "
                "error, and by (9.4) the weight is 1/(2σ²).",
                _three(lambda d: d / 2, 0.5, 0.5), _three(lambda d: d / 2, 1, 1)),
        mistake("sum and half exchanged", "Your last two values have changed places: in (9.4) the larger variance "
                "belongs to the smaller weight.", _three(lambda d: d / 2, 1, 0.5)),
        mistake("sum like mean", "Your σ² of the sum has a D in it. (9.5) gets its D from the mean over the pixels, "
                "and a sum has none.",
                _three(lambda d: d / 2, lambda d: 1 / (2 * d), lambda d: 1 / d),
                _three(0.5, lambda d: d / 2, lambda d: d), _three(1, lambda d: d / 2, lambda d: d)),
        mistake("mean like sum", "Your σ² of the mean is that of the sum. The mean over the pixels divides by D, see "
                "(9.5).", _three(0.5, 0.5, 1)),
        mistake("mean inverted", "Your σ² of the mean falls with D. In (9.5) it grows: the mean over the pixels makes "
                "an error count less.",
                *(_three(lambda d, c=c: c / d, 0.5, 1) for c in (0.5, 1, 2))),
        mistake("mean without ½", "Your σ² of the mean is twice too large: in (9.4) the squared error is divided by "
                "2σ².", _three(lambda d: d, 0.5, 1)),
        mistake("D squared", "Your σ² of the mean grows like D². In (9.5) the mean over the pixels divides by D once.",
                _three(lambda d: d * d / 2, 0.5, 1), _three(lambda d: d * d, 0.5, 1)),
        mistake("order", "Your three variances are right, in another order than the losses of (9.5) are listed.",
                _three(0.5, 1, lambda d: d / 2), _three(0.5, lambda d: d / 2, 1), _three(1, lambda d: d / 2, 0.5),
                _three(1, 0.5, lambda d: d / 2)),
    ),
    hints=HINTS["9.3"],
)  # fmt: skip
