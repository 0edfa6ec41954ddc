"""What importing the package does, and what it promises."""

import importlib
import re
import subprocess
import sys

import vae_lessons

HEAVY = ("IPython", "matplotlib", "pandas", "scipy", "sklearn", "sympy")


def test_import_loads_nothing_heavy_and_prints_nothing():
    code = f"import sys, vae_lessons; print([name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("[]\n", "")


def test_public_names_are_where_the_docstring_says():
    listed = re.findall(r"^(\w+): (.+)$", vae_lessons.__doc__, re.M)
    assert len(listed) >= 10
    for module, names in listed:
        for name in re.findall(r"\w+(?=,|$)", names.split(", and")[0]):
            assert callable(getattr(importlib.import_module(f"vae_lessons.{module}"), name)), f"{module}.{name}"
    assert all(callable(getattr(vae_lessons, name)) for name in vae_lessons.__all__)


def test_version_is_that_of_the_metadata():
    from importlib.metadata import version

    assert vae_lessons.__version__ == version("vae-lessons")


def test_versions_names_what_a_report_needs(capsys):
    vae_lessons.versions()
    out = capsys.readouterr().out
    assert all(word in out for word in ("vae_lessons", "Python", "torch", "numpy"))
