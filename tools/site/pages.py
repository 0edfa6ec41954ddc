"""The pages of the built book, as files and as addresses."""

import posixpath
import re
from pathlib import Path

SKIPPED = {"_static", "_sources", "_images", "_downloads", "reports"}
ADDRESS = re.compile(r'(\s(?:href|src|action)=")([^"#:/][^":]*?)(")')


def pages(site: Path) -> list[Path]:
    """Return every page below a folder, in the order of their names."""
    found = (path for path in sorted(site.rglob("*.html")) if not SKIPPED & set(path.relative_to(site).parts))
    return list(found)


def read(path: Path) -> str:
    """Return the text of a file."""
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """Write a file with the same line ends on every system; one that would not change is left alone."""
    if not path.exists() or read(path) != text:
        path.write_text(text, encoding="utf-8", newline="\n")


def relocate(html: str, folder: str, prefix: str) -> str:
    """Return a page as it has to be to stand elsewhere.

    Parameters
    ----------
    html
        The page.
    folder
        Where it stands in the site, such as "book": its addresses count from there.
    prefix
        What leads from its new place to the root of the site: "" at the root, "/course/" from anywhere.
    """

    def moved(match: re.Match) -> str:
        return match[1] + prefix + posixpath.normpath(posixpath.join(folder, match[2])) + match[3]

    html = ADDRESS.sub(moved, html)
    return re.sub(r'(<html[^>]* data-content_root=")[^"]*', lambda match: match[1] + (prefix or "./"), html)
