"""tools/colab.py: git answers for GitHub, uncommitted work included; Colab's list of versions is understood."""

import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement

from tools import colab, colab_versions, stamp

PUBLISHED = """# comment
numpy==2.1.3
scikit-learn==1.7.0
jupyter_client==8.0.0
torch @ https://download.pytorch.org/whl/cu126/torch-2.9.1%2Bcu126-cp312-cp312-manylinux_2_28_x86_64.whl#sha256=ab12
torchvision==0.1
tensorflow @ file:///x/tensorflow-2.0-py3.whl
"""


def test_versions_that_colab_publishes():
    pins = "# about\ntorch==2.0\nnumpy==1.0\nScikit_Learn==1.0\njupyter-client==7.4.9\n"
    wanted = "# about\ntorch==2.9.1\nnumpy==2.1.3\nScikit_Learn==1.7.0\njupyter-client==8.0.0\n"
    assert colab_versions.update(pins, PUBLISHED) == wanted


def test_package_that_colab_has_no_more():
    with pytest.raises(ValueError, match="Colab's list has no pooch"):
        colab_versions.update("numpy==1\npooch==1.8\n", PUBLISHED)


def test_colab_has_all_that_the_module_needs():
    project = tomllib.loads((stamp.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = colab_versions.FILE.read_text(encoding="utf-8")
    there = {colab_versions.key(name): version for name, version in re.findall(r"^(\S+)==(\S+)$", text, re.MULTILINE)}
    for needed in map(Requirement, project["dependencies"]):
        assert needed.specifier.contains(there[needed.name]), needed


def test_installed_module_has_all_its_files():
    settings = tomllib.loads((stamp.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {
        stamp.ROOT / package.replace(".", "/"): patterns for package, patterns in settings["package-data"].items()
    }
    brought = {path for folder, patterns in folders.items() for pattern in patterns for path in folder.glob(pattern)}
    needed = {path for path in (stamp.ROOT / "vae_lessons").rglob("*") if path.suffix not in ("", ".py", ".pyc")}
    assert brought == needed


def test_git_answers_for_github_with_the_working_tree(tmp_path):
    work, served = tmp_path / "work", tmp_path / "served.git"
    work.mkdir()
    (work / "committed.txt").write_text("new")
    (work / ".gitignore").write_text("hidden/\n")
    (work / "hidden").mkdir()
    (work / "hidden" / "x").touch()
    commit = colab.serve(work, served)
    environment = colab.environment("someone/course", served)
    clone = ["git", "clone", "--quiet", "--filter=blob:none", "https://github.com/someone/course", "clone"]
    subprocess.run(clone, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert {path.name for path in (tmp_path / "clone").iterdir()} == {".git", ".gitignore", "committed.txt"}
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path / "clone", check=True, capture_output=True)
    assert head.stdout.decode().strip() == commit


def test_environment_is_colabs_and_not_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", "here")
    monkeypatch.setenv("VAE_LESSONS_DATA", "there")
    environment = colab.environment("someone/course", tmp_path)
    assert not {"PYTHONPATH", "VAE_LESSONS_DATA"} & set(environment)
