"""Several processes that train one model, each on its part of every batch: PyTorch's own engine, started by torchrun.

In a single process every function here does nothing, so that there is one training loop and not two.
"""

import os

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel


def start(device: str) -> str:
    """Join the other processes if torchrun has started several, and return the device of this one.

    Parameters
    ----------
    device : str
        "cpu", "cuda" or "mps". With "cuda" each process of a machine takes a card of its own.

    Returns
    -------
    str
        The device, with the number of the card where there are several.
    """
    if "WORLD_SIZE" not in os.environ:
        return device
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return device


def stop() -> None:
    """Leave the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()


def count() -> int:
    """Return the number of processes."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """Return the number of this process, from 0."""
    return dist.get_rank() if dist.is_initialized() else 0


def is_first() -> bool:
    """Whether this process is the one that writes files and shows progress."""
    return rank() == 0


def part_of(n: int) -> slice:
    """Return which of n rows are this process's: parts that differ by one row at most; all of them if it is alone."""
    return slice(rank() * n // count(), (rank() + 1) * n // count())


def wrap(module: nn.Module) -> nn.Module:
    """Let the gradients of a module be averaged over the processes after every backward pass."""
    return DistributedDataParallel(module) if dist.is_initialized() else module


def total(values: Tensor) -> Tensor:
    """Add up a tensor over the processes."""
    if dist.is_initialized():
        dist.all_reduce(values)
    return values


def joined(values: Tensor) -> Tensor:
    """Put the parts of all processes, one value per row, behind each other."""
    if not dist.is_initialized():
        return values
    parts = [None] * count()
    dist.all_gather_object(parts, values.cpu())
    return torch.cat(parts)
