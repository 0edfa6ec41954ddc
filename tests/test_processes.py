"""Two processes with half of each batch do what one process does with all of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from vae_lessons import processes
from vae_lessons.data import load
from vae_lessons.models import VAE
from vae_lessons.training import fit

RUN = {"epochs": 3, "batch_size": 50, "binarize": True, "seed": 2, "lr": 2e-3}


def small():
    torch.manual_seed(0)
    return VAE(x_dim=64, h_dim=32, z_dim=4)


def images():
    return load("digits").x_train[:333]  # the last batch has 33 images: an uneven part for each


def main(out):
    """What each process runs."""
    processes.start("cpu")
    model = small()
    history = fit(model, images(), **RUN)
    mine = torch.arange(7.0)[processes.part_of(7)]
    state = {"model": model.state_dict(), "history": history._asdict(), "joined": processes.joined(mine)}
    torch.save(state, f"{out}/{os.environ['RANK']}.pt")
    try:
        fit(small(), images()[:101], **RUN)
    except ValueError as error:
        Path(f"{out}/{os.environ['RANK']}.txt").write_text(str(error))
    processes.stop()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    out = tmp_path_factory.mktemp("two")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2", "--standalone", __file__, str(out)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr[-3000:]
    return out


def test_same_weights_and_history_as_one_process(two):
    model = small()
    history = fit(model, images(), **RUN)
    for rank in (0, 1):
        state = torch.load(two / f"{rank}.pt", weights_only=True)
        for name, value in model.state_dict().items():
            torch.testing.assert_close(state["model"][name], value, rtol=0, atol=2e-5)
        torch.testing.assert_close(state["history"]["kl"], history.kl, rtol=0, atol=1e-4)
        torch.testing.assert_close(state["history"]["log_lik"], history.log_lik, rtol=0, atol=1e-4)


def test_both_processes_hold_the_same_weights(two):
    first, second = (torch.load(two / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    assert all(torch.equal(first["model"][name], second["model"][name]) for name in first["model"])


def test_parts_make_the_whole(two):
    for rank in (0, 1):
        assert torch.load(two / f"{rank}.pt", weights_only=True)["joined"].tolist() == list(range(7))


def test_batch_too_small_for_the_processes_is_named(two):
    for rank in (0, 1):
        assert "the last batch has 1 images for 2 processes" in (two / f"{rank}.txt").read_text()


def test_alone_nothing_happens(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    assert processes.start("cpu") == "cpu"
    module = torch.nn.Linear(2, 2)
    assert processes.wrap(module) is module
    assert (processes.count(), processes.is_first(), processes.part_of(7)) == (1, True, slice(0, 7))
    assert processes.total(torch.tensor([1.0, 2.0])).tolist() == [1, 2]
    processes.stop()


if __name__ == "__main__":
    main(sys.argv[1])
