"""The extensions of the published book: the link to the PDF, the printed edition, the branch of the Colab buttons."""

import sys
from types import SimpleNamespace

import pytest
from built_book import ROOT
from tiny_book import CONF, Book, code, notebook

EXERCISE = [
    "## Section\n\n### Exercise 1.1 · Write it\n\nWrite.",
    code("def my_f(x):\n    ..."),
    "<details><summary>Hint 1</summary>\n\nThink of a sum.\n\n</details>",
    code("# @title Solution 1.1\nanswer = 42", tags=["hide-cell"], cellView="form"),
]
MORE = """
extensions += ["book_pdf", "print_edition"]
myst_enable_extensions += ["colon_fence"]
latex_engine = "xelatex"
latex_documents = [("index", "book.tex", "Small", "Us", "manual")]
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Return an empty book with these extensions on top of the others."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    monkeypatch.setitem(sys.modules, "small_registry", SimpleNamespace(REGISTRY={}))
    made = Book(tmp_path, {})
    (tmp_path / "conf.py").write_text(CONF + MORE)
    return made


def tex(book) -> str:
    """Build the LaTeX and return it."""
    assert book.build("latex") == ""
    return (book.folder / "_build" / "latex" / "book.tex").read_text(encoding="utf-8")


def test_link_is_there_while_the_pdf_is(book):
    book.write("one.md", "# One\n\n## Two\n\n:::{book-pdf}\n:::\n")
    assert book.build() == ""
    assert not book.page("one").select(".book-pdf")
    pdf = book.folder / "_build" / "html" / "book.pdf"
    pdf.write_bytes(b"%" * 1_200_000)
    assert book.build() == ""
    assert book.page("one").select_one(".book-pdf a")["href"] == "book.pdf"
    assert book.page("one").select_one(".book-pdf").text == "The whole course as a PDF (1.2 MB)"
    pdf.unlink()
    book.build()
    assert not book.page("one").select(".book-pdf")


def test_hints_and_solutions_are_printed_at_the_end_of_the_chapter(book):
    book.write("one.ipynb", notebook("# One", *EXERCISE, "## Take-away\n\nIt is so."))
    text = tex(book)
    order = [
        "Exercise 1.1",
        "my\\PYGZus{}f",
        "stand at the end",
        "It is so",
        "Hints and solutions",
        "Hint 1:",
        "a sum",
        "42",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("Think of a sum") == text.count(r"{42}") == 1


def test_web_pages_keep_hints_and_solutions_in_place(book):
    book.write("one.ipynb", notebook("# One", *EXERCISE, "## Take-away\n\nIt is so."))
    assert book.build() == ""
    text = book.page("one").text
    assert text.index("Think of a sum") < text.index("42") < text.index("It is so")
    assert not any(words in text for words in ("Hints and solutions", "About this course"))


def test_front_page_is_one_chapter(book):
    book.write("index.md", "# Small\n\nHello.\n\n```{toctree}\n:glob:\n\n*\n```\n\n## Why\n\nSo.\n\n## How\n\nSo.\n")
    book.write("one.md", "# One\n\nText.\n")
    text = tex(book)
    assert [line for line in text.splitlines() if line.startswith(r"\chapter")] == [
        r"\chapter{About this course}",
        r"\chapter{One}",
    ]


def test_sources_of_checks_are_not_printed(book):
    fold = '<details class="eq-check-source"><summary>Source of the check</summary>'
    book.write("one.md", f"# One\n\n## Two\n\n{fold}\n\n```\nsecret\n```\n\n</details>\n\nAfter.\n")
    text = tex(book)
    assert "secret" not in text
    assert "After." in text


def test_colab_button_opens_its_branch_and_others_keep_theirs(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    import colab_branch

    buttons = [
        {"text": "Binder", "url": "https://mybinder.org/v2/gh/o/n/main?urlpath=lab/tree/book/a.ipynb"},
        {"text": "Colab", "url": "https://colab.research.google.com/github/o/n/blob/main/book/a.ipynb"},
    ]
    config = SimpleNamespace(html_theme_options={"repository_branch": "main"}, colab_branch="colab")
    context = {"header_buttons": [{"type": "group", "buttons": buttons}, {"type": "link", "text": "x"}]}
    colab_branch.open_branch(SimpleNamespace(config=config), "book/a", "page.html", context, None)
    assert buttons[0]["url"].endswith("/main?urlpath=lab/tree/book/a.ipynb")
    assert buttons[1]["url"] == "https://colab.research.google.com/github/o/n/blob/colab/book/a.ipynb"
