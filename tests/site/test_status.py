"""The status page, and the limit on run times: notebooks that sleep, for an eighth of a second, are slow ones."""

import re
import sys
from datetime import UTC, datetime

import pytest
from tiny_book import CONF, code, notebook

STATUS = "# Status\n\n" + "".join(f"```{{status}} {part}\n```\n\n" for part in ("run-times", "software", "counts"))


@pytest.fixture
def executed(book):
    """Return a book with a status page that executes its notebook, and keeps outputs beside the pages."""
    book.write("conf.py", CONF.replace('nb_execution_mode = "off"', 'nb_execution_mode = "cache"'))
    book.write("status.md", STATUS)
    book.write("one.ipynb", notebook("# 1. One", code("import time; time.sleep(0.125)")))
    return book


def set_limit(book, seconds):
    """Let a notebook run for so many seconds."""
    book.write("conf.py", (book.folder / "conf.py").read_text().split("run_seconds")[0] + f"run_seconds = {seconds}\n")


def run_times(book):
    """Return the first row of the table, and the sentence below it."""
    table = book.page("status").select_one("table")
    return [cell.text for cell in table.select("tbody td")], table.find_next("p", string=re.compile("together")).text


def test_run_times_are_kept_by_a_build_from_the_cache(executed):
    before = datetime.now(UTC)
    assert executed.build() == ""
    (title, seconds, when), total = first = run_times(executed)
    assert title == "1. One"
    assert float(seconds) >= 0.1
    assert abs(datetime.fromisoformat(when).replace(tzinfo=UTC) - before).total_seconds() < 120
    assert total.startswith("All 1 notebooks together: ")
    for name in (".doctrees", "doctrees", "html"):
        folder = executed.folder / "_build" / name
        if folder.exists():
            folder.rename(executed.folder / f"{name}.old")
    assert executed.build() == ""
    assert run_times(executed) == first


def test_slow_notebook_warns_and_is_executed_again(executed, monkeypatch):
    import run_times as extension

    monkeypatch.setattr(extension, "crowding", lambda: 1.0)
    set_limit(executed, 0.1)
    assert re.search(r"the notebook one ran for \d+ s, and may run for 0.1 s.*\[run_times.slow\]", executed.build())
    set_limit(executed, 60)
    executed.write("status.md", STATUS + "More.\n")
    (executed.folder / "one.ipynb").touch()
    assert executed.build() == ""


def test_busy_machine_is_forgiven_in_proportion(executed, monkeypatch):
    import run_times as extension

    set_limit(executed, 0.1)
    monkeypatch.setattr(extension, "crowding", lambda: 1000.0)
    assert executed.build() == ""


def test_crowding_is_the_load_of_a_processor(monkeypatch, book):
    import run_times as extension

    monkeypatch.setattr(extension.os, "cpu_count", lambda: 2)
    for load, expected in ((8.0, 4.0), (0.3, 1.0)):
        monkeypatch.setattr(extension.os, "getloadavg", lambda load=load: (load, 0.0, 0.0), raising=False)
        assert extension.crowding() == expected
    monkeypatch.delattr(extension.os, "getloadavg")
    assert extension.crowding() == 1.0


def test_status_without_execution_says_so(book):
    book.write("status.md", STATUS)
    assert book.build() == ""
    assert "This build has executed no notebook." in book.page("status").text


def test_software_and_counts(book):
    book.write("status.md", STATUS)
    book.write("one.ipynb", notebook("# 1. One\n\n$$\na \\tag{1.1}\n$$"))
    (book.folder / "tests").mkdir()
    book.write("tests/test_it.py", "def test_one(): ...\nclass A:\n    def test_two(self): ...\ndef helper(): ...\n")
    assert book.build() == ""
    software, counts = (
        [row.text.split("\n") for row in table.select("tr")] for table in book.page("status").select("table")
    )
    found = dict(filter(None, words) for words in (filter(None, row) for row in software[1:]))
    assert found["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(found) == {"Python", "torch", "numpy"}
    assert [int(list(filter(None, row))[-1]) for row in counts[1:]] == [1, 5, 5, 0, 0, 2]


def test_exercises_are_those_of_the_chapters(book, tmp_path, monkeypatch):
    from status_counts import all_exercises

    package = tmp_path / "drills"
    package.mkdir()
    for name, exercises in (("__init__", ""), ("ch01", "1, 2"), ("ch02", "3"), ("ch02_more", "4"), ("hints_ch01", "5")):
        (package / f"{name}.py").write_text(f"EXERCISES = ({exercises},)" if exercises else "")
    monkeypatch.syspath_prepend(tmp_path)
    assert all_exercises("drills") == [1, 2, 3]


def test_unknown_part_is_reported(book):
    book.write("status.md", "# Status\n\n```{status} weather\n```\n")
    assert "run-times, software, counts, not 'weather'" in book.build()
