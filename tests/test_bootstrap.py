"""tools/bootstrap.py: one clear line for each thing that can go wrong, and nothing to do the second time."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project folder with a .venv in which Python is a stand-in for the real one."""
    (tmp_path / "requirements.txt").write_text("torch==2.13.0\n")
    (tmp_path / ".venv").mkdir()
    names = {"ROOT": tmp_path, "VENV": ".venv", "PYTHON": ".venv/python", "STAMP": ".venv/stamp", "LOG": ".venv/log"}
    for name, path in names.items():
        monkeypatch.setattr(bootstrap, name, str(tmp_path / path))
    monkeypatch.setattr(bootstrap, "is_usable", lambda: True)
    monkeypatch.setattr(bootstrap, "hint_small_torch", lambda: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fake_python(project, *lines, status=0):
    """Put a program in the place of .venv's Python: it notes that it was called, prints the lines and exits."""
    script = project / "fake.py"
    script.write_text(f"open('called', 'a').write('x')\nprint({chr(10).join(lines)!r})\nraise SystemExit({status})\n")
    bootstrap.PYTHON = str(project / ".venv" / "python")
    (project / ".venv" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}"\n')
    (project / ".venv" / "python").chmod(0o755)


def failure(capsys):
    """Run main, which must stop with status 1; return what it wrote to stderr."""
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main()
    assert stopped.value.code == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_old_python(capsys, version):
    with pytest.raises(SystemExit):
        bootstrap.check_python(version)
    assert f"needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}" in capsys.readouterr().err


def test_new_python():
    bootstrap.check_python((3, 11, 0))
    bootstrap.check_python((4, 0, 0))


def test_old_pythons_can_read_the_source():
    source = Path(bootstrap.__file__).read_text(encoding="utf-8")
    assert source.isascii()
    nodes = {type(node).__name__ for node in ast.walk(ast.parse(source))}
    assert nodes.isdisjoint({"JoinedStr", "AnnAssign", "NamedExpr", "Nonlocal", "YieldFrom", "Await", "Match"})


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_python_without_venv(tmp_path, module):
    (tmp_path / f"{module}.py").write_text("raise ImportError('not here')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import tools.bootstrap as b; b.check_venv_module()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", cwd=bootstrap.ROOT)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "apt install python3-venv" in result.stderr


posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for Python is a shell script")


@posix
def test_second_run_does_nothing(project):
    fake_python(project, "Successfully installed")
    bootstrap.main()
    assert (project / "called").read_text() == "xx"  # requirements, then the package
    bootstrap.main()
    assert (project / "called").read_text() == "xx"


@posix
@pytest.mark.parametrize("name", ["requirements.txt", "constraints.txt", "pyproject.toml"])
def test_changed_input_installs_again(project, name):
    fake_python(project, "Successfully installed")
    bootstrap.main()
    (project / name).write_text("sympy\n")
    bootstrap.main()
    assert (project / "called").read_text() == "xxxx"


@posix
def test_no_network(project, capsys):
    fake_python(project, "NewConnectionError: [Errno 111] Connection refused", "ERROR: No matching", status=1)
    message = failure(capsys)
    assert message.startswith("No network")
    assert message.count("\n") == 1
    assert str(project / ".venv" / "log") in message
    assert "Connection refused" in (project / ".venv" / "log").read_text()


@posix
def test_other_failure_shows_the_last_lines(project, capsys):
    fake_python(project, *(f"line {number}" for number in range(30)), "ERROR: nothing fits", status=1)
    message = failure(capsys)
    assert "pip failed" in message
    assert "ERROR: nothing fits" in message
    assert "line 2\n" not in message


@posix
def test_failed_installation_is_not_taken_as_complete(project, capsys):
    fake_python(project, "fine")
    bootstrap.main()
    (project / "requirements.txt").write_text("sympy\n")
    fake_python(project, "no", status=1)
    failure(capsys)
    (project / "requirements.txt").write_text("torch==2.13.0\n")
    assert not bootstrap.is_installed()
