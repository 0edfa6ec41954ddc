"""A book of one or two small pages, with all extensions of the book."""

import base64
import json
from io import BytesIO
from types import SimpleNamespace

from bs4 import BeautifulSoup
from matplotlib.figure import Figure
from sphinx.testing.util import SphinxTestApp

EXTENSIONS = """
api_uses chapter_map equation_list equation_tags exercise_headings figure_alt formula_sheet glossary_links notebooks_zip
page_clean page_foot run_times solution_cells status_page take_aways
""".split()

CONF = f"""
project = "small"
exclude_patterns = ["_build"]
extensions = ["myst_nb", *{EXTENSIONS}]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_dmath_double_inline = True
nb_execution_mode = "off"
show_warning_types = True
nb_mime_priority_overrides = [["html", "image/png", 25]]
equation_registry = "small_registry"
equation_tags_page = "equations"
glossary_page = "glossary"
glossary_not_linked = ["code"]
api_uses_page = "api"
status_exercises = ""
"""


def check_of(number: str) -> SimpleNamespace:
    """Return what the pages need of a check."""
    return SimpleNamespace(
        title=f"Title of {number}",
        method="quadrature",
        lines={"left side": abs, "right side": abs},
        mutants={"lost one half": abs},
        source=lambda: f"def lines_of({number!r}): ...",
    )


def markdown(text: str) -> dict:
    """Return a Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, outputs=(), **metadata) -> dict:
    """Return a code cell that has been run."""
    return {
        "cell_type": "code",
        "metadata": metadata,
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
    }


def notebook(*cells) -> str:
    """Return the text of a notebook; strings are Markdown cells."""
    cells = [markdown(cell) if isinstance(cell, str) else cell for cell in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4})


def figure(**metadata) -> dict:
    """Return the output of a code cell that shows a PNG of 200 × 100 pixels."""
    png = BytesIO()
    Figure(figsize=(2, 1), dpi=100).savefig(png, format="png")
    data = {"image/png": base64.b64encode(png.getvalue()).decode(), "text/plain": "[Figure]"}
    return {"output_type": "display_data", "data": data, "metadata": {"image/png": metadata}}


class Book:
    """A book in a folder; `build` returns the warnings, `page` the HTML."""

    def __init__(self, folder, registry):
        self.folder, self.registry = folder, registry
        self.write("conf.py", CONF)
        self.write("index.md", "# Index\n\n## Start\n\n```{toctree}\n:glob:\n\n*\n```\n")

    def write(self, name: str, text: str) -> None:
        """Write one source file."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self, builder: str = "html") -> str:
        """Build what has changed."""
        app = SphinxTestApp(builder, srcdir=self.folder, freshenv=False)
        try:
            app.build()
            return app.warning.getvalue()
        finally:
            app.cleanup()

    def page(self, name: str) -> BeautifulSoup:
        """Return a built page."""
        html = (self.folder / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")
        return BeautifulSoup(html, "html.parser").select_one("div.body, [role=main]")
