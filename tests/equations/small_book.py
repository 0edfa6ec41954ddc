"""A book of one chapter with one equation, on which a single thing can be made wrong."""

import json

from vae_lessons.equations import Equation
from vae_lessons.equations.audit import accept, audit

DOUBLE = "$$\n2x = x + x \\tag{3.1}\n$$"


def toy(number="3.1", **changes):
    """Return a check of 2x = x + x that passes."""
    parts = {
        "method": "finite world",
        "draw": lambda rng: (rng.normal(),),
        "lines": {"2x": lambda x: 2 * x, "x + x": lambda x: x + x},
        "mutants": {"x²": lambda x: x * x},
    }
    return {number: Equation(number, "Twice", **(parts | changes))}


def write(folder, name, *cells, kind="markdown"):
    """Write a notebook whose cells have the given text, one string or a list of lines."""
    content = {"cells": [{"cell_type": kind, "source": cell} for cell in cells]}
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def one_chapter(folder):
    """Return a book with one chapter, one equation, and no lock."""
    write(folder, "03_twice.ipynb", f"Twice is the sum:\n\n{DOUBLE}\n\nas you see in (3.1).")
    return folder


def locked(book):
    """Return the lock of a book as it is."""
    return accept(book, {}, None)


def problems(book, registry=None, lock=None):
    """Return what the audit complains about."""
    return audit(book, locked(book) if lock is None else lock, toy() if registry is None else registry).problems
