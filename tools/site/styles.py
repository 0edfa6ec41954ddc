"""One style sheet for the whole book: without the rules that no page can use, without comments and spaces.

A rule stays if every class in its selector occurs in some page, or as a word in some script, which may add it later.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import tinycss2

from tools.site.pages import read

# Classes that Bootstrap's script adds to what the pages use of it: menus and tooltips.
BY_BOOTSTRAP = set(
    "active show fade collapse collapsing dropdown-menu-end tooltip tooltip-inner tooltip-arrow bs-tooltip-auto "
    "bs-tooltip-top bs-tooltip-bottom bs-tooltip-start bs-tooltip-end".split()
)
CLASSES = re.compile(r'\sclass="([^"]*)"')
SCRIPTS = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
WORD = re.compile(r"[A-Za-z_][\w-]*")
VARIABLE = re.compile(r"--[\w-]+")
IMPORT = re.compile(r"@import\s+(?:url\()?[\"']?([^\"')\s]+)[\"']?\)?\s*;")
URL = re.compile(r"url\(\s*([\"']?)(?!data:|#|https?:|/)([^)\"']+)\1\s*\)")
OPTIONAL = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")


def vocabulary(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return every class and variable that pages have, and every word of scripts in them and beside them."""
    words, scripts = set(BY_BOOTSTRAP), list(scripts)
    for page in pages:
        words.update(*(classes.split() for classes in CLASSES.findall(page)), VARIABLE.findall(page))
        scripts += SCRIPTS.findall(page)
    return words.union(*map(WORD.findall, scripts), *map(VARIABLE.findall, scripts))


def load(sheet: Path, folder: Path) -> str:
    """Return a style sheet with those it imports, and with addresses that count from `folder`."""
    text = IMPORT.sub(lambda match: load((sheet.parent / match[1]).resolve(), folder), read(sheet))

    def moved(match: re.Match) -> str:
        target = (sheet.parent / re.split("[?#]", match[2])[0]).resolve()
        return f"url({Path(os.path.relpath(target, folder.resolve())).as_posix()})"

    return URL.sub(moved, text)


def purge(css: str, words: set[str]) -> str:
    """Return a style sheet without the rules that need a class outside `words`, as short as it goes."""
    rules = drop_unread_variables(usable_rules(tinycss2.parse_stylesheet(css, True, True), words), words)
    return "".join(map(write_rule, rules))


def usable_rules(rules: list, words: set[str] | None) -> list[tuple[str, list]]:
    """Return rules as pairs of head and parts, declarations or rules; with `words`, only those a page can use."""
    pairs = [plain_rule(rule, words) if rule.type == "qualified-rule" else at_rule(rule, words) for rule in rules]
    return [(head, parts) for head, parts in pairs if head and parts]


def write_rule(rule: tuple[str, list]) -> str:
    """Write a rule without spaces."""
    head, parts = rule
    return f"{head}{{{';'.join(parts) if isinstance(parts[0], str) else ''.join(map(write_rule, parts))}}}"


def plain_rule(rule, words: set[str] | None) -> tuple[str, list]:
    """Return the selectors that can apply, and the declarations."""
    selectors = [selector for selector in split(rule.prelude) if words is None or usable(selector, words)]
    return ",".join(selectors), declarations(rule.content)


def at_rule(rule, words: set[str] | None) -> tuple[str, list]:
    """Return a rule that starts with @: those that hold rules are purged too."""
    name = getattr(rule, "lower_at_keyword", "charset")  # what is no rule at all is left out as @charset is
    if name == "charset" or rule.content is None:
        return "", []
    head = f"@{name} {squeeze(rule.prelude)}".rstrip()
    if name in ("media", "supports", "layer", "container") or name.endswith("keyframes"):
        inner = tinycss2.parse_rule_list(rule.content, True, True)
        return head, usable_rules(inner, None if name.endswith("keyframes") else words)
    return head, declarations(rule.content)


def declarations(tokens: list) -> list[str]:
    """Return declarations without spaces; what is none, such as the hacks for old browsers, is left out."""
    found = tinycss2.parse_blocks_contents(tokens, True, True)
    return [
        f"{item.name}:{squeeze(item.value)}{'!important' if item.important else ''}"
        for item in found
        if item.type == "declaration"
    ]


def squeeze(tokens: list) -> str:
    """Write tokens without comments, and with one space where there were several; strings stay as they are."""
    kept = (token for token in tokens if token.type != "comment")
    return "".join(" " if token.type == "whitespace" else token.serialize() for token in kept).strip()


def split(prelude: list) -> list[str]:
    """Return the selectors between the commas."""
    selectors, current = [], []
    for token in prelude:
        if token == ",":
            selectors.append(squeeze(current))
            current = []
        else:
            current.append(token)
    return [re.sub(r"\s*([>+~])\s*", r"\1", selector) for selector in [*selectors, squeeze(current)]]


def usable(selector: str, words: set[str]) -> bool:
    """Tell whether every class that a selector needs is known."""
    return all(name.replace("\\", "") in words for name in CLASS.findall(OPTIONAL.sub("", selector)))


def drop_unread_variables(rules: list[tuple[str, list]], words: set[str]) -> list[tuple[str, list]]:
    """Remove the definitions of variables that neither the sheet nor a page reads, until all are read."""
    while True:
        read_somewhere = words.union(re.findall(r"var\(\s*(--[\w-]+)", "".join(map(write_rule, rules))))
        fewer = with_variables(rules, read_somewhere)
        if fewer == rules:
            return rules
        rules = fewer


def with_variables(rules: list[tuple[str, list]], known: set[str]) -> list[tuple[str, list]]:
    """Return rules without the variables that are not known, and without the rules that are then empty."""
    pairs = []
    for head, parts in rules:
        if isinstance(parts[0], str):
            kept = [part for part in parts if not part.startswith("--") or part.split(":")[0] in known]
        else:
            kept = with_variables(parts, known)
        if kept:
            pairs.append((head, kept))
    return pairs
