"""Files that a training run can go on from: written as a whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Generator, nn
from torch.optim import Optimizer


def save_run(
    path: Path | str, run: dict, history: dict, *, model: nn.Module, optimizer: Optimizer, generator: Generator
) -> None:
    """Write everything that a training run needs to go on: weights, Adam's averages, state of the noise, history."""
    parts = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "generator": generator.get_state()}
    save({"run": run, "history": history, **parts}, path)


def resume(
    path: Path | str, run: dict, *, model: nn.Module, optimizer: Optimizer, generator: Generator
) -> dict[str, list[float]]:
    """Bring model, optimiser and generator to where a checkpoint left them, and return the history up to there.

    Raises
    ------
    ValueError
        If the checkpoint was written by a run with other arguments, or of another model.
    """
    state = load(path, next(model.parameters()).device)
    for name, value in run.items():
        if state["run"][name] != value:
            raise ValueError(f"{path} belongs to a run with {name}={state['run'][name]!r}, this one has {value!r}")
    try:
        model.load_state_dict(state["model"])
    except RuntimeError as error:
        raise ValueError(f"{path} belongs to another model: {error}") from error
    optimizer.load_state_dict(state["optimizer"])
    generator.set_state(state["generator"].cpu())
    return state["history"]


def save(state: dict[str, Any], path: Path | str) -> None:
    """Write tensors and numbers to a file: first beside it, then in its place, so that no half-written file stays.

    Parameters
    ----------
    state : dict
        Tensors, numbers, words, and lists and dicts of them.
    path : Path
        The file, which is replaced.
    """
    path = Path(path)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def load(path: Path | str, device: str | torch.device = "cpu") -> dict[str, Any]:
    """Read what `save` wrote; tensors and plain values only, no code.

    Parameters
    ----------
    path : Path
        The file.
    device : str
        Where the tensors go.

    Raises
    ------
    ValueError
        If the file is damaged, or holds anything that is not a tensor or a plain value.
    """
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(
            f"{path} cannot be read as a checkpoint ({type(error).__name__}): delete it to start anew"
        ) from error
