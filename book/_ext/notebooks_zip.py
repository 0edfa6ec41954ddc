"""Sphinx: all notebooks of the book in one file, `notebooks.zip`, and the directive `{notebooks-zip}`, a link to it.

Two builds of the same notebooks give the same file, byte by byte.
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from chapter_files import chapters

NAME = "notebooks.zip"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip cannot say "no date"


class zip_link(nodes.General, nodes.Element):
    """The place of the link."""


class NotebooksZip(SphinxDirective):
    """The directive, without arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        return [zip_link()]


def visit_html(writer, node: zip_link) -> None:
    """Write the link, relative to the page."""
    root = "../" * writer.builder.current_docname.count("/")
    link = f'<a href="{root}{NAME}" download>All notebooks in one file</a>'
    writer.body.append(f'<p class="notebooks-zip">{link} ({NAME})</p>\n')


def pass_by(writer, node: zip_link) -> None:
    """Add nothing."""


def write_zip(app: Sphinx, exception: Exception | None) -> None:
    """Write the file beside the pages."""
    if exception is None and app.builder.format == "html":
        pack([chapter.path for chapter in chapters(app.env)], Path(app.outdir) / NAME)


def pack(files: list[Path], target: Path) -> None:
    """Put files into a zip, in a folder named after it, without anything of the machine or the day."""
    with ZipFile(target, "w") as archive:
        for file in files:
            entry = ZipInfo(f"{target.stem}/{file.name}", EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, file.read_bytes(), compresslevel=9)


def setup(app: Sphinx) -> dict:
    """Register the directive; write the file at the end."""
    app.add_node(zip_link, html=(visit_html, pass_by), latex=(pass_by, pass_by), text=(pass_by, pass_by))
    app.add_directive("notebooks-zip", NotebooksZip)
    app.connect("build-finished", write_zip)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
