"""Sphinx: what LaTeX cannot fold away goes where a printed book has it.

Hints and solutions move to the end of their chapter, the sources of the checks are left to the web pages, and the front
page becomes a chapter of its own instead of several.
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

ANCHOR = "hints-and-solutions"


def rearrange(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Change the tree of the whole book, which is what the LaTeX builder writes."""
    if app.builder.format != "latex":
        return
    front_page(doctree)
    for page in doctree.findall(addnodes.start_of_file):
        sources = (fold for section in page.findall(nodes.section) for fold in folds(section, "eq-check-source"))
        for fold in [*sources, *(fold for entry in page.findall(nodes.container) for fold in folds(entry))]:
            remove(fold)
        move_answers(page)


def front_page(doctree: nodes.document) -> None:
    """Put what stands before the chapters into one section."""
    top = doctree.next_node(nodes.section)
    own = [node for node in top.children[1:] if not node.next_node(addnodes.start_of_file)]
    remove(own)
    top.insert(1, nodes.section("", nodes.title("", "About this course"), *own, ids=["about"]))


def folds(parent: nodes.Element, mark: str = "<details") -> list[list[nodes.Node]]:
    """Return each run of children from one with `mark` in its raw HTML to the end of the folded part."""
    found, current = [], None
    for child in parent.children:
        html = child.astext() if isinstance(child, nodes.raw) else ""
        if mark in html:
            current = [child]
            found.append(current)
        elif current is not None:
            current.append(child)
        if "</details>" in html:
            current = None
    return found


def move_answers(page: nodes.Element) -> None:
    """Move hints and solutions of a page's exercises into a last section, and say so where they stood."""
    answers = nodes.section("", nodes.title("", "Hints and solutions"), ids=[ANCHOR])
    for section in list(page.findall(nodes.section)):
        label = section.next_node(nodes.inline)
        if label is None or "exercise-label" not in label["classes"] or label.parent.parent is not section:
            continue
        hints, cells = folds(section), list(solutions(section))
        if not hints and not cells:
            continue
        answers += nodes.rubric("", label.astext())
        for hint in hints:
            answers += hint_nodes(hint)
        for cell in cells:
            cell.parent.remove(cell)
            room = nodes.raw("", r"\needspace{8\baselineskip}", format="latex")
            answers += [room, nodes.paragraph("", "", nodes.strong("", "Solution")), cell]
        link = nodes.reference("", "Hints and a solution", refid=ANCHOR)
        section += nodes.paragraph("", "", link, nodes.Text(" stand at the end of the chapter."))
    if len(answers) > 1:
        page.next_node(nodes.section).append(answers)


def hint_nodes(fold: list[nodes.Node]) -> list[nodes.Node]:
    """Take a fold out of the page; return its content, which begins with the summary in bold."""
    remove(fold)
    summary = fold[0].astext().partition("<summary>")[2].partition("</summary>")[0]
    content = fold[1:-1]
    if not content or not isinstance(content[0], nodes.paragraph):
        content.insert(0, nodes.paragraph())
    content[0].insert(0, [nodes.strong("", f"{summary}:"), nodes.Text(" ")])
    return content


def solutions(section: nodes.section) -> Iterator[nodes.container]:
    """Yield the hidden cells of an exercise that hold a solution."""
    for cell in section.findall(nodes.container):
        if cell.get("prompt_show", "").startswith("Solution"):
            yield cell


def remove(children: list[nodes.Node]) -> None:
    """Take nodes out of their parents."""
    for child in children:
        child.parent.remove(child)


def setup(app: Sphinx) -> dict:
    """Run last, when links and marks are in place."""
    app.connect("doctree-resolved", rearrange, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
