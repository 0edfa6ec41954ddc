"""Make the built pages light: python -m tools.optimise [SITE]. `make book` does it after each build.

Jupyter Book's pages ask for half a megabyte of style sheets, three icon fonts, and 1.4 MB of script that draws icons.
Afterwards a page is its text, one style sheet with the fonts in it, its figures, and scripts that do not hold it up.
Pages that are done already are left as they are, so it may run again; the same pages give the same bytes.
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

import yaml

from tools.site import discovery, fonts, head, images, markup, scripts, styles
from tools.site.pages import pages, read, write

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = re.compile(r"book\.[0-9a-f]{8}\.css")
LEFT_OVER = ("vendor/fontawesome", "sphinx-thebe.js", "sphinx-thebe.css", "**/*.map", "*webpack-macros.html")


def settings(root: Path = ROOT) -> tuple[str, str]:
    """Return where the book is published, with a slash at the end, and its title."""
    config = yaml.safe_load(read(root / "_config.yml"))
    return config["html"]["baseurl"].rstrip("/") + "/", config["title"]


def optimise(site: Path, base: str, book: str) -> int:
    """Make the pages of a site light; return how many there were to do.

    Parameters
    ----------
    site
        The folder of the built pages.
    base
        Where they are published, with a slash at the end.
    book
        The title of the book.

    Raises
    ------
    ValueError
        If a formula shows a symbol that the font of the mathematics does not have.
    """
    front = discovery.front_page(site)
    texts = {page: read(page) for page in pages(site) if front is None or page != site / "index.html"}
    fresh = {page: html for page, html in texts.items() if not BUNDLE.search(html)}
    if not fresh:
        return 0
    sheet = write_bundle(site / "_static", texts, fresh)
    for page, html in texts.items():
        write(page, finish(page, site, base, book, front, sheet) if page in fresh else BUNDLE.sub(sheet, html))
    if front:
        discovery.put_front_page_at_root(site, front)
    if site / "404.html" in fresh:
        discovery.free_404(site, base)
    discovery.write_map(site, base, front)
    scripts.lighten(site / "_static")
    images.lighten(site / "_images", site.parent / ".light_images")
    remove_left_over(site / "_static")
    return len(fresh)


def write_bundle(static: Path, texts: dict[Path, str], fresh: dict[Path, str]) -> str:
    """Write the style sheet of the whole book and return its name, which changes when it changes."""
    files = dict.fromkeys(file for page, html in fresh.items() for file in markup.sheets(html, page))
    programs = [read(file) for file in static.rglob("*.js") if is_ours(file.relative_to(static))]
    words = styles.vocabulary(texts.values(), programs)
    css = styles.purge("".join(styles.load(file, static) for file in files), words)
    css = fonts.inline(css, static, {page.name: html for page, html in texts.items()})
    name = f"book.{hashlib.sha256(css.encode()).hexdigest()[:8]}.css"
    for old in static.glob("book.*.css"):
        old.unlink()
    write(static / name, css)
    return name


def is_ours(script: Path) -> bool:
    """Tell whether a script's words are looked for in the style sheets: not Bootstrap's, which names all it can do."""
    return script.name != "bootstrap.js" and not {"vendor", "locales"} & set(script.parts)


def finish(page: Path, site: Path, base: str, book: str, front: str | None, sheet: str) -> str:
    """Return a fresh page made light, with a head that says what it is."""
    html = markup.tidy(read(page), page, site / "_static")
    html = head.add(html, discovery.address(page, site, front), base, book)
    return markup.link(html, sheet, page, site)


def remove_left_over(static: Path) -> None:
    """Remove what no page asks for any more; Sphinx brings it back with the next build."""
    for pattern in LEFT_OVER:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build" / "html"
    print(f"{optimise(folder, *settings())} pages made light")
