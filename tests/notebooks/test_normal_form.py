"""The notebooks are committed in normal form, and the tools make it."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import normal_form, notebooks

PNG = {"image/png": "aGVsbG8=", "text/html": "<img>", "text/plain": "[Figure: a line]"}


def code(source="1 + 1", outputs=(), **metadata):
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def normalised(*cells):
    return normal_form.normalise(new_notebook(cells=list(cells)))


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda path: path.stem)
def test_committed_notebook_is_in_normal_form(path):
    assert notebooks.check(path) == []


def test_normalise_is_idempotent_and_leaves_its_argument_alone():
    nb = new_notebook(cells=[code("a  \n\n", [stream("1"), stream("2"), new_output("display_data", PNG)]), code("b")])
    before = notebooks.text(nb)
    once = normal_form.normalise(nb)
    assert notebooks.text(nb) == before != notebooks.text(once)
    assert notebooks.text(normal_form.normalise(once)) == notebooks.text(once)
    nbformat.validate(once)


def test_displays_keep_their_text_only():
    shown = new_output("display_data", PNG | {"text/latex": "$x$"}, metadata={"image/png": {"width": 3}})
    [output] = normalised(code("f", [shown])).cells[0].outputs
    assert output.data == {"text/plain": "[Figure: a line]", "text/latex": "$x$"}
    assert output.metadata == {}


def test_a_display_without_text_is_kept_and_reported():
    nb = normalised(code("f", [new_output("display_data", {"text/html": "<b>"})]))
    assert nb.cells[0].outputs[0].data == {"text/html": "<b>"}
    assert normal_form.problems(nb) == ["cell 0: a display without text/plain: text/html"]


def test_neighbouring_streams_are_merged():
    outputs = normalised(code("f", [stream("1"), stream("2"), stream("3", "stderr"), stream("4")])).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "12"), ("stderr", "3"), ("stdout", "4")]


def test_ignored_outputs_are_removed():
    assert normalised(code("f", [stream("1")], tags=["nbval-ignore-output"])).cells[0].outputs == []


def test_code_cells_are_numbered_in_order():
    result = new_output("execute_result", {"text/plain": "2"}, execution_count=7)
    nb = normalised(new_markdown_cell("# T"), code(), new_markdown_cell("x"), code("1 + 1", [result]))
    assert [cell.execution_count for cell in nb.cells if cell.cell_type == "code"] == [1, 2]
    assert nb.cells[3].outputs[0].execution_count == 2


def test_only_meaningful_metadata_stay():
    hidden = {"tags": ["hide-cell"], "cellView": "form", "jupyter": {"source_hidden": True, "outputs_hidden": True}}
    nb = normalised(code(**hidden, collapsed=True, scrolled=True), code(tags=[], jupyter={"outputs_hidden": True}))
    assert nb.cells[0].metadata == hidden | {"jupyter": {"source_hidden": True}}
    assert nb.cells[1].metadata == {}
    assert nb.metadata == normal_form.METADATA


def test_sources_have_no_stray_white_space():
    assert normalised(new_markdown_cell("\n\na  \n\n b\t\n\n")).cells[0].source == "a\n\n b"


def test_ids_are_kept_and_missing_or_doubled_ones_are_made_the_same_way_each_time():
    nb = new_notebook(cells=[code("a"), code("b"), code("c")])
    nb.cells[0].id = nb.cells[2].id = "mine"
    del nb.cells[1]["id"]
    first, second = (normal_form.normalise(nb).cells for _ in range(2))
    assert [cell.id for cell in first] == [cell.id for cell in second]
    assert first[0].id == "mine"
    assert len({cell.id for cell in first}) == 3


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ("saved to /tmp/x.pt", "a path"),
        ("saved to /home/ada/x.pt", "a path"),
        ("C:\\Users\\ada", "a path"),
        ("<object at 0x7f2e4c0d1a90>", "a memory address"),
        ("took 3.2 s", "a time"),
        ("0.4ms", "a time"),
        ("[00:03<00:00]", "a time"),
        ("2026-11-21", "a date"),
    ],
)
def test_what_differs_from_run_to_run_is_reported(shown, problem):
    [found] = normal_form.problems(normalised(code("f", [stream(shown)])))
    assert found.startswith(f"cell 0: {problem}")


@pytest.mark.parametrize("shown", ["KL = 0.443 nats", "ratio 1:10", "1437 samples", "x[0:3]", "a/b", "0xff"])
def test_what_is_the_same_each_time_is_not_reported(shown):
    assert normal_form.problems(normalised(code("f", [stream(shown)]))) == []


def test_warnings_and_errors_are_reported():
    error = new_output("error", ename="ValueError", evalue="no", traceback=[])
    first, second = normal_form.problems(normalised(code("f", [stream("careful", "stderr"), error])))
    assert "stderr: careful" in first
    assert "ValueError: no" in second


def test_the_file_is_what_jupyter_writes(tmp_path):
    nb = normalised(new_markdown_cell("# Größe\n\ntwo"), code("1 + 1"))
    notebooks.write(nb, tmp_path / "a.ipynb")
    written = (tmp_path / "a.ipynb").read_bytes().decode("utf-8")
    assert written == nbformat.writes(nb) + "\n"
    assert written == json.dumps(json.loads(written), indent=1, ensure_ascii=False) + "\n"
    assert notebooks.is_normal(tmp_path / "a.ipynb")
    (tmp_path / "a.ipynb").write_text(written + "\n")
    assert notebooks.check(tmp_path / "a.ipynb") == ["not in normal form: run `make notebooks`"]


def test_update_executes_and_writes(tmp_path):
    path = tmp_path / "a.ipynb"
    notebooks.write(new_notebook(cells=[code("print(6 * 7)")]), path)
    assert notebooks.update(path) == []
    assert notebooks.read(path).cells[0].outputs[0].text == "42\n"
    assert notebooks.check(path) == []


def test_update_leaves_a_failing_notebook_alone(tmp_path):
    path = tmp_path / "a.ipynb"
    notebooks.write(new_notebook(cells=[code("1 / 0")]), path)
    before = path.read_text()
    [problem] = notebooks.update(path)
    assert "ZeroDivisionError" in problem
    assert path.read_text() == before
