"""What a notebook cites stands on the references page."""

import re

import prose
import pytest

from tools import notebooks

REFERENCES = (notebooks.BOOK / "references.md").read_text("utf-8")
LINK = re.compile(r"\]\((https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)")


def cited(nb):
    """Return the addresses that the prose of a notebook links to, code and the project itself left out."""
    texts = (prose.without_code(cell.source) for cell in nb.cells if cell.cell_type == "markdown")
    return {address for text in texts for address in LINK.findall(text)}


def missing(addresses, page):
    """Return the addresses that no link of a page has."""
    return sorted(set(addresses) - set(LINK.findall(page)))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in notebooks.paths()])
def test_each_paper_stands_on_the_references_page(path):
    assert missing(cited(notebooks.read(path)), REFERENCES) == []


def test_a_paper_that_is_missing_is_named():
    page = "- A. [arXiv:1](https://arxiv.org/abs/1) [doi](https://doi.org/10.1/a%2889%29)"
    assert missing({"https://arxiv.org/abs/1", "https://arxiv.org/abs/11"}, page) == ["https://arxiv.org/abs/11"]
    assert missing({"https://doi.org/10.1/a%2889%29"}, page) == []


def test_references_are_sorted_and_stand_once():
    sections = re.split(r"^## .+$", REFERENCES, flags=re.MULTILINE)[1:]
    for entries in (re.findall(r"^- (.+)$", section, re.MULTILINE) for section in sections):
        authors = [entry.split(" (")[0].lower().replace("ø", "o") for entry in entries]
        assert authors == sorted(authors)
    addresses = LINK.findall(REFERENCES)
    assert len(addresses) == len(set(addresses)) > 40
