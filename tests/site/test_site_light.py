"""The pages are light: counted in bytes and requests, which are the same on every machine, unlike times and scores."""

import re

import pytest
from built_book import DOCUMENTS, NOTEBOOKS, PAGES, SITE, parsed

pytestmark = pytest.mark.usefixtures("site")

KIB = 1024
PAGE_LIMIT = 1000 * 1000  # a chapter with its figures, style sheet and scripts, before compression
SCRIPT_LIMIT = 15
FONT = re.compile(rb"url\(data:font/[^)]*\)")


def own_file(page, address):
    """Return the file that an address on a page means."""
    return (SITE / f"{page}.html").parent / address.split("?")[0]


def scripts(page):
    """Return the addresses of the scripts of a page."""
    return [script["src"] for script in parsed(page).select("script[src]")]


def weight(page):
    """Return the bytes of a page and of all that it loads, without the font of the mathematics and the icons."""
    addresses = {*scripts(page), *(image["src"] for image in parsed(page).select("img[src]"))}
    files = {own_file(page, address) for address in addresses if not address.startswith("data:")}
    css = b"".join(own_file(page, link["href"]).read_bytes() for link in parsed(page).select('link[rel="stylesheet"]'))
    return (SITE / f"{page}.html").stat().st_size + sum(file.stat().st_size for file in files) + len(FONT.sub(b"", css))


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_chapter_is_below_a_megabyte(page):
    assert weight(page) < PAGE_LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_one_style_sheet_and_few_scripts(page):
    assert len(parsed(page).select('link[rel="stylesheet"]')) == 1
    assert not parsed(page).select('link[rel="preload"]')
    assert len(scripts(page)) <= SCRIPT_LIMIT


@pytest.mark.parametrize("page", PAGES)
def test_no_script_holds_the_page_up(page):
    waiting = [script["src"] for script in parsed(page).select("script[src]:not([defer], [async], [type=module])")]
    written = [script for script in parsed(page).select("script:not([src])") if "document.write" in script.text]
    assert (waiting, written) == ([], [])


def test_style_sheet_is_small():
    (sheet,) = (SITE / "_static").glob("book.*.css")
    assert len(sheet.read_bytes()) < 200 * KIB
    assert len(FONT.sub(b"", sheet.read_bytes())) < 140 * KIB


def test_fonts_are_in_the_style_sheet():
    (sheet,) = (SITE / "_static").glob("book.*.css")
    addresses = re.findall(r"url\(([^)]{0,40})", sheet.read_text(encoding="utf-8"))
    assert [address for address in addresses if re.search(r"\.(woff2?|ttf|otf)", address)] == []


@pytest.mark.parametrize("page", PAGES)
def test_pictures_have_a_size(page):
    pictures = parsed(page).select("img")
    assert [picture["src"] for picture in pictures if not (picture.get("width") and picture.get("height"))] == []


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_first_figure_is_not_lazy_and_others_are(page):
    figures = parsed(page).select('article .cell_output img:not([src^="data:"])')
    first, *rest = [image.get("loading") for image in figures] or [None]
    assert first is None
    assert set(rest) <= {"lazy"}


@pytest.mark.parametrize("page", DOCUMENTS)
def test_mathematics_is_in_the_page(page):
    html = parsed(page)
    assert not html.select(".math:not(:has(math))")
    assert "mathjax" not in " ".join(scripts(page)).lower()


def test_nothing_is_left_of_the_icon_scripts():
    assert not list(SITE.rglob("*fontawesome*"))
    assert not (SITE / "_static" / "mathjax").exists()


def test_nothing_is_measured_while_a_page_loads():
    """The theme's own measuring is out of its script: see tools/site/scripts.py."""
    assert 'addEventListener("load"' not in (SITE / "_static/scripts/pydata-sphinx-theme.js").read_text(
        encoding="utf-8"
    )
    assert [page for page in PAGES if "data-bs-spy" in parsed(page).body.attrs] == []
