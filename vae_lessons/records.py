"""The record of a training run: a folder with the weights, and a JSON file that says how they came about."""

import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

import vae_lessons
from vae_lessons import checkpoints

RECORD, WEIGHTS, CHECKPOINT = "record.json", "weights.pt", "checkpoint.pt"


def versions() -> dict[str, str]:
    """Return what a run depends on: versions, processor, threads."""
    return {
        "vae_lessons": vae_lessons.__version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads",
    }


def write(folder: Path | str, record: dict[str, Any]) -> None:
    """Write the record of a run as a whole, in place of an older one."""
    path = Path(folder) / RECORD
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, path)


def read(folder: Path | str) -> dict[str, Any]:
    """Read the record of a run.

    Raises
    ------
    ValueError
        If the folder holds no record, or a damaged one.
    """
    path = Path(folder) / RECORD
    if not path.exists():
        raise ValueError(f"{folder} holds no {RECORD}: it is not the folder of a finished training run")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged ({error})") from error


def load_weights(model: nn.Module, folder: Path | str) -> nn.Module:
    """Fill a model with the weights of a run.

    Raises
    ------
    ValueError
        If the weights are damaged or belong to another model.
    """
    path = Path(folder) / WEIGHTS
    if not path.exists():
        raise ValueError(f"{folder} holds no {WEIGHTS}: it is not the folder of a finished training run")
    try:
        model.load_state_dict(checkpoints.load(path))
    except RuntimeError as error:
        raise ValueError(f"{path} belongs to another model: {error}") from error
    return model.eval()
