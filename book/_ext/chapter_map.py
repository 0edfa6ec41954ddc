"""Sphinx: the directive `{chapter-map}` draws which chapter needs which, from the table on the same page.

The table has the columns "Chapter", a link whose text begins with the chapter's number, and "Needs", where chapters are
named by their numbers: "3, 6", "2 to 5". The content of the directive says where on the map they stand, a line of
numbers and dots for each row. The map is a list of links over an SVG that only draws lines: a screen reader reads
"6. The ELBO (needs 2, 3, 4 and 5)".
"""

import re
from dataclasses import dataclass
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

NUMBERS = re.compile(r"\b(\d+) to (\d+)\b|\b(\d+|[A-Z])\b(?!\.)")
SHORT = re.compile(r"[:?,]| and ")  # where the name of a chapter may end on the map


@dataclass
class Place:
    """A chapter on the map: number, name, address, what it needs, and where it stands, in rows and columns."""

    number: str
    name: str
    address: str
    needs: list[str]
    row: float = 0.0
    column: float = 0.0


class map_here(nodes.General, nodes.Element):
    """The place of the map until the links of the page are resolved."""


class ChapterMap(SphinxDirective):
    """The directive; its content is the layout."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the map."""
        return [map_here(layout=[line.split() for line in self.content])]


def draw(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the place by the map; other formats than HTML keep the table alone."""
    for node in list(doctree.findall(map_here)):
        if app.builder.format != "html":
            node.parent.remove(node)
            continue
        places = read_table(doctree)
        for number in arrange(places, node["layout"]):
            logger.warning("chapter %s has no place on the map", number, location=docname, type="chapter_map")
        node.replace_self(nodes.raw("", html(places, node["layout"]), format="html"))


def read_table(doctree: nodes.document) -> dict[str, Place]:
    """Return the chapters by number; needs that are no chapter of the table, such as "Python", are left out."""
    rows = [row.children for row in doctree.findall(nodes.row)]
    linked = [(cells[0].next_node(nodes.reference), cells[-1].astext()) for cells in rows]
    titled = [(link, re.match(r"(\d+|[A-Z])\. (.+)", link.astext()), text) for link, text in linked if link is not None]
    found = [Place(title[1], title[2], link["refuri"], named(text)) for link, title, text in titled if title]
    places = {place.number: place for place in found}
    for place in found:
        place.needs = [number for number in place.needs if number in places]
    return places


def named(text: str) -> list[str]:
    """Return the numbers in a cell: "2 to 4, 7 and eigenvalues" gives 2, 3, 4 and 7."""
    found = []
    for first, last, single in NUMBERS.findall(text):
        found += [single] if single else map(str, range(int(first), int(last) + 1))
    return found


def arrange(places: dict[str, Place], layout: list[list[str]]) -> list[str]:
    """Put the chapters where the layout has them, in the middle of rows and columns; return those that it forgets."""
    for row, numbers in enumerate(layout):
        for column, number in enumerate(numbers):
            if number in places:
                places[number].row, places[number].column = row + 0.5, column + 0.5
    return sorted(set(places) - {number for numbers in layout for number in numbers})


def direct(place: Place, places: dict[str, Place]) -> list[str]:
    """Return what a chapter needs and does not get through another that it needs: only these lines are drawn."""
    through = {number for need in place.needs for number in everything(need, places, {place.number})}
    return [need for need in place.needs if need not in through]


def everything(number: str, places: dict[str, Place], seen: set[str]) -> set[str]:
    """Return all that a chapter needs, directly or not; `seen` keeps a circle from being followed for ever."""
    needs = set(places[number].needs) - seen
    return needs.union(*(everything(need, places, seen | needs) for need in needs))


def html(places: dict[str, Place], layout: list[list[str]]) -> str:
    """Return the map as HTML: the style sheet says how high a row is."""
    height, width = len(layout), max(map(len, layout), default=1)
    lines = "".join(line(places[need], place) for place in places.values() for need in direct(place, places))
    box = f'viewBox="0 0 {width} {height}" preserveAspectRatio="none"'
    items = "".join(item(place, width) for place in places.values())
    drawing = f'<svg aria-hidden="true" {box}><path d="{lines}"/></svg>'
    return f'<div class="chapter-map" style="--rows: {height}">{drawing}<ol>{items}</ol></div>\n'


def line(above: Place, below: Place) -> str:
    """Return the path from one box to another: down its own column, and across in the last row."""
    turn, bend = below.row - 1, below.row - 0.5
    return f"M{above.column} {above.row}V{turn}C{above.column} {bend} {below.column} {bend} {below.column} {below.row}"


def item(place: Place, width: int) -> str:
    """Return one box: a link, and for those who cannot see the lines what they say."""
    needs = f'<span class="visually-hidden"> (needs {listed(place.needs)})</span>' if place.needs else ""
    short = re.sub("^(The|A) ", "", SHORT.split(place.name)[0])
    name = f'<span class="name">{escape(short[:1].upper() + short[1:])}</span>'
    words = f'<b>{place.number}<span class="visually-hidden">.</span></b> {name}{needs}'
    position = f"--row: {place.row}; left: {100 * place.column / width:.2f}%"
    return f'<li style="{position}"><a href="{escape(place.address)}">{words}</a></li>'


def listed(numbers: list[str]) -> str:
    """Return "2", "2 and 3" or "2, 3 and 4"."""
    *most, last = numbers
    return f"{', '.join(most)} and {last}" if most else last


def setup(app: Sphinx) -> dict:
    """Register directive and node."""
    app.add_node(map_here)
    app.add_directive("chapter-map", ChapterMap)
    app.connect("doctree-resolved", draw, priority=900)
    return {"version": "1.0", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
