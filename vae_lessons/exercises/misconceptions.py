"""Mistakes with a name, and two short ways of writing them down."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import unwrap
from typing import Any


@dataclass(frozen=True, eq=False)
class Misconception:
    """A mistake with a name.

    Attributes
    ----------
    name : str
        As the verdict gives it.
    wrong : tuple of answers
        Answers that make this mistake, one for each way of making it. An answer that gives what one of them gives,
        on every case, has made it too.
    message : str
        The cause, in a sentence, with the equation's number.
    recognise : function of (values, references, cases), optional
        Replaces the comparison with `wrong`, for a mistake whose value depends on a number that the student chose.
    """

    name: str
    wrong: tuple[Any, ...]
    message: str
    recognise: Callable[[list, list, list], bool] | None = None


def known(number: str, messages: dict[str, str], more: dict[str, tuple] | None = None) -> tuple[Misconception, ...]:
    """Misconceptions that are mutants of an equation: from the mutant's name to the message, with more ways of each.

    A mutant that its check averages over samples is taken as the function of draws that it was made of.
    """
    from vae_lessons.equations import REGISTRY  # here, because it loads the checks of all chapters

    mutants, more = REGISTRY[number].mutants, more or {}
    return tuple(Misconception(n, (unwrap(mutants[n]), *more.get(n, ())), message) for n, message in messages.items())


def mistake(name: str, message: str, *wrong: Any, recognise: Callable | None = None) -> Misconception:
    """Write a misconception down with its message first."""
    return Misconception(name, wrong, message, recognise)
