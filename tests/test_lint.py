"""Style and spelling: what `make lint` runs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = {"ruff check": ["ruff", "check"], "ruff format": ["ruff", "format", "--check"], "codespell": ["codespell_lib"]}


@pytest.mark.parametrize("tool", TOOLS)
def test_is_clean(tool):
    run = subprocess.run([sys.executable, "-m", *TOOLS[tool]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
