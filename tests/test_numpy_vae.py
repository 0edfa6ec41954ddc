"""The NumPy network against torch on the same numbers: values, ELBO, every gradient; in float64."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from vae_lessons import numpy_vae as nv
from vae_lessons.divergences import kl_std_normal
from vae_lessons.likelihoods import bernoulli_log_prob

SIZES = [(6, 5, 4, 3), (1, 5, 4, 3), (6, 5, 4, 1), (2, 3, 7, 5)]  # M, D, H, J
SHAPES = {"W1": (4, 5), "b1": (4,), "W_mu": (3, 4), "b_mu": (3,), "W_log_var": (3, 4), "b_log_var": (3,)}
SHAPES |= {"W3": (4, 3), "b3": (4,), "W4": (5, 4), "b4": (5,)}


def network(m=6, d=5, h=4, j=3, seed=0):
    """Parameters with biases that are not 0, binary images, noise."""
    rng = np.random.default_rng(seed)
    params = {name: rng.normal(size=p.shape) for name, p in nv.init(rng, d, h, j).items()}
    return params, rng.integers(2, size=(m, d)).astype(float), rng.normal(size=(m, j))


def in_torch(params, x, eps):
    """The same network in torch, ready for autograd."""
    p = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    x, eps = torch.tensor(x), torch.tensor(eps)
    u = x @ p["W1"].T + p["b1"]
    mu, log_var = (u.tanh() @ p[f"W_{name}"].T + p[f"b_{name}"] for name in ("mu", "log_var"))
    z = mu + (log_var / 2).exp() * eps
    u3 = z @ p["W3"].T + p["b3"]
    a = u3.tanh() @ p["W4"].T + p["b4"]
    elbo = bernoulli_log_prob(x, a) - kl_std_normal(mu, log_var)
    return SimpleNamespace(p=p, u=u, h=u.tanh(), mu=mu, log_var=log_var, z=z, u3=u3, h3=u3.tanh(), a=a, elbo=elbo)


def assert_equal(actual, expected, atol=1e-12):
    expected = expected.detach().numpy() if isinstance(expected, torch.Tensor) else expected
    assert actual.shape == expected.shape
    np.testing.assert_allclose(actual, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_and_elbo_agree_with_torch(sizes):
    params, x, eps = network(*sizes)
    values, expected = nv.forward(params, x, eps), in_torch(params, x, eps)
    for name in ("h", "mu", "log_var", "z", "h3", "a"):
        assert_equal(getattr(values, name), getattr(expected, name))
    assert_equal(nv.elbo(values), expected.elbo)
    assert values.x is x
    assert values.eps is eps


@pytest.mark.parametrize("sizes", SIZES)
def test_deltas_agree_with_autograd(sizes):
    params, x, eps = network(*sizes)
    at = in_torch(params, x, eps)
    wrt = {"da": at.a, "d3": at.u3, "dz": at.z, "dmu": at.mu, "dlog_var": at.log_var, "dh": at.u}
    grads = torch.autograd.grad(-at.elbo.sum(), list(wrt.values()))
    for actual, name, expected in zip(nv.deltas(params, nv.forward(params, x, eps)), wrt, grads, strict=True):
        assert name in nv.Deltas._fields
        assert_equal(actual, expected)


@pytest.mark.parametrize("sizes", SIZES)
def test_backward_agrees_with_autograd(sizes):
    params, x, eps = network(*sizes)
    at = in_torch(params, x, eps)
    (-at.elbo.mean()).backward()
    grads = nv.backward(params, nv.forward(params, x, eps))
    assert set(grads) == set(params)
    for name, grad in grads.items():
        assert_equal(grad, at.p[name].grad)


@pytest.mark.parametrize("sizes", SIZES)
def test_backward_agrees_with_complex_steps(sizes):
    params, x, eps = network(*sizes)
    grads = nv.backward(params, nv.forward(params, x, eps))
    for name, value in params.items():
        step = nv.complex_step(lambda w, name=name: -nv.elbo(nv.forward(params | {name: w}, x, eps)).mean(), value)
        assert_equal(grads[name], step, atol=1e-12 * (1 + np.abs(step).max()))


@pytest.mark.parametrize("scale", [1, 1000])
def test_softplus_and_sigmoid_agree_with_torch(scale):
    a = scale * np.array([-2.5, -1.0, -0.1, 0.0, 0.1, 1.0, 2.5])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(nv.softplus(a), torch.nn.functional.softplus(torch.tensor(a), threshold=800), 1e-14)
        np.testing.assert_allclose(nv.sigmoid(a), torch.sigmoid(torch.tensor(a)), 1e-13)


@pytest.mark.parametrize("a", [-1000.0, -30.0, -1.0, 1.0, 30.0, 1000.0])
def test_softplus_passes_complex_numbers_through(a):
    assert_equal(nv.complex_step(lambda b: nv.softplus(b)[()], np.array(a)), nv.sigmoid(np.array(a)))


def test_logits_of_a_thousand_do_no_harm():
    params, x, eps = network()
    params |= {"W4": np.zeros((5, 4)), "b4": np.array([1000.0, -1000.0, 1000.0, -1000.0, 0.0])}
    x[:] = [1, 0, 0, 1, 1]
    with np.errstate(all="raise", under="ignore"):
        values = nv.forward(params, x, eps)
        grads = nv.backward(params, values)
        log_lik = nv.elbo(values) - nv.elbo(values._replace(a=0 * values.a)) - 5 * np.log(2)
    assert_equal(log_lik, np.full(6, -2000 - np.log(2)), atol=1e-9)
    assert_equal(grads["b4"], np.array([0, 0, 1, -1, -0.5]))


def test_float32_images_and_latents_on_any_leading_axes():
    params, x, eps = network()
    assert_equal(nv.elbo(nv.forward(params, x.astype(np.float32), eps)), nv.elbo(nv.forward(params, x, eps)))
    z = nv.forward(params, x, eps).z
    h3, a = nv.decode(params, np.stack([z, 2 * z]))
    assert_equal(a[0], nv.forward(params, x, eps).a)
    assert_equal(h3[1], nv.decode(params, 2 * z)[0])


def test_init_has_the_shapes_and_the_scale_of_the_docstring():
    assert {name: p.shape for name, p in nv.init(np.random.default_rng(0), 5, 4, 3).items()} == SHAPES
    params = nv.init(np.random.default_rng(0), 400, 300, 200)
    for name, p in params.items():
        assert abs(p.std() * np.sqrt(p.shape[-1]) - 1) < 0.02 if name[0] == "W" else not p.any()
    default, again = (nv.init(np.random.default_rng(7)) for _ in range(2))
    assert [default[name].shape for name in ("W1", "W_mu")] == [(128, 64), (8, 128)]
    assert all(np.array_equal(default[name], again[name]) for name in default)
