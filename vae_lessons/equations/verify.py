"""Show in words what the check of an equation compares, and which mistakes it catches."""

import numpy as np

from vae_lessons.equations.displays import in_order
from vae_lessons.equations.registry import Equation, as_array


def verify(number: str, *, mutant: str | None = None, source: bool = False) -> None:
    """Run the check of an equation and print what it found.

    All lines of the equation are evaluated on the same random inputs and must agree; each mutant, the equation with
    one mistake in it, must not. The values printed belong to the first draw.

    What this is not: a proof, where the inputs are samples; nor a reading of the LaTeX on the page. That formula and
    code say the same is for you to see, and `source=True` shows you the code.

    Parameters
    ----------
    number : str
        The equation's number in the book, such as "3.1".
    mutant : str, optional
        The name of a mutant: what would the check say if this mistake were in the equation?
    source : bool
        Print the source code of the check as well.

    Raises
    ------
    ValueError
        If there is no such equation, or if the equation has no such mutant.
    """
    from vae_lessons.equations import REGISTRY  # here, because it loads the checks of all chapters

    equation = find({key: REGISTRY[key] for key in in_order(REGISTRY)}, number, "number")
    if mutant is None:
        print("\n".join(report(equation)))
    else:
        print("\n".join(report_mistake(equation, mutant)))
    if source:
        print(f"\nThe check:\n\n{equation.source().rstrip()}")


def find(table: dict, key: str, name: str):
    """Look up a key; the message of the ValueError lists what there is."""
    if key not in table:
        raise ValueError(f"{name} must be one of {', '.join(map(str, table))}; got {key!r}")
    return table[key]


def report(equation: Equation) -> list[str]:
    """Lines of text: the equation's lines, the verdict, the mutants, how many are caught."""
    rows = table(equation, equation.lines | equation.mutants)
    unequal = equation.unequal_lines()
    missed = {name: equation.misses(mutant) for name, mutant in equation.mutants.items()}
    return [
        f"Equation ({equation.number}): {equation.title}",
        f"Kind of check: {equation.method}, {draws(equation)}.",
        *(rows[name] + "   does not agree" * (name in unequal) for name in equation.lines),
        verdict(equation, unequal),
        "",
        "The same with one mistake in it:",
        *(f"{rows[name]}   {caught(count, equation.draws)}{gap(equation, name)}" for name, count in missed.items()),
        f"{sum(count > 0 for count in missed.values())} of {len(missed)} mistakes are caught.",
    ]


def report_mistake(equation: Equation, name: str) -> list[str]:
    """Lines of text: the equation's lines with the mistaken one among them, and what the check says then."""
    mutant = find(equation.mutants, name, "mutant")
    rows = table(equation, equation.lines | {name: mutant})
    missed, off = equation.misses(mutant), equation.distance(mutant, 0)
    return [
        f"Equation ({equation.number}) with a mistake in it: {name}",
        f"Kind of check: {equation.method}, {draws(equation)}.",
        *(rows[line] for line in equation.lines),
        rows[name] + "   does not agree" * (off > equation.atol),
        f"{'THE CHECK FAILS ✗ ' if missed else 'THE MISTAKE IS NOT CAUGHT:'} "
        f"The line with the mistake differs on {missed} of {equation.draws} inputs.",
        *([f"It is off by {off:.6g} here; {equation.atol:g} is allowed."] if np.isfinite(off) else []),
    ]


def verdict(equation: Equation, unequal: list[str]) -> str:
    """Say in one sentence whether the lines agree."""
    if unequal:
        return f"THE CHECK FAILS ✗  {len(unequal)} of {len(equation.lines)} lines do not agree with the first."
    return f"THE CHECK PASSES ✓  All lines agree to within {equation.atol:g}."


def draws(equation: Equation) -> str:
    """Say how many inputs the lines are compared on."""
    return f"on {equation.draws} random inputs; shown is the first" if equation.draws > 1 else "on the input shown"


def caught(missed: int, out_of: int) -> str:
    """Say on how many draws a mutant is told apart."""
    return {0: "NOT CAUGHT", out_of: "caught"}.get(missed, f"caught on {missed} of {out_of}")


def gap(equation: Equation, name: str) -> str:
    """Say by how much a mutant is off, where the table shows the ends of an array alone."""
    off, value = equation.distance(equation.mutants[name], 0), equation.mutants[name](*equation.inputs(0))
    return f", off by {off:.3g}" if np.isfinite(off) and as_array(value).size > 2 else ""


def table(equation: Equation, functions: dict) -> dict[str, str]:
    """Write name and value on the first draw of each line or mutant, in two columns."""
    values = {name: show(as_array(f(*equation.inputs(0))), equation.atol) for name, f in functions.items()}
    left, right = (max(map(len, column)) for column in (values, values.values()))
    return {name: f"  {name:<{left}}   {value:>{right}}" for name, value in values.items()}


def show(value: np.ndarray, atol: float) -> str:
    """Write a value with 6 significant digits, of an array the ends; what is within `atol` of 0 as 0."""
    if value.dtype == bool:
        return "true" if value.all() else "false"
    numbers = [f"{0.0 if abs(v) <= atol else v:.6g}" for v in value.flatten()]
    if value.ndim == 0:
        return numbers[0]
    return f"[{numbers[0]}, {'…, ' if len(numbers) > 2 else ''}{numbers[-1]}]"
