"""Formulas become MathML: the browser's own mathematics, with TeX's spacing."""

import importlib
from xml.etree import ElementTree

import pytest
from built_book import ROOT


@pytest.fixture
def mathml(monkeypatch):
    """Return the function of that name, which lies beside the Sphinx extensions."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    return importlib.import_module("mathml").mathml


def tree(text):
    """Return a formula as a tree."""
    return ElementTree.fromstring(text)


def signs(element):
    """Return the text of the operators with their attributes."""
    return {sign.text: sign.attrib for sign in element.iter("mo")}


def test_a_fraction_is_one(mathml):
    (fraction,) = tree(mathml(r"\frac{a}{b}")).iter("mfrac")
    assert [part.text for part in fraction] == ["a", "b"]


def test_a_display_says_so(mathml):
    assert tree(mathml("a", True)).get("display") == "block"
    assert tree(mathml("a")).get("display") is None


def test_aligned_lines_have_a_right_and_a_left_column(mathml):
    table = tree(mathml(r"\begin{aligned} a &= b \\ &= c \end{aligned}", True)).find(".//mtable")
    assert [[cell.get("class") for cell in row] for row in table] == [["tml-right", "tml-left"]] * 2


@pytest.mark.parametrize("tex", [r"\fraction{a}{b}", r"\frac{a}", r"a \right)", "a_b_c", r"\begin{aligned} a"])
def test_what_cannot_be_read_is_named(mathml, tex):
    with pytest.raises(ValueError, match=r"tex must be a formula that Temml reads, came .*: \S"):
        mathml(tex)


def test_relations_in_indices_are_tight(mathml):
    assert signs(tree(mathml("a = b_{i=1}")))["="] == {"lspace": "0", "rspace": "0"}
    outside = next(tree(mathml("a = b_{i=1}")).iter("mo"))
    assert outside.attrib == {}


def test_power_stands_at_the_bracket(mathml):
    (power,) = tree(mathml("(a-b)^2")).iter("msup")
    assert [part.text for part in power] == [")", "2"]


def test_power_of_a_tall_bracket_stands_at_all_of_it(mathml):
    (power,) = tree(mathml(r"\left(\frac{a}{b}\right)^2")).iter("msup")
    assert power[0].tag == "mrow"


def test_name_of_a_function_keeps_its_distance(mathml):
    before = list(tree(mathml(r"a\log b")))[1]
    assert (before.tag, before.get("width")) == ("mspace", "0.1667em")
    assert [part.tag for part in tree(mathml(r"-\log b"))][:2] == ["mo", "mi"]


def test_line_that_goes_on_with_a_sign(mathml):
    formula = mathml(r"\begin{aligned} a &= b \\ &- c \end{aligned}", True)
    assert signs(tree(formula))["−"]["form"] == "infix"
    assert signs(tree(mathml("-c")))["−"]["form"] == "prefix"


def test_rows_are_flat_except_where_brackets_stretch(mathml):
    assert not list(tree(mathml(r"f(x) = g(\log(x))")).iter("mrow"))
    assert list(tree(mathml(r"\left[\frac{a}{b}\right] c")).iter("mrow"))


@pytest.fixture
def mathematical(book):
    """Return an empty book that sets mathematics as MathML, and has a page for wrong addresses."""
    conf = book.folder / "conf.py"
    conf.write_text(conf.read_text() + "extensions += ['native_maths', 'not_found']\n")
    return book


def test_number_stands_beside_the_display(mathematical):
    mathematical.write("one.md", "# One\n\n$$ a = b \\tag{1.1} $$\n\nBy $c$.\n")
    assert mathematical.build() == ""
    page = mathematical.page("one")
    assert page.select_one(".eq .math > .display > math").text == "a=b"
    assert page.select_one(".eq .math > .eqno").text == "(1.1)"
    assert page.select_one("span.math > math > mi").text == "c"


def test_two_numbers_stand_in_their_lines(mathematical):
    mathematical.write("one.md", "# One\n\n\\begin{align}\na &= b \\tag{1.3} \\\\\nc &= d \\tag{1.4}\n\\end{align}\n")
    assert mathematical.build() == ""
    page = mathematical.page("one")
    assert [row.text for row in page.select("mtr")] == ["a=b(1.3)", "c=d(1.4)"]
    assert not page.select(".eqno")


def test_formula_that_cannot_be_read_is_a_warning_with_its_place(mathematical):
    mathematical.write("one.md", "# One\n\nWrong: $\\fraction{a}{b}$.\n")
    warnings = mathematical.build()
    assert "one.md:3: WARNING: tex must be a formula that Temml reads" in warnings
    assert "[native_maths]" in warnings
    assert mathematical.page("one").select_one(".math code").text == r"\fraction{a}{b}"


def test_page_for_wrong_addresses_leads_home_and_searches(mathematical):
    mathematical.write("one.md", "# One\n\nText.\n")
    assert mathematical.build() == ""
    page = mathematical.page("404")
    assert page.select_one("a")["href"] == "index.html"
    assert page.select_one("form")["action"] == "search.html"
