"""What search engines, validators and those who pass a link on find in the built book."""

from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from built_book import CONFIG, DOCUMENTS, PAGES, SITE, parsed

pytestmark = pytest.mark.usefixtures("site")

BASE = CONFIG["html"]["baseurl"]
CONTENT = {
    "description": 'meta[name="description"]',
    "og:title": 'meta[property="og:title"]',
    "og:description": 'meta[property="og:description"]',
    "og:url": 'meta[property="og:url"]',
}


def content(page, name):
    """Return what the head says under a name; there must be one such line."""
    (found,) = parsed(page).select(CONTENT[name])
    return found["content"]


def canonical(page):
    """Return the canonical address of a page; there must be one."""
    (found,) = parsed(page).select('head link[rel="canonical"]')
    return found["href"]


@pytest.mark.parametrize("name", CONTENT)
def test_each_page_says_what_it_is_in_its_own_words(name):
    said = Counter(content(page, name) for page in PAGES)
    assert [words for words, times in said.items() if times > 1 or not words.strip()] == []


@pytest.mark.parametrize("page", DOCUMENTS)
def test_description_is_a_sentence_that_fits(page):
    assert 40 <= len(content(page, "description")) <= 160
    assert not {"\\", "$", "\n"} & set(content(page, "description"))


@pytest.mark.parametrize("page", DOCUMENTS)
def test_canonical_address(page):
    expected = BASE if page == DOCUMENTS[0] else f"{BASE}{page}.html"
    assert (canonical(page), content(page, "og:url")) == (expected, expected)


def test_root_is_the_front_page():
    assert canonical("index") == BASE
    assert parsed("index").select_one("article h1").text == parsed(DOCUMENTS[0]).select_one("article h1").text
    assert not parsed("index").select('meta[http-equiv="Refresh"]')


@pytest.mark.parametrize("page", DOCUMENTS)
def test_picture_of_a_link_is_there(page):
    (picture,) = parsed(page).select('meta[property="og:image"]')
    file = SITE / picture["content"].removeprefix(BASE)
    size = [int.from_bytes(file.read_bytes()[start : start + 4], "big") for start in (16, 20)]
    assert size == [1200, 630]


def test_sitemap_lists_every_page_once():
    names = ElementTree.parse(SITE / "sitemap.xml").findall(".//{*}loc")
    assert sorted(name.text for name in names) == sorted(canonical(page) for page in DOCUMENTS)


def test_robots_are_shown_the_map():
    lines = (SITE / "robots.txt").read_text(encoding="utf-8").splitlines()
    assert f"Sitemap: {BASE}sitemap.xml" in lines
    assert not [line for line in lines if line.startswith("Disallow: /")]


def test_page_for_wrong_addresses_works_at_any_depth():
    tags = parsed("404").select("link, script[src], img, main a[href]")
    addresses = [tag.get("href") or tag.get("src") for tag in tags]
    root = urlsplit(BASE).path
    relative = [address for address in addresses if not address.startswith((root, "#", "https://"))]
    missing = [address for address in addresses if address.startswith(root) and not there(address.removeprefix(root))]
    assert (relative, missing) == ([], [])
    assert parsed("404").select('main form[action$="search.html"] input[name="q"]')
    assert parsed("404").select_one('meta[name="robots"]')["content"] == "noindex"


def there(address):
    """Tell whether an address from the root is a file."""
    return (SITE / address.split("?")[0].split("#")[0]).is_file()


@pytest.mark.parametrize("page", [*PAGES, "index", "404"])
def test_html_is_well_formed(page):
    parser = html5lib.HTMLParser()
    parser.parse((SITE / f"{page}.html").read_text(encoding="utf-8"))
    assert [(place, problem) for place, problem, _ in parser.errors] == []


@pytest.mark.parametrize("page", PAGES)
def test_html_that_parsers_forgive(page):
    html = parsed(page)
    assert not html.select("summary p, p div, a a, button a, body style:not(svg style)")
    assert len(html.select('meta[name="viewport"]')) == 1
