"""Sphinx: the directive `{equation-list}` writes out the registry of checks, chapter by chapter.

For each equation: its number (a link, once the chapter is in the book), title, display, the kind of check, the lines
that are compared, the mutants the check must catch, and the source of the check. The anchor is `#check-6.5`.
"""

import re
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import equation_registry
from equation_tags import display


class equation_display(nodes.General, nodes.Element):
    """Stands for the display of equation `number` until all pages are read."""


class EquationList(SphinxDirective):
    """The directive: a section per chapter, an entry per equation."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        registry = equation_registry.load(self.env.app)
        numbers = sorted(registry, key=order)
        if not numbers:
            return [nodes.paragraph("", "No equation is registered yet.")]
        chapters = groupby(numbers, key=lambda number: number.split(".")[0])
        return [chapter_section(chapter, list(group), registry) for chapter, group in chapters]


def order(number: str) -> tuple:
    """Sort 2.1 before 10.1, 6.4 before 6.4a, and the lettered appendices last."""
    chapter, rest = number.split(".", 1)
    digits, letter = re.fullmatch(r"(\d+)(.*)", rest).groups()
    return (not chapter.isdigit(), chapter.zfill(3), int(digits), letter)


def chapter_section(chapter: str, numbers: list[str], registry: dict) -> nodes.section:
    """Return one chapter's entries under a heading."""
    name = f"Chapter {chapter}" if chapter.isdigit() else f"Appendix {chapter}"
    section = nodes.section("", nodes.title("", name), ids=[f"checks-{chapter}"], names=[f"checks-{chapter}"])
    section += [entry(number, registry[number]) for number in numbers]
    return section


def entry(number: str, check) -> nodes.container:
    """Return what the page says about one equation. The number becomes a link by `equation_tags`."""
    heading = nodes.paragraph("", "", nodes.strong("", f"({number})"), nodes.Text(f" {check.title}"))
    heading["classes"].append("eq-check-title")
    return nodes.container(
        "", heading, equation_display(number=number), facts(check), *source(check), classes=["eq-check"],
        ids=[f"check-{number}"],
    )  # fmt: skip


def facts(check) -> nodes.field_list:
    """Return kind, lines and mutants as a list of fields."""
    return nodes.field_list(
        "",
        field("Check", [nodes.Text(check.method)]),
        field("Lines compared", names(check.lines)),
        field("Mutants caught", names(check.mutants)),
        classes=["eq-check-facts"],
    )


def field(name: str, content: list[nodes.Node]) -> nodes.field:
    """Return one name with its content."""
    body = nodes.field_body("", nodes.paragraph("", "", *content))
    return nodes.field("", nodes.field_name("", name), body)


def names(table: dict) -> list[nodes.Node]:
    """Return the keys of a table, set apart by middle dots."""
    separated = [[nodes.Text(" · "), nodes.inline("", key)] for key in table]
    return [node for pair in separated for node in pair][1:] or [nodes.Text("none")]


def source(check) -> list[nodes.Node]:
    """Return the source of a check, folded away in HTML."""
    code = nodes.literal_block(
        check.source(), check.source(), language="none"
    )  # highlighted, the page would weigh four times as much
    summary = '<details class="eq-check-source"><summary>Source of the check</summary>'
    return [
        nodes.raw("", summary, format="html"),
        code,
        nodes.raw("", "</details>", format="html"),
    ]


def fill_displays(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each placeholder by the display as the chapter has it; nothing while the chapter is not in the book."""
    found = {tag: tex for tags in app.env.equation_tags.values() for tag, tex in tags.items()}
    for node in list(doctree.findall(equation_display)):
        tex = found.get(node["number"])
        if tex is None:
            node.parent.remove(node)
            continue
        node.replace_self(display(tex))


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.setup_extension("equation_tags")
    app.add_node(equation_display)
    app.add_directive("equation-list", EquationList)
    app.connect("doctree-resolved", fill_displays)
    return {
        "version": "1.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
