"""The body of a page: scripts that wait, pictures with a size, and no request for what is not used."""

import re
from pathlib import Path

from tools.site.pages import read

SHEET = re.compile(r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="([^"?]+)[^"]*"[^>]*>')
UNUSED = re.compile(
    r'\s*<link rel="preload"[^>]*>'
    r'|\s*<script[^>]*src="[^"]*fontawesome[^"]*"[^>]*></script>'
    r"|\s*<!-- (?:Loaded before|Pre-loaded)[^>]*-->"
)
VIEWPORT = re.compile(r'\s*<meta name="viewport"[^>]*>')
CHARSET = '<meta charset="utf-8" />'
ONE_VIEWPORT = '\n    <meta name="viewport" content="width=device-width, initial-scale=1" />'
# What has to be done before the page is shown. The fonts lie in the style sheet and are read at once, so that no letter
# changes. The theme's script, which waits, would set the colours too late. What is below the fold need not be laid out:
# a11y.js does it in idle moments; but whoever follows a link into the page has it laid out, so that it does not move.
FIRST_SCRIPT = """
  <script>
    document.fonts.forEach(font => font.load());
    if (document.documentElement.dataset.mode === "auto") {
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      document.documentElement.dataset.theme = dark ? "dark" : "light";
    }
    if (!location.hash) document.documentElement.dataset.hurry = "";
  </script>"""
THEME_SCRIPT = re.compile(r"<script data-cfasync.*?</script>", re.DOTALL)
OPTIONS = re.compile(r'<script[^>]*src="[^"]*documentation_options\.js[^"]*"[^>]*></script>')
BLOCKING = re.compile(r"<script (?=[^>]*src=)(?![^>]*(?:defer|async|type=))")
WRITTEN = re.compile(r"<script>\s*document\.write\(`(.*?)`\);?\s*</script>", re.DOTALL)
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>')  # names and brackets have the colour of the text
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
SUMMARY = re.compile(r"(<summary[^>]*>)(.*?)(</summary>)", re.DOTALL)
PARAGRAPH = re.compile(r"(</?)p(?=[ >])")
STYLE = re.compile(r"(?<!<defs>)<style[^>]*>(.*?)</style>", re.DOTALL)
HREF = re.compile(r'href="[^"]*"')
AMPERSAND = re.compile(r"&(?!#?\w+;)")
SEARCH_ID = ' id="search-input"'
SPY = ' data-bs-spy="scroll"'  # measures every section while the page loads; a11y.js starts it later
IMAGE = re.compile(r'<img\b[^>]*\bsrc="([^":]+)"[^>]*>')


def sheets(html: str, page: Path) -> list[Path]:
    """Return the style sheets that a page asks for, in order."""
    return list(dict.fromkeys((page.parent / address).resolve() for address in SHEET.findall(html)))


def tidy(html: str, page: Path, static: Path) -> str:
    """Return a page without its style sheets, that waits for nothing before it is shown."""
    html = UNUSED.sub("", SHEET.sub("", html))
    html = VIEWPORT.sub("", html).replace(CHARSET, CHARSET + ONE_VIEWPORT, 1)
    html = THEME_SCRIPT.sub(lambda match: match[0] + FIRST_SCRIPT, html)
    options = static / "documentation_options.js"  # scripts in the page read it at once
    html = OPTIONS.sub(lambda match: f"<script>{read(options)}</script>", html)
    html = BLOCKING.sub("<script defer ", html)
    html = styles_in_head(PLAIN_CODE.sub(r"\1", WRITTEN.sub(r"\1", html)))
    html = SUMMARY.sub(lambda match: match[1] + PARAGRAPH.sub(r"\1span", match[2]) + match[3], html)
    html = html.replace(SPY, "", 1)
    html = HREF.sub(lambda match: AMPERSAND.sub("&amp;", match[0]), html)
    before, name, after = html.partition(SEARCH_ID)  # the search page has two fields of one name
    html = before + name + after.replace(SEARCH_ID, "")
    return first_figure_at_once(IMAGE.sub(lambda match: sized(match, page), html))


def link(html: str, sheet: str, page: Path, site: Path) -> str:
    """Return a page with a link to the style sheet of the book."""
    up = "../" * (len(page.relative_to(site).parts) - 1)
    return html.replace("</title>", f'</title>\n    <link rel="stylesheet" href="{up}_static/{sheet}" />', 1)


def styles_in_head(html: str) -> str:
    """Return a page with the styles of its outputs in its head, each once; those of drawings stay with them."""
    found = dict.fromkeys(STYLE.findall(html))
    styles = "".join(f"<style>{style}</style>\n  " for style in found)
    return STYLE.sub("", html).replace("</head>", f"{styles}</head>", 1)


def sized(match: re.Match, page: Path) -> str:
    """Return a picture with its width and height, so that the page keeps room for it."""
    file = page.parent / match[1]
    if " width=" in match[0] or not file.exists():
        return match[0]
    width, height = size(file)
    return match[0].replace("<img ", f'<img width="{width}" height="{height}" ', 1)


def size(file: Path) -> tuple[int, int]:
    """Return width and height of a PNG or SVG picture.

    Raises
    ------
    ValueError
        If the file is another one, or an SVG picture without a view box.
    """
    if file.suffix == ".png":
        header = file.read_bytes()[:24]
        return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
    box = VIEW_BOX.search(read(file)) if file.suffix == ".svg" else None
    if box is None:
        raise ValueError(f"file must be a PNG, or an SVG with viewBox, came {file.name}")
    return round(float(box[1])), round(float(box[2]))


def first_figure_at_once(html: str) -> str:
    """Return a page whose first figure is fetched with the page, since it may be the largest thing to be seen."""
    start = html.find("<article")
    return html[:start] + html[start:].replace(' loading="lazy"', ' fetchpriority="high"', 1)
