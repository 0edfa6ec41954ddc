"""The first use of a term in a notebook leads to the glossary."""

import pytest
from tiny_book import code, notebook

GLOSSARY = """# Glossary

**code**
: Some numbers.

**cross-entropy**
: A surprise on average.

**entropy**
: $-\\sum p \\log p$.

**evidence lower bound (ELBO)**
: A bound. [Chapter 6](https://x.org)
"""


@pytest.fixture
def glossary(book):
    """Return a book with a glossary of four terms."""
    book.write("glossary.md", GLOSSARY)
    return book


def links(book, text):
    """Build a notebook of one text; return words and anchor of each link to the glossary."""
    book.write("one.ipynb", notebook(text))
    assert book.build() == ""
    return [(link.text, link["href"]) for link in book.page("one").select("a.term")]


def test_first_use_is_a_link_and_the_second_is_none(glossary):
    assert links(glossary, "# One\n\nThe entropy, Entropy and entropies.\n\nAn entropy.") == [
        ("entropy", "glossary.html#term-entropy")
    ]
    page = glossary.page("glossary")
    assert [term["id"] for term in page.select("dt")] == [
        "term-code",
        "term-cross-entropy",
        "term-entropy",
        "term-evidence-lower-bound-elbo",
    ]


def test_longer_terms_win_and_words_are_whole(glossary):
    assert [words for words, _ in links(glossary, "# One\n\nThe entropyx of cross-entropy, then\nENTROPYs.")] == [
        "cross-entropy",
        "ENTROPYs",
    ]


@pytest.mark.parametrize("words", ["ELBOs", "evidence lower\nbound"])
def test_either_form_is_the_term_and_only_the_first_is_linked(glossary, words):
    (link,) = links(glossary, f"# One\n\nThe {words}, the evidence lower bound or ELBO.")
    assert link == (words, "glossary.html#term-evidence-lower-bound-elbo")


def test_lines_with_the_same_words_stay_in_their_order(glossary):
    lines = "a\n*b*\na\nan entropy\na\nan entropy"
    assert links(glossary, f"# One\n\n{lines}") == [("entropy", "glossary.html#term-entropy")]
    assert glossary.page("one").p.text.split() == "a b a an entropy a an entropy".split()


def test_no_links_where_they_would_disturb(glossary):
    text = "# The entropy\n\n`entropy` $entropy$ [the entropy](glossary.md)\n\n```\nentropy\n```\n\nA code."
    assert links(glossary, text) == []


def test_outputs_have_no_links(glossary):
    shown = {"output_type": "display_data", "data": {"text/markdown": "the entropy"}, "metadata": {}}
    glossary.write("one.ipynb", notebook("# One", code("show()", [shown])))
    assert glossary.build() == ""
    assert "the entropy" in glossary.page("one").text
    assert not glossary.page("one").select("a.term")


def test_definition_without_mathematics_is_the_tooltip(glossary):
    glossary.write("one.ipynb", notebook("# One\n\nThe ELBO and the entropy."))
    assert glossary.build() == ""
    assert [link.get("title") for link in glossary.page("one").select("a.term")] == ["A bound.", None]


def test_pages_that_are_no_notebooks_have_no_links(glossary):
    glossary.write("two.md", "# Two\n\nThe entropy.")
    assert glossary.build() == ""
    assert not glossary.page("two").select("a.term")


def test_notebooks_follow_the_glossary(glossary):
    assert links(glossary, "# One\n\nA new term.") == []
    glossary.write("glossary.md", f"{GLOSSARY}\n**new term**\n: Not old.\n")
    assert glossary.build() == ""
    assert glossary.page("one").select_one("a.term")["href"] == "glossary.html#term-new-term"
