"""The step after the build, on a site of three small pages."""

import re
import shutil
from xml.etree import ElementTree

import pytest
from PIL import Image

from tools.optimise import BUNDLE, optimise, settings

BASE = "https://example.org/course/"
PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="../">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" /><meta name="viewport" content="width=device-width" />
    <title>{title} &#8212; The book</title>
    <script data-cfasync="false">document.documentElement.dataset.mode = "auto";</script>
    <link href="../_static/theme.css?v=1" rel="stylesheet" />
    <link rel="stylesheet" href="../_static/custom.css" />
    <link rel="preload" as="script" href="../_static/theme.js" />
    <script src="../_static/vendor/fontawesome/js/all.min.js"></script>
    <script src="../_static/documentation_options.js"></script>
    <script src="../_static/theme.js"></script>
    <link rel="canonical" href="https://example.org/wrong.html" />
  </head>
  <body><article><h1>{title}</h1><p>{text}</p>
    <img src="../_images/figure.png" loading="lazy" alt="A figure" />
    <div class="used">text</div><a href="other.html?a=1&b=2">other</a>
  </article></body>
</html>
"""
TEXTS = {
    "index": "What the book is about, in a sentence that is long enough.",
    "one": "A first page, with a sentence about its content, also long enough.",
}


@pytest.fixture
def site(tmp_path):
    """Return a small site as Sphinx leaves it."""
    site = tmp_path / "html"
    static = site / "_static"
    (static / "vendor/fontawesome/js").mkdir(parents=True)
    (static / "vendor/fontawesome/js/all.min.js").write_text("icons()")
    (static / "documentation_options.js").write_text("const DOCUMENTATION_OPTIONS = {};")
    (static / "theme.js").write_text("element.classList.add('added-later');")
    (static / "theme.css").write_text('@import "basic.css";\n.unused { color: red }\n.added-later { color: blue }')
    (static / "basic.css").write_text(".used, .unused { margin: 0 } /* a comment */")
    (static / "custom.css").write_text("p { color : green ; }")
    (site / "book").mkdir()
    for name, text in TEXTS.items():
        (site / "book" / f"{name}.html").write_text(PAGE.format(title=name.title(), text=text))
    (site / "index.html").write_text('<meta http-equiv="Refresh" content="0; url=book/index.html" />\n')
    not_found = PAGE.format(title="Nothing here", text="This page is for addresses that lead nowhere at all.")
    (site / "404.html").write_text(not_found.replace("../", "").replace('_root=""', '_root="./"'))
    (site / "_images").mkdir()
    Image.new("RGB", (40, 20)).save(site / "_images" / "figure.png")
    return site


def files(site):
    """Return the content of every file of a site."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_one_sheet_with_what_pages_and_scripts_use(site):
    assert optimise(site, BASE, "The book") == 3
    (sheet,) = (site / "_static").glob("book.*.css")
    assert sheet.read_text() == ".used{margin:0}.added-later{color:blue}p{color:green}"
    html = (site / "book/one.html").read_text()
    assert re.findall(r'rel="stylesheet" href="([^"]*)"', html) == [f"../_static/{sheet.name}"]


def test_page_waits_for_nothing_that_it_can_do_without(site):
    optimise(site, BASE, "The book")
    html = (site / "book/one.html").read_text()
    assert re.findall(r"<script ([^>]*)>", html) == ['data-cfasync="false"', 'defer src="../_static/theme.js"']
    assert "fontawesome" not in html
    assert "preload" not in html
    assert "const DOCUMENTATION_OPTIONS" in html
    assert html.count('name="viewport"') == 1


def test_figure_has_its_size_and_comes_first(site):
    optimise(site, BASE, "The book")
    html = (site / "book/one.html").read_text()
    assert '<img width="40" height="20" src="../_images/figure.png" fetchpriority="high" alt="A figure" />' in html


def test_head_says_what_the_page_is(site):
    optimise(site, BASE, "The book")
    html = (site / "book/one.html").read_text()
    assert f'<meta name="description" content="{TEXTS["one"]}" />' in html
    assert re.findall(r'rel="canonical" href="([^"]*)"', html) == [f"{BASE}book/one.html"]
    assert '<meta property="og:title" content="One" />' in html


def test_front_page_stands_at_the_root(site):
    optimise(site, BASE, "The book")
    html = (site / "index.html").read_text()
    assert TEXTS["index"] in html
    assert 'src="_images/figure.png"' in html
    assert 'href="book/other.html?a=1&amp;b=2"' in html
    assert 'data-content_root="./"' in html
    assert re.findall(r'rel="canonical" href="([^"]*)"', html) == [BASE]


def test_page_for_wrong_addresses_has_absolute_ones(site):
    optimise(site, BASE, "The book")
    html = (site / "404.html").read_text()
    addresses = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert [address for address in addresses if not address.startswith("/course/")] == []
    assert "noindex" in html
    assert "og:url" not in html


def test_map_has_each_page_once(site):
    optimise(site, BASE, "The book")
    names = [name.text for name in ElementTree.parse(site / "sitemap.xml").findall(".//{*}loc")]
    assert names == [BASE, f"{BASE}book/one.html"]
    assert f"Sitemap: {BASE}sitemap.xml" in (site / "robots.txt").read_text()


def test_what_no_page_asks_for_is_gone(site):
    optimise(site, BASE, "The book")
    assert not (site / "_static/vendor/fontawesome").exists()


def test_second_run_changes_nothing(site):
    optimise(site, BASE, "The book")
    before = files(site)
    assert optimise(site, BASE, "The book") == 0
    assert files(site) == before


def test_same_pages_give_the_same_bytes(site, tmp_path):
    shutil.copytree(site, tmp_path / "again")
    optimise(site, BASE, "The book")
    optimise(tmp_path / "again", BASE, "The book")
    assert files(site) == files(tmp_path / "again")


def test_page_written_anew_joins_the_others(site):
    optimise(site, BASE, "The book")
    page = PAGE.format(title="One", text=TEXTS["one"]).replace('class="used"', 'class="unused"')
    (site / "book/one.html").write_text(page)
    assert optimise(site, BASE, "The book") == 1
    (sheet,) = (site / "_static").glob("book.*.css")
    assert ".used,.unused{margin:0}.unused{color:red}" in sheet.read_text()
    assert {BUNDLE.search(path.read_text())[0] for path in site.rglob("*.html")} == {sheet.name}


def test_settings_are_those_of_the_book(tmp_path):
    (tmp_path / "_config.yml").write_text("title: The book\nhtml:\n  baseurl: https://example.org/course\n")
    assert settings(tmp_path) == (BASE, "The book")
