"""Sphinx: the Colab button opens the branch whose notebooks know where to install the module from.

The theme knows one branch for all buttons; "edit" and the source stay with that one.
"""

from sphinx.application import Sphinx


def open_branch(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put the name of the branch into the link of each Colab button."""
    old = f"/blob/{app.config.html_theme_options.get('repository_branch')}/"
    new = f"/blob/{app.config.colab_branch}/"
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button["text"] == "Colab":
                button["url"] = button["url"].replace(old, new, 1)


def setup(app: Sphinx) -> dict:
    """Run after the theme has made its buttons."""
    app.add_config_value("colab_branch", "colab", "html", types=(str,))
    app.connect("html-page-context", open_branch, priority=900)
    return {"version": "1.0", "parallel_read_safe": True, "parallel_write_safe": True}
