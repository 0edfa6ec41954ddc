"""The benchmark: all loops train the same network, and the page says what the file says."""

import json
import math

import pytest
import torch

from benchmarks import likelihood, page, peers, training
from benchmarks.__main__ import interleaved, summary
from vae_lessons.models import VAE


def parameters(model):
    return sum(p.numel() for p in model.parameters())


def test_the_network_of_the_other_loops_is_the_classic_one():
    assert parameters(peers.Classic()) == parameters(VAE()) == 652_824


def test_the_floor_has_the_products_of_the_classic_network(monkeypatch):
    work, mm = [], torch.mm
    monkeypatch.setattr(torch, "mm", lambda a, b: work.append(a.shape[0] * a.shape[1] * b.shape[1]) or mm(a, b))
    training.floor(torch.zeros(128, 784))()
    forward = 128 * (784 * 400 + 2 * 400 * 20 + 20 * 400 + 400 * 784)
    assert sum(work) == 3 * forward - 128 * 784 * 400  # the first layer needs no gradient of its input


@pytest.mark.parametrize("make", [peers.per_image, peers.tensor_dataset, training.ours, training.floor])
def test_an_epoch_runs(make):
    make(torch.rand(200, 784))()


def test_an_image_comes_back_from_its_picture():
    x = torch.randint(0, 256, (3, 784)) / 255
    images = peers.Pictures(x)
    assert torch.equal(torch.stack([images[i][0].view(784) for i in range(len(images))]), x)


def test_both_ways_to_the_likelihood_agree(monkeypatch):
    monkeypatch.setattr(likelihood, "SAMPLES", 1000)
    torch.manual_seed(0)
    model, x = VAE(), torch.rand(3, 784).round()
    likelihood.floor(model, x)()
    ways = [way(model, x)() for way in (likelihood.ours, likelihood.image_by_image)]
    torch.testing.assert_close(*ways, rtol=0, atol=1.0)


def test_rounds_are_interleaved_and_the_warm_up_is_not_counted():
    calls = []
    seconds = interleaved({name: lambda name=name: calls.append(name) for name in "ab"}, rounds=2)
    assert "".join(calls) == "ababab"
    assert [len(values) for values in seconds.values()] == [2, 2]


def test_summary():
    found = summary({"floor": [1.0, 2.0, 3.0], "x": [6.0, 2.0, 4.0]})["x"]
    assert (found["median"], found["least"], found["median / floor"], found["least / floor"]) == (4, 2, 2, 2)


def test_times_as_long():
    results = {name: {"median": seconds} for name, seconds in {"floor": 1, "fit": 2, "x": 3, "y": 5}.items()}
    assert page.times_as_long(results, "fit") == "1.5 and 2.5"
    assert page.times_as_long(results, "x") == "0.7 and 1.7"
    assert page.times_as_long({"floor": {"median": 1}, "fit": {"median": 2}, "x": {"median": 3}}, "fit") == "1.5"


def test_page_is_what_the_results_say():
    results = json.loads(page.RESULTS.read_text(encoding="utf-8"))
    assert page.PAGE.read_text(encoding="utf-8") == page.render(results)
    for part in ("training", "likelihood"):
        for variant in results[part]["results"].values():
            assert len(variant["seconds"]) >= 5
            assert all(math.isfinite(seconds) for seconds in variant["seconds"])
