"""Execute the notebooks and bring them into normal form: python -m tools.notebooks [--check | --no-execute] [FILE ...].

The normal form is described in tools/normal_form.py.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4.rwbase import rejoin_lines

from tools.environment import ENVIRONMENT
from tools.normal_form import normalise, problems

BOOK = Path(__file__).resolve().parents[1] / "book"
CELL_TIMEOUT = 240
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def paths():
    """Return the notebooks of the book, in reading order."""
    return sorted(BOOK.glob("*.ipynb"))


def read(path):
    """Read a notebook as it stands, without repairs."""
    return rejoin_lines(nbformat.from_dict(json.loads(Path(path).read_text(encoding="utf-8"))))


def text(nb):
    """Return the notebook as the text of its file."""
    return nbformat.v4.writes(nb, indent=1, ensure_ascii=False).rstrip("\n") + "\n"


def write(nb, path):
    """Write the notebook, with the same line ends on every system."""
    Path(path).write_text(text(nb), encoding="utf-8", newline="\n")


def execute(nb, folder=BOOK):
    """Run all cells in `folder` and return a new notebook with their outputs."""
    nb = deepcopy(nb)
    os.environ.update(ENVIRONMENT)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(nb, timeout=CELL_TIMEOUT, kernel_name="python3", resources=resources)
    client.execute(stderr=subprocess.DEVNULL)  # the kernel's own chatter; what a cell writes is still seen
    return nb


def is_normal(path):
    """Tell whether the file is in normal form, letter for letter; git may have changed the line ends on Windows."""
    return Path(path).read_text(encoding="utf-8") == text(normalise(read(path)))


def check(path):
    """Return what is wrong with a notebook as it is committed."""
    nb = read(path)
    return ([] if is_normal(path) else ["not in normal form: run `make notebooks`"]) + problems(nb)


def update(path, run=True):
    """Execute and normalise one file in place; return what is wrong, in which case the file is left alone."""
    try:
        nb = read(path)
        nb = normalise(execute(nb, Path(path).resolve().parent) if run else nb)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return [COLOUR.sub("", str(error)).strip()]
    found = problems(nb)
    if not found:
        nbformat.validate(nb)
        write(nb, path)
    return found


def main():
    """Read the command line; exit with 1 when a notebook has a problem."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    mode.add_argument("--no-execute", action="store_true", help="normalise the outputs that are there")
    parser.add_argument("files", nargs="*", type=Path, help="default: every notebook of the book")
    args = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    files = args.files or paths()
    work = check if args.check else lambda path: update(path, run=not args.no_execute)
    failed = False
    with ThreadPoolExecutor(max_workers=2) as pool:
        for path, found in zip(files, pool.map(work, files), strict=True):
            print(f"{path.name}: {'ok' if not found else ''}", *found, sep="\n  " if found else "", flush=True)
            failed |= bool(found)
    sys.exit(failed)


if __name__ == "__main__":
    main()
