"""Adam against torch.optim, the training loop, the gradient checker, and what bad input is told."""

import numpy as np
import pytest
import torch

from tests.test_numpy_vae import assert_equal
from vae_lessons import numpy_vae as nv
from vae_lessons.data import binarize, load


def test_adam_agrees_with_torch():
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    start = {name: p.copy() for name, p in params.items()}
    theirs = [torch.tensor(p, requires_grad=True) for p in params.values()]
    options = {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3}
    optimizer, state = torch.optim.Adam(theirs, **options), nv.adam_start(params)
    for step in range(1, 8):
        grads = {name: 10.0**-step * rng.normal(size=p.shape) for name, p in params.items()}
        for p, g in zip(theirs, grads.values(), strict=True):
            p.grad = torch.tensor(g)
        optimizer.step()
        before = params
        params, state = nv.adam_step(params, grads, state, 0.05, 0.8, 0.95, 1e-3)
        assert params is not before
        assert state.step == step
        for mine, p in zip(params.values(), theirs, strict=True):
            assert_equal(mine, p)
    assert not any(np.array_equal(start[name], params[name]) for name in params)


def test_adam_starts_from_zeros():
    state = nv.adam_start({"W": np.ones((3, 2)), "b": np.ones(3)})
    assert state.step == 0
    for means in (state.m, state.v):
        assert {name: mean.tolist() for name, mean in means.items()} == {"W": [[0, 0]] * 3, "b": [0] * 3}


def test_adam_has_the_usual_constants():
    rng, state = np.random.default_rng(1), nv.adam_start({"w": np.ones(4)})
    params, their = {"w": np.ones(4)}, torch.ones(4, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([their])
    for _ in range(3):
        grads = {"w": 1e-7 * rng.normal(size=4)}
        their.grad = torch.tensor(grads["w"])
        optimizer.step()
        params, state = nv.adam_step(params, grads, state)
    assert_equal(params["w"], their)


@pytest.fixture(scope="module")
def digits():
    return binarize(load("digits").x_train).double().numpy()


def test_training_raises_the_elbo_as_the_chapter_says(digits):
    rng = np.random.default_rng(0)
    start = nv.init(rng)
    before = {name: p.copy() for name, p in start.items()}
    params, curve = nv.fit(rng, start, digits)
    assert len(curve) == 30
    assert -40 < curve[0] < -35
    assert -20 < curve[-1] < -18.5
    assert all(np.array_equal(start[name], before[name]) for name in start)
    held_out = nv.forward(params, binarize(load("digits").x_test).double().numpy(), rng.normal(size=(360, 8)))
    assert -21.5 < nv.elbo(held_out).mean() < -19


def test_training_is_adam_on_shuffled_minibatches(digits):
    """The same loop in plain sight: same numbers; 10 images in batches of 4, 4 and 2."""
    params, x = nv.init(np.random.default_rng(0), 64, 5, 3), digits[:10]
    got, curve = nv.fit(np.random.default_rng(1), params, x, epochs=2, batch_size=4, lr=0.01)
    rng, state, elbos = np.random.default_rng(1), nv.adam_start(params), []
    for _ in range(2):
        order = rng.permutation(10)
        for rows in (order[:4], order[4:8], order[8:]):
            values = nv.forward(params, x[rows], rng.normal(size=(len(rows), 3)))
            params, state = nv.adam_step(params, nv.backward(params, values), state, lr=0.01)
            elbos.extend(nv.elbo(values))
    assert_equal(np.array(curve), np.array(elbos).reshape(2, 10).mean(1))
    for name in params:
        assert_equal(got[name], params[name])


def test_training_has_the_stated_defaults(digits):
    params = nv.init(np.random.default_rng(0), 64, 4, 2)
    (got, curve), (named, _) = (
        nv.fit(np.random.default_rng(2), params, digits[:100], **options)
        for options in ({}, {"epochs": 30, "batch_size": 64, "lr": 2e-3})
    )
    assert all(type(value) is float for value in curve)
    assert all(np.array_equal(got[name], named[name]) for name in got)


def test_complex_steps_of_a_function_with_a_known_gradient():
    x = np.random.default_rng(0).normal(size=(2, 3))
    for h in (1e-8, 1e-30, 1e-200):
        assert_equal(
            nv.complex_step(lambda w: (np.exp(w) * np.sin(w)).sum(), x, h), np.exp(x) * (np.sin(x) + np.cos(x))
        )
    assert_equal(nv.complex_step(lambda w: (w**3).sum(), x, h=0.1), 3 * x**2 - 0.01, atol=1e-14)
    assert_equal(nv.complex_step(lambda w: (w**3).sum(), x), 3 * x**2, atol=1e-14)
    assert nv.complex_step(lambda w: w**2, np.array(3.0)) == pytest.approx(6)
