"""The book's equations, checks and lock agree; and each rule of the audit can fail, on small books made for it."""

from pathlib import Path

import pytest
from small_book import DOUBLE, locked, problems, toy, write

from vae_lessons.equations.audit import audit, read_lock

BOOK = Path(__file__).parents[2] / "book"


def test_the_book(capsys):
    report = audit(BOOK, read_lock(BOOK))
    with capsys.disabled():
        print(f"\n{report}")
    assert report.problems == []
    assert report.killed == report.mutants > 0


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
