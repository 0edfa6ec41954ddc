"""A run that is killed and started again ends where an unbroken one does."""

import subprocess
import sys

import pytest
import torch

from vae_lessons import checkpoints
from vae_lessons.data import binarize, load
from vae_lessons.models import VAE
from vae_lessons.training import fit


@pytest.fixture(scope="module")
def x():
    return load("digits").x_train[:300]


def small():
    torch.manual_seed(0)
    return VAE(x_dim=64, h_dim=16, z_dim=4)


def same(a, b):
    return all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))


RUN = {"epochs": 6, "batch_size": 50, "binarize": True, "seed": 5, "lr": lambda epoch: 1e-2 / (1 + epoch)}


def test_resumed_run_ends_with_the_same_weights(x, tmp_path):
    whole, first, second = small(), small(), small()
    expected = fit(whole, x, **RUN)
    fit(first, x, **RUN | {"epochs": 2}, checkpoint=tmp_path / "c.pt")
    assert not same(whole, first)
    history = fit(second, x, **RUN, checkpoint=tmp_path / "c.pt")
    assert history == expected
    assert same(whole, second)


def test_killed_run_ends_with_the_same_weights(x, tmp_path):
    whole, again = small(), small()
    expected = fit(whole, x, **RUN)
    program = (
        "import os, signal, sys\nsys.path.insert(0, 'tests')\n"
        "from test_checkpoints import RUN, fit, load, small\n"
        "def kill(history):\n    len(history.kl) == 3 and os.kill(os.getpid(), signal.SIGKILL)\n"
        f"fit(small(), load('digits').x_train[:300], **RUN, checkpoint={str(tmp_path / 'c.pt')!r}, after_epoch=kill)"
    )
    killed = subprocess.run([sys.executable, "-c", program], check=False)
    assert killed.returncode != 0
    assert fit(again, x, **RUN, checkpoint=tmp_path / "c.pt") == expected
    assert same(whole, again)


def test_writing_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "c.pt"
    checkpoints.save({"a": torch.ones(3)}, path)
    with pytest.raises(Exception, match="pickle"):
        checkpoints.save({"a": torch.zeros(3), "b": lambda: 0}, path)
    assert checkpoints.load(path)["a"].tolist() == [1, 1, 1]
    assert [file.name for file in tmp_path.iterdir()] == ["c.pt"]


def test_damaged_file_is_named(tmp_path):
    path = tmp_path / "c.pt"
    path.write_bytes(b"half a file")
    with pytest.raises(ValueError, match=r"c.pt cannot be read as a checkpoint .* delete it"):
        checkpoints.load(path)


def test_code_in_a_file_is_refused(tmp_path):
    torch.save({"a": Evil()}, tmp_path / "c.pt")
    with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
        checkpoints.load(tmp_path / "c.pt")


class Evil:
    def __reduce__(self):
        return print, ("code ran",)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"seed": 6}, "belongs to a run with seed=5, this one has 6"),
        ({"batch_size": 49}, "batch_size=50, this one has 49"),
        ({"binarize": False}, "binarize=True, this one has False"),
        ({"lr": 1e-3}, "lr=0.01, this one has 0.001"),
    ],
)
def test_checkpoint_of_another_run_is_refused(x, tmp_path, other, message):
    fit(small(), x, **RUN | {"epochs": 1}, checkpoint=tmp_path / "c.pt")
    with pytest.raises(ValueError, match=message):
        fit(small(), x, **RUN | other, checkpoint=tmp_path / "c.pt")
    with pytest.raises(ValueError, match="belongs to another model"):
        fit(VAE(64, 17, 4), x, **RUN, checkpoint=tmp_path / "c.pt")


def test_finished_run_is_not_trained_further(x, tmp_path):
    first, second = small(), small()
    history = fit(first, binarize(x), epochs=2, checkpoint=tmp_path / "c.pt")
    assert fit(second, binarize(x), epochs=2, checkpoint=tmp_path / "c.pt") == history
    assert same(first, second)
