"""The record of a training run: a folder with the weights, and a JSON file that says how they came about."""

import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import vae_lessons
from vae_lessons import checkpoints, models

MODELS = {"bernoulli": models.VAE, "gaussian": models.GaussianVAE, "deep": models.DeepVAE}
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


def build(options: dict[str, Any], x: Tensor) -> nn.Module:
    """Build the untrained model that the options of a run name, for images such as x, (N, D)."""
    torch.manual_seed(options["seed"])
    sizes = {"x_dim": x.shape[1]} | ({"z_dim": options["z_dim"]} if options["z_dim"] else {})
    model = MODELS[options["model"]](**sizes)
    return model.start_at(x.mean(0)) if options["model"] == "deep" else model


def load_model(folder: Path | str) -> nn.Module:
    """Return the trained model of a run.

    Raises
    ------
    ValueError
        If the folder holds no finished run, or if the weights are damaged or belong to another model.
    """
    record, path = read(folder), Path(folder) / WEIGHTS
    if not path.exists():
        raise ValueError(f"{folder} holds no {WEIGHTS}: it is not the folder of a finished training run")
    weights = checkpoints.load(path)
    try:
        model = build(record["arguments"], torch.zeros(1, weights["encoder.hidden.0.weight"].shape[1]))
        model.load_state_dict(weights)
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"{path} belongs to another model: {error}") from error
    return model.eval().requires_grad_(False)


def shipped(name: str) -> Path:
    """Return the folder of a run that comes with the module: "classic", "plane" or "published".

    Raises
    ------
    ValueError
        If there is no such run.
    """
    folder = Path(__file__).parent / "runs" / name
    if not (folder / RECORD).exists():
        known = sorted(path.parent.name for path in folder.parent.glob(f"*/{RECORD}"))
        raise ValueError(f"name must be one of {', '.join(known)}, got {name!r}")
    return folder
