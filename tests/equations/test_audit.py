"""The book's equations, checks and lock agree; and each rule of the audit can fail, on small books made for it."""

import json
from pathlib import Path

import pytest

from vae_lessons.equations import REGISTRY, Equation
from vae_lessons.equations.audit import accept, audit, main, read_lock
from vae_lessons.equations.displays import chapter_notebook, displays, in_order

BOOK = Path(__file__).parents[2] / "book"
DOUBLE = "$$\n2x = x + x \\tag{3.1}\n$$"


def test_the_book(capsys):
    report = audit(BOOK, read_lock(BOOK))
    with capsys.disabled():
        print(f"\n{report}")
    assert report.problems == []
    assert report.killed == report.mutants > 0


def toy(number="3.1", **changes):
    """Return a check of 2x = x + x that passes."""
    parts = {
        "method": "finite world",
        "draw": lambda rng: (rng.normal(),),
        "lines": {"2x": lambda x: 2 * x, "x + x": lambda x: x + x},
        "mutants": {"x²": lambda x: x * x},
    }
    return {number: Equation(number, "Twice", **(parts | changes))}


def write(folder, name, *cells, kind="markdown"):
    """Write a notebook whose cells have the given text, one string or a list of lines."""
    content = {"cells": [{"cell_type": kind, "source": cell} for cell in cells]}
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def book(tmp_path):
    """Return a book with one chapter, one equation, and no lock."""
    write(tmp_path, "03_twice.ipynb", f"Twice is the sum:\n\n{DOUBLE}\n\nas you see in (3.1).")
    return tmp_path


def locked(book):
    return accept(book, {}, None)


def problems(book, registry=None, lock=None):
    return audit(book, locked(book) if lock is None else lock, toy() if registry is None else registry).problems


def test_a_book_in_order_has_no_problem(book):
    report = audit(book, locked(book), toy())
    assert (report.problems, report.notes) == ([], [])
    assert str(report) == "1 equations in the notebooks, 1 checks, 1 of 1 mutants caught, 0 problems"


@pytest.mark.parametrize(
    "display",
    [
        "$$\nx = 1\n$$",
        "$$x = 1$$",
        "\\begin{align}\nx &= 1\n\\end{align}",
        "\\begin{equation*}\nx = 1\n\\end{equation*}",
        "\\\\[ x = 1 \\\\]",
    ],
)
def test_a_display_without_a_tag(book, display):
    write(book, "04_more.ipynb", f"Look:\n\n{display}\n")
    (problem,) = problems(book)
    assert problem.startswith("04_more.ipynb: a display without a \\tag: ")


def test_code_and_outputs_are_not_searched(book):
    write(book, "04_more.ipynb", "```latex\n$$x$$\n```\n\nwritten `$$x$$`, costs \\$\\$5, inline $x$")
    write(book, "05_more.ipynb", "print('$$x$$')", kind="code")
    assert problems(book) == []


def test_a_tag_without_a_check(book):
    write(book, "04_more.ipynb", "\\begin{align}\nx &= 1 \\tag{4.1} \\\\\ny &= 2 \\tag{4.2}\n\\end{align}")
    assert problems(book) == ["(4.1) in 04_more.ipynb has no check", "(4.2) in 04_more.ipynb has no check"]


def test_a_tag_used_twice(book):
    write(book, "02_before.ipynb", DOUBLE)
    assert "(3.1) is in 02_before.ipynb and again in 03_twice.ipynb" in problems(book)


def test_a_check_that_its_chapter_does_not_show(book):
    assert problems(book, toy() | toy("3.2")) == ["(3.2) has a check, but 03_twice.ipynb does not show it"]


def test_a_check_whose_equation_is_in_the_wrong_chapter(book):
    write(book, "04_more.ipynb", "$$x = x \\tag{3.2}$$")
    assert problems(book, toy() | toy("3.2")) == ["(3.2) has a check, but 03_twice.ipynb does not show it"]


def test_a_chapter_that_is_not_written_yet_is_no_problem(book):
    report = audit(book, locked(book), toy() | toy("12.1"))
    assert report.problems == []
    assert report.notes == ["(12.1) is registered, its chapter is not written yet"]


def test_unequal_lines(book):
    lines = {"2x": lambda x: 2 * x, "3x": lambda x: 3 * x, "x < x": lambda x: x < x}
    assert problems(book, toy(lines=lines)) == [
        "(3.1) line does not agree: 3x",
        "(3.1) line does not agree: x < x",
    ]


def test_lines_that_differ_by_more_than_the_tolerance_on_one_draw_only(book):
    lines = {"2x": lambda x: 2 * x, "almost": lambda x: 2 * x + 2e-9 * (x > 1)}
    assert problems(book, toy(lines=lines)) == ["(3.1) line does not agree: almost"]
    assert problems(book, toy(lines=lines, atol=3e-9)) == []


def test_a_mutant_that_survives(book):
    registry = toy(mutants={"x²": lambda x: x * x, "x·2": lambda x: x * 2})
    report = audit(book, locked(book), registry)
    assert report.problems == ["(3.1) mutant survives: x·2"]
    assert (report.killed, report.mutants) == (1, 2)


def test_no_mutant(book):
    assert problems(book, toy(mutants={})) == ["(3.1) no mutant, nothing shows that the check can fail"]


def test_one_line_alone(book):
    lines = {"2x": lambda x: 2 * x, "x = x": lambda x: x == x}
    assert problems(book, toy(lines=lines)) == ["(3.1) one line alone has numbers, they are compared with nothing"]


def test_an_equation_that_changed(book):
    lock = locked(book)
    write(book, "03_twice.ipynb", DOUBLE.replace("2x", "3x"))
    assert problems(book, lock=lock) == [
        "(3.1) changed since its check was last reviewed: "
        "read both, then run python -m vae_lessons.equations.audit book --accept 3.1"
    ]


def test_white_space_is_no_change(book):
    lock = locked(book)
    write(book, "03_twice.ipynb", [f"{line}\n" for line in DOUBLE.replace(" = ", "  =\n ").split("\n")])
    assert problems(book, lock=lock) == []


def test_an_equation_that_is_not_in_the_lock(book):
    (problem,) = problems(book, lock={})
    assert problem.startswith("(3.1) was never reviewed against its check: read both")


def test_a_lock_entry_without_an_equation(book):
    assert problems(book, lock=locked(book) | {"3.7": "0" * 12}) == ["(3.7) is in the lock, but in no notebook"]


def test_accepting_some_leaves_the_others_as_they_were(book):
    write(book, "04_more.ipynb", "$$x = x \\tag{4.1}$$")
    old = {"3.1": "a", "4.1": "b", "5.1": "c"}
    assert accept(book, old, ["4.1"]) == old | {"4.1": locked(book)["4.1"]}
    assert accept(book, old, ["5.1"]) == {"3.1": "a", "4.1": "b"}
    assert accept(book, old, None) == locked(book)
    with pytest.raises(ValueError, match=r"no equation \(9.9\)"):
        accept(book, old, ["9.9"])


def test_the_command_prints_accepts_and_tells_by_its_exit_status(book, capsys, monkeypatch):
    monkeypatch.setattr("vae_lessons.equations.audit.audit", lambda path, lock: audit(path, lock, toy()))
    assert main([str(book)]) == 1
    assert "was never reviewed" in capsys.readouterr().out
    assert main([str(book), "--accept", "3.1"]) == 0
    assert capsys.readouterr().out == "1 equations in the notebooks, 1 checks, 1 of 1 mutants caught, 0 problems\n"
    assert read_lock(book) == locked(book)
    assert main([str(book)]) == 0
    assert main([str(book), "--accept-all"]) == 0


def test_numbers_find_their_notebooks_and_their_order(book):
    write(book, "A_matrices.ipynb", "")
    assert chapter_notebook(book, "3.10") == "03_twice.ipynb"
    assert chapter_notebook(book, "A.2") == "A_matrices.ipynb"
    assert chapter_notebook(book, "13.1") is None
    assert in_order(["10.1", "A.1", "3.10", "3.9", "0.1"]) == ["0.1", "3.9", "3.10", "10.1", "A.1"]


def test_the_registry_is_in_the_book():
    written = {number for number in REGISTRY if chapter_notebook(BOOK, number)}
    assert written <= {number for display in displays(BOOK) for number in display.numbers}
