"""The exercises of the notebooks and those of the module are the same ones."""

import ast
import inspect
import json
import re
from functools import cache
from pathlib import Path

import pytest

from vae_lessons.exercises import find, grade
from vae_lessons.exercises.diagnosis import cases_of
from vae_lessons.exercises.session import chapter_of, solution_source

BOOK = Path(__file__).parents[2] / "book"
NOTEBOOKS = sorted(BOOK.glob("[0-9][0-9]_*.ipynb"))
HEADING = re.compile(r"^### Exercise (\d+\.\d+) · (.+)$", re.M)
DETAILS = re.compile(r"<details><summary>Hint \d+</summary>\s*(.*?)\s*</details>", re.S)
CHECK = re.compile(r'^check\("(\d+\.\d+)", (\w+)\)$', re.M)
WORDS = r"\*(Easy|Medium|Hard) \((★☆☆|★★☆|★★★)\), \d+ minutes\.\*"


@cache
def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def text(cell):
    return "".join(cell["source"])


def exercises_of(path):
    """From the number of each exercise of a notebook to its cells, up to the next heading."""
    found, current = {}, None
    for cell in cells(path):
        source = text(cell)
        if heading := HEADING.search(source):
            current = found[heading[1]] = {"title": heading[2], "cells": []}
        elif cell["cell_type"] == "markdown" and re.search(r"^##+ ", source, re.M):
            current = None
        if current:
            current["cells"].append(cell)
    return found


EXERCISES = [(path, id) for path in NOTEBOOKS for id in exercises_of(path)]


def part(path, id, kind):
    """The stub, the solution or the hints of an exercise, as the notebook has them."""
    sources = [text(c) for c in exercises_of(path)[id]["cells"]]
    is_solution = [s.startswith(f"# @title Solution {id}\n") for s in sources]
    if kind == "solution":
        return sources[is_solution.index(True)]
    if kind == "stub":
        return next(s for s in sources if CHECK.search(s) and not s.startswith("# @title"))
    return tuple(h for s in sources for h in DETAILS.findall(s))


def name(value):
    return value.stem[:2] if isinstance(value, Path) else str(value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_each_exercise_has_an_entry_and_each_entry_an_exercise(path):
    assert list(exercises_of(path)) == list(chapter_of(str(int(path.stem[:2]))))


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_the_title_is_the_same_and_difficulty_and_time_are_in_words(path, id):
    exercise = exercises_of(path)[id]
    assert exercise["title"] == find(id).title
    assert re.search(WORDS, text(exercise["cells"][0]))


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_the_hints_are_the_same_word_for_word(path, id):
    assert part(path, id, "hints") == find(id).hints


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_no_line_of_the_solution_is_in_a_hint(path, id):
    """Neither of the notebook's solution nor of the one that `solution` shows."""
    for source in (part(path, id, "solution"), solution_source(find(id))):
        lines = [line.strip().removeprefix("return ") for line in source.splitlines()]
        code = [s for s in lines if len(s) > 12 and not s.startswith(("def ", "class ", "@", "#", "check("))]
        assert not [line for line in code for hint in find(id).hints if line in hint]


def run(path, source):
    """Execute the imports of a notebook, then a cell whose check is replaced; return what was checked."""
    imports = "\n".join(line for c in cells(path) if c["cell_type"] == "code" for line in imported(text(c)))
    checked, scope = [], {"__name__": "notebook"}
    exec(imports, scope)
    scope["check"] = lambda id, answer: checked.append((id, answer))
    exec(source, scope)
    return checked


def imported(source):
    """The import statements of a cell, those of several lines too."""
    source = re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.M)
    found = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return [ast.unparse(node) for node in found]


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_the_solution_passes_and_the_stub_is_not_attempted(path, id):
    ((number, answer),) = run(path, part(path, id, "solution"))
    assert number == id
    assert grade(id, answer).status == "correct"
    ((number, stub),) = run(path, part(path, id, "stub"))
    assert number == id
    assert grade(id, stub).status == "not attempted"


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_the_signature_has_the_arguments_of_the_cases(path, id):
    """Names too, so that what a verdict says about `p` is about the reader's `p`."""
    exercise = find(id)
    signature = re.search(r"def (?:my_\w+|__init__)\((?:self, )?(.*?)\)", part(path, id, "stub"))
    if exercise.judge or not signature:
        pytest.skip("the answer is no function")
    arguments = signature[1].split(", ")
    given = list(cases_of(exercise)[0].args)
    if exercise.probe.__module__.endswith("exercise"):
        assert arguments == given
    else:
        assert len(arguments) == len(inspect.signature(exercise.reference).parameters)


@pytest.mark.parametrize(("path", "id"), EXERCISES, ids=name)
def test_solution_cells_are_hidden_everywhere(path, id):
    (cell,) = [c for c in exercises_of(path)[id]["cells"] if text(c).startswith(f"# @title Solution {id}")]
    assert cell["metadata"]["cellView"] == "form"
    assert cell["metadata"]["jupyter"] == {"source_hidden": True}
    assert "hide-cell" in cell["metadata"]["tags"]
    assert not re.search(r"^(def|class) (?!solution|Solution)", text(cell), re.M)
