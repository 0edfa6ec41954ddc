"""The repository's conftest.py lets good cells pass and turns red for each way in which a cell can go wrong."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[1]
FIGURE = """
from IPython.display import display
display({"image/png": "aGVsbG8=", "text/html": "<img>", "text/plain": "[Figure: a line]"}, raw=True)
"""
THREADS = "import os; print(os.environ['OMP_NUM_THREADS'], os.environ['MPLBACKEND'])"


def displayed(text, **others):
    return new_output("display_data", {"text/plain": text} | others)


def printed(text):
    return new_output("stream", name="stdout", text=text)


# name: the verdict, then the cell's source and its committed outputs
CELLS = {
    "right number": ("PASSED", "print(2)", printed("2\n")),
    "wrong number": ("FAILED", "print(3)", printed("2\n")),
    "number not printed any more": ("FAILED", "x = 2", printed("2\n")),
    "number not committed": ("FAILED", "print(2)"),
    "exception": ("FAILED", "1 / 0"),
    "right figure": ("PASSED", FIGURE, displayed("[Figure: a line]")),
    "other pixels": (
        "PASSED",
        FIGURE,
        displayed("[Figure: a line]", **{"image/png": "eA==", "text/html": "<p>"}),
    ),
    "other alt text": ("FAILED", FIGURE, displayed("[Figure: a circle]")),
    "figure not committed": ("FAILED", FIGURE),
    "one thread, no windows": ("PASSED", THREADS, printed(f"{os.environ['OMP_NUM_THREADS']} agg\n")),
}


def run(folder, *cells):
    """Run pytest, set up as in the repository, on a notebook of these (source, outputs ...) cells."""
    made = [new_code_cell(source, execution_count=1, outputs=outputs) for source, *outputs in cells]
    nbformat.write(new_notebook(cells=made), folder / "lesson.ipynb")
    options = ["-v", "-p", "conftest", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", "--rootdir", folder]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", *options, folder / "lesson.ipynb"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=100)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    result = run(tmp_path_factory.mktemp("nbval"), *(cell for _, *cell in CELLS.values()))
    found = re.findall(r"^lesson.*::Cell (\d+) (PASSED|FAILED)", result.stdout, re.MULTILINE)
    return {list(CELLS)[int(number)]: verdict for number, verdict in found}


@pytest.mark.parametrize("name", CELLS)
def test_verdict_on_a_cell(verdicts, name):
    assert verdicts[name] == CELLS[name][0]


def test_a_dead_kernel_is_noticed_at_once(tmp_path):
    start = time.monotonic()
    result = run(tmp_path, ("import os; os._exit(1)",), ("print(1)", printed("1\n")))
    assert time.monotonic() - start < 40  # and not only after the time limit of a cell, 60 s
    assert result.returncode == 1
    assert "2 failed" in result.stdout
    assert "the kernel died while running this cell" in result.stdout
    assert "Kernel dead on test start" in result.stdout
