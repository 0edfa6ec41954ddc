"""What the exercises of chapter 7 share: mutants that are estimators, before they were averaged over all samples."""

from inspect import unwrap

from vae_lessons.exercises.exercise import Misconception, known, mistake


def known_estimators(
    number: str, messages: dict[str, str], more: dict[str, tuple] | None = None
) -> tuple[Misconception, ...]:
    """Return what `known` returns, with each mutant as the function of draws that it was made of."""
    return tuple(mistake(m.name, m.message, *map(unwrap, m.wrong)) for m in known(number, messages, more))
