r"""Sphinx: set the mathematics while the book is built, as MathML, which browsers draw by themselves.

Why so: the formulas of chapters 0 to 12 are 0.34 MB of MathML, with one subset font of 40 kB; as HTML of KaTeX they are
2.4 MB and seven fonts; MathJax in the browser is 1.1 MB of script, half a second of work on a phone, and a page that
moves while it is read. Alignment, operators, brackets and fractions look alike in all three (STIX Two Math reads
better on a screen than Latin Modern, which is thin). Screen readers get the MathML itself. What browsers do not know
of TeX's spacing is mended in `mathml.polish`; numbers stand in HTML beside the display, so that they never scroll away.

A formula that cannot be read is the warning `[native_maths]`, with its page and line: it fails a `-W` build.
"""

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from mathml import mathml

logger = logging.getLogger(__name__)

TAG = re.compile(r"\\tag\*?\{([^}]+)\}")
DELIMITERS = re.compile(r"^\s*\\\[|\\\]\s*$")
CLASSES = "math notranslate nohighlight"


def formula(tex: str, node: nodes.Node, display: bool = False) -> str:
    """Return the MathML of a formula, or its TeX and a warning."""
    try:
        return mathml(tex.strip(), display)
    except ValueError as error:
        logger.warning("%s", error, location=node, type="native_maths")
        return f"<code>{escape(tex)}</code>"


def visit_inline(writer, node: nodes.math) -> None:
    """Write a formula in the text."""
    writer.body.append(f'<span class="{CLASSES}">{formula(node.astext(), node)}</span>')
    raise nodes.SkipNode


def visit_display(writer, node: nodes.math_block) -> None:
    """Write a display, and its number beside it."""
    tex, number = split_number(DELIMITERS.sub("", node.astext()))
    if number is None and node.get("number") and not TAG.search(tex):
        number = get_node_equation_number(writer, node)
    shown = f'<div class="display">{formula(tex, node, display=True)}</div>'
    shown += f'<span class="eqno">({escape(number)})</span>' if number else ""
    ids = "".join(f' id="{escape(name)}"' for name in node["ids"][:1])
    writer.body.append(f'<div class="{CLASSES}"{ids}>{shown}</div>\n')
    raise nodes.SkipNode


def split_number(tex: str) -> tuple[str, str | None]:
    r"""Take the `\tag` out of a display that has one; several stay where they are, each in its line."""
    tags = TAG.findall(tex)
    return (TAG.sub("", tex), tags[0]) if len(tags) == 1 else (tex, None)


def setup(app: Sphinx) -> dict:
    """Register the way to write mathematics; Sphinx prefers it to MathJax."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
