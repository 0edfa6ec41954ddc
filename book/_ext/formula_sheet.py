"""Sphinx: the directive `{formula-sheet}` sets all numbered equations of the notebooks on one compact page.

Each has the name that its check gives it, and the name is a link to the place where the chapter derives it.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import equation_registry
from chapter_files import Chapter, chapters, depend_on, link
from equation_list import equation_display
from equation_tags import TAG

DISPLAY = re.compile(r"\$\$.+?\$\$|\\begin\{(align|gather)\}.+?\\end\{\1\}", re.DOTALL)
CODE = re.compile(r"^(```|~~~).*?^\1|(`+)[^`]+\2", re.MULTILINE | re.DOTALL)


class FormulaSheet(SphinxDirective):
    """The directive: a section per notebook, an entry per display."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        found = chapters(self.env)
        depend_on(self.env, found)
        registry = equation_registry.load(self.env.app)
        return [self.section(chapter, registry) for chapter in found if displays(chapter)]

    def section(self, chapter: Chapter, registry: dict) -> nodes.section:
        """Return the formulas of one notebook under its title."""
        name = f"formulas-{chapter.number.lower()}"
        title = nodes.title("", chapter.title)
        section = nodes.section("", title, ids=[nodes.make_id(name)], names=[name], classes=["formulas"])
        section += [self.entry(chapter, tags, registry) for tags in displays(chapter)]
        return section

    def entry(self, chapter: Chapter, tags: list[str], registry: dict) -> nodes.container:
        """Return one display below the names of its equations; `equation_list` fills in the formula."""
        names = nodes.paragraph(classes=["formula-name"])
        for tag in tags:
            words = registry[tag].title if tag in registry else f"Equation {tag}"
            names += [nodes.Text("; ")] if len(names) else []
            names += link(self.env, words, chapter.docname, f"eq-{tag}")
        return nodes.container("", names, equation_display(number=tags[0]), classes=["formula"])


def displays(chapter: Chapter) -> list[list[str]]:
    """Return the numbers of each display of a notebook, in the order of the text."""
    texts = (CODE.sub("", text) for text in chapter.texts)
    found = (TAG.findall(display[0]) for text in texts for display in DISPLAY.finditer(text))
    return [tags for tags in found if tags]


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.setup_extension("chapter_files")
    app.setup_extension("equation_list")
    app.add_directive("formula-sheet", FormulaSheet)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
