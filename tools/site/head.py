"""What search engines and those who pass a link on read of a page: description, address, picture."""

import re
from html import escape, unescape

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
PARAGRAPH = re.compile(r"<p(?: [^>]*)?>(.*?)</p>", re.DOTALL)
CANONICAL = re.compile(r'\s*<link rel="canonical"[^>]*>')
LONGEST = 155  # what result pages show of a description
SHORTEST = 40  # less is a date, a version or a button


def describe(html: str) -> str:
    """Return the first paragraph of a page's text, cut at a word where it is long."""
    article = html[html.find("<article") :]
    for paragraph in PARAGRAPH.findall(article):
        text = " ".join(unescape(re.sub(r"<[^>]+>", "", paragraph)).replace("\u2061", "").split())
        if len(text) >= SHORTEST:
            return shorten(text)
    return ""


def shorten(text: str) -> str:
    """Cut a text after a sentence or at least after a word."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    sentence = max(cut.rfind(". "), cut.rfind(": ")) + 1
    return cut[:sentence].rstrip(":") if sentence > LONGEST // 2 else cut[: cut.rfind(" ")].rstrip(",;:–") + " …"


def title(html: str) -> str:
    """Return the title of a page without the book's."""
    return unescape(TITLE.search(html)[1]).split(" — ")[0].strip()


def add(html: str, address: str, base: str, book: str) -> str:
    """Return a page whose head says what it is.

    Parameters
    ----------
    html
        The page.
    address
        Where it is published, from the root of the site: "book/06_elbo.html", or "" for the front page.
    base
        Where the site is published.
    book
        The title of the book, which also describes a page without text.
    """
    name, about = title(html), describe(html)
    about = about or f"{name}: {book}."
    tags = [
        f'<meta name="description" content="{escape(about)}" />',
        f'<link rel="canonical" href="{base}{address}" />',
        *social(name, about, base, address, book),
    ]
    return CANONICAL.sub("", html).replace("</title>", "</title>\n    " + "\n    ".join(tags), 1)


def social(name: str, about: str, base: str, address: str, book: str) -> list[str]:
    """Return the Open Graph tags, which other programs read to show a link as a card."""
    values = {
        "og:type": "website" if not address else "article",
        "og:site_name": book,
        "og:title": name,
        "og:description": about,
        "og:url": f"{base}{address}",
        "og:image": f"{base}_static/social.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": book,
    }
    tags = [f'<meta property="{key}" content="{escape(value)}" />' for key, value in values.items()]
    return [*tags, '<meta name="twitter:card" content="summary_large_image" />']
