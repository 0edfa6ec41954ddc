"""The command line: what it writes, what it says, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from vae_lessons import cli, commands, records
from vae_lessons.data import binarize, load
from vae_lessons.evaluation import iw_log_lik_dataset
from vae_lessons.models import VAE, DeepVAE
from vae_lessons.training import fit

SMALL = ["train", "--batch-size", "100", "--epochs", "2", "--z-dim", "2", "--seed", "3"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "a"
    assert cli.main([*SMALL, "--out", str(folder)]) == 0
    return folder


def test_record_says_how_the_weights_came_about(run):
    record = json.loads((run / "record.json").read_text())
    assert sorted(path.name for path in run.iterdir()) == ["record.json", "weights.pt"]
    assert record["arguments"]["dataset"] == "digits"
    assert (record["arguments"]["epochs"], record["arguments"]["seed"]) == (2, 3)
    assert record["versions"]["torch"] == torch.__version__
    assert [len(values) for values in record["history"].values()] == [2, 2]


def test_same_weights_as_fit_itself(run):
    torch.manual_seed(3)
    model = VAE(x_dim=64, z_dim=2)
    history = fit(model, load("digits").x_train, epochs=2, batch_size=100, lr=1e-3, seed=3)
    assert records.read(run)["history"]["kl"] == history.kl
    for name, value in torch.load(run / "weights.pt", weights_only=True).items():
        assert torch.equal(value, model.state_dict()[name])


def test_evaluate_adds_results_and_replaces_its_own(run, capsys):
    command = ["evaluate", str(run), "--samples", "50", "--images", "40"]
    assert cli.main(command) == 0
    assert cli.main(command) == 0
    (results,) = records.read(run)["results"]
    assert "log_p: " in capsys.readouterr().out
    model = records.load_model(run)
    expected = iw_log_lik_dataset(model, load("digits").x_test[:40], 50)
    assert abs(results["log_p"]["mean"] - expected.mean().item()) < 1e-3
    assert abs(results["exact_log_p"]["mean"] - results["log_p"]["mean"]) < 0.3
    assert results["elbo"]["mean"] < results["log_p"]["mean"]
    assert results["elbo"]["mean"] == pytest.approx(results["log_lik"]["mean"] - results["kl"]["mean"], abs=2e-4)


def test_sample_draws_a_picture(run):
    assert cli.main(["sample", str(run), "--count", "4"]) == 0
    assert (run / "samples.png").read_bytes().startswith(b"\x89PNG")
    (run / "samples.png").unlink()


def test_finished_run_is_not_overwritten(run, capsys):
    assert cli.main([*SMALL, "--out", str(run)]) == 1
    assert "holds a finished run already: choose another --out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "nowhere"], "nowhere holds no record.json"),
        (["sample", "nowhere"], "nowhere holds no record.json"),
    ],
)
def test_failure_is_one_line(arguments, message, capsys):
    assert cli.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("vae_lessons: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command"),
        (["train"], "the following arguments are required: --out"),
        (["train", "--epochs", "0", "--out", "x"], "--epochs: must be at least 1, got 0"),
        (["train", "--dataset", "cats", "--out", "x"], "invalid choice: 'cats'"),
    ],
)
def test_wrong_use_ends_with_2(arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert message in capsys.readouterr().err


def test_help_has_examples(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    assert "python -m vae_lessons train --dataset mnist --model bernoulli" in capsys.readouterr().out


def test_damaged_weights_are_named(run, tmp_path, capsys):
    (tmp_path / "record.json").write_text((run / "record.json").read_text())
    (tmp_path / "weights.pt").write_bytes(b"x")
    assert cli.main(["sample", str(tmp_path)]) == 1
    assert "weights.pt cannot be read" in capsys.readouterr().err


def test_interrupted_command_goes_on(tmp_path):
    folder = tmp_path / "b"
    command = [sys.executable, "-m", "vae_lessons", *SMALL, "--epochs", "300", "--out", str(folder)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    while not (folder / "checkpoint.pt").exists() and first.poll() is None:
        time.sleep(0.05)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=60)
    assert first.returncode == 130, err
    assert "the same command goes on from" in out
    done = len(torch.load(folder / "checkpoint.pt", weights_only=True)["history"]["kl"])
    options = cli.parser().parse_args([*SMALL, "--epochs", str(done + 1), "--out", str(folder)])
    commands.train(options)
    assert len(records.read(folder)["history"]["kl"]) == done + 1


def test_deep_model_starts_at_the_mean_image():
    x = load("digits").x_train
    options = vars(cli.parser().parse_args(["train", "--model", "deep", "--out", "x"]))
    model = records.build(options, x)
    assert isinstance(model, DeepVAE)
    mean = model.mean(torch.zeros(1, 50)).mean(0)
    torch.testing.assert_close(mean, x.mean(0), rtol=0, atol=2e-3)


def test_half_precision_is_what_is_measured(tmp_path):
    assert cli.main([*SMALL, "--half", "--out", str(tmp_path / "h")]) == 0
    weights = torch.load(tmp_path / "h" / "weights.pt", weights_only=True)
    assert {value.dtype for value in weights.values()} == {torch.float16}
    model = records.load_model(tmp_path / "h")
    assert next(model.parameters()).dtype == torch.float32


def test_importance_weighted_training(tmp_path):
    assert cli.main([*SMALL, "--importance", "5", "--pixels", "dynamic", "--out", str(tmp_path / "i")]) == 0
    record = records.read(tmp_path / "i")
    assert record["history"]["kl"] == [0, 0]


def test_pixels_of_the_test_images_are_those_of_training(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(commands, "measure", lambda model, x, *rest: seen.append(x) or {})
    for pixels in ("dynamic", "threshold", "grey"):
        assert cli.main([*SMALL, "--epochs", "1", "--pixels", pixels, "--out", str(tmp_path / pixels)]) == 0
        assert cli.main(["evaluate", str(tmp_path / pixels), "--seed", "4"]) == 0
    x = load("digits").x_test
    for found, expected in zip(seen, (binarize(x, torch.Generator().manual_seed(4)), binarize(x), x), strict=True):
        assert torch.equal(found, expected)


@pytest.mark.parametrize("name", ["classic", "plane"])
def test_shipped_runs_can_be_loaded(name):
    record = records.read(records.shipped(name))
    assert len(record["history"]["kl"]) == record["arguments"]["epochs"]
    assert records.load_model(records.shipped(name)).mean(torch.zeros(1, 20 if name == "classic" else 2)).shape == (
        1,
        784,
    )


def test_shipped_runs_are_small():
    files = [path for path in records.shipped("classic").parent.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4e6


def test_unknown_run_is_named():
    with pytest.raises(ValueError, match=r"name must be one of classic, .*, got 'cats'"):
        records.shipped("cats")
