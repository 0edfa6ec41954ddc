"""What a check of an equation is, and the table of all of them.

A check holds the lines of an equation as functions of the same random inputs. All lines must agree, and every mutant
(the equation with one named mistake in it) must be told apart from them: a check that cannot fail proves nothing.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor

from vae_lessons.equations.source import check_source

METHODS = "finite world, SymPy, quadrature, autograd, complex step, enumeration, Monte Carlo, exact model".split(", ")


@dataclass(frozen=True)
class Equation:
    """One equation of the book and how it is checked.

    Attributes
    ----------
    number, title : str
        The number is that of the `tag` in the chapter, such as "3.1".
    method : str
        The kind of check, one of `METHODS`.
    draw : function of a NumPy Generator
        Returns random inputs, generic ones: a mistake must not cancel on them.
    lines : dict from name to function of the inputs
        The two sides of the equation, the steps of its derivation, independent oracles. Lines that return numbers
        must agree with each other; a line that returns booleans states a fact and must be true.
    mutants : dict from name to function of the inputs
        Named misconceptions: what a line gives with one mistake in it. The exercises recognise wrong answers by them.
    atol : float
        Largest absolute difference between lines that agree.
    draws : int
        Number of random inputs on which the lines are compared.
    module : str
        The module that declares it.
    """

    number: str
    title: str
    method: str
    draw: Callable[[np.random.Generator], tuple]
    lines: dict[str, Callable]
    mutants: dict[str, Callable]
    atol: float = 1e-9
    draws: int = 20
    module: str = ""

    def __post_init__(self):
        if self.method not in METHODS:
            raise ValueError(f"method of ({self.number}) must be one of {', '.join(METHODS)}, got {self.method!r}")
        if not self.lines:
            raise ValueError(f"({self.number}) has no lines to compare")

    def inputs(self, seed: int) -> tuple:
        """Draw the inputs that belong to a seed; the check uses seeds 0, 1, …, draws - 1."""
        return self.draw(np.random.default_rng(seed))

    def distance(self, function: Callable, seed: int) -> float:
        """How far a line or mutant is from the first line with numbers; a false statement is infinitely far."""
        inputs = self.inputs(seed)
        value = as_array(function(*inputs))
        if value.dtype == bool:
            return 0.0 if value.all() else np.inf
        return largest_difference(value, self.reference(seed))

    def reference(self, seed: int) -> np.ndarray:
        """Return the first line's value that is not boolean, computed once; true if all lines are statements."""
        if seed not in self._references:
            inputs = self.inputs(seed)
            values = (as_array(line(*inputs)) for line in self.lines.values())
            self._references[seed] = next((value for value in values if value.dtype != bool), np.asarray(True))
        return self._references[seed]

    @cached_property
    def _references(self) -> dict[int, np.ndarray]:
        return {}

    def lines_with_numbers(self) -> int:
        """Count the lines that are not statements."""
        return sum(as_array(line(*self.inputs(0))).dtype != bool for line in self.lines.values())

    def misses(self, function: Callable) -> int:
        """Count the draws on which a line or mutant does not agree."""
        return sum(self.distance(function, seed) > self.atol for seed in range(self.draws))

    def differs(self, function: Callable) -> bool:
        """Whether a line or mutant does not agree on some draw."""
        return any(self.distance(function, seed) > self.atol for seed in range(self.draws))

    def unequal_lines(self) -> list[str]:
        """Names of the lines that do not agree on every draw: empty if the check passes."""
        return [name for name, line in self.lines.items() if self.differs(line)]

    def survivors(self) -> list[str]:
        """Names of the mutants that no draw tells apart from the equation: empty if the check can fail as it should."""
        return [name for name, mutant in self.mutants.items() if not self.differs(mutant)]

    def source(self) -> str:
        """Return the source code of the check: the functions it uses, then its declaration."""
        return check_source(self.number, self.module)


REGISTRY: dict[str, Equation] = {}


def equation(number: str, title: str, **parts) -> Equation:
    """Declare an equation: put an `Equation` with these parts into `REGISTRY`.

    Raises
    ------
    ValueError
        If another module has declared the number.
    """
    module = sys._getframe(1).f_globals["__name__"]
    old = REGISTRY.get(number)
    if old is not None and old.module != module:
        raise ValueError(f"({number}) is declared in {old.module} and in {module}")
    new = Equation(number, title, **parts, module=module)
    REGISTRY[number] = new
    return new


def as_array(value) -> np.ndarray:
    """Turn what a line returns (tensor, number, truth value) into an array of booleans or of float64."""
    array = np.asarray(value.detach() if isinstance(value, Tensor) else value)
    return array if array.dtype == bool else array.astype(float)


def largest_difference(a: np.ndarray, b: np.ndarray) -> float:
    """Largest absolute difference; infinite for different shapes and where only one side is a number."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return np.inf
    with np.errstate(invalid="ignore"):
        differences = np.where(a == b, 0.0, np.abs(a - b))
    return float(np.nan_to_num(differences, nan=np.inf, posinf=np.inf).max())
