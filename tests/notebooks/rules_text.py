"""House rules for the Markdown cells. A rule takes a notebook and returns what it finds, one line for each finding."""

import re

import prose

MYST = {
    "directive": re.compile(r"^[ \t]*(?::::+|```+|~~~+)\{", re.MULTILINE),
    "colon fence": re.compile(r"^[ \t]*:::", re.MULTILINE),
    "role": re.compile(r"(?<!`)\{[a-z][\w:-]*\}`"),
    "target": re.compile(r"^\([\w:.-]+\)=[ \t]*$", re.MULTILINE),
    "equation label": re.compile(r"\$\$[ \t]*\([\w:.-]+\)[ \t]*$", re.MULTILINE),
    "link without text": re.compile(r"\[\]\("),
}
FILLER = re.compile(r"\b(?:simply|obviously|just(?! (?:as|before|after|above|below)\b))\b", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\ufe0f\u2705\u274c\u274e\u2b50\u2753\u2757\u26a0\u26a1\u2728]")
PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX)\b|\b(?i:lorem|coming soon)\b")


def markdown(nb):
    """Return the Markdown cells as (number, source)."""
    return [(number, cell.source) for number, cell in enumerate(nb.cells) if cell.cell_type == "markdown"]


def findings(nb, pattern, view=prose.words_only):
    """Return where the pattern occurs in what `view` leaves of the Markdown cells."""
    views = [(number, view(source)) for number, source in markdown(nb)]
    hits = [(number, text, found) for number, text in views for found in pattern.finditer(text)]
    return [f"cell {n}: {found[0]!r} in: {prose.sentence_at(text, found.start())}" for n, text, found in hits]


def myst_syntax(nb):
    """Find MyST syntax, which shows as raw text on Colab and in JupyterLab."""
    return [f"cell {n}: {name}" for n, source in markdown(nb) for name, sign in MYST.items() if sign.search(source)]


def long_prose(nb):
    """Find cells of more than 120 words, or 160 for an exercise; formulas, code and hints are not counted."""
    found = []
    for number, source in markdown(nb):
        words = len(re.findall(r"\S*\w\S*", prose.words_only(prose.DETAILS.sub("", source))))
        limit = 160 if re.search(r"^### Exercise", source, re.MULTILINE) else 120
        found += [f"cell {number}: {words} words, at most {limit}"] if words > limit else []
    return found


def one_title(nb):
    """Find a title missing from the first cell, or a second title."""
    titles = [number for number, source in markdown(nb) for level, _ in prose.headings(source) if level == 1]
    return [] if titles == [0] else [f"headings of level 1 in cells {titles}: expected one, in cell 0"]


def closing_sections(nb):
    """Find out whether the chapter says what to take away and where it leads."""
    there = {words for _, source in markdown(nb) for _, words in prose.headings(source)}
    return [f"no heading '{wanted}'" for wanted in ("Take-away", "Where this leads") if wanted not in there]


def exclamation_marks(nb):
    """Find prose that shouts."""
    return findings(nb, re.compile("!"))


def filler(nb):
    """Find words that tell the reader how easy it is."""
    return findings(nb, FILLER)


def emoji(nb):
    """Find emoji, in text or code."""
    return [f"cell {n}: {found}" for n, cell in enumerate(nb.cells) for found in EMOJI.findall(cell.source)]


def placeholders(nb):
    """Find what is left to be written."""
    return [f"cell {n}: {found}" for n, cell in enumerate(nb.cells) for found in PLACEHOLDER.findall(cell.source)]


def displayed_formulas(nb):
    r"""Find displayed formulas without blank lines around them, without \tag, or broken outside an environment."""
    found = []
    for number, source in markdown(nb):
        for before, formula, after in prose.displays(source):
            complaints = {
                "no blank line before": before.strip() and not re.search(r"\n[ \t]*\n[ \t]*$", before),
                "no blank line after": after.strip() and not re.match(r"[ \t]*\n[ \t]*\n", after),
                "no \\tag in": "\\tag{" not in formula,
                "\\\\ outside an environment in": "\\\\" in formula and "\\begin{" not in formula,
            }
            found += [f"cell {number}: {what} {' '.join(formula.split())}" for what, true in complaints.items() if true]
    return found
