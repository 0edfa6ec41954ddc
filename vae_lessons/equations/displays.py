"""The displayed equations of the notebooks: find them, number them, take a fingerprint of their LaTeX."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CODE = re.compile(r"^(```|~~~).*?^\1|``.+?``|`[^`\n]+`", re.DOTALL | re.MULTILINE)
ENVIRONMENT = r"\\begin\{((?:align|alignat|equation|gather|multline)\*?)\}.*?\\end\{\1\}"
DISPLAY = re.compile(rf"(?<!\\)\$\$.*?(?<!\\)\$\$|\\\\\[.*?\\\\\]|{ENVIRONMENT}", re.DOTALL)
TAG = re.compile(r"\\tag\*?\{([^}]*)\}")


@dataclass(frozen=True)
class Display:
    """One displayed equation: the notebook's name, its LaTeX, and the numbers in it (none, one, or several)."""

    notebook: str
    tex: str

    @property
    def numbers(self) -> list[str]:
        """The arguments of its `tag` commands."""
        return TAG.findall(self.tex)

    @property
    def fingerprint(self) -> str:
        """Twelve digits of a hash of the LaTeX; white space does not count."""
        return hashlib.sha256(" ".join(self.tex.split()).encode()).hexdigest()[:12]


def displays(book: Path) -> Iterator[Display]:
    """Find the displays in the Markdown cells of all notebooks of a folder; code in the text is not searched."""
    for path in sorted(book.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                text = CODE.sub("", "".join(cell["source"]))
                yield from (Display(path.name, match[0]) for match in DISPLAY.finditer(text))


def chapter_notebook(book: Path, number: str) -> str | None:
    """Name the notebook that should show an equation ("3.1": 03_….ipynb), or return None if it is not written."""
    chapter = number.split(".")[0].zfill(2) if number[0].isdigit() else number.split(".")[0]
    return next((path.name for path in sorted(book.glob(f"{chapter}_*.ipynb"))), None)


def in_order(numbers) -> list[str]:
    """Sort 2.1 before 10.1 and the appendices last."""
    return sorted(numbers, key=lambda number: [(not part.isdigit(), part.zfill(4)) for part in number.split(".")])
