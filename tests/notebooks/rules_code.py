"""House rules for the code cells. A rule takes a notebook and returns what it finds, one line for each finding."""

import re

HIDING = {"hide-cell", "hide-input", "remove-cell", "remove-input"}
GONE = {"remove-cell"}
PLOTS = re.compile(
    r"^(?!\s*(?:import|from)\b).*(?:\bplots\.\w+\(|\bplt\.\w+\(|\.(?:subplots|imshow|hist|scatter)\()", re.M
)
SHOWS = re.compile(r"(?<!plt\.)(?<!fig\.)\bshow\(")
SOLUTION = re.compile(r"#@title Solution \d+\.\d+\w?\b")
GIT = re.compile(r"git\+(https://[^\s\"'@]+)")


def tags(cell):
    """Return the tags of a cell as a set."""
    return set(cell.metadata.get("tags", []))


def code(nb):
    """Return the code cells as (number, cell)."""
    return [(number, cell) for number, cell in enumerate(nb.cells) if cell.cell_type == "code"]


def plain_outputs(cell):
    """Return the text/plain of the displays of a cell."""
    return [output.data.get("text/plain", "") for output in cell.outputs if "data" in output]


def long_code(nb):
    """Find cells of more than 25 lines, blank lines and comments not counted; hidden solutions are cells too."""
    found = []
    for number, cell in code(nb):
        lines = [line for line in cell.source.splitlines() if line.strip() and not line.strip().startswith("#")]
        found += [f"cell {number}: {len(lines)} lines of code"] if len(lines) > 25 else []
    return found


def code_in_a_row(nb):
    """Find visible code cells without prose between them."""
    shown = [(number, cell) for number, cell in enumerate(nb.cells) if not tags(cell) & GONE]
    visible = [cell.cell_type == "code" and not tags(cell) & HIDING for _, cell in shown]
    pairs = zip(shown, visible, visible[1:], strict=False)
    return [f"cell {number}: the next cell is code too" for (number, _), this, following in pairs if this and following]


def figures_with_alt_text(nb):
    """Find figures not displayed with `show`, which asks for an alt text, and alt texts that say nothing."""
    found = []
    for number, cell in code(nb):
        texts = plain_outputs(cell)
        complaints = {
            "plt.show() or fig.show(): use show(figure, alt)": re.search(r"\b(?:plt|fig)\.show\(", cell.source),
            "draws, but does not call show(figure, alt)": PLOTS.search(cell.source) and not SHOWS.search(cell.source),
            "a figure without alt text": any(text.startswith("<Figure") for text in texts),
            "an alt text of fewer than four words": any(
                text.startswith("[Figure:") and len(text.split()) < 5 for text in texts
            ),
        }
        found += [f"cell {number}: {what}" for what, true in complaints.items() if true]
    return found


def hidden_solutions(nb):
    """Find solutions that are not hidden in the book, in JupyterLab or on Colab."""
    found = []
    for number, cell in code(nb):
        title = cell.source.split("\n")[0]
        if title.startswith("#@title") and "solution" in title.lower():
            hidden = {
                "#@title Solution 3.1 as its first line": SOLUTION.match(title),
                "the tag hide-cell": "hide-cell" in tags(cell),
                "jupyter.source_hidden": cell.metadata.get("jupyter", {}).get("source_hidden"),
                "cellView form": cell.metadata.get("cellView") == "form",
            }
            found += [f"cell {number}: a solution needs {what}" for what, true in hidden.items() if not true]
    return found


def colab_cell(nb, repository):
    """Find a first code cell that does not install the package from this repository, as Colab needs it."""
    first = code(nb)[0][1].source if code(nb) else ""
    found = [url.removesuffix(".git") for url in GIT.findall(first)]
    return [] if found == [repository] else [f"the first code cell installs from {found}, expected {repository}"]
