"""The normal form of a notebook: what a reviewer reads and a test compares, and nothing else.

It holds the sources, the text outputs of deterministic cells, and the few metadata that Jupyter Book, JupyterLab and
Colab act on. So what changes in the diff is what changed in the book.
"""

import hashlib
import re
from copy import deepcopy

import nbformat

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NOT_TEXT = re.compile(r"image/|application/|text/html$")
PASSING = {
    "a path on one machine": re.compile(
        r"(?:/home|/Users|/root|/tmp|/private|/var/folders)/[^\s'\"]*|\b[A-Z]:\\[^\s'\"]*"
    ),
    "a memory address": re.compile(r"\b0x[0-9a-fA-F]{5,}"),
    "a time": re.compile(r"\b\d+(?:\.\d+)?\s?(?:[mµun]?s|sec|seconds?|minutes?|it/s)\b|\b\d\d:\d\d\b"),
    "a date": re.compile(r"\b20\d\d-\d\d-\d\d\b"),
}


def normalise(nb):
    """Return a copy in normal form."""
    nb = deepcopy(nb)
    nb.nbformat, nb.nbformat_minor, nb.metadata = 4, 5, nbformat.from_dict(METADATA)
    taken, count = set(), 0
    for number, cell in enumerate(nb.cells):
        cell.source = clean_source(cell.source)
        cell.id = unique_id(cell, number, taken)
        cell.metadata = nbformat.from_dict(clean_metadata(cell.metadata))
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = [] if "nbval-ignore-output" in tags(cell) else clean_outputs(cell.outputs, count)
    return nb


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def clean_source(source):
    """Remove white space at the ends of lines, and blank lines around the text."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def unique_id(cell, number, taken):
    """Return the cell's id, or when it has none of its own one made from its place and source; note it in `taken`."""
    made = hashlib.sha256(f"{number}\n{cell.source}".encode()).hexdigest()[:8]
    chosen = cell.get("id", made)
    chosen = made if chosen in taken else chosen
    taken.add(chosen)
    return chosen


def clean_metadata(metadata):
    """Keep the tags and what hides a cell in JupyterLab and on Colab."""
    kept = {key: metadata[key] for key in ("tags", "cellView") if metadata.get(key)}
    if metadata.get("jupyter", {}).get("source_hidden"):
        kept["jupyter"] = {"source_hidden": True}
    return kept


def clean_outputs(outputs, count):
    """Merge neighbouring pieces of a stream, and keep of each display the text."""
    cleaned = []
    for output in outputs:
        last = cleaned[-1] if cleaned else {}
        if output.output_type == "stream" and last.get("output_type") == "stream" and last["name"] == output.name:
            last["text"] += output.text
        else:
            cleaned.append(clean_output(output, count))
    return cleaned


def clean_output(output, count):
    """Keep the text forms of a display, its metadata emptied; other outputs stay as they are."""
    if output.output_type in ("display_data", "execute_result"):
        if "text/plain" in output.data:
            output.data = {kind: form for kind, form in output.data.items() if not NOT_TEXT.match(kind)}
        output.metadata = {}
    if output.output_type == "execute_result":
        output.execution_count = count
    return nbformat.from_dict(output)


def problems(nb):
    """Return what must not be committed: warnings, errors, displays without text, and what differs from run to run."""
    found = []
    for number, cell in enumerate(nb.cells):
        for output in cell.get("outputs", []):
            found += [f"cell {number}: {problem}" for problem in output_problems(output)]
    return found


def output_problems(output):
    """Return the problems of one output."""
    if output.output_type == "error":
        return [f"the cell failed: {output.ename}: {output.evalue}"]
    if output.output_type == "stream" and output.name == "stderr":
        return [f"something was written to stderr: {output.text.strip()}"]
    if output.output_type != "stream" and "text/plain" not in output.data:
        return [f"a display without text/plain: {', '.join(output.data)}"]
    shown = output.text if output.output_type == "stream" else output.data["text/plain"]
    matches = [(what, pattern.search(shown)) for what, pattern in PASSING.items()]
    return [f"{what} in the output: {match[0]!r}" for what, match in matches if match]
