"""The workflows only call make; a fork's first push names the fork everywhere; Binder has the book's versions."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import branch, stamp

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
FORK = "a-teacher/fork-of-the-course"
JOBS = [("publish.yml", "build"), ("publish.yml", "colab"), ("weekly.yml", "cold"), ("weekly.yml", "colab")]
needs_make = pytest.mark.skipif(
    sys.platform == "win32" or not shutil.which("make"), reason="needs make and a POSIX shell"
)


def steps(name, job):
    """Return the commands of a job of a workflow."""
    workflow = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return [step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step]


@pytest.mark.parametrize(("name", "job"), JOBS)
def test_workflow_only_calls_make(name, job):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for command in steps(name, job):
        make, *words = command.split()
        assert make == "make"
        assert {word for word in words if "=" not in word} <= targets


def test_only_the_job_that_writes_the_branch_may_write():
    workflow = yaml.safe_load((WORKFLOWS / "publish.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    writers = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    assert writers == {"deploy": {"pages": "write", "id-token": "write"}, "colab": {"contents": "write"}}
    assert all("build" in job["needs"] for name, job in workflow["jobs"].items() if name != "build")


def run(command, folder):
    """Run a command as GitHub does for the fork; return what it prints."""
    identity = {f"GIT_{role}_{key}": "x@y" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    environment = os.environ | identity | {"GITHUB_REPOSITORY": FORK}
    shown = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, encoding="utf-8")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    return shown.stdout.strip()


@pytest.fixture(scope="module")
def fork(tmp_path_factory):
    """Return the clone of a fork after the commands of the workflow, but for building and testing."""
    folder = tmp_path_factory.mktemp("fork")
    clone = folder / "clone"
    run(f"git init -q --bare origin.git && git clone -q origin.git {clone}", folder)
    for name in (
        "Makefile",
        "_config.yml",
        "README.md",
        "LICENSE",
        "LICENSE-CONTENT",
        "CITATION.cff",
        "pyproject.toml",
    ):
        shutil.copy(ROOT / name, clone / name)
    for name in ("tools", "book"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__", "_static"))
    run("git checkout -q -b main && git add . && git commit -q -m first && git push -q origin main", clone)
    first, *_ = steps("publish.yml", "build")
    run(first.replace("PYTHON=python", "PYTHON=python3"), clone)
    for command in steps("publish.yml", "colab"):
        run(command, clone)
    return clone


@needs_make
def test_pages_of_a_fork_name_the_fork(fork):
    config = yaml.safe_load((fork / "_config.yml").read_text(encoding="utf-8"))
    assert config["repository"]["url"] == f"https://github.com/{FORK}"
    assert config["repository"]["branch"] == "main"
    assert config["html"]["baseurl"] == "https://a-teacher.github.io/fork-of-the-course/"


def test_colab_button_and_workflow_mean_the_same_branch():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["config"]["colab_branch"] == branch.BRANCH


@needs_make
def test_branch_of_a_fork_installs_the_fork_at_this_commit(fork):
    commit = run("git rev-parse main", fork)
    assert run("git log --format=%s origin/colab", fork) == f"Notebooks of {commit}"
    names = run("git ls-tree -r --name-only origin/colab book", fork).split()
    assert names == sorted(path.relative_to(fork).as_posix() for path in (fork / "book").glob("*.ipynb"))
    old = "/".join(stamp.current(ROOT))
    for name in names:
        text = run(f"git show origin/colab:{name}", fork)
        assert f"git+https://github.com/{FORK}@{commit}" in text
        assert old not in text


def pins(path, section=None):
    """Return the pinned lines of a requirements file, or of the section that a comment begins."""
    text = path.read_text(encoding="utf-8")
    text = text.partition(f"# {section}\n")[2].partition("\n\n")[0] if section else text
    return re.findall(r"^\S+==\S+$", text, re.MULTILINE)


def test_binder_has_the_versions_of_the_book():
    assert pins(ROOT / "binder" / "requirements.txt") == pins(ROOT / "requirements.txt", "the course")


def test_binder_installs_this_repository_and_a_small_torch():
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-e ." in lines
    assert "--extra-index-url https://download.pytorch.org/whl/cpu" in lines
    python = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert python == "python-3.11"
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
