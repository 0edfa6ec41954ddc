"""Sphinx: at the foot of each page, links to report a problem with it, to edit it, and to take its notebook home.

The report opens with the page's name in its title, so that nobody has to say which page was meant.
"""

from html import escape
from urllib.parse import urlencode

from sphinx.application import Sphinx

BODY = "Page: {page}\n\nWhat I read or did:\n\n\nWhat I expected:\n"


def links(page: str, title: str, source: str, repository: str, branch: str) -> dict[str, str]:
    """Return the address of each link by its words; `source` is the page's file in the repository."""
    report = urlencode({"title": f"{title} ({page})", "body": BODY.format(page=page)})
    return {
        "Report a problem with this page": f"{repository}/issues/new?{report}",
        "Edit this page": f"{repository}/edit/{branch}/{source}",
    }


def add_foot(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Append the links to the text of a page that has a source."""
    options = app.config.html_theme_options
    if doctree is None or not options.get("repository_url"):
        return
    source = pagename + context["page_source_suffix"]
    title = app.env.titles[pagename].astext()
    found = links(pagename, title, source, options["repository_url"], options.get("repository_branch", "main"))
    if source.endswith(".ipynb"):
        found["Download the notebook"] = context["pathto"](f"_sources/{source}", resource=True)
    anchors = "".join(anchor(words, address) for words, address in found.items())
    context["body"] += f'<nav class="page-foot" aria-label="This page"><ul>{anchors}</ul></nav>\n'


def anchor(words: str, address: str) -> str:
    """Return one link as an item of the list."""
    download = "" if address.startswith("http") else " download"
    return f'<li><a href="{escape(address)}"{download}>{words}</a></li>'


def setup(app: Sphinx) -> dict:
    """Run when the text of a page is complete."""
    app.connect("html-page-context", add_foot, priority=800)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
