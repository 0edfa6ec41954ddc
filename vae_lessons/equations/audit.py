"""Tell whether every displayed equation has a check, every check passes, and every check can fail.

Run `python -m vae_lessons.equations.audit book`. When the LaTeX of an equation has changed, read the equation and its
check; if they say the same, run it again with `--accept 3.5`, which notes the new fingerprint in book/equations.lock.

What this is not: the LaTeX is not parsed. The fingerprint forces a person to look at equation and check whenever one
may have left the other behind; that they agree is what the person sees.
"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from vae_lessons.equations import REGISTRY
from vae_lessons.equations.displays import Display, chapter_notebook, displays, in_order
from vae_lessons.equations.registry import Equation


@dataclass
class Report:
    """What the audit found: four counts, problems that must be repaired, and notes that need not."""

    equations: int = 0
    checks: int = 0
    mutants: int = 0
    killed: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.equations} equations in the notebooks, {self.checks} checks, "
            f"{self.killed} of {self.mutants} mutants caught, {len(self.problems)} problems"
        )


def audit(book: Path, lock: dict[str, str], registry: dict[str, Equation] = REGISTRY) -> Report:
    """Compare the notebooks, the registered checks and the lock with each other, and run all checks.

    Parameters
    ----------
    book : Path
        The folder of the notebooks.
    lock : dict from number to fingerprint
        The LaTeX as it was when equation and check were last read side by side.
    registry : dict from number to Equation
        The checks.
    """
    found = list(displays(book))
    shown = {number: display for display in found for number in display.numbers}
    report = Report(equations=len(shown), checks=len(registry))
    report.problems += numbering_problems(found, registry) + lock_problems(shown, lock)
    for number in in_order(registry):
        equation, survivors = registry[number], registry[number].survivors()
        report.mutants += len(equation.mutants)
        report.killed += len(equation.mutants) - len(survivors)
        report.problems += check_problems(equation, survivors)
        notebook = chapter_notebook(book, number)
        if notebook is None:
            report.notes.append(f"({number}) is registered, its chapter is not written yet")
        elif number not in shown or shown[number].notebook != notebook:
            report.problems.append(f"({number}) has a check, but {notebook} does not show it")
    return report


def numbering_problems(found: list[Display], registry: dict[str, Equation]) -> list[str]:
    """List displays without a number, numbers used twice, and numbers without a check."""
    problems, seen = [], {}
    for display in found:
        if not display.numbers:
            problems.append(f"{display.notebook}: a display without a \\tag: {' '.join(display.tex.split())[:60]}")
        for number in display.numbers:
            if number in seen:
                problems.append(f"({number}) is in {seen[number]} and again in {display.notebook}")
            elif number not in registry:
                problems.append(f"({number}) in {display.notebook} has no check")
            seen[number] = display.notebook
    return problems


def lock_problems(shown: dict[str, Display], lock: dict[str, str]) -> list[str]:
    """List equations that changed since a person compared them with their checks, or that nobody has compared."""
    accept = "read both, then run python -m vae_lessons.equations.audit book --accept"
    problems = [f"({number}) is in the lock, but in no notebook" for number in in_order(lock) if number not in shown]
    for number in in_order(shown):
        if number not in lock:
            problems.append(f"({number}) was never reviewed against its check: {accept} {number}")
        elif lock[number] != shown[number].fingerprint:
            problems.append(f"({number}) changed since its check was last reviewed: {accept} {number}")
    return problems


def check_problems(equation: Equation, survivors: list[str]) -> list[str]:
    """List what is wrong with one check: lines that disagree, mutants that survive, nothing to compare."""
    problems = [f"line does not agree: {name}" for name in equation.unequal_lines()]
    problems += [f"mutant survives: {name}" for name in survivors]
    if not equation.mutants:
        problems.append("no mutant, nothing shows that the check can fail")
    if equation.lines_with_numbers() == 1:
        problems.append("one line alone has numbers, they are compared with nothing")
    return [f"({equation.number}) {problem}" for problem in problems]


def accept(book: Path, lock: dict[str, str], numbers: list[str] | None) -> dict[str, str]:
    """Return the lock with today's fingerprints of these equations, or of all; what no notebook shows is dropped.

    Raises
    ------
    ValueError
        If an equation is neither in a notebook nor in the lock.
    """
    shown = {number: display.fingerprint for display in displays(book) for number in display.numbers}
    chosen = shown | lock if numbers is None else numbers
    for number in chosen:
        if number not in shown | lock:
            raise ValueError(f"there is no equation ({number}) in {book}")
    kept = {number: lock[number] for number in lock if number not in chosen}
    new = kept | {number: shown[number] for number in chosen if number in shown}
    return {number: new[number] for number in in_order(new)}


def read_lock(book: Path) -> dict[str, str]:
    """Read equations.lock of a book; empty if there is none."""
    path = book / "equations.lock"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def main(arguments: list[str] | None = None) -> int:
    """Print the counts, the notes and the problems of a book; the exit status is 1 if there are problems."""
    parser = argparse.ArgumentParser(prog="python -m vae_lessons.equations.audit", description=__doc__.split("\n")[0])
    parser.add_argument("book", type=Path, help="the folder of the notebooks")
    parser.add_argument("--accept", nargs="+", metavar="NUMBER", help="equations you have read next to their checks")
    parser.add_argument("--accept-all", action="store_true", help="the same for all equations that the book shows")
    options = parser.parse_args(arguments)
    lock = read_lock(options.book)
    if options.accept or options.accept_all:
        lock = accept(options.book, lock, None if options.accept_all else options.accept)
        (options.book / "equations.lock").write_text(json.dumps(lock, indent=1) + "\n", encoding="utf-8")
    report = audit(options.book, lock)
    print("\n".join([*report.notes, *report.problems, str(report)]))
    return bool(report.problems)


if __name__ == "__main__":
    sys.exit(main())
