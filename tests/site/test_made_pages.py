"""Pages that are made from the chapters: take-aways, formulas, uses of the module, the zip, the foot of each page."""

import zipfile
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from tiny_book import code, notebook

TAKE_AWAY = "# 1. First\n\n## Take-away\n\nBy (1.1), $a$ is [there](two.ipynb).\n\n## Where this leads\n\nOn."


def test_take_aways_lead_back_and_keep_links_and_mathematics(book):
    book.write("takeaways.md", "# Take-aways\n\n```{take-aways}\n```\n")
    book.write("one.ipynb", notebook(TAKE_AWAY, "$$\na = b \\tag{1.1}\n$$"))
    book.write("two.ipynb", notebook("# B. Nothing to take away"))
    assert book.build() == ""
    (section,) = book.page("takeaways").select("section.take-away")
    assert section.select_one("h2 a")["href"] == "one.html#take-away"
    assert section.h2.text.rstrip("#¶") == "1. First"
    assert [link["href"] for link in section.select("p a")] == ["one.html#eq-1.1", "two.html"]
    assert section.select_one(".math").text == r"\(a\)"
    assert "On." not in section.text


def test_take_aways_follow_the_chapter(book):
    book.write("takeaways.md", "# Take-aways\n\n```{take-aways}\n```\n")
    for words in ("Old words", "New words"):
        book.write("one.ipynb", notebook(f"# 1. First\n\n## Take-away\n\n{words}."))
        assert book.build() == ""
        assert words in book.page("takeaways").text


def test_formula_sheet_has_each_display_once_with_its_names(book):
    align = "\\begin{align}\nc &= d \\tag{1.3} \\\\\ne &= f \\tag{1.4}\n\\end{align}"
    shown = "Write `$$x \\tag{9.9}$$`.\n\n```\n$$x \\tag{9.8}$$\n```"
    book.write("formulas.md", "# Formulas\n\n```{formula-sheet}\n```\n")
    book.write("one.ipynb", notebook("# 1. First", f"$$\na = b \\tag{{1.1}}\n$$\n\n{align}\n\n{shown}"))
    book.write("two.ipynb", notebook("# 2. No formula"))
    assert book.build() == ""
    page = book.page("formulas")
    assert [title.text.rstrip("#¶") for title in page.select("h2")] == ["1. First"]
    assert [entry.select_one(".formula-name").text for entry in page.select(".formula")] == [
        "Title of 1.1",
        "Title of 1.3; Title of 1.4",
    ]
    assert [link["href"] for link in page.select(".formula-name a")] == [f"one.html#eq-1.{i}" for i in (1, 3, 4)]
    assert r"a = b \tag{1.1}" in page.select_one(".formula .math").text


API = """# API

```{eval-rst}
.. py:function:: lessons.bars(x)
.. py:function:: lessons.kl(p, q)

   The divergence.
.. py:function:: lessons.other(x)
```
"""


def test_entries_of_the_module_say_where_they_are_used(book):
    book.write("api.md", API)
    book.write("one.ipynb", notebook("# 3. First", code("%pip install x\nfrom lessons import kl as k"), code("k(1)")))
    book.write("two.ipynb", notebook("# B. Second", code("import lessons\nfrom lessons import kl, other as plots")))
    book.write("two2.ipynb", notebook("# 4. Third", code("from lessons import other\nother.bars(2)")))
    assert book.build() == ""
    used = {entry.dt["id"]: entry.select_one(".used-in") for entry in book.page("api").select("dl.py")}
    assert used["lessons.kl"].text == "Used in: chapter 3, appendix B"
    assert [link["href"] for link in used["lessons.kl"].select("a")] == ["one.html", "two.html"]
    assert used["lessons.other"].text == "Used in: appendix B, chapter 4"
    assert used["lessons.bars"] is None


def test_attributes_of_what_is_imported_are_uses(book):
    from api_uses import uses

    assert uses(["from lessons import plots", "  \nplots.bars(1)\n!ls\nmine.other(2)"]) == {
        "lessons.plots",
        "lessons.plots.bars",
    }


def test_zip_holds_the_notebooks_and_is_the_same_each_time(book):
    book.write("one.ipynb", notebook("# One"))
    book.write("two.md", "# Two\n\n```{notebooks-zip}\n```\n")
    assert book.build() == ""
    file = book.folder / "_build" / "html" / book.page("two").select_one(".notebooks-zip a")["href"]
    first = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["notebooks/one.ipynb"]
        assert archive.read("notebooks/one.ipynb") == (book.folder / "one.ipynb").read_bytes()
    (book.folder / "one.ipynb").touch()
    assert book.build() == ""
    assert file.read_bytes() == first


@pytest.mark.parametrize("name", ["one.ipynb", "two.md"])
def test_foot_names_the_page(book, name):
    from page_foot import add_foot

    page, suffix = name.split(".")
    options = {"repository_url": "https://x.org/a/b", "repository_branch": "main"}
    app = SimpleNamespace(
        config=SimpleNamespace(html_theme_options=options),
        env=SimpleNamespace(titles={page: SimpleNamespace(astext=lambda: "A & B")}),
    )
    context = {"page_source_suffix": f".{suffix}", "body": "", "pathto": lambda path, resource: path}
    add_foot(app, page, "page.html", context, doctree=object())
    report, edit, *download = BeautifulSoup(context["body"], "html.parser").select("nav[aria-label] a")
    assert parse_qs(urlsplit(report["href"]).query)["title"] == [f"A & B ({page})"]
    assert edit["href"] == f"https://x.org/a/b/edit/main/{name}"
    assert [link["href"] for link in download] == (["_sources/one.ipynb"] if suffix == "ipynb" else [])


def test_pages_without_a_source_have_no_foot(book):
    from page_foot import add_foot

    app = SimpleNamespace(config=SimpleNamespace(html_theme_options={"repository_url": "https://x.org/a/b"}))
    context = {"body": "search"}
    add_foot(app, "search", "search.html", context, doctree=None)
    assert context == {"body": "search"}


def test_latex_has_the_pages_too(book):
    parts = "take-aways", "formula-sheet", "notebooks-zip", "status} run-times", "status} counts", "chapter-map"
    directives = "".join(f"```{{{part}{'' if '}' in part else '}'}\n```\n\n" for part in parts)
    book.write("all.md", f"# All\n\n## Parts\n\n{directives}")
    book.write("one.ipynb", notebook(TAKE_AWAY, "$$\na = b \\tag{1.1}\n$$"))
    book.write("two.ipynb", notebook("# 2. Two"))
    assert book.build("latex") == ""
    (tex,) = (file.read_text() for file in (book.folder / "_build" / "latex").glob("*.tex"))
    assert tex.count("By {\\hyperref[\\detokenize{one:eq-1.1}]") == 2  # in the chapter and on the page
    assert r"{\hyperref[\detokenize{one:eq-1.1}]{\sphinxcrossref{Title of 1.1}}}" in tex
    assert r"\label{\detokenize{one:eq-1.1}}" in tex
