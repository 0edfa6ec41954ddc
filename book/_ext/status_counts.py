"""What the status page counts: equations, checks, exercises and tests."""

import importlib
import pkgutil
import re
from pathlib import Path

from sphinx.environment import BuildEnvironment

import equation_registry


def counts(env: BuildEnvironment) -> list[tuple[str, int]]:
    """Return the rows of the table: what, and how many."""
    registry = equation_registry.load(env.app)
    exercises = all_exercises(env.config.status_exercises)
    return [
        ("Numbered equations in the book", sum(map(len, env.equation_tags.values()))),
        ("Checks that run", len(registry)),
        ("Mutants of equations that the checks have to catch", sum(len(check.mutants) for check in registry.values())),
        ("Exercises with a checker", len(exercises)),
        ("Misconceptions that the checker names", sum(len(exercise.misconceptions) for exercise in exercises)),
        ("Test functions, most of them run on many cases", test_functions(Path(env.srcdir) / "tests")),
    ]


def all_exercises(package: str) -> list:
    """Return the exercises of the modules ch00, ch01, … of a package; none without a package."""
    if not package:
        return []
    folder = importlib.import_module(package).__path__
    names = sorted(module.name for module in pkgutil.iter_modules(folder) if re.fullmatch(r"ch\d\d", module.name))
    return [exercise for name in names for exercise in importlib.import_module(f"{package}.{name}").EXERCISES]


def test_functions(folder: Path) -> int:
    """Return how many functions below a folder begin with `test_`."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")))
    return sum(len(re.findall(r"^ *def test_", text, re.MULTILINE)) for text in texts)
