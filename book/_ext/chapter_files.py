"""What the pages made from the chapters share: the notebooks of the book, and links that any builder can resolve."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

ANCHOR = "book-anchor"


@dataclass(frozen=True, eq=False)
class Chapter:
    """A notebook of the book: the name of its page, its file and its cells."""

    docname: str
    path: Path
    cells: list[dict]

    @property
    def title(self) -> str:
        """The first heading, such as "6. The ELBO, twice"."""
        return next(heading[1] for cell in self.texts if (heading := re.search(r"^# +(.+)$", cell, re.MULTILINE)))

    @property
    def number(self) -> str:
        """What stands before the first full stop of the title: "6", or "B" for an appendix."""
        found = re.match(r"(\d+|[A-Z])\. ", self.title)
        return found[1] if found else self.title

    @property
    def texts(self) -> list[str]:
        """The sources of the Markdown cells."""
        return [source(cell) for cell in self.cells if cell["cell_type"] == "markdown"]

    @property
    def programs(self) -> list[str]:
        """The sources of the code cells."""
        return [source(cell) for cell in self.cells if cell["cell_type"] == "code"]


def source(cell: dict) -> str:
    """Return the text of a cell, which a notebook keeps as lines."""
    return "".join(cell["source"])


def chapters(env: BuildEnvironment) -> list[Chapter]:
    """Return the notebooks of the book, in the order of their file names."""
    paths = {docname: Path(env.doc2path(docname)) for docname in sorted(env.found_docs)}
    return [
        Chapter(docname, path, json.loads(path.read_text(encoding="utf-8"))["cells"])
        for docname, path in paths.items()
        if path.suffix == ".ipynb"
    ]


def depend_on(env: BuildEnvironment, found: list[Chapter]) -> None:
    """Have the page that is being read made anew when one of the notebooks changes."""
    for chapter in found:
        env.note_dependency(str(chapter.path))


def link(env: BuildEnvironment, words: str, docname: str, anchor: str = "") -> addnodes.pending_xref:
    """Return a link to a page, or to an anchor on it, from the page that is being read."""
    target = f"{docname}#{anchor}" if anchor else docname
    text = nodes.inline("", words)
    return addnodes.pending_xref(
        "", text, refdomain="", reftype=ANCHOR, reftarget=target, refdoc=env.docname, refexplicit=True, refwarn=True
    )


def resolve(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element):
    """Give such a link its address; leave all others to Sphinx, and one to a page outside the book to its warning."""
    docname, _, anchor = node["reftarget"].partition("#")
    if node["reftype"] != ANCHOR or docname not in env.found_docs:
        return None
    page = app.builder.get_relative_uri(node["refdoc"], docname)
    return nodes.reference("", "", contnode, internal=True, refuri=f"{page}#{anchor}" if anchor else page)


def setup(app: Sphinx) -> dict:
    """Resolve the links."""
    app.connect("missing-reference", resolve)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
