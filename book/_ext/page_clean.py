"""Sphinx: leave out what the theme adds and the book does not need, and mend what hinders a screen reader.

Jupyter Book loads sphinx-thebe on every page (its script throws when it is met twice and names another host).
"""

import re

from sphinx.application import Sphinx

THEBE = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>\s*<script>kernelName = .*?</script>\s*',
    re.DOTALL,
)


def keep_once(files: list) -> list:
    """Return scripts or style sheets without thebe and without repetitions."""
    kept, seen = [], set()
    for file in files:
        body = getattr(file, "attributes", {}).get("body") or ""
        name = str(getattr(file, "filename", file) or "")
        if "sphinx-thebe" in name or "THEBE" in body or (name, body) in seen:
            continue
        seen.add((name, body))
        kept.append(file)
    return kept


def clean(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Clean one page before it is written."""
    for kind in ("script_files", "css_files"):
        context[kind] = keep_once(context.get(kind, []))
    if context.get("body"):
        context["body"] = THEBE.sub("", context["body"])


def setup(app: Sphinx) -> dict:
    """Run after all other extensions have added their files."""
    app.connect("html-page-context", clean, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
