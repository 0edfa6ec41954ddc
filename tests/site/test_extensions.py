"""The book's Sphinx extensions, each on a book of one or two small pages."""

import sys
from types import SimpleNamespace

import pytest
from built_book import ROOT
from matplotlib.figure import Figure
from tiny_book import code, figure, notebook

MULTILINE = r"""
$$
\begin{aligned}
a &= b \\
&= c
\end{aligned}
\tag{1.2}
$$
"""

ALIGN = r"""
\begin{align}
a &= b \tag{1.3} \\
c &= d \tag{1.4}
\end{align}
"""


def test_tag_becomes_an_anchor_without_a_second_number(book):
    book.write("one.md", "# One\n\n$$ a = b \\tag{1.1} $$\n" + MULTILINE + ALIGN)
    assert book.build() == ""
    page = book.page("one")
    assert [box["id"] for box in page.select(".eq")] == ["eq-1.1", "eq-1.2", "eq-1.3"]
    assert page.select_one("span#eq-1\\.4")
    assert not page.select(".eqno")
    assert "split" not in page.text
    assert page.select_one("#eq-1\\.2 .math").text.strip().startswith(r"\[\begin{aligned}")
    assert page.select_one("#eq-1\\.3 .math").text.strip().startswith(r"\begin{align}")


def test_mentions_become_links_on_every_page(book):
    book.write("one.md", "# One\n\n$$ a = b \\tag{1.1} $$\n\nBy (1.1).\n")
    book.write("two.md", "# Two\n\nSee Eq. (1.1).\n\n- a list: equations (1.1)\n\n| table |\n|---|\n| **(1.1)** |\n")
    assert book.build() == ""
    assert [(link.text, link["href"]) for link in book.page("one").select("a.eqref")] == [("(1.1)", "#eq-1.1")]
    texts = [link.text for link in book.page("two").select('a.eqref[href="one.html#eq-1.1"]')]
    assert texts == ["Eq. (1.1)", "equations (1.1)", "(1.1)"]


def test_no_links_in_code_mathematics_titles_and_links(book):
    book.write(
        "one.md", "# One (1.1)\n\n$$ a \\tag{1.1} $$\n\n`(1.1)` $f(1.1)$ [see (1.1)](two.md)\n\n```\n(1.1)\n```\n"
    )
    book.write("two.md", "# Two\n\nText.\n")
    assert book.build() == ""
    assert not book.page("one").select("a.eqref")


@pytest.mark.parametrize("mention", ["Eq. (9.9)", "equation (9.9)", "Eqs. (1.1) and (9.9)", "eqs. (1.1), (9.9)"])
def test_mention_of_no_equation_warns(book, mention):
    book.write("one.md", f"# One\n\n$$ a \\tag{{1.1}} $$\n\nSee {mention}.\n")
    assert "one.md:5: WARNING: there is no equation (9.9) [equation_tags.unknown]" in book.build()


@pytest.mark.parametrize("mention", ["version (9.9)", "Eq. (1.1), a value (9.9)"])
def test_number_that_is_not_called_an_equation_is_left_alone(book, mention):
    book.write("one.md", f"# One\n\n$$ a \\tag{{1.1}} $$\n\nSee {mention}.\n")
    assert book.build() == ""
    assert mention.split()[-1] in book.page("one").text


def test_equation_of_a_chapter_to_come_stays_plain(book):
    book.write("one.md", "# One\n\nLater, in Eq. (4.2), more.\n")
    assert book.build() == ""
    assert not book.page("one").select("a.eqref")
    assert "Later, in Eq. (4.2), more." in book.page("one").text


def test_one_number_for_two_equations_warns(book):
    book.write("one.md", "# One\n\n$$ a \\tag{1.1} $$\n")
    book.write("two.md", "# Two\n\n$$ b \\tag{1.1} $$\n")
    assert "equation (1.1) is already in one [equation_tags.duplicate]" in book.build()


def test_display_without_number_warns_in_notebooks_only(book):
    book.write("one.md", "# One\n\n$$ a = b $$\n")
    book.write("two.ipynb", notebook("# Two\n\n$$ a = b $$\n"))
    warnings = book.build()
    assert warnings.count("[equation_tags.unnumbered]") == 1
    assert "two.ipynb" in warnings


def test_printed_mathematics_needs_no_number(book):
    latex = {"output_type": "display_data", "data": {"text/latex": "$$a = b$$", "text/plain": "a"}, "metadata": {}}
    book.write("two.ipynb", notebook("# Two", code("show()", [latex])))
    assert book.build() == ""


def test_equation_without_check_warns_in_notebooks(book):
    book.write("two.ipynb", notebook("# Two\n\n$$ a = b \\tag{2.1} $$\n"))
    assert "equation (2.1) has no check in the registry [equation_tags.unchecked]" in book.build()


def test_linebreak_outside_an_environment_warns(book):
    book.write("one.md", "# One\n\n$$ a = b \\\\ c = d \\tag{1.1} $$\n")
    assert "[equation_tags.linebreak]" in book.build()


def test_mark_leads_to_the_check(book):
    book.write("one.ipynb", notebook("# One\n\n$$ a = b \\tag{1.1} $$\n" + ALIGN))
    book.write("equations.md", "# Checks\n\n## All\n\n```{equation-list}\n```\n")
    assert book.build() == ""
    marks = book.page("one").select("a.eq-mark")
    assert [mark["href"] for mark in marks] == [f"equations.html#check-1.{i}" for i in (1, 3, 4)]
    assert [mark.text for mark in marks] == ["✓ checked", "✓ (1.3) checked", "✓ (1.4) checked"]
    assert all(mark["aria-label"].startswith(mark.text) for mark in marks)


def test_list_of_checks(book):
    book.write("one.ipynb", notebook("# One\n\n$$ a = b \\tag{1.1} $$\n"))
    book.write("equations.md", "# Checks\n\n## All\n\n```{equation-list}\n```\n")
    assert book.build() == ""
    page = book.page("equations")
    assert [entry["id"] for entry in page.select(".eq-check")] == [f"check-{number}" for number in book.registry]
    first, *_, planned = page.select(".eq-check")
    assert first.select_one("a.eqref")["href"] == "one.html#eq-1.1"
    assert r"a = b \tag{1.1}" in first.select_one(".math").text
    for words in ("Title of 1.1", "quadrature", "left side · right side", "lost one half", "def lines_of('1.1')"):
        assert words in first.text
    assert not planned.select("a.eqref, .math")


def test_pages_follow_a_moved_equation(book):
    book.write("one.md", "# One\n\n$$ a \\tag{1.1} $$\n")
    book.write("two.md", "# Two\n\nSee Eq. (1.1).\n")
    assert book.build() == ""
    book.write("one.md", "# One\n\n$$ a \\tag{1.2} $$\n")
    assert book.build() == ""  # (1.1) is in the registry: planned again
    assert not book.page("two").select("a.eqref")
    book.write("three.md", "# Three\n\n$$ a \\tag{1.1} $$\n")
    assert book.build() == ""
    assert book.page("two").select_one("a.eqref")["href"] == "three.html#eq-1.1"


def test_pages_follow_a_changed_check(book):
    book.write("equations.md", "# Checks\n\n## All\n\n```{equation-list}\n```\n")
    book.build()
    book.registry["1.1"].method = "SymPy"
    book.build()
    assert "SymPy" in book.page("equations").select_one("#check-1\\.1").text


def test_latex_has_a_label_for_each_link(book):
    book.write("one.md", "# One\n\n$$ a \\tag{1.1} $$\n\nBy (1.1).\n")
    assert book.build("latex") == ""
    (tex,) = (book.folder / "_build" / "latex").glob("*.tex")
    assert r"\label{\detokenize{one:eq-1.1}}" in tex.read_text()
    assert r"\hyperref[\detokenize{one:eq-1.1}]" in tex.read_text()


def test_figure_has_text_size_and_loads_late(book):
    book.write("one.ipynb", notebook("# One", code("show()", [figure(alt="A grey square.", width=100)])))
    assert book.build() == ""
    image = book.page("one").select_one("img")
    assert (image["alt"], image["width"], image["height"]) == ("A grey square.", "100", "50")
    assert image["loading"] == "lazy"


@pytest.mark.parametrize("alt", [{}, {"alt": " "}])
def test_figure_without_text_warns(book, alt):
    book.write("one.ipynb", notebook("# One", code("show()", [figure(**alt)])))
    assert "figure without alt text [mystnb.alt]" in book.build()


def test_picture_without_text_warns(book):
    Figure(figsize=(1, 1)).savefig(book.folder / "dot.png")
    book.write("one.md", "# One\n\n![](dot.png)\n")
    assert "figure without alt text [mystnb.alt]" in book.build()


def test_hidden_solution_shows_its_title(book):
    cell = code("#@title Solution 1.1\nanswer = 42", tags=["hide-cell"], cellView="form")
    book.write("one.ipynb", notebook("# One", cell, code("#@title Not hidden\nanswer")))
    assert book.build() == ""
    hidden, shown = book.page("one").select("div.cell")
    assert hidden.select_one("summary .collapsed").text == "Solution 1.1"
    assert hidden.select_one("pre").text.strip() == "answer = 42"
    assert "#@title Not hidden" in shown.text


@pytest.mark.parametrize("separator", [" — ", ": ", " · ", "   ·  "])
@pytest.mark.parametrize("rest", ["", "   ·  ★★☆ · 10 min"])
def test_exercise_heading_has_parts_and_a_short_anchor(book, separator, rest):
    book.write("one.ipynb", notebook("# One", f"## Exercise 1.2{separator}The gap of $q$ here{rest}\n\nDo it."))
    assert book.build() == ""
    heading = book.page("one").select_one("section#exercise-1-2 > h2")
    label, *meta = heading.select(".exercise-label, .exercise-meta")
    assert label.text == "Exercise 1.2"
    assert [part.text for part in meta] == (["★★☆ · 10 min"] if rest else [])
    assert heading.select_one(".math")
    own = "".join(node.text for node in heading if node not in (label, *meta))
    assert own.replace("¶", "").split() == ["The", "gap", "of", r"\(q\)", "here"]


def test_scripts_come_once_and_without_thebe():
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from page_clean import keep_once

    inline = SimpleNamespace(filename=None, attributes={"body": "let a = 1"})
    thebe = SimpleNamespace(filename=None, attributes={"body": 'const THEBE_JS_URL = "https://unpkg.com/thebe"'})
    file = SimpleNamespace(filename="sphinx-thebe.js", attributes={})
    assert keep_once([inline, inline, thebe, file, "a.js", "a.js"]) == [inline, "a.js"]
