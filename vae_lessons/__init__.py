"""The supporting module of the course: each formula of the book once.

The reader's commands are here: `check`, `hint`, `solution` and `progress` for exercises, `verify` for equations.
"""

from vae_lessons.equations import verify
from vae_lessons.exercises import check, grade, hint, progress, solution

__version__ = "0.1.0"
__all__ = ["check", "grade", "hint", "progress", "solution", "verify", "versions"]


def versions() -> None:
    """Print the versions that a problem report should name."""
    import platform

    import numpy
    import torch

    print(
        f"vae_lessons {__version__}, Python {platform.python_version()}, "
        f"torch {torch.__version__}, numpy {numpy.__version__}"
    )
