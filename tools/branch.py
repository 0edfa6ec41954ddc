"""Write the branch that the Colab buttons open: python -m tools.branch owner/name [--push REMOTE].

Colab shows a notebook as it lies in a branch and knows nothing else of the repository. In this branch the first cell
therefore installs the module from this very commit of this very repository, and links lead to the published pages.
The branch has one commit, made anew each time: the same notebooks of the same commit give the same branch.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.stamp import ROOT, current, parse, pin, rename

BRANCH = "colab"
LICENCES = ("LICENSE", "LICENSE-CONTENT")
BASE = re.compile(r"^  baseurl: (\S+?)/?\s*$", re.MULTILINE)
NEIGHBOUR = re.compile(r"\]\((?!\w+:)([\w./-]+)\.(?:ipynb|md)(#[^)\s]*)?\)")
README = """# The notebooks as Colab opens them

A program writes this branch at each change of the branch `main`, and forgets what was here. To read the course, go to
{site}/ and to change it, to https://github.com/{repository}.

Made from commit {commit}.
"""


def git(root: Path, *arguments: str, text: str | None = None, **environment: str) -> str:
    """Run git in the repository and return what it prints."""
    options = {"cwd": root, "check": True, "stdout": subprocess.PIPE, "encoding": "utf-8"}
    return subprocess.run(["git", *arguments], input=text, env=os.environ | environment, **options).stdout.strip()


def absolute(text: str, site: str) -> str:
    """Return the notebook with the links of its text to neighbouring pages made links into the site."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = NEIGHBOUR.sub(rf"]({site}/book/\1.html\2)", "".join(cell["source"]))
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def contents(root: Path, repository: str, commit: str) -> dict[str, str]:
    """Return the files of the branch: from their paths to their texts."""
    old, new = current(root), parse(repository)
    config = (root / "_config.yml").read_text(encoding="utf-8")
    site = BASE.search(rename(config, old, new))[1]
    made = {"README.md": README.format(site=site, repository="/".join(new), commit=commit)}
    made |= {name: (root / name).read_text(encoding="utf-8") for name in LICENCES}
    for path in sorted(root.glob("book/*.ipynb")):
        text = pin(rename(path.read_text(encoding="utf-8"), old, new), commit)
        made[f"book/{path.name}"] = absolute(text, site)
    return made


def write(root: Path, files: dict[str, str], commit: str) -> str:
    """Store the files as a commit without parents, dated as `commit`; return its id. No file in `root` changes."""
    blobs = {path: git(root, "hash-object", "-w", "--stdin", text=text) for path, text in files.items()}
    index = "".join(f"100644 blob {blob}\t{path}\n" for path, blob in blobs.items())
    with tempfile.TemporaryDirectory() as folder:
        own_index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(root, "update-index", "--index-info", text=index, **own_index)
        tree = git(root, "write-tree", **own_index)
    date = git(root, "show", "--no-patch", "--format=%cI", commit)
    roles = ("AUTHOR", "COMMITTER")
    identity = {f"GIT_{role}_{key}": value for role in roles for key, value in (("NAME", "publish"), ("DATE", date))}
    identity |= {f"GIT_{role}_EMAIL": "publish@localhost" for role in roles}
    return git(root, "commit-tree", tree, text=f"Notebooks of {commit}\n", **identity)


def main() -> None:
    """Read the command line, write the branch, push it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", help="owner/name at GitHub")
    parser.add_argument("--push", metavar="REMOTE", help="replace the branch there")
    arguments = parser.parse_args()
    try:
        commit = git(ROOT, "rev-parse", "HEAD")
        made = write(ROOT, contents(ROOT, arguments.repository, commit), commit)
    except ValueError as error:
        sys.exit(str(error))
    git(ROOT, "update-ref", f"refs/heads/{BRANCH}", made)
    if arguments.push:
        git(ROOT, "push", "--force", arguments.push, f"{made}:refs/heads/{BRANCH}")
    print(f"The branch {BRANCH} is {made}" + (f", there and at {arguments.push}" if arguments.push else ""))


if __name__ == "__main__":
    main()
