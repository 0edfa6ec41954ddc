"""Sphinx: the directive `{status}` with the argument `run-times`, `software` or `counts` says how the build went."""

from importlib.metadata import version
from platform import python_version

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from run_times import executions
from status_counts import counts


class status_part(nodes.General, nodes.Element):
    """The place of one part until all notebooks are executed."""


class Status(SphinxDirective):
    """The directive; its argument is the name of the part."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place, and remember the page."""
        part = self.arguments[0]
        if part not in PARTS:
            raise self.error(f"the directive status has the parts {', '.join(PARTS)}, not {part!r}")
        self.env.metadata[self.env.docname]["has_status"] = True
        return [status_part(part=part)]


def stale_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the page written again in each build, as any notebook or test may be another."""
    return [docname for docname, data in env.metadata.items() if data.get("has_status")]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace each place by its part."""
    for node in list(doctree.findall(status_part)):
        node.replace_self(PARTS[node["part"]](app, docname))


def run_times(app: Sphinx, docname: str) -> list[nodes.Node]:
    """Return the table of the notebooks, and the sum."""
    done = executions(app.env)
    if not done:
        return [nodes.paragraph("", "This build has executed no notebook.")]
    rows = [
        (page_link(app, docname, page), f"{seconds:.1f}", f"{when:%Y-%m-%d %H:%M}")
        for page, (seconds, when) in done.items()
    ]
    total = sum(seconds for seconds, _ in done.values())
    words = f"All {len(done)} notebooks together: {total:.0f} s, the time budget of the course."
    return [table(("Notebook", "Seconds", "Executed (UTC)"), rows), nodes.paragraph("", words)]


def page_link(app: Sphinx, docname: str, page: str) -> nodes.reference:
    """Return a page's title as a link."""
    address = app.builder.get_relative_uri(docname, page)
    return nodes.reference("", app.env.titles[page].astext(), internal=True, refuri=address)


def software(app: Sphinx, docname: str) -> list[nodes.Node]:
    """Return the table of versions."""
    versions = [("Python", python_version()), *((name, version(name)) for name in app.config.status_packages)]
    return [table(("Software", "Version"), versions)]


def numbers(app: Sphinx, docname: str) -> list[nodes.Node]:
    """Return the table of what the book holds."""
    return [table(("What", "How many"), [(what, str(number)) for what, number in counts(app.env)])]


PARTS = {"run-times": run_times, "software": software, "counts": numbers}


def table(header: tuple, rows: list[tuple]) -> nodes.table:
    """Return a table; a cell is a text or an inline node."""
    head, body = nodes.thead("", row(header)), nodes.tbody("", *map(row, rows))
    columns = [nodes.colspec(colwidth=1) for _ in header]
    group = nodes.tgroup("", *columns, head, body, cols=len(header))
    return nodes.table("", group, classes=["colwidths-auto", "numbers"])


def row(cells: tuple) -> nodes.row:
    """Return one row."""
    contents = [nodes.Text(cell) if isinstance(cell, str) else cell for cell in cells]
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", content)) for content in contents))


def setup(app: Sphinx) -> dict:
    """Register directive, node and settings."""
    app.setup_extension("equation_tags")
    app.setup_extension("run_times")
    app.add_config_value("status_packages", ["torch", "numpy"], "env", types=(list,))
    app.add_config_value("status_exercises", "vae_lessons.exercises", "env", types=(str,))
    app.add_node(status_part)
    app.add_directive("status", Status)
    app.connect("env-updated", stale_pages)
    app.connect("doctree-resolved", fill)
    return {"version": "1.0", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
