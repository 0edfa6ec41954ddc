"""Sphinx: the directive `{book-pdf}` shows a link to `book.pdf` while that file lies beside `index.html`.

`make pdf` puts it there. A book without it has no link, so none is dead; pages with the directive are written again
when the file comes or goes.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

NAME = "book.pdf"


class book_pdf(nodes.General, nodes.Element):
    """The place of the link."""


class BookPdf(SphinxDirective):
    """The directive, without arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the place, and remember the page."""
        pages(self.env).add(self.env.docname)
        return [book_pdf()]


def pages(env) -> set[str]:
    """Return the pages with the directive."""
    if not hasattr(env, "book_pdf_pages"):
        env.book_pdf_pages = set()
    return env.book_pdf_pages


def megabytes(app: Sphinx) -> float | None:
    """Return the size of the PDF, None without one."""
    file = Path(app.outdir) / NAME
    return round(file.stat().st_size / 1e6, 1) if file.exists() else None


def stale_pages(app: Sphinx, env) -> list[str]:
    """Have the pages written again when the PDF is another than at the last build."""
    if app.builder.format != "html":
        return []
    before, env.book_pdf_size = getattr(env, "book_pdf_size", None), megabytes(app)
    return sorted(pages(env)) if before != env.book_pdf_size else []


def forget_page(app: Sphinx, env, docname: str) -> None:
    """Drop a page that is read again or gone."""
    pages(env).discard(docname)


def visit_html(writer, node: book_pdf) -> None:
    """Write the link, or nothing."""
    size = megabytes(writer.builder.app)
    if size is not None:
        root = "../" * writer.builder.current_docname.count("/")
        writer.body.append(
            f'<p class="book-pdf"><a href="{root}{NAME}">The whole course as a PDF</a> ({size} MB)</p>\n'
        )


def pass_by(writer, node: book_pdf) -> None:
    """Add nothing."""


def setup(app: Sphinx) -> dict:
    """Register directive, node and events."""
    others = {builder: (pass_by, pass_by) for builder in ("latex", "text")}
    app.add_node(book_pdf, html=(visit_html, pass_by), **others)
    app.add_directive("book-pdf", BookPdf)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-updated", stale_pages)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": False, "parallel_write_safe": True}
