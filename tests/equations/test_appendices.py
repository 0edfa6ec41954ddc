"""Numbers with a letter, of the appendices: found, sorted, audited, locked and linked as those of the chapters are."""

import sys
from pathlib import Path

import pytest
from small_book import locked, problems, toy, write

from vae_lessons.equations import REGISTRY, verify
from vae_lessons.equations.audit import accept, audit
from vae_lessons.equations.displays import chapter_notebook, displays, in_order

ROOT = Path(__file__).parents[2]


@pytest.fixture
def appendix(book):
    """Return a book with a chapter 3 and an appendix B, of one equation each."""
    write(book, "B_more.ipynb", "Twice:\n\n$$\n2x = x + x \\tag{B.1}\n$$\n\nas in (B.1).")
    return book


def test_an_appendix_in_order_has_no_problem(appendix):
    report = audit(appendix, locked(appendix), toy() | toy("B.1"))
    assert (report.problems, report.notes) == ([], [])
    assert [number for display in displays(appendix) for number in display.numbers] == ["3.1", "B.1"]


def test_its_notebook_is_found_by_the_letter(appendix):
    assert chapter_notebook(appendix, "B.1") == "B_more.ipynb"
    assert chapter_notebook(appendix, "C.1") is None


def test_an_appendix_equation_without_a_check_is_named(appendix):
    assert problems(appendix, toy()) == ["(B.1) in B_more.ipynb has no check"]


def test_a_check_that_the_appendix_does_not_show_is_named(appendix):
    registry = toy() | toy("B.1") | toy("B.2")
    assert problems(appendix, registry) == ["(B.2) has a check, but B_more.ipynb does not show it"]


def test_an_appendix_that_is_not_written_yet_is_no_problem(book):
    report = audit(book, locked(book), toy() | toy("E.1"))
    assert report.problems == []
    assert report.notes == ["(E.1) is registered, its chapter is not written yet"]


def test_appendices_come_last_and_ten_after_two():
    assert in_order(["B.10", "C.1", "10.1", "B.2", "2.1"]) == ["2.1", "10.1", "B.2", "B.10", "C.1"]


def test_an_appendix_equation_can_be_accepted_alone(appendix):
    assert list(accept(appendix, {}, ["B.1"])) == ["B.1"]


def test_each_letter_has_its_appendix():
    letters = {number.split(".")[0] for number in REGISTRY if not number[0].isdigit()}
    assert letters >= set("BCDE")
    assert all(chapter_notebook(ROOT / "book", f"{letter}.1") for letter in letters)


def test_verify_knows_letters(capsys):
    verify("D.2")
    assert "Equation (D.2)" in capsys.readouterr().out


def test_the_book_links_and_sorts_letters():
    pytest.importorskip("sphinx")
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    try:
        from equation_list import order
        from equation_tags import mentions
    finally:
        sys.path.pop(0)
    assert [number for _, number, _ in mentions("by (B.1), Eq. (E.8) and (7.7), not (b.1)")][1::2] == [
        "B.1",
        "E.8",
        "7.7",
    ]
    assert sorted(["B.10", "14.1", "B.2", "A.1"], key=order) == ["14.1", "A.1", "B.2", "B.10"]
