"""Sphinx: a page for addresses that lead nowhere, `404.html`, with the look of the book.

Hosts show it in place of the missing page, at any depth: `tools/optimise.py` makes its addresses absolute.
"""

from sphinx.application import Sphinx

BODY = """<section id="not-found">
<h1>There is no page here</h1>
<p>The address may be an old one, or have lost a letter on its way.
Go to <a href="{home}">the first page</a>, which lists all chapters, or search the book:</p>
<form action="search.html" method="get" role="search">
<input type="search" name="q" aria-label="Search this book" placeholder="Search this book" class="form-control" />
</form>
</section>"""


def add_page(app: Sphinx):
    """Give Sphinx one more page to write."""
    home = app.builder.get_relative_uri("404", app.config.root_doc)
    yield "404", {"title": "There is no page here", "body": BODY.format(home=home)}, "page.html"


def setup(app: Sphinx) -> dict:
    """Add the page to those that Sphinx writes."""
    app.connect("html-collect-pages", add_page)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
