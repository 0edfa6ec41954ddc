"""House rule for numbers: what the prose says is what a cell prints, asserts or sets."""

import re

import prose
from rules_text import markdown

DECIMAL = re.compile(r"(?<![\w.,])\d+\.\d+(?![\w]|\.\d)")
LIST = r"\d+\.\d+\w?(?:\s*(?:,|and|or|to|–|-|, and)\s*\d+\.\d+\w?)*"
NAMED = r"\b(?:Exercises?|Solutions?|Sections?|Chapters?|Figures?|Tables?|Equations?|Eqs?\.?|Python|torch)\s+"
REFERENCES = [re.compile(r"\(\d+\.\d+\w?\)"), re.compile(NAMED + LIST, re.IGNORECASE)]
TAGGED = re.compile(r"\$\$.*?\$\$|\\begin\{align\*?\}.*?\\end\{align\*?\}", re.DOTALL)


def claims(source):
    """Return the text in which a decimal number is a claim: no code, links, displayed formulas and references."""
    text = prose.without_code(source)
    text = TAGGED.sub(lambda display: "" if "\\tag" in display[0] else display[0], text)
    text = prose.TAG.sub("", prose.LINK.sub("link", text))
    for reference in REFERENCES:
        text = reference.sub("reference", text)
    return text


def evidence(nb):
    """Return the code and the committed outputs as one text."""
    pieces = []
    for cell in nb.cells:
        if cell.cell_type == "code":
            pieces.append(cell.source)
            pieces += [str(output.get("text", "")) for output in cell.outputs]
            pieces += [str(form) for output in cell.outputs for form in output.get("data", {}).values()]
    return "\n".join(pieces)


def floating_numbers(nb):
    """Find decimal numbers of the prose that stand neither in the code nor in the committed outputs."""
    known = set(re.findall(r"(?<![\d.])\d+\.\d+(?!\d|\.\d)", evidence(nb)))
    found = []
    for number, source in markdown(nb):
        text = claims(source)
        loose = [decimal for decimal in DECIMAL.finditer(text) if decimal[0] not in known]
        found += [f"cell {number}: {one[0]} is not printed: {prose.sentence_at(text, one.start())}" for one in loose]
    return found
