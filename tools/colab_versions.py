"""Bring requirements-colab.txt up to date with what Colab publishes: python -m tools.colab_versions."""

import re
import sys
from pathlib import Path

import requests

FILE = Path(__file__).resolve().parents[1] / "requirements-colab.txt"
PUBLISHED = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"
LINE = re.compile(r"^([\w.-]+)(?:==| @ \S*?/[\w.]+-)(\d[\w.]*)", re.MULTILINE)
PIN = re.compile(r"^([\w.-]+)==(\S+)$", re.MULTILINE)


def key(name: str) -> str:
    """Return a package's name in the one form that all its spellings have."""
    return re.sub(r"[-_.]+", "-", name).lower()


def update(pins: str, published: str) -> str:
    """Return the pins with the published versions; raise ValueError for a package that Colab has no more.

    A build is left out: of "2.9.0+cu126" or of the address of a wheel, the version 2.9.0 counts.
    """
    versions = {key(name): version for name, version in LINE.findall(published)}
    missing = [name for name, _ in PIN.findall(pins) if key(name) not in versions]
    if missing:
        raise ValueError(f"Colab's list has no {', '.join(missing)}: remove it here, and see what needs it")
    return PIN.sub(lambda pin: f"{pin[1]}=={versions[key(pin[1])]}", pins)


def main() -> None:
    """Fetch the list, rewrite the file, say what changed."""
    answer = requests.get(PUBLISHED, timeout=30)
    answer.raise_for_status()
    before = FILE.read_text(encoding="utf-8")
    after = update(before, answer.text)
    FILE.write_text(after, encoding="utf-8", newline="\n")
    changed = sorted(set(after.splitlines()) - set(before.splitlines()))
    sys.stdout.write("\n".join(changed or ["Nothing has changed at Colab."]) + "\n")


if __name__ == "__main__":
    main()
