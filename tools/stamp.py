"""Write a repository's own address into the files that name it: python -m tools.stamp owner/name [--commit SHA].

`repository.url` in `_config.yml` says which name stands there now. With a commit, the first cells of the notebooks
install the module from exactly that commit. Nothing but Python and git is needed, and a second run changes nothing.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"(?P<owner>[A-Za-z0-9][A-Za-z0-9-]*)/(?P<name>[A-Za-z0-9._-]+)")
CONFIGURED = re.compile(r"^repository:\n(?: .*\n)*?  url: https://github\.com/(\S+?)/?\s*$", re.MULTILINE)
INSTALLED = re.compile(
    r"(git\+https://github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(?:\.git)?(?:@[^\s\"'\\]+)?(?=[\"'\\\s])"
)


def parse(repository: str) -> tuple[str, str]:
    """Return owner and name from "owner/name" or an address at GitHub; raise ValueError for anything else."""
    short = re.sub(r"^(?:https://|git@|ssh://git@)?github\.com[:/]", "", repository.strip())
    found = NAME.fullmatch(short.removesuffix("/").removesuffix(".git"))
    if not found:
        raise ValueError(f"repository must look like owner/name, and is {repository!r}")
    return found["owner"], found["name"]


def current(root: Path) -> tuple[str, str]:
    """Return owner and name that `_config.yml` has now."""
    found = CONFIGURED.search((root / "_config.yml").read_text(encoding="utf-8"))
    if not found:
        raise ValueError("_config.yml must have repository: url: https://github.com/owner/name, and has not")
    return parse(found[1])


def pages(owner: str, name: str) -> str:
    """Return where GitHub publishes the pages of a repository."""
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def rename(text: str, old: tuple[str, str], new: tuple[str, str]) -> str:
    """Return the text with the repository's name, its folder after `git clone` and its pages renamed."""
    if old == new:
        return text
    text = text.replace(pages(*old), pages(*new))
    text = re.sub(rf"(?<![\w.-]){re.escape('/'.join(old))}(?![\w-]|\.(?!git\b)\w)", "/".join(new), text)
    return re.sub(rf"^cd {re.escape(old[1])}$", f"cd {new[1]}", text, flags=re.MULTILINE)


def pin(text: str, commit: str) -> str:
    """Return the text with every installation from GitHub bound to a commit."""
    return INSTALLED.sub(rf"\1@{commit}", text)


def files(root: Path) -> list[Path]:
    """Return what git tracks or would track; folders, links and what is deleted left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    paths = [root / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def change(path: Path, function, *arguments) -> bool:
    """Rewrite one file through a function of its text; tell whether it changed. Files that are no text are left."""
    try:
        before = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return False
    after = function(before, *arguments)
    if after != before:
        path.write_bytes(after.encode("utf-8"))
    return after != before


def stamp(root: Path, repository: str, commit: str | None = None) -> list[Path]:
    """Write the name into every tracked file, the commit into the notebooks; return what changed."""
    old, new = current(root), parse(repository)
    changed = {path for path in files(root) if change(path, rename, old, new)}
    if commit:
        changed |= {path for path in sorted(root.glob("book/*.ipynb")) if change(path, pin, commit)}
    return sorted(changed)


def main() -> None:
    """Read the command line; say what changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", help="owner/name at GitHub")
    parser.add_argument("--commit", help="bind the notebooks' installation to this commit")
    arguments = parser.parse_args()
    try:
        changed = stamp(ROOT, arguments.repository, arguments.commit)
    except ValueError as error:
        sys.exit(str(error))
    except (OSError, subprocess.CalledProcessError):
        sys.exit("git does not know this folder: stamp a clone of the repository, not a downloaded archive")
    print(*(path.relative_to(ROOT).as_posix() for path in changed), sep="\n")
    print(f"{len(changed)} files changed: the repository is {'/'.join(parse(arguments.repository))}")


if __name__ == "__main__":
    main()
