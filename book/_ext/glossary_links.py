"""Sphinx: in each notebook the first use of a term leads to its entry on the glossary page.

The terms are those of the definition list on that page, which gets an anchor for each. "evidence lower bound (ELBO)" is
one term with two forms. Words that mean something else as well, such as "code", are listed in `glossary_not_linked`.
"""

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from equation_tags import NO_LINKS, ancestors, is_output


def read_page(app: Sphinx, doctree: nodes.document) -> None:
    """On the glossary page, give each term an anchor and remember it with its definition."""
    if app.env.docname != app.config.glossary_page:
        return
    for item in doctree.findall(nodes.definition_list_item):
        term, definition = item.next_node(nodes.term), item.next_node(nodes.definition)
        anchor = f"term-{nodes.make_id(term.astext())}"
        term["ids"].append(anchor)
        entries(app.env)[term.astext()] = (anchor, summary(definition))


def summary(definition: nodes.definition) -> str:
    """Return a definition as plain words, for a tooltip; empty when it cannot do without mathematics."""
    paragraph = definition.next_node(nodes.paragraph)
    if paragraph is None or paragraph.next_node(nodes.math):
        return ""
    return "".join(child.astext() for child in paragraph if isinstance(child, nodes.Text)).strip()


def link_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the first use of each term in a notebook into a link."""
    if app.builder.format != "html" or not app.env.doc2path(docname).endswith(".ipynb"):
        return
    known = {form: name for name in entries(app.env) for form in forms(name)}
    waiting, barred = dict(known), set(app.config.glossary_not_linked)
    page = app.builder.get_relative_uri(docname, app.config.glossary_page)
    join_lines(doctree)
    for text in list(filter(may_link, doctree.findall(nodes.Text))):
        pieces = []
        for words, form in split(str(text), set(known)):
            name = waiting.get(form) if barred.isdisjoint((form, words.lower())) else None
            if name is None:
                pieces.append(nodes.Text(words))
                continue
            anchor, definition = entries(app.env)[name]
            link = nodes.reference("", words, internal=True, refuri=f"{page}#{anchor}", classes=["term"])
            pieces.append(link if not definition else with_title(link, definition))
            waiting = {form: other for form, other in waiting.items() if other != name}
        if len(pieces) > 1 or isinstance(pieces[0], nodes.reference):
            text.parent.replace(text, pieces)


def join_lines(doctree: nodes.document) -> None:
    """Make one text of neighbours: each line of a paragraph comes as a text of its own, and a term may span two."""
    for parent in {id(text.parent): text.parent for text in doctree.findall(nodes.Text)}.values():
        joined = []
        for child in parent:
            both = joined and isinstance(child, nodes.Text) and isinstance(joined[-1], nodes.Text)
            joined[-1:] = [nodes.Text(f"{joined[-1]}{child}")] if both else [*joined[-1:], child]
        parent[:] = joined


def with_title(link: nodes.reference, definition: str) -> nodes.reference:
    """Return the link with the definition as its tooltip."""
    link["reftitle"] = definition
    return link


def may_link(text: nodes.Text) -> bool:
    """Tell whether a text is prose: no heading, code, formula, link or output."""
    return not is_output(text) and not any(isinstance(parent, NO_LINKS) for parent in ancestors(text))


def forms(name: str) -> list[str]:
    """Return the ways to write a term: "evidence lower bound (ELBO)" gives two."""
    full, _, short = name.lower().partition(" (")
    return [full, short.rstrip(")")] if short else [full]


def split(text: str, known: set[str]) -> Iterator[tuple[str, str | None]]:
    """Cut a text into (words, the form of the term that they are, or None); longer terms win."""
    if not known:
        yield text, None
        return
    names = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(known, key=len, reverse=True))
    end = 0
    for match in re.finditer(rf"(?<![\w–-])({names})(?:e?s)?(?![\w–-])", text, re.IGNORECASE):
        if match.start() > end:
            yield text[end : match.start()], None
        yield match[0], " ".join(match[1].lower().split())
        end = match.end()
    if end < len(text) or not text:
        yield text[end:], None


def entries(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return anchor and definition of each term."""
    if not hasattr(env, "glossary_entries"):
        env.glossary_entries = {}
    return env.glossary_entries


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the terms when their page is read again or gone."""
    if docname == app.config.glossary_page:
        entries(env).clear()


def stale_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have all notebooks written again when the glossary has changed."""
    before, env.glossary_linked = getattr(env, "glossary_linked", None), dict(entries(env))
    notebooks = [docname for docname in env.found_docs if env.doc2path(docname).endswith(".ipynb")]
    return notebooks if before != env.glossary_linked else []


def setup(app: Sphinx) -> dict:
    """Connect the steps; links to equations come first."""
    app.add_config_value("glossary_page", "book/glossary", "env", types=(str,))
    app.add_config_value("glossary_not_linked", [], "env", types=(list,))
    app.connect("env-purge-doc", forget_page)
    app.connect("doctree-read", read_page)
    app.connect("env-updated", stale_pages)
    app.connect("doctree-resolved", link_terms, priority=600)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}
