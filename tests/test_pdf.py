"""tools/pdf.py says what is missing, takes LaTeX's complaints as errors, and puts the PDF where its link leads."""

import sys

import pytest

from tools import book, pdf, texlive

LOG = """This is XeTeX
Missing character: There is no ★ (U+2605) in font [FreeSerif
Italic.otf]:script=latn;language=dflt;!
Missing character: There is no ★ (U+2605) in font [FreeSerifItalic.otf]:script=latn;!
LaTeX Warning: Hyper reference `book/01:eq-1.9' on page 4 undefined on input line 7
Overfull \\hbox (1.2pt too wide)
"""
BOOK = """
import sys
from pathlib import Path
Path("_build/latex").mkdir(parents=True)
Path("arguments").write_text(" ".join(sys.argv[1:]))
"""
LATEXMK = f"""#!{sys.executable}
from pathlib import Path
Path("book.pdf").write_text("%PDF")
Path("book.log").write_text(Path("../../log.txt").read_text(encoding="utf-8"), encoding="utf-8")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with web pages, where Jupyter Book and latexmk are stand-ins."""
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "latexmk").write_text(LATEXMK)
    (tmp_path / "bin" / "latexmk").chmod(0o755)
    (tmp_path / "log.txt").write_text("fine", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(book, "JUPYTER_BOOK", [sys.executable, "-c", BOOK])
    monkeypatch.setattr(book, "build", lambda root: 0)
    monkeypatch.setattr(pdf, "advice", lambda: None)
    return tmp_path


def test_complaints_are_found_once_across_broken_lines():
    assert pdf.find_complaints(LOG) == ["FreeSerifItalic.otf has no ★", "no target: book/01:eq-1.9"]
    assert pdf.find_complaints("Overfull") == []


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for latexmk is a script")
def test_pdf_lies_beside_the_pages(project):
    assert pdf.build(project) == 0
    assert (project / "_build/html/book.pdf").read_text() == "%PDF"
    assert (project / "arguments").read_text() == "build --builder latex -W -n --keep-going ."


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for latexmk is a script")
def test_complaints_are_errors(project, capsys):
    (project / "log.txt").write_text(LOG, encoding="utf-8")
    assert pdf.build(project) == 1
    assert "FreeSerifItalic.otf has no ★\n" in capsys.readouterr().out
    assert not (project / "_build/html/book.pdf").exists()


def test_failing_program_shows_the_end_of_its_report(project, monkeypatch, capsys):
    monkeypatch.setattr(book, "JUPYTER_BOOK", [sys.executable, "-c", "print('a warning'); raise SystemExit(3)"])
    assert pdf.build(project) == 3
    shown = capsys.readouterr().out
    assert "a warning" in shown
    assert str(project / "_build" / "latex.log") in shown


def test_without_latex_the_reader_is_told_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf.build(tmp_path) == 1
    assert "The PDF needs latexmk and xelatex" in capsys.readouterr().out


def test_with_latex_there_is_nothing_to_say(monkeypatch):
    monkeypatch.setattr(texlive.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert texlive.advice() is None
