"""Exercise 14.6: from a training log to the mistake in the program."""

from typing import Any

from vae_lessons.exercises.ch14_records import BUGS, RECORDS
from vae_lessons.exercises.exercise import Exercise, Misconception, Verdict
from vae_lessons.exercises.hints_ch14 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner

RIGHT = {letter: record.bug for letter, record in RECORDS.items()}

# What contradicts each wrong diagnosis, by the bug that is there and the bug that was named
NO_KL, MEAN, VARIANCE, SAMPLE, TEST = BUGS
AGAINST = {
    (SAMPLE, NO_KL): "Without a KL in the loss nothing holds the KL down. Here it is 0.000.",
    (SAMPLE, MEAN): "Averaged over 64 pixels, no loss could be above 1 for long. Here it ends at 24.5.",
    (SAMPLE, VARIANCE): "With σ² for σ the gradient still reaches the encoder, and the KL is not 0. Here it is.",
    (SAMPLE, TEST): "If only the test were wrong, training would be that of the correct program. Here its KL is 0.",
    (TEST, NO_KL): "Without a KL in the loss, loss and reconstruction are the same number. Here they differ by the KL.",
    (TEST, MEAN): "Averaged over 64 pixels, no loss could be above 1 for long. Here it ends at 19.3.",
    (TEST, VARIANCE): "With σ² for σ the loss of the training is too good as well. Here it is that of the correct "
    "program.",
    (TEST, SAMPLE): "With a cut gradient the KL would go to 0. Here it grows to nearly 5.",
    (NO_KL, MEAN): "Averaged over 64 pixels, no loss could be above 1 for long. Here it ends at 8.5.",
    (NO_KL, VARIANCE): "With σ² for σ the loss is still reconstruction plus KL. Here the columns do not add up.",
    (NO_KL, SAMPLE): "With a cut gradient the KL would go to 0. Here it passes 100.",
    (NO_KL, TEST): "If only the test were wrong, training would be that of the correct program. Here its KL passes "
    "100.",
    (VARIANCE, NO_KL): "Without a KL in the loss, loss and reconstruction are the same number. Here they differ by the "
    "KL.",
    (VARIANCE, MEAN): "Averaged over 64 pixels, no loss could be above 1 for long. Here it ends at 16.6.",
    (VARIANCE, SAMPLE): "With a cut gradient the KL would go to 0. Here it grows to 4.",
    (VARIANCE, TEST): "If only the test were wrong, training would be that of the correct program. Here its loss too "
    "is below what the last line allows.",
    (MEAN, NO_KL): "Without a KL in the loss nothing holds the KL down. Here it is 0.000.",
    (MEAN, VARIANCE): "With σ² for σ the KL is not 0, and the loss is that of 64 pixels. Here it ends at 0.383.",
    (MEAN, SAMPLE): "With a cut gradient the loss would be that of independent pixels, between 24 and 25 nats. Here it "
    "ends at 0.383.",
    (MEAN, TEST): "If only the test were wrong, training would be that of the correct program. Here its loss ends at "
    "0.383.",
}


def judge(answer: Any) -> Verdict:
    """Compare the five labels with the truth; the first wrong one is reported."""
    try:
        answer = Runner()(answer) if callable(answer) else answer
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message)
    if not isinstance(answer, dict) or set(answer) != set(RIGHT):
        return Verdict("incorrect", None, f"A dict with the keys {', '.join(map(repr, RIGHT))} is expected.")
    for letter, label in answer.items():
        if label is Ellipsis or label is None:
            return Verdict("incorrect", None, f"Log {letter} is still without a diagnosis.", f"log {letter}")
        if not isinstance(label, str) or label not in BUGS:
            text = f"{label!r} is none of the five mistakes: {', '.join(map(repr, BUGS))}."
            return Verdict("incorrect", None, text, f"log {letter}")
    wrong = [letter for letter in RIGHT if answer[letter] != RIGHT[letter]]
    if not wrong:
        return Verdict("correct", message="All 5 diagnoses are right.")
    found = BY_ANSWER[wrong[0], answer[wrong[0]]]
    return Verdict("incorrect", found.name, found.message, f"log {wrong[0]}", repr(answer[wrong[0]]))


def _misdiagnosis(letter: str, label: str) -> Misconception:
    message = f"Log {letter} contradicts {label!r}. {AGAINST[RIGHT[letter], label]} Compare with (11.1)."
    return Misconception(f"{label} in log {letter}", (RIGHT | {letter: label},), message)


BY_ANSWER = {
    (letter, label): _misdiagnosis(letter, label) for letter in RIGHT for label in BUGS if label != RIGHT[letter]
}

DIAGNOSES = Exercise(
    id="14.6",
    title="Five broken programs",
    equation="(11.1)",
    chapter="chapters 11 and 14",
    reference=RIGHT,
    judge=judge,
    misconceptions=tuple(BY_ANSWER.values()),
    hints=HINTS["14.6"],
)
