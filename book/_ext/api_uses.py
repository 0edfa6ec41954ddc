"""Sphinx: on the page of the module, each function and class says which chapters use it.

What a chapter uses is read from the imports of its code cells: `from vae_lessons.divergences import kl_discrete`, and
`plots.two_laws(...)` after `from vae_lessons import plots`.
"""

import ast
import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from chapter_files import Chapter, chapters, depend_on, link


def uses(programs: list[str]) -> set[str]:
    """Return the full names that code cells import, and those of attributes of what they import."""
    tree = ast.parse("\n".join(map(plain_python, programs)))
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    named = (node for node in attributes if isinstance(node.value, ast.Name) and node.value.id in imported)
    return set(imported.values()) | {f"{imported[node.value.id]}.{node.attr}" for node in named}


def plain_python(program: str) -> str:
    """Return a cell with its magics, such as `%pip install`, made a harmless statement."""
    return re.sub(r"^([ \t]*)[%!]\w.*$", r"\1pass", program, flags=re.MULTILINE)


def read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Add the sentence to each entry of the page."""
    if app.env.docname != app.config.api_uses_page:
        return
    found = chapters(app.env)
    depend_on(app.env, found)
    used = {chapter: uses(chapter.programs) for chapter in found}
    for entry in doctree.findall(addnodes.desc):
        names = set(entry.next_node(addnodes.desc_signature)["ids"])
        where = [chapter for chapter in found if names & used[chapter]]
        content = next(child for child in entry if isinstance(child, addnodes.desc_content))
        if where:
            content += sentence(app.env, where)


def sentence(env: BuildEnvironment, where: list[Chapter]) -> nodes.paragraph:
    """Return "Used in: chapter 3, chapter 11, appendix B", each a link."""
    paragraph = nodes.paragraph("", "Used in: ", classes=["used-in"])
    for chapter in where:
        paragraph += [nodes.Text(", ")] if chapter is not where[0] else []
        kind = "appendix" if chapter.number.isalpha() and len(chapter.number) == 1 else "chapter"
        paragraph += link(env, f"{kind} {chapter.number}", chapter.docname)
    return paragraph


def setup(app: Sphinx) -> dict:
    """Connect to the page after autodoc has written it."""
    app.setup_extension("chapter_files")
    app.add_config_value("api_uses_page", "book/api", "env", types=(str,))
    app.connect("doctree-read", read_page)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
