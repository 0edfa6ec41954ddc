"""Train and measure again the models that chapter 15 shows: python -m tools.records [NAME ...].

Each is a list of commands as a reader would type them; a run that is there already is left alone, one that was
interrupted goes on.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "vae_lessons" / "runs"
RUNS = {
    "classic": [
        "train --dataset mnist --model bernoulli --pixels dynamic --epochs 10 --seed 1 --half",
        "evaluate --samples 5000",
    ],
    "plane": [
        "train --dataset mnist --model bernoulli --z-dim 2 --pixels dynamic --epochs 30 --seed 1 --half",
        "evaluate --samples 5000 --images 1000",
    ],
    "published": [
        "train --dataset mnist --model deep --pixels dynamic --epochs 3280 --schedule burda --batch-size 100 "
        "--adam-eps 1e-4 --seed 0 --half",
        "evaluate --samples 5000",
    ],
}


def commands(name: str, folder: Path) -> list[list[str]]:
    """Return the command lines of a run that are still to be done."""
    train, evaluate = (shlex.split(line) for line in RUNS[name])
    done = (folder / "record.json").exists()
    lines = [[*evaluate[:1], str(folder), *evaluate[1:]]]
    return lines if done else [[*train, "--out", str(folder)], *lines]


def main() -> None:
    """Run them."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    for name in sys.argv[1:] or RUNS:
        for line in commands(name, FOLDER / name):
            print(f"python -m vae_lessons {shlex.join(line)}", flush=True)
            subprocess.run([sys.executable, "-m", "vae_lessons", *line], check=True, cwd=ROOT, env=environment)


if __name__ == "__main__":
    main()
