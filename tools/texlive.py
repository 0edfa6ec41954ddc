"""Install what the PDF needs on Debian and Ubuntu: python3 -m tools.texlive. Elsewhere, say what to install."""

import os
import shutil
import subprocess
import sys

PROGRAMS = ("latexmk", "xelatex")
PACKAGES = (
    "latexmk",
    "texlive-xetex",
    "texlive-latex-recommended",
    "texlive-latex-extra",
    "texlive-fonts-recommended",
    "texlive-plain-generic",
    "fonts-freefont-otf",
    "fonts-dejavu",
)


def advice() -> str | None:
    """Return what to install, None when the programs are there."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if not missing:
        return None
    return (
        f"The PDF needs {' and '.join(missing)}, not installed here.\n"
        "  Debian, Ubuntu: make tex\n"
        "  macOS: MacTeX, https://tug.org/mactex\n"
        "  Windows: TeX Live, full scheme, https://tug.org/texlive"
    )


def main() -> None:
    """Install with apt-get; the fonts too, which no program shows to be missing."""
    if not shutil.which("apt-get"):
        sys.exit(advice())
    root = [] if os.geteuid() == 0 else ["sudo"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run([*root, *environment, "apt-get", "-qq", *arguments], check=True)


if __name__ == "__main__":
    main()
