"""Live figures made of networks, before they reach a browser."""

import base64
import copy
import re

import numpy as np
import pytest
import torch
from torch import nn

from tests.live_figures import digits, network
from vae_lessons import live
from vae_lessons.live.layers import packed_mean, packed_pixels
from vae_lessons.models import VAE, Decoder, GaussianVAE, LinearVAE


def with_decoder(*layers, model=None):
    """Return a VAE whose decoder is made of these layers."""
    model = model or network()
    model.decoder = Decoder(*layers)
    return model


def unpacked(packed, dtype):
    return np.frombuffer(base64.b64decode(packed), dtype)


def test_weights_come_layer_after_layer_rows_then_bias():
    model = network()
    packed = packed_mean(model)
    assert packed["steps"] == [[2, 64], "relu", [64, 64], "sigmoid"]
    expected = torch.cat([tensor.flatten() for tensor in model.decoder.parameters()])
    numbers = unpacked(packed["weights"], "<f2")
    assert np.abs(numbers - expected.numpy()).max() < 2**-11
    assert len(numbers) == len(expected) == 3 * 64 + 65 * 64


def test_linear_decoder_needs_no_sigmoid():
    assert packed_mean(LinearVAE(x_dim=64, z_dim=2))["steps"] == [[2, 64]]


def test_missing_bias_is_zero():
    model = with_decoder(nn.Linear(2, 5, bias=False), nn.Tanh(), nn.Linear(5, 64))
    numbers = unpacked(packed_mean(model)["weights"], "<f2")
    assert numbers[10:15].tolist() == [0] * 5
    assert len(numbers) == 15 + 6 * 64


def test_pixels_are_bytes_cut_off_at_both_ends():
    assert unpacked(packed_pixels(torch.tensor([[-0.1, 0.0, 0.5, 1.0, 1.2]])), np.uint8).tolist() == [
        0,
        0,
        128,
        255,
        255,
    ]


def test_largest_decoder_stays_below_300_kB():
    torch.manual_seed(0)
    x, labels = torch.rand(60, 784).round(), torch.arange(60) % 10
    with pytest.raises(ValueError, match="must take at most 220,000 letters of the page, got 333,"):
        live.decoder(VAE(x_dim=784, h_dim=128, z_dim=2), x, labels)
    model = VAE(x_dim=784, h_dim=73, z_dim=2)
    assert 220_000 < len(live.decoder(model, x, labels).html) < 300_000


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda: network(z_dim=8), "model must have 2 latent dimensions, got 8"),
        (
            lambda: GaussianVAE(64, 8, 2),
            "must be a sequence of Linear, ReLU, Tanh and Sigmoid layers, got GaussianHead",
        ),
        (lambda: with_decoder(nn.Linear(2, 64), nn.GELU()), "Sigmoid layers, got GELU"),
    ],
    ids=["eight latents", "normal pixels", "other layer"],
)
def test_decoder_refuses_what_it_cannot_run(model, message):
    with pytest.raises(ValueError, match=message):
        live.decoder(model(), *digits()[1:])


def test_decoder_refuses_a_mean_of_another_kind():
    model = network()
    model.mean = lambda z: model.decoder(z) ** 2
    with pytest.raises(ValueError, match=r"model\.mean must be the decoder's output or its sigmoid"):
        live.decoder(model, *digits()[1:])


def test_decoder_refuses_weights_beyond_16_bits():
    model = copy.deepcopy(network())
    model.decoder[0].weight[0, 0] = 1e6
    with pytest.raises(ValueError, match=r"at most 65,504, got one of size 1e\+06"):
        live.decoder(model, *digits()[1:])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (lambda y: y[:-1], r"labels must be 360 whole numbers from 0 to 9, got torch.int64 \(359,\)"),
        (lambda y: y.float(), "labels must be 360 whole numbers"),
        (lambda y: y + 5, "labels must be 360 whole numbers from 0 to 9"),
    ],
    ids=["too few", "not whole", "too large"],
)
def test_decoder_refuses_labels_that_do_not_fit(labels, message):
    _, x, y = digits()
    with pytest.raises(ValueError, match=message):
        live.decoder(network(), x, labels(y))


def test_decoder_refuses_images_that_are_not_square():
    model = VAE(x_dim=60, h_dim=8, z_dim=2)
    with pytest.raises(ValueError, match="x must hold square images, got 60 pixels"):
        live.decoder(model, torch.zeros(3, 60), torch.zeros(3, dtype=torch.int64))


def test_plane_holds_all_ellipses():
    _, x, y = digits()
    model = network()
    model.encoder.mu.weight *= 50
    figure = live.decoder(model, x, y)
    far = max(abs(m) + s for m, s in zip(figure.data["mu1"], figure.data["std1"], strict=True))
    assert figure.data["extent"] >= max(far, 3.5)


@pytest.mark.parametrize("name", ["decoder", "beta"])
def test_words_do_not_depend_on_training(name):
    _, x, y = digits()
    one, other = (
        repr(live.decoder(network(seed=seed), x, y))
        if name == "decoder"
        else repr(live.beta({1: network(8, seed), 4: network(8, seed)}, x))
        for seed in (0, 1)
    )
    assert one == other


def test_beta_refuses_what_it_cannot_show():
    x, model = digits()[1], network(8)
    with pytest.raises(ValueError, match=r"models must be at least two, with weights above zero as keys, got \[1\]"):
        live.beta({1: model}, x)
    with pytest.raises(ValueError, match=r"above zero as keys, got \[0, 1\]"):
        live.beta({1: model, 0: model}, x)
    with pytest.raises(ValueError, match=r"begin must be one of the weights \[2, 4\], got 1"):
        live.beta({2: model, 4: model}, x)
    with pytest.raises(ValueError, match=r"x must hold at least 10 square images, got shape \(9, 64\)"):
        live.beta({1: model, 4: model}, x[:9])


def test_beta_sorts_its_weights():
    data = live.beta({4: network(8, 1), 0.1: network(8, 2), 1: network(8, 3)}, digits()[1]).data
    assert data["betas"] == [0.1, 1, 4]
    assert data["begin"] == 1
    assert len(unpacked(data["images"], np.uint8)) == (1 + 2 * 3) * 10 * 64


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"draws": 1}, "draws must be from 2 to 1000, got 1"), ({"mu": 5.5}, "mu must be from -5 to 5, got 5.5")],
)
def test_gradients_begin_where_the_sliders_can_stand(settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        live.gradients(**settings)
