"""Mutation testing: are the tests of the formulas good? python -m tools.mutants [MODULE ...], such as divergences.

mutmut changes one thing in a function at a time, a sign or a number, and runs the tests that reach the function: a
mutant that no test notices has survived. All of that happens in a copy, _build/mutants; [tool.mutmut] in
pyproject.toml says which modules and tests belong to it. Works where Python can fork: on Linux and macOS.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from tools.environment import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "_build" / "mutants"
LOG = COPY / "mutmut.log"
PARTS = ("vae_lessons", "tests", "tools", "conftest.py", "pyproject.toml")
RESULT = re.compile(r"^\s*vae_lessons\.(?P<module>\w+)\.(?P<mutant>\S+): (?P<status>.+)$", re.MULTILINE)
SURVIVED = ("survived", "no tests")


def copy_sources():
    """Make a fresh copy of what the tests need."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, COPY / part)


def mutmut(*arguments, **options):
    """Run mutmut in the copy."""
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments], cwd=COPY, env=os.environ | ENVIRONMENT, text=True, **options
    )


def results():
    """Read what became of each mutant: a list of (module, mutant, status)."""
    printed = mutmut("results", "--all", "true", capture_output=True, check=True).stdout
    return [match.groups() for match in RESULT.finditer(printed) if match["status"] != "not checked"]


def table(found):
    """Write killed and total for each module, and the survivors."""
    counts = defaultdict(Counter)
    for module, _, status in found:
        counts[module][status not in SURVIVED] += 1
    rows = [f"{module:15} {c[True]:4} of {c.total():4} killed" for module, c in sorted(counts.items())]
    names = [f"  vae_lessons.{module}.{mutant}  {status}" for module, mutant, status in found if status in SURVIVED]
    how = ["Survivors; to see one: cd _build/mutants && ../../.venv/bin/python -m mutmut show NAME"] if names else []
    return [*rows, *how, *names]


def main(modules):
    """Run mutmut on all modules or on these, and print the table; the exit status is 1 if mutmut could not run."""
    if importlib.util.find_spec("mutmut") is None:
        sys.exit("mutmut is not installed: python -m pip install -r requirements-mutants.txt")
    copy_sources()
    print(f"This takes some minutes. Progress: {LOG.relative_to(ROOT)}", flush=True)
    with LOG.open("w", encoding="utf-8") as log:
        names = [f"vae_lessons.{module}.*" for module in modules]
        done = mutmut("run", "--max-children", "2", *names, stdout=log, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(LOG.read_text(encoding="utf-8")[-5000:])
    print("\n".join(table(results())))


if __name__ == "__main__":
    main(sys.argv[1:])
