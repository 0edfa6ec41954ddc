"""The links and buttons of the built book, read from its HTML: no browser needed."""

from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from built_book import CONFIG, DOCUMENTS, NOTEBOOKS, PAGES, ROOT, SITE, parsed

REPOSITORY = CONFIG["repository"]["url"]
BRANCH = CONFIG["repository"]["branch"]

pytestmark = pytest.mark.usefixtures("site")


@cache
def anchors(file) -> set[str]:
    """Return the ids of an HTML file."""
    page = str(file.relative_to(SITE)).removesuffix(".html")
    return {element["id"] for element in parsed(page).find_all(id=True)}


def links(page: str) -> list[str]:
    """Return every address a page points to or loads."""
    elements = parsed(page).find_all(["a", "link", "img", "script"])
    return [address for element in elements if (address := element.get("href") or element.get("src"))]


def problem(page: str, link: str) -> str | None:
    """Say what is wrong with a link inside the book; None for a good or an outward one."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    here = (SITE / f"{page}.html").resolve()
    file = (here.parent / unquote(parts.path)).resolve() if parts.path else here
    if not file.is_file():
        return f"{link}: no such file"
    fragment = unquote(parts.fragment)
    if fragment and file.suffix == ".html" and fragment not in anchors(file):
        return f"{link}: no such anchor"
    return None


def hrefs(page: str, selector: str) -> list[str]:
    """Return the addresses of the links that match a CSS selector."""
    return [element["href"] for element in parsed(page).select(selector)]


@pytest.mark.parametrize("page", PAGES)
def test_no_link_is_broken(page):
    assert [trouble for link in links(page) if (trouble := problem(page, link))] == []


@pytest.mark.parametrize("page", PAGES)
def test_ids_are_unique(page):
    ids = [element["id"] for element in parsed(page).select("main [id]")]
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


@pytest.mark.parametrize("page", DOCUMENTS)
def test_page_has_language_title_and_one_heading(page):
    html = parsed(page)
    assert html.html["lang"] == "en"
    assert CONFIG["title"] in html.title.text
    assert len(html.select("article h1")) == 1


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_launch_buttons_open_the_notebook(notebook):
    owner_and_name = urlsplit(REPOSITORY).path.strip("/")
    colab = CONFIG["sphinx"]["config"]["colab_branch"]
    assert hrefs(notebook, ".dropdown-launch-buttons a") == [
        f"https://mybinder.org/v2/gh/{owner_and_name}/{BRANCH}?urlpath=lab/tree/{notebook}.ipynb",
        f"https://colab.research.google.com/github/{owner_and_name}/blob/{colab}/{notebook}.ipynb",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_download_button_gives_the_source_notebook(notebook):
    (link,) = [link for link in hrefs(notebook, ".dropdown-download-buttons a") if link.endswith(".ipynb")]
    downloaded = (SITE / f"{notebook}.html").parent / link
    assert downloaded.read_bytes() == (ROOT / f"{notebook}.ipynb").read_bytes()


@pytest.mark.parametrize("page", DOCUMENTS)
def test_repository_buttons(page):
    source = f"{page}.ipynb" if page in NOTEBOOKS else f"{page}.md"
    repository, edit, issue = hrefs(page, ".dropdown-source-buttons a")
    assert repository == REPOSITORY
    assert edit == f"{REPOSITORY}/edit/{BRANCH}/{source}"
    assert issue.startswith(f"{REPOSITORY}/issues/new?")


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_every_mark_leads_to_its_check(page):
    for box in parsed(page).select(".eq"):
        numbers = [box["id"], *(span["id"] for span in box.find_all("span", id=True, recursive=False))]
        checks = [link["href"].split("#")[1] for link in box.select("a.eq-mark")]
        assert checks == [number.replace("eq-", "check-") for number in numbers]
