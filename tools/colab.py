"""Run the notebooks as Colab would: python -m tools.colab [--python PYTHON] [--requirements FILE] [NAME ...].

A clean virtual environment gets what Colab has preinstalled, and not our module. The notebooks are those of the branch
that the Colab buttons open; git answers for GitHub from a copy of the working tree, so that the first cell of each
notebook really installs. Afterwards every other package must be as it was. Not part of `make test`: it takes minutes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools.branch import contents, git
from tools.notebooks import COLOUR
from tools.stamp import ROOT, current

FOLDER = ROOT / "_build" / "colab"
PYTHON = FOLDER / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MODULE = "vae-lessons"
ELSEWHERE = ("MPLBACKEND", "PYTHONPATH", "VIRTUAL_ENV", "VAE_LESSONS_DATA")  # Colab knows nothing of these
CELL_TIMEOUT = 600  # seconds


def pip(*arguments: str) -> str:
    """Run pip in the environment and return what it prints; its complaints go to the screen."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def make_environment(python: str, requirements: Path) -> None:
    """Make the environment and register its kernel under the name "colab"."""
    subprocess.run([python, "-m", "venv", "--clear", FOLDER / "venv"], check=True)
    pip("install", "--quiet", "--upgrade", "pip")
    pip("install", "--quiet", "-r", str(requirements))
    register = [PYTHON, "-m", "ipykernel", "install", "--prefix", FOLDER, "--name", "colab"]
    subprocess.run(register, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def serve(root: Path, folder: Path) -> str:
    """Put the working tree, uncommitted changes included, as one commit into a bare repository; return its id."""
    shutil.rmtree(folder, ignore_errors=True)
    git(root, "init", "--quiet", "--bare", str(folder))
    with tempfile.TemporaryDirectory() as scratch:
        own_index = {"GIT_INDEX_FILE": str(Path(scratch) / "index"), "GIT_DIR": str(folder), "GIT_WORK_TREE": str(root)}
        git(root, "add", "--all", **own_index)
        tree = git(root, "write-tree", **own_index)
    names = {f"GIT_{role}_{key}": "colab" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    commit = git(folder, "commit-tree", tree, "-m", "the working tree", **names)
    git(folder, "update-ref", "refs/heads/main", commit)
    git(folder, "symbolic-ref", "HEAD", "refs/heads/main")
    return commit


def environment(repository: str, folder: Path) -> dict[str, str]:
    """Return the kernel's environment, in which git fetches the repository from a folder and not from GitHub."""
    instead = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{folder.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://github.com/{repository}",
    }
    return {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | instead


def frozen() -> tuple[set[str], str | None]:
    """Return the packages with their versions, our module left out, and where our module was installed from."""
    lines = pip("list", "--format=freeze").split()
    own = next((line for line in pip("freeze").splitlines() if line.startswith(f"{MODULE} ")), None)
    return {line for line in lines if not line.startswith(f"{MODULE}==")}, own


def run(text: str, variables: dict[str, str]) -> str | None:
    """Run a notebook in an empty folder; return the first error, or None."""
    with tempfile.TemporaryDirectory() as content:
        resources = {"metadata": {"path": content}}
        nb = nbformat.reads(text, as_version=4)
        client = NotebookClient(nb, timeout=CELL_TIMEOUT, kernel_name="colab", resources=resources)
        try:
            client.execute(env=variables, stderr=subprocess.DEVNULL)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return COLOUR.sub("", str(error)).strip()
    return None


def prove(name: str, text: str, before: set[str], commit: str, variables: dict[str, str]) -> list[str]:
    """Run a notebook where our module is not installed; return what went wrong."""
    pip("uninstall", "--yes", "--quiet", "--quiet", MODULE)
    start = time.monotonic()
    error = run(text, variables)
    after, own = frozen()
    print(f"{name}: {'failed' if error else 'ok'} ({time.monotonic() - start:.0f} s)", flush=True)
    changed = sorted(before ^ after)
    return [
        *([error] if error else []),
        *([f"the first cell did not install commit {commit}, but {own}"] if not (own and own.endswith(commit)) else []),
        *([f"packages have changed: {', '.join(changed)}"] if changed else []),
    ]


def main() -> None:
    """Read the command line; exit with 1 when a notebook fails or a package has changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="the Python to make the environment with")
    parser.add_argument("--requirements", type=Path, default=ROOT / "requirements-colab.txt")
    parser.add_argument("--keep", action="store_true", help="use the environment of the last time")
    parser.add_argument("names", nargs="*", help="such as 03_kl_divergence; default: every notebook")
    arguments = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")
    if not (arguments.keep and PYTHON.exists()):
        make_environment(arguments.python, arguments.requirements)
    pip("uninstall", "--yes", "--quiet", "--quiet", MODULE)
    repository, served = "/".join(current(ROOT)), FOLDER / "repository.git"
    commit = serve(ROOT, served)
    os.environ["JUPYTER_PATH"] = str(FOLDER / "share" / "jupyter")
    files = contents(ROOT, repository, commit)
    chosen = {Path(path).stem: text for path, text in files.items() if path.endswith(".ipynb")}
    before, failed = frozen()[0], []
    for name in arguments.names or chosen:
        failed += prove(name, chosen[name], before, commit, environment(repository, served))
    print(*failed, sep="\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
