"""Sphinx: the directive `{take-aways}` collects the section "Take-away" of each notebook, with a link back to it."""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chapter_files import Chapter, chapters, depend_on, link

HEADING = re.compile(r"^## Take-away[ \t]*$\n?", re.MULTILINE)
NEXT_HEADING = re.compile(r"^#{1,2} ", re.MULTILINE)


class TakeAways(SphinxDirective):
    """The directive: a section per notebook that has a take-away."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        found = chapters(self.env)
        depend_on(self.env, found)
        texts = {chapter: take_away(chapter) for chapter in found}
        return [self.section(chapter, text) for chapter, text in texts.items() if text]

    def section(self, chapter: Chapter, text: str) -> nodes.section:
        """Return one take-away, its Markdown parsed, under the chapter's title."""
        name = f"chapter-{chapter.number.lower()}"
        title = nodes.title("", "", link(self.env, chapter.title, chapter.docname, "take-away"))
        section = nodes.section("", title, ids=[nodes.make_id(name)], names=[name], classes=["take-away"])
        self.state.nested_parse(StringList(text.splitlines(), str(chapter.path)), 0, section)
        return section


def take_away(chapter: Chapter) -> str:
    """Return the Markdown below the heading "Take-away" up to the next section; empty without that heading."""
    text = "\n\n".join(chapter.texts)
    heading = HEADING.search(text)
    return NEXT_HEADING.split(text[heading.end() :])[0].strip() if heading else ""


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.setup_extension("chapter_files")
    app.add_directive("take-aways", TakeAways)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
