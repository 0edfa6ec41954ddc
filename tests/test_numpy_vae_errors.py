"""What bad input to the NumPy network is told: the argument, what came, what was expected."""

import re

import numpy as np
import pytest

from tests.test_numpy_vae import network
from vae_lessons import numpy_vae as nv

NAMES = "W1, b1, W_mu, b_mu, W_log_var, b_log_var, W3, b3, W4, b4"


def forward(**changes):
    """Run the network of D, H, J = 5, 4, 3 on 6 images with some arguments replaced."""
    params, x, eps = network()
    params |= {name: value for name, value in changes.items() if name in params}
    return nv.forward(params, changes.get("x", x), changes.get("eps", eps))


def holding(value, shape=(6, 5)):
    """Ones with one other entry."""
    array = np.ones(shape)
    array[-1, -1] = value
    return array


def step(**changes):
    params = {"w": np.ones(3), "b": np.ones(1)}
    return nv.adam_step(params, params | changes, nv.adam_start(params))


def fit(**changes):
    params, x, _ = network()
    options = {"epochs": 1, "batch_size": 2, "lr": 0.1} | changes
    x, params = options.pop("x", x), options.pop("params", params)
    return nv.fit(np.random.default_rng(0), params, x, **options)


def without(name):
    return {key: value for key, value in network()[0].items() if key != name}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: forward(x=np.ones((6, 5), int)), "x must hold floating-point numbers, got int64: use x.astype(float)"),
        (lambda: forward(x=np.ones((6, 5), bool)), "x must hold floating-point numbers, got bool: use x.astype(float)"),
        (lambda: forward(x=np.ones((6, 4))), "x must have shape (any, 5), got (6, 4)"),
        (lambda: forward(x=np.ones(5)), "x must have shape (any, 5), got (5,)"),
        (lambda: forward(x=np.ones((0, 5))), "x must have shape (any, 5), got (0, 5)"),
        (lambda: forward(x=holding(np.nan)), "x must be finite, but 1 of its entries are nan or infinite"),
        (lambda: forward(x=holding(1.5)), "x must lie in [0, 1], got values from 1 to 1.5"),
        (lambda: forward(x=holding(-2)), "x must lie in [0, 1], got values from -2 to 1"),
        (lambda: forward(eps=np.ones((1, 6, 3))), "eps must have shape (6, 3), got (1, 6, 3)"),
        (lambda: forward(eps=np.ones((5, 3))), "eps must have shape (6, 3), got (5, 3)"),
        (lambda: forward(eps=np.ones((6, 1))), "eps must have shape (6, 3), got (6, 1)"),
        (lambda: forward(eps=holding(np.inf, (6, 3))), "eps must be finite, but 1 of its entries are nan or infinite"),
        (lambda: forward(W1=np.ones(4)), "W1 must have shape (any, any), got (4,)"),
        (lambda: forward(W3=np.ones((4, 0))), "W3 must have shape (any, any), got (4, 0)"),
        (lambda: forward(W4=np.ones((4, 5))), "W4 must have shape (5, 4), got (4, 5)"),
        (lambda: forward(W_mu=np.ones((2, 4))), "W_mu must have shape (3, 4), got (2, 4)"),
        (lambda: forward(b4=np.ones((5, 1))), "b4 must have shape (5,), got (5, 1)"),
        (
            lambda: forward(W_mu=holding(np.nan, (3, 4))),
            "W_mu must be finite, but 1 of its entries are nan or infinite",
        ),
        (lambda: nv.forward(without("b3"), *network()[1:]), f"params must have the arrays {NAMES}; missing: b3"),
        (lambda: nv.forward({}, *network()[1:]), f"params must have the arrays {NAMES}; missing: {NAMES}"),
        (lambda: nv.decode(network()[0], np.ones((6, 4))), "z must have shape (..., 3), got (6, 4)"),
        (lambda: nv.decode(network()[0], np.ones(())), "z must have shape (..., 3), got ()"),
        (lambda: nv.init(np.random.default_rng(0), x_dim=0), "x_dim must be a positive integer, got 0"),
        (lambda: nv.init(np.random.default_rng(0), h_dim=2.0), "h_dim must be a positive integer, got 2.0"),
        (lambda: nv.init(np.random.default_rng(0), z_dim=-1), "z_dim must be a positive integer, got -1"),
        (lambda: step(b=np.ones(2)), "grads['b'] must have shape (1,), got (2,)"),
        (
            lambda: step(w=np.array([1, np.nan, 1])),
            "grads['w'] must be finite, but 1 of its entries are nan or infinite",
        ),
        (lambda: step(c=np.ones(1)), "grads must have the names of params, w, b; got w, b, c"),
        (lambda: nv.adam_step({}, {}, nv.adam_start({}), lr=0), "lr must be positive, got 0"),
        (lambda: nv.adam_step({}, {}, nv.adam_start({}), lr=float("nan")), "lr must be positive, got nan"),
        (lambda: fit(epochs=0), "epochs must be a positive integer, got 0"),
        (lambda: fit(batch_size=2.5), "batch_size must be a positive integer, got 2.5"),
        (lambda: fit(lr=-1), "lr must be positive, got -1"),
        (lambda: fit(x=np.ones((0, 5))), "x must have shape (any, 5), got (0, 5)"),
        (lambda: fit(params=without("b4")), f"params must have the arrays {NAMES}; missing: b4"),
        (lambda: nv.complex_step(np.sum, np.ones(2, int)), "x must hold floating-point numbers, got int64"),
        (lambda: nv.complex_step(np.sum, np.ones(2), h=0), "h must be positive, got 0"),
        (lambda: nv.complex_step(lambda w: np.abs(w).sum(), np.ones(2)), "got float64 of shape (): what drops i?"),
        (lambda: nv.complex_step(np.exp, np.ones(2)), "f must return one complex number, got complex128 of shape (2,)"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


@pytest.mark.parametrize(("x", "kind"), [([[1.0] * 5] * 6, "list"), (None, "NoneType")])
def test_what_is_no_array_is_named(x, kind):
    with pytest.raises(TypeError, match=f"^x must be a NumPy array, got {kind}$"):
        forward(x=x)


def test_sizes_may_be_numpy_integers():
    assert nv.init(np.random.default_rng(0), *np.array([5, 4, 1]))["W_mu"].shape == (1, 4)
