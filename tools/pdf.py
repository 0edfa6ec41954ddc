"""Build the book as a PDF beside its web pages: python -m tools.pdf. XeLaTeX must be installed: see tools/texlive.py.

The notebooks' outputs are those of `make book`. Missing signs and links that lead nowhere are errors, as warnings are.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import book
from tools.environment import ENVIRONMENT
from tools.texlive import advice

COMPLAINT = re.compile(
    r"Missing character: There is no (?P<sign>\S+) \(\S+\) in font \[(?P<font>[^\]]+)\]"
    r"|Hyper reference `(?P<target>[^']+)' on page \d+ undefined"
)


def find_complaints(log: str) -> list[str]:
    """Return what LaTeX says about signs that no font has and about links without a target, each once."""
    found = []
    for match in COMPLAINT.finditer(log.replace("\n", "")):  # LaTeX breaks its lines after 79 letters
        found.append(f"{match['font']} has no {match['sign']}" if match["sign"] else f"no target: {match['target']}")
    return sorted(set(found))


def run(command: list[str], folder: Path, log: Path) -> int:
    """Run a program with its output in a file; show the file's end when it fails."""
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "env": os.environ | ENVIRONMENT}
    with log.open("w", encoding="utf-8") as file:
        status = subprocess.run(command, cwd=folder, stdout=file, **options).returncode
    if status:
        text = book.COLOUR.sub("", log.read_text(encoding="utf-8", errors="replace"))
        print(*text.splitlines()[-20:], sep="\n")
        print(f"The PDF was not built. The whole report: {log}")
    return status


def typeset(root: Path) -> int:
    """Write the book as LaTeX and run XeLaTeX as often as it needs; return the exit status."""
    build = root / "_build"
    folder = build / "latex"
    shutil.rmtree(folder, ignore_errors=True)
    write = [*book.JUPYTER_BOOK, "build", "--builder", "latex", "-W", "-n", "--keep-going", "."]
    latex = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"]
    if status := run(write, root, build / "latex.log") or run(latex, folder, build / "xelatex.log"):
        return status
    log = (folder / "book.log").read_text(encoding="utf-8", errors="replace")
    complaints = find_complaints(log)
    print("".join(f"{complaint}\n" for complaint in complaints), end="")
    return bool(complaints)


def build(root: Path = book.ROOT) -> int:
    """Build the PDF, put it beside `index.html`, show its link there; return the exit status."""
    if missing := advice():
        print(missing)
        return 1
    print("Building the PDF", flush=True)
    if status := typeset(root):
        return status
    pdf = shutil.copy(root / "_build" / "latex" / "book.pdf", root / "_build" / "html" / "book.pdf")
    print(f"The PDF is ready: {pdf}", flush=True)
    return book.build(root)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(build())
