"""The functions that a reader calls."""

import ast
import importlib
import importlib.util
import inspect
import textwrap
from types import FunctionType
from typing import Any

from vae_lessons.exercises import display
from vae_lessons.exercises.exercise import Exercise, Verdict
from vae_lessons.exercises.grading import grade_answer

_seen: dict[str, str] = {}  # id -> best status of the reader's own answers in this session


def find(id: str) -> Exercise:
    """Find the exercise with this id.

    Raises
    ------
    ValueError
        If there is none.
    """
    known = chapter_of(id)
    if id not in known:
        raise ValueError(f"there is no exercise {id!r}" + (f"; this chapter has {', '.join(known)}" if known else ""))
    return known[id]


def chapter_of(id: str) -> dict[str, Exercise]:
    """Return all exercises of the chapter that an id names; none if the chapter has none."""
    number = str(id).split(".")[0]
    module = f"{__package__}.ch{number:0>2}"
    if not number.isdecimal() or importlib.util.find_spec(module) is None:
        return {}
    return {e.id: e for e in importlib.import_module(module).EXERCISES}


def grade(id: str, answer: Any) -> Verdict:
    """Judge an answer without displaying anything.

    Parameters
    ----------
    id : str
        The exercise's number, such as "3.1".
    answer : object
        What the exercise asks for: mostly a function.

    Returns
    -------
    Verdict
        Its `status` is "not attempted", "correct", "incorrect" or "error".
    """
    return grade_answer(find(id), answer)


def check(id: str, answer: Any) -> None:
    """Judge an answer and say what is right and what is wrong. Parameters as in `grade`."""
    exercise = find(id)
    verdict = grade_answer(exercise, answer)
    if not _is_solution(answer, inspect.currentframe().f_back.f_globals) and _seen.get(id) != "correct":
        _seen[id] = verdict.status
    lines = display.rows(exercise, verdict)
    display.show(display.as_text(lines), display.as_html(lines, verdict.status))


def _is_solution(answer: Any, names: dict[str, Any]) -> bool:
    """Whether an answer is the book's own: its name, or that of its variable, begins with "solution"."""
    held = [name for name, value in list(names.items()) if value is answer]
    own = [answer.__name__] if isinstance(answer, FunctionType) else []
    return any(str(name).lower().startswith("solution") for name in own + held)


def hint(id: str, number: int = 1) -> None:
    """Show a hint; the first is the smallest."""
    hints = find(id).hints
    if not 1 <= number <= len(hints):
        raise ValueError(f"exercise {id} has hints 1 to {len(hints)}, got {number!r}")
    display.show_markdown(f"Hint {number} of {len(hints)}: {hints[number - 1]}")


def solution(id: str) -> None:
    """Print the code of a right answer."""
    display.show(solution_source(find(id)))


def solution_source(exercise: Exercise) -> str:
    """Return the code of the reference and of what it needs, without docstrings."""
    return "\n\n\n".join(_without_docstring(part) for part in (*exercise.shows, exercise.reference))


def _without_docstring(item: Any) -> str:
    if not callable(item):
        return repr(item)
    source = textwrap.dedent(inspect.getsource(item))
    lines = source.splitlines()
    for node in reversed([n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]):
        if ast.get_docstring(node) is not None:
            del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
    return "\n".join(lines)


def progress() -> None:
    """Show what has been done in this session, chapter by chapter. The book's own solutions do not count."""
    chapters = {id.split(".")[0]: chapter_of(id) for id in _seen}
    known = [e for number in sorted(chapters, key=int) for e in chapters[number].values()]
    if not known:
        display.show("Nothing has been checked in this session.")
        return
    done = sum(_seen.get(e.id) == "correct" for e in known)
    table = [f"{e.id:<6}{_seen.get(e.id, 'not attempted'):<15}{e.title}" for e in known]
    display.show("\n".join([*table, f"{done} of {len(known)} done"]))
