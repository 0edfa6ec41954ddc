"""One of each live figure, for the tests of them; networks are small, and those that are only looked at untrained."""

import functools

import pytest
import torch

from vae_lessons import live
from vae_lessons.data import binarize, load
from vae_lessons.models import VAE
from vae_lessons.training import fit

HEAVY = {"beta": 60_000, "decoder": 60_000, "gradients": 30_000}  # characters; the others stay below 22,000


@functools.cache
def digits():
    """Return binary training images, test images and the labels of those."""
    data = load("digits")
    return binarize(data.x_train), binarize(data.x_test), data.y_test


def network(z_dim=2, seed=0):
    """Return an untrained VAE."""
    torch.manual_seed(seed)
    return VAE(x_dim=64, h_dim=64, z_dim=z_dim).requires_grad_(False)


@functools.cache
def trained(z_dim=2, epochs=8, beta=1.0):
    """Return a VAE that knows something of digits."""
    model = network(z_dim).requires_grad_(True)
    fit(model, digits()[0], epochs=epochs, batch_size=32, lr=4e-3, beta=beta, seed=0)
    return model.requires_grad_(False)


def make(name):
    """Return the figure of a name, with what it needs to be shown."""
    _, x, labels = digits()
    if name == "decoder":
        return live.decoder(network(), x, labels)
    if name == "beta":
        return live.beta({weight: network(8, seed) for seed, weight in enumerate((0.1, 1, 4))}, x)
    return getattr(live, name)()


FIGURES = {name: make(name) for name in live.__all__ if name != "LiveFigure"}
EVERY = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
