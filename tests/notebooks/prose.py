"""Take the Markdown of a notebook apart: what is prose, what is code, what is mathematics."""

import re

FENCE = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(`+)[^`]+?\1")
DISPLAY = re.compile(r"\$\$.*?\$\$|\\begin\{(align|equation|gather)\*?\}.*?\\end\{\1\*?\}", re.DOTALL)
INLINE_MATHS = re.compile(r"(?<![\\$])\$(?!\$)((?:\\.|[^$\\])+?)\$")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<https?://[^>]*>|https?://[^\s)>]+")
DETAILS = re.compile(r"<details.*?</details>", re.DOTALL)
TAG = re.compile(r"</?\w[^>]*>|<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"^(#{1,6})[ \t]+(.*)$", re.MULTILINE)


def without_fences(text):
    """Remove fenced code blocks."""
    return FENCE.sub("", text)


def without_code(text):
    """Remove all code: fenced blocks and code spans, the latter replaced by a word."""
    return CODE_SPAN.sub("code", without_fences(text))


def words_only(text):
    """Return the words between code, mathematics, addresses and HTML tags."""
    text = DISPLAY.sub("", without_code(text))
    return TAG.sub("", LINK.sub(lambda link: link[1] or "", INLINE_MATHS.sub("x", text)))


def headings(text):
    """Return the headings as (level, words)."""
    return [(len(marks), words.strip()) for marks, words in HEADING.findall(without_fences(text))]


def displays(text):
    """Return each displayed formula as (what is before it, itself, what is after it)."""
    text = without_code(text)
    return [(text[: found.start()], found[0], text[found.end() :]) for found in DISPLAY.finditer(text)]


def sentence_at(text, position):
    """Return the sentence around a position, on one line."""
    start = max((found.end() for found in re.finditer(r"[.?!:]\s|\n\n", text[:position])), default=0)
    end = re.search(r"[.?!:](?:\s|$)|\n\n|$", text[position:])
    return " ".join(text[start : position + end.end()].split())
