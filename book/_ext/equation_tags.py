r"""Sphinx: number equations by the `\tag{6.5}` that also JupyterLab, Colab and GitHub show.

A display with a tag becomes an anchor `#eq-6.5`; "(6.5)" and "Eq. (6.5)" in the text, on any page, become links to it.
An equation in the registry of checks gets a mark that leads to its check. Warnings, so that a `-W` build fails:

=======================================  =====================================================
`equation_tags.duplicate`                one number, two equations
`equation_tags.unknown`                  "Eq. (9.9)" is neither in the book nor in the registry
`equation_tags.unnumbered`               a display without a number in a notebook
`equation_tags.unchecked`                a numbered equation of a notebook that has no check
`equation_tags.linebreak`                a line break outside an environment, which Jupyter ignores
=======================================  =====================================================
"""

import hashlib
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

import equation_registry

logger = logging.getLogger(__name__)

NUMBER = r"(?:\d+|[A-Z])\.\d+[a-z]?"
TAG = re.compile(r"\\tag\*?\{([^}]+)\}")
MENTION = re.compile(rf"(?:\b((?:Eq|eq)s?\.|[Ee]quations?)[ \u00a0])?\(({NUMBER})\)")
CONTINUED = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|to|–)\s*")  # what joins "Eqs. (6.4) and (6.5)"
OWN_DISPLAY = re.compile(r"\\begin\{(?:align|alignat|equation|gather|multline)\*?\}")
NO_LINKS = (
    nodes.reference,
    nodes.literal,
    nodes.math,
    nodes.title,
    nodes.raw,
    nodes.FixedTextElement,
)


class equation_box(nodes.General, nodes.Element):
    """A display with its anchors; `tags` lists its numbers."""


# Reading a page: find the displays


def read_page(app: Sphinx, doctree: nodes.document) -> None:
    """Put each tagged display into a box with anchors and check the rules of the book."""
    in_notebook = app.env.doc2path(app.env.docname).endswith(".ipynb")
    for node in list(doctree.findall(nodes.math_block)):
        if is_output(node):
            continue
        tex = node.astext().strip()
        tags = TAG.findall(tex)
        if tags:
            note_tags(app, node, tags, tex, in_notebook)
            drop_sphinx_number(node)
            node.replace_self(box(tags, tex))
        elif in_notebook:
            logger.warning(
                r"a display without a number: add \tag{…}",
                location=node,
                **kind("unnumbered"),
            )
        if loose_linebreak(tex):
            message = r"\\ outside an environment is no line break in Jupyter: use aligned"
            logger.warning(message, location=node, **kind("linebreak"))


def note_tags(app: Sphinx, node: nodes.Element, tags: list[str], tex: str, in_notebook: bool) -> None:
    """Record where the tags of a display are; warn about a second use and about a missing check."""
    registry = equation_registry.load(app)
    known = places(app.env)
    for tag in tags:
        if tag in known:
            logger.warning(
                "equation (%s) is already in %s",
                tag,
                known[tag],
                location=node,
                **kind("duplicate"),
            )
        if in_notebook and app.config.equation_registry and tag not in registry:
            logger.warning(
                "equation (%s) has no check in the registry",
                tag,
                location=node,
                **kind("unchecked"),
            )
        known[tag] = app.env.docname
        app.env.equation_tags.setdefault(app.env.docname, {})[tag] = tex


def box(tags: list[str], tex: str) -> equation_box:
    """Return the display with its anchors: no `split` by Sphinx, no number of Sphinx's own."""
    return equation_box("", display(tex), tags=tags, ids=[f"eq-{tag}" for tag in tags])


def display(tex: str) -> nodes.math_block:
    """Return a display that Sphinx passes on untouched."""
    shown = tex if OWN_DISPLAY.match(tex) else rf"\[{tex}\]"
    return nodes.math_block(shown, shown, nowrap=True, number=None, label=None)


def drop_sphinx_number(node: nodes.math_block) -> None:
    """Remove the target, with a random name, that MyST puts before an `align` for Sphinx's own number."""
    index = node.parent.index(node)
    before = node.parent[index - 1] if index else None
    if isinstance(before, nodes.target) and before.get("refid") in node["ids"]:
        node.parent.remove(before)
    node["ids"], node["names"], node["classes"] = [], [], []


def is_output(node: nodes.Node) -> bool:
    """Tell whether a display was printed by a code cell: the rules are for what authors write."""
    return any("cell_output" in parent.get("classes", []) for parent in ancestors(node))


def loose_linebreak(tex: str) -> bool:
    r"""Tell whether a display breaks its line with `\\` outside any environment."""
    return r"\\" in re.sub(r"\\substack\{[^}]*\}", "", tex) and r"\begin{" not in tex


# Writing a page: link the mentions


def link_mentions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn "(6.5)" into a link; "Eq. (9.9)" without an equation or a plan for one is a warning."""
    known, registry = places(app.env), equation_registry.load(app)
    for text in list(doctree.findall(nodes.Text)):
        if any(isinstance(parent, NO_LINKS) for parent in ancestors(text)):
            continue
        pieces = []
        for words, number, named in mentions(str(text)):
            if number in known:
                pieces.append(link(app, words, number, docname, known[number]))
                continue
            pieces.append(nodes.Text(words))
            if named and number not in registry:
                logger.warning(
                    "there is no equation (%s)",
                    number,
                    location=text.parent,
                    **kind("unknown"),
                )
        if any(isinstance(piece, nodes.reference) for piece in pieces):
            text.parent.replace(text, pieces)


def mentions(text: str) -> Iterator[tuple[str, str | None, bool]]:
    """Cut a text into (words, number or None, whether it is called an equation)."""
    end, named = 0, False
    for match in MENTION.finditer(text):
        between = text[end : match.start()]
        named = bool(match[1]) or (named and bool(CONTINUED.fullmatch(between)))
        yield between, None, False
        yield match[0], match[2], named
        end = match.end()
    yield text[end:], None, False


def link(app: Sphinx, words: str, number: str, docname: str, target: str) -> nodes.reference:
    """Return a link to an equation on this page or another one."""
    page = "" if target == docname else app.builder.get_relative_uri(docname, target)
    return nodes.reference("", words, internal=True, refuri=f"{page}#eq-{number}", classes=["eqref"])


# Keeping pages fresh


def start(app: Sphinx) -> None:
    """Give a new environment its empty tables."""
    for name in ("equation_tags", "equation_tags_written"):
        if not hasattr(app.env, name):
            setattr(app.env, name, {})


def forget_page(app: Sphinx, env, docname: str) -> None:
    """Drop the equations of a page that is read again or gone."""
    getattr(env, "equation_tags", {}).pop(docname, None)


def stale_pages(app: Sphinx, env) -> list[str]:
    """Have every page written again when an equation came, went or moved: any of them may mention it."""
    before, env.equation_tags_written = env.equation_tags_written, {**env.equation_tags}
    return list(env.found_docs) if before != env.equation_tags else []


# HTML and LaTeX


def visit_html(writer, node: equation_box) -> None:
    """Open the box; the first id is that of the box, further ones become empty spans."""
    writer.body.append(writer.starttag(node, "div", CLASS="eq"))


def depart_html(writer, node: equation_box) -> None:
    """Close the box after the marks."""
    marks = "".join(mark(writer.builder, tag, len(node["tags"]) == 1) for tag in node["tags"])
    writer.body.append((f'<p class="eq-marks">{marks}</p>' if marks else "") + "</div>\n")


def mark(builder, tag: str, alone: bool) -> str:
    """Return "✓ checked" as a link to the check, or nothing for an equation without one."""
    page = builder.config.equation_tags_page
    if tag not in equation_registry.load(builder.app) or page not in builder.env.found_docs:
        return ""
    words = "✓ checked" if alone else f"✓ ({escape(tag)}) checked"
    url = builder.get_relative_uri(builder.current_docname, page) + f"#check-{escape(tag)}"
    label = f"{words}: see how equation {escape(tag)} is checked"
    return f'<a class="eq-mark" href="{url}" aria-label="{label}">{words}</a>'


def visit_latex(writer, node: equation_box) -> None:
    """Set a label per tag, named as Sphinx names the target of a link."""
    for anchor in node["ids"]:
        writer.body.append(rf"\phantomsection\label{{\detokenize{{{writer.curfilestack[-1]}:{anchor}}}}}")


def pass_by(writer, node: nodes.Element) -> None:
    """Add nothing of its own to other formats."""


# Small things


def places(env) -> dict[str, str]:
    """Return the page of each equation, by number."""
    return {tag: docname for docname, tags in env.equation_tags.items() for tag in tags}


def kind(subtype: str) -> dict[str, str]:
    """Return the arguments that name a warning `[equation_tags.SUBTYPE]`."""
    return {"type": "equation_tags", "subtype": subtype}


def ancestors(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield the parents of a node, nearest first."""
    while node := node.parent:
        yield node


def setup(app: Sphinx) -> dict:
    """Connect the steps; the hash of this file makes Sphinx read all pages again when it is edited."""
    app.setup_extension("equation_registry")
    app.add_config_value("equation_tags_page", "book/equations", "html", types=(str,))
    app.add_node(
        equation_box,
        html=(visit_html, depart_html),
        latex=(visit_latex, pass_by),
        text=(pass_by, pass_by),
    )
    app.connect("builder-inited", start)
    app.connect("env-purge-doc", forget_page)
    app.connect("doctree-read", read_page)
    app.connect("env-updated", stale_pages)
    app.connect("doctree-resolved", link_mentions)
    version = int(hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8], 16)
    return {
        "version": "1.0",
        "env_version": version,
        "parallel_read_safe": False,
        "parallel_write_safe": True,
    }
