"""Sphinx: a hidden cell that starts with `#@title Solution 6.2` shows that title instead of "Show code cell content".

The comment is the title of the cell on Colab and its first, visible line when folded in JupyterLab.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

TITLE = re.compile(r"#\s?@title[ ]+(.+?)(?:\s*\{.*\})?[ ]*(?:\n|$)")


def move_titles(app: Sphinx, doctree: nodes.document) -> None:
    """Take the title from the code of a hidden cell and put it on the button that opens it."""
    for cell in doctree.findall(nodes.container):
        code = next(cell.findall(nodes.literal_block), None)
        match = TITLE.match(code.astext()) if cell.get("hide_mode") and code is not None else None
        if match:
            cell["prompt_show"] = match[1]
            cell["prompt_hide"] = f"Hide {match[1][0].lower()}{match[1][1:]}"
            rest = code.astext()[match.end() :].lstrip("\n")
            code.rawsource, code[:] = rest, [nodes.Text(rest)]


def setup(app: Sphinx) -> dict:
    """Run while the cells are still containers."""
    app.connect("doctree-read", move_titles)
    return {
        "version": "1.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
