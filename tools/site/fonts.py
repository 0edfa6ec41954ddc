"""Fonts inside the style sheet: only the glyphs that the book uses, so that no page waits for a font, or moves."""

import base64
import re
from html import unescape
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FACE = re.compile(r"@font-face\{([^}]*)\}")
FAMILY = re.compile(r'font-family:\s*"?([^";}]+)"?')
SOURCE = re.compile(r"url\(([^)]+)\)")
ICON = re.compile(r'(?:content|--[\w-]*icon[\w-]*):\s*"([^"]*)"')
MATH = re.compile(r"<math.*?</math>", re.DOTALL)
LETTER = re.compile(r"<mi(?: (?!mathvariant)[^>]*)?>([^<&])</mi>")
RADICAL = 0x221A  # drawn by the browser around <msqrt>; without the glyph it draws nothing
MATH_FEATURES = ["ssty", "dtls", "flac", "ss04", "kern", "mark", "mkmk", "ccmp"]
ITALIC_EXCEPTIONS = {"h": 0x210E, "ϑ": 0x1D717, "ϕ": 0x1D719, "ϵ": 0x1D716, "ϱ": 0x1D71A, "ϖ": 0x1D71B, "∂": 0x1D715}


def inline(css: str, folder: Path, pages: dict[str, str]) -> str:
    """Return a style sheet with its fonts in it.

    Parameters
    ----------
    css
        The style sheet, without comments.
    folder
        Where its addresses count from.
    pages
        The pages of the book, by name: the font of the mathematics has what they show, the others have the icons.

    Raises
    ------
    ValueError
        If a page shows a symbol that the font of the mathematics does not have.
    """
    rules = FACE.sub("", css).replace("\\", "")
    symbols = {name: math_characters(page) for name, page in pages.items()}
    icons = {ord(character) for text in ICON.findall(css) for character in text}

    def face(match: re.Match) -> str:
        family = FAMILY.search(match[1])[1].replace("\\", "")
        if family not in rules:
            return ""
        file = readable(folder, SOURCE.findall(match[1]))
        if "Math" in family:
            require(file, symbols)
            data = subset(file, set().union(*symbols.values()), MATH_FEATURES)
        else:
            data = subset(file, icons, [])
        return face_rule(match[1], data) if data else ""

    return FACE.sub(face, css)


def require(file: Path, symbols: dict[str, set[int]]) -> None:
    """Raise ValueError when a font has not every symbol that a page shows."""
    known = {*TTFont(file).getBestCmap(), 0x2061}  # the invisible operator needs no glyph
    for name, shown in symbols.items():
        if missing := shown - known:
            raise ValueError(f"{file.name} must have every symbol of {name}, is without {sorted(map(chr, missing))}")


def readable(folder: Path, sources: list[str]) -> Path:
    """Return the first of some files of a font that needs no further program to be read."""
    files = [folder / re.split("[?#]", source.strip("\"'"))[0] for source in sources]
    return next(file for file in files if file.suffix in (".ttf", ".otf", ".woff") and file.exists())


def face_rule(body: str, data: bytes) -> str:
    """Return a font's rule with the font in place of its address."""
    kept = [part for part in body.split(";") if not part.startswith(("src:", "font-display:"))]
    url = f"url(data:font/woff;base64,{base64.b64encode(data).decode()})"
    return f'@font-face{{{";".join(kept)};src:{url} format("woff")}}'


def subset(file: Path, characters: set[int], features: list[str]) -> bytes:
    """Return a font with some characters, the same bytes each time; nothing if it has none of them."""
    font = TTFont(file, recalcTimestamp=False)
    if not characters & set(font.getBestCmap()):
        return b""
    options = Options(layout_features=features, name_IDs=[0, 1, 2, 13, 14], hinting=False, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff"
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def math_characters(page: str) -> set[int]:
    """Return the characters that formulas show: those of their text, and the slanted forms of single letters."""
    formulas = "".join(MATH.findall(page))
    text = unescape(re.sub(r"<[^>]*>", "", formulas))
    shown = {ord(character) for character in text if not character.isspace()}
    if "<msqrt" in formulas or "<mroot" in formulas:
        shown.add(RADICAL)
    return shown | {slanted(letter) for letter in LETTER.findall(formulas)}


def slanted(letter: str) -> int:
    """Return the mathematical italic that browsers show for a letter alone."""
    if letter in ITALIC_EXCEPTIONS:
        return ITALIC_EXCEPTIONS[letter]
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("Α", "Ω", 0x1D6E2), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            return start + ord(letter) - ord(first)
    return ord(letter)
