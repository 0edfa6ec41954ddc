"""Where the built book lies and which pages it has, from `_toc.yml` and `_config.yml`."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def documents() -> list[str]:
    """Return the names of the pages in the table of contents, such as "book/06_elbo"."""
    toc = ROOT / "_toc.yml"
    return list(files_in(yaml.safe_load(toc.read_text(encoding="utf-8")))) if toc.exists() else []


def files_in(entry):
    """Yield every root and file of a table of contents."""
    if isinstance(entry, list):
        for item in entry:
            yield from files_in(item)
    elif isinstance(entry, dict):
        yield from (entry[key] for key in ("root", "file") if key in entry)
        yield from files_in([value for value in entry.values() if isinstance(value, list)])


DOCUMENTS = [name.removesuffix(".md").removesuffix(".ipynb") for name in documents()]
NOTEBOOKS = [name for name in DOCUMENTS if (ROOT / f"{name}.ipynb").exists()]
PAGES = [*DOCUMENTS, "search", "genindex"]


@cache
def parsed(page: str) -> BeautifulSoup:
    """Return the HTML of a page; read once, do not change it."""
    return BeautifulSoup((SITE / f"{page}.html").read_text(encoding="utf-8"), "html.parser")


def chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def need(condition: object, reason: str) -> None:
    """Skip a test when what it needs is missing; in continuous integration, where all must be there, fail."""
    if not condition:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def let_it_settle(page):
    """Move the mouse, and wait until all of a page is laid out: see a11y.js."""
    page.mouse.move(9, 9)
    page.wait_for_function("document.documentElement.dataset.reached !== undefined")
