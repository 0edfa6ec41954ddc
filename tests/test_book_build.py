"""tools/book.py throws away what is out of date, shows failures and does not forget them. Jupyter Book is faked."""

import sys

import pytest

from tools import book

FAKE = """
import json, pathlib, sys
build = pathlib.Path("_build")
pathlib.Path("arguments").write_text(" ".join(sys.argv[1:]))
(build / "html/reports/book").mkdir(parents=True, exist_ok=True)
(build / ".doctrees").mkdir(exist_ok=True)
(build / ".jupyter_cache").mkdir(exist_ok=True)
print("reading sources... [100%] book/03_kl")
print("/x/book/03_kl.ipynb: \\x1b[0mExecuted notebook in 2.53 seconds [mystnb]")
sys.stderr.write("[IPKernelApp] WARNING | Kernel is running over TCP without encryption\\n")
if pathlib.Path("broken").exists():
    sys.stderr.write("book/03_kl.md: WARNING: undefined label\\n")
    (build / "html/reports/book/03_kl.err.log").write_text("ZeroDivisionError: division by zero")
    sys.exit(1)
(build / "html/_static").mkdir(exist_ok=True)
(build / "html/index.html").write_text("<head><title>One</title></head><p>")
"""


@pytest.fixture
def project(tmp_path):
    """Return a small project, built once."""
    for name in ("vae_lessons/kl.py", "vae_lessons/equations/ch03.py", "requirements.txt", "_config.yml", "_toc.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("title: one\nhtml: {baseurl: https://example.org}\n")
    (tmp_path / "fake.py").write_text(FAKE)
    assert build(tmp_path) == 0
    (tmp_path / "_build/html/old.png").write_text("a figure that no source makes any more")
    (tmp_path / "_build/.jupyter_cache/old").write_text("outputs")
    return tmp_path


def build(project, **options):
    return book.build(project, command=[sys.executable, "fake.py"], **options)


def change(path):
    """Change a file, or make it."""
    path.write_text((path.read_text() if path.exists() else "") + "# two\n")


def kept(project):
    """Tell which of the old outputs and pages are still there."""
    names = {"outputs": ".jupyter_cache/old", "pages": "html/old.png"}
    return {name for name, path in names.items() if (project / "_build" / path).exists()}


def test_warnings_are_errors_and_the_reader_is_told_where_the_book_is(project, capsys):
    assert build(project) == 0
    assert (project / "arguments").read_text() == "build -W -n --keep-going ."
    shown = capsys.readouterr().out
    assert "03_kl: executed in 2.5 s" in shown
    assert str(project / "_build" / "html" / "index.html") in shown
    assert "reading sources" not in shown
    assert "IPKernelApp" not in shown


def test_nothing_changed_keeps_everything(project):
    build(project)
    assert kept(project) == {"outputs", "pages"}


@pytest.mark.parametrize("name", ["vae_lessons/kl.py", "vae_lessons/new.npz", "requirements.txt", "constraints.txt"])
def test_changed_module_or_requirement_makes_outputs_and_pages_anew(project, name):
    change(project / name)
    build(project)
    assert kept(project) == set()


@pytest.mark.parametrize("name", ["_config.yml", "_toc.yml", "book/_ext/tags.py", "book/_static/custom.css"])
def test_changed_configuration_makes_the_pages_anew(project, name):
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    change(project / name)
    build(project)
    assert kept(project) == {"outputs"}


def test_moved_and_removed_files_are_changes(project):
    (project / "vae_lessons/kl.py").rename(project / "vae_lessons/divergence.py")
    build(project)
    assert kept(project) == set()


def test_compiled_files_are_no_changes(project):
    (project / "vae_lessons/__pycache__").mkdir()
    (project / "vae_lessons/__pycache__/kl.pyc").write_text("x")
    build(project)
    assert kept(project) == {"outputs", "pages"}


def test_cold_build_forgets_everything(project):
    build(project, cold=True)
    assert kept(project) == set()


def test_failure_is_shown_and_the_faulty_pages_are_read_again(project, capsys):
    (project / "broken").touch()
    assert build(project) == 1
    shown = capsys.readouterr().out
    assert "book/03_kl.md: WARNING: undefined label" in shown
    assert "ZeroDivisionError" in shown
    assert not (project / "_build/.doctrees").exists()
    assert kept(project) == {"outputs", "pages"}


def test_old_failures_are_not_shown_again(project, capsys):
    (project / "broken").touch()
    build(project)
    (project / "broken").unlink()
    capsys.readouterr()
    assert build(project) == 0
    assert "ZeroDivisionError" not in capsys.readouterr().out


def test_a_build_without_pages_is_a_failure(project):
    (project / "fake.py").write_text("")
    assert build(project, cold=True) == 1


def test_pages_are_made_light_and_start_again_from_their_own_form(project):
    page = project / "_build/html/index.html"
    light = page.read_text()
    assert 'rel="stylesheet"' in light
    assert (project / "_build/html/sitemap.xml").exists()
    build(project)
    assert page.read_text() == light


def test_pages_that_cannot_be_made_light_are_a_failure(project, capsys, monkeypatch):
    def fail(*arguments):
        raise ValueError("the font must have every symbol")

    monkeypatch.setattr(book, "optimise", fail)
    assert build(project) == 1
    assert "could not be made light: the font must have every symbol" in capsys.readouterr().out
