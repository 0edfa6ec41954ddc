"""The lock that makes a person compare an equation with its check, and the command that notes it."""

import pytest
from small_book import DOUBLE, locked, problems, toy, write

from vae_lessons.equations.audit import accept, audit, main, read_lock
from vae_lessons.equations.displays import chapter_notebook, in_order


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
