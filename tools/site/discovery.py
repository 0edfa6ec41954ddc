"""How the site is found: the front page at its root, the map for search engines, and the page for lost readers."""

import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from tools.site.pages import pages, read, relocate, write

REFRESH = re.compile(r'<meta http-equiv="Refresh" content="0; url=([^"]+)"', re.IGNORECASE)
UNLISTED = {"404.html", "search.html", "genindex.html", "py-modindex.html"}


def front_page(site: Path) -> str | None:
    """Return the page that the root of the site redirects to, such as "book/index.html"; None if it does not."""
    root = site / "index.html"
    found = REFRESH.search(read(root)) if root.exists() else None
    return found[1] if found else None


def put_front_page_at_root(site: Path, front: str) -> None:
    """Show the front page at the root itself: a redirect costs a phone half a second."""
    folder = front.rpartition("/")[0]
    write(site / "index.html", relocate(read(site / front), folder, ""))


def free_404(site: Path, base: str) -> None:
    """Make the page for wrong addresses work at any depth: hosts show it in place of the page that is not there."""
    page = site / "404.html"
    if page.exists():
        html = relocate(read(page), "", urlsplit(base).path)
        html = re.sub(r'\s*<link rel="canonical"[^>]*>|\s*<meta property="og:url"[^>]*>', "", html)
        write(page, html.replace("</title>", '</title>\n    <meta name="robots" content="noindex" />', 1))


def address(page: Path, site: Path, front: str | None) -> str:
    """Return the address of a page from the root of the site; the front page has the root's."""
    name = page.relative_to(site).as_posix()
    return "" if name in ("index.html", front) else name


def write_map(site: Path, base: str, front: str | None) -> None:
    """Write sitemap.xml, with each page of the book once, and robots.txt, which names it."""
    addresses = {address(page, site, front) for page in pages(site) if page.name not in UNLISTED}
    urls = "\n".join(f"  <url><loc>{escape(base + name)}</loc></url>" for name in sorted(addresses))
    write(
        site / "sitemap.xml",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}\n</urlset>\n',
    )
    write(site / "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n")
