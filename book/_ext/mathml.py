r"""Turn TeX into MathML, with Temml (vendored in `temml/`, MIT) run by the JavaScript engine of mini-racer.

Temml knows TeX, not all of TeX's spacing: MathML leaves some of it to the browser, and browsers do not know it.
`polish` mends what shows: relations in indices are set tight, a power stands at its closing bracket, a function's
name keeps its distance from what stands before it, and a line that goes on with a minus has it as an operation.
"""

import atexit
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from py_mini_racer import JSEvalException, MiniRacer

TEMML = Path(__file__).with_name("temml") / "temml.min.js"
CALL = "(tex, display) => temml.renderToString(tex, {displayMode: display, throwOnError: true})"
SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
APPLY = "\u2061"  # the invisible operator after the name of a function
DROPPED = {"padding-left:0em;padding-right:0em;", "display:block math;"}  # the style sheet says it once


@cache
def engine() -> MiniRacer:
    """Start the JavaScript engine and load Temml."""
    racer = MiniRacer()
    atexit.register(racer.close)  # its thread would keep Python from ending
    racer.eval(TEMML.read_text(encoding="utf-8"))
    racer.eval(f"const typeset = {CALL}")
    return racer


@cache
def mathml(tex: str, display: bool = False) -> str:
    r"""Return a formula as a `<math>` element.

    Parameters
    ----------
    tex
        The formula without dollars, such as `\log p_\theta(x)`.
    display
        Whether it stands on a line of its own.

    Raises
    ------
    ValueError
        If Temml cannot read the formula: the message names it and says where reading ended.
    """
    try:
        root = ElementTree.fromstring(engine().call("typeset", tex, display))
    except JSEvalException as error:
        reason = " ".join(str(error).split("ParseError:")[-1].split("\n    at ")[0].split())
        raise ValueError(f"tex must be a formula that Temml reads, came {tex!r}: {reason}") from None
    polish(root)
    return ElementTree.tostring(root, encoding="unicode")


def polish(element: ElementTree.Element, in_script: bool = False) -> None:
    """Mend the spacing of an element and of all below it."""
    if element.get("style") in DROPPED:
        del element.attrib["style"]
    element.attrib.pop("fence", None)  # browsers know brackets; they do not know this attribute
    if in_script and element.tag == "mo":
        element.set("lspace", "0"), element.set("rspace", "0")
    if element.tag == "mtd" and element.get("class") == "tml-left":
        continue_line(element)
    for child in element.findall("mspace"):
        if not child.attrib:
            element.remove(child)
    for index, child in enumerate(list(element)):
        polish(child, in_script or (element.tag in SCRIPTS and index > 0))
    separate_names(element)
    for index, child in enumerate(element):
        element[index] = power_of_bracket(child)
    flatten(element)


def continue_line(cell: ElementTree.Element) -> None:
    """Give a sign that opens a cell right of the `&` the room of an operation, as TeX does."""
    first = next(cell.iter("mo"), None)
    if first is not None and first.text in "−+" and opens(cell, first):
        first.set("form", "infix")


def opens(cell: ElementTree.Element, sign: ElementTree.Element) -> bool:
    """Tell whether the sign is the first thing in a cell."""
    while len(cell) and cell.tag in ("mtd", "mrow"):
        cell = cell[0]
    return cell is sign


def separate_names(row: ElementTree.Element) -> None:
    """Put a thin space between a symbol or bracket and the name of a function that follows."""
    for index in range(len(row) - 1, 0, -1):
        named = row[index].tag == "mrow" and [part.text for part in row[index][1:2]] == [APPLY]
        if named and row.tag == "mrow" and row[index - 1].tag not in ("mo", "mspace") and not is_name(row[index - 1]):
            row.insert(index, ElementTree.Element("mspace", width="0.1667em"))


def is_name(element: ElementTree.Element) -> bool:
    """Tell whether an element is the name of a function, which ends in a space of its own."""
    return element.tag == "mrow" and len(element) > 0 and element[-1].tag == "mspace"


def power_of_bracket(script: ElementTree.Element) -> ElementTree.Element:
    """Rewrite (a + b)² so that the closing bracket carries the power, which else would stand above all of it."""
    base = script[0] if script.tag in ("msup", "msub", "msubsup") else None
    if base is None or base.tag != "mrow" or len(base) < 2 or base[-1].get("stretchy") != "false":
        return script
    if base[-1].get("form") != "postfix":
        return script
    script[0] = base[-1]
    base[-1] = script
    return base


def flatten(row: ElementTree.Element) -> None:
    """Put the parts of inner rows into the row itself, where nothing stretches with them: fewer elements to lay out."""
    if row.tag not in ("math", "mrow", "mtd"):
        return
    for index in range(len(row) - 1, -1, -1):
        if row[index].tag == "mrow" and not row[index].attrib and not any(map(depends_on_row, row[index])):
            parts = list(row[index])
            row.remove(row[index])
            for part in reversed(parts):
                row.insert(index, part)


def depends_on_row(part: ElementTree.Element) -> bool:
    """Tell whether a part looks otherwise in another row: a bracket as tall as the row, or a table."""
    return part.tag == "mtable" or any(sign.get("stretchy") == "true" for sign in part.iter("mo"))
