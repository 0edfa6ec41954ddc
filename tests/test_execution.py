"""Notebooks are executed into the cache that Jupyter Book reads, once, and failures are left to it."""

import nbformat
import pytest
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_notebook

from tools.execution import execute

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture
def folder(tmp_path):
    """Return a project with a notebook that runs and one that fails."""
    (tmp_path / "book").mkdir()
    for name, code in {"right": "import os\nprint(os.path.basename(os.getcwd()))", "wrong": "1 / 0"}.items():
        notebook = new_notebook(cells=[new_code_cell(code)], metadata=KERNEL)
        nbformat.write(notebook, tmp_path / "book" / f"{name}.ipynb")
    return tmp_path


def test_each_notebook_runs_once_and_failures_are_left(folder, capsys):
    execute(folder, jobs=2)
    assert capsys.readouterr().out.startswith("right.ipynb: Executed notebook in ")

    cache = get_cache(str(folder / "_build" / ".jupyter_cache"))
    (record,) = cache.list_cache_records()
    (cell,) = cache.get_cache_bundle(record.pk).nb.cells
    assert cell.outputs[0].text == "book\n"  # the folder in which it ran
    assert record.data["execution_seconds"] > 0

    (folder / "book" / "wrong.ipynb").unlink()
    execute(folder, jobs=2)
    assert capsys.readouterr().out == ""
