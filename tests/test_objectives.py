"""Bounds against a linear-Gaussian model, whose evidence is known exactly."""

from types import SimpleNamespace

import pytest
import torch

from tests.worlds import LinearGaussian, assert_equal, gauss_hermite, randn, refusal
from vae_lessons import objectives
from vae_lessons.objectives import elbo_analytic_kl, elbo_mc, elbo_terms, iw_log_lik, log_weights

ALL = [elbo_terms, elbo_analytic_kl, log_weights, elbo_mc, iw_log_lik]


@pytest.fixture
def x():
    return randn(5, 4, seed=1)


def noise(n, seed=2):
    return randn(n, 5, 2, seed=seed)


def gap_of(model, x):
    """KL of q from the posterior: two normals with the same covariance, `shift` apart."""
    return 0.5 * (model.shift**2 / model.encoder(x)[1].exp()).sum(-1)


@pytest.mark.parametrize("z_dim", [1, 2])
@pytest.mark.parametrize("n", [1, 7])
def test_at_the_exact_posterior_every_draw_gives_the_evidence(x, n, z_dim):
    model, eps = LinearGaussian(z_dim=z_dim), randn(n, 5, z_dim)
    for bound in (elbo_mc, iw_log_lik):
        assert_equal(bound(model, x, eps), model.log_evidence(x), atol=1e-10)
    assert_equal(log_weights(model, x, eps), model.log_evidence(x).expand(n, 5), atol=1e-10)


def test_gap_is_the_divergence_from_the_posterior_by_quadrature(x):
    model = LinearGaussian(shift=0.4)
    eps, weights = gauss_hermite(3, 2)  # log w is a polynomial of degree 2 in ε
    eps = eps[:, None].expand(-1, 5, -1)
    elbo = model.log_evidence(x) - gap_of(model, x)
    assert_equal(weights @ log_weights(model, x, eps), elbo, atol=1e-10)
    per_draw = torch.stack([elbo_analytic_kl(model, x, e[None]) for e in eps])
    assert_equal(weights @ per_draw, elbo, atol=1e-10)
    assert (gap_of(model, x) > 0.1).all()


def test_evidence_is_the_mean_of_the_weights_by_quadrature(x):
    model = LinearGaussian(shift=0.4)
    eps, weights = gauss_hermite(40, 2)
    mean = weights @ log_weights(model, x, eps[:, None].expand(-1, 5, -1)).exp()
    assert_equal(mean.log(), model.log_evidence(x), atol=1e-8)


def test_both_estimators_have_one_mean(x):
    model, eps = LinearGaussian(shift=0.4), noise(4000)
    difference = log_weights(model, x, eps) - torch.stack([elbo_analytic_kl(model, x, e[None]) for e in eps])
    assert (difference.mean(0).abs() < 4.5 * difference.std(0) / 4000**0.5).all()


def test_importance_weighting_closes_the_gap(x):
    model = LinearGaussian(shift=0.4)
    runs = noise(25 * 400).reshape(400, 25, 5, 2)
    gaps = [model.log_evidence(x) - torch.stack([iw_log_lik(model, x, e[:n]) for e in runs]) for n in (1, 5, 25)]
    mean, error = (torch.stack([f(gap.mean(1)) for gap in gaps]) for f in (torch.mean, lambda g: g.std() / 20))
    assert (mean[:-1] - mean[1:] > 3 * error[1:]).all()
    assert mean[-1] > 0
    assert mean[-1] < mean[0] / 5


def test_means_over_draws(x):
    model, eps = LinearGaussian(shift=0.4), noise(3)
    weights = log_weights(model, x, eps)
    assert weights.shape == (3, 5)
    assert_equal(elbo_mc(model, x, eps), weights.mean(0))
    assert_equal(iw_log_lik(model, x, eps), weights.exp().mean(0).log())
    assert (iw_log_lik(model, x, eps) > elbo_mc(model, x, eps)).all()  # Jensen
    assert_equal(iw_log_lik(model, x, eps[:1]), elbo_mc(model, x, eps[:1]))


def test_importance_weighting_does_not_underflow():
    model, x = LinearGaussian(), 200 * torch.ones(1, 4, dtype=torch.float64)
    assert model.log_evidence(x) < -1000
    assert_equal(iw_log_lik(model, x, randn(4, 1, 2)), model.log_evidence(x), atol=1e-8)


def test_elbo_is_the_difference_of_its_terms(x):
    model, eps = LinearGaussian(shift=0.4), noise(3)
    log_lik, kl = elbo_terms(model, x, eps)
    mu, log_var = model.encoder(x)
    z = mu + torch.exp(0.5 * log_var) * eps
    assert_equal(log_lik, model.log_likelihood(x, z).mean(0))
    assert_equal(kl, 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(1))
    assert_equal(elbo_analytic_kl(model, x, eps), log_lik - kl)
    assert_equal(elbo_analytic_kl(model, x, eps, beta=4.0), log_lik - 4 * kl)
    assert_equal(elbo_analytic_kl(model, x, eps, 0.0), log_lik)


@pytest.mark.parametrize("bound", [elbo_analytic_kl, elbo_mc, iw_log_lik])
def test_one_value_per_image_whatever_the_batch(x, bound):
    model, eps = LinearGaussian(shift=0.4), noise(3)
    whole = bound(model, x, eps)
    assert whole.shape == (5,)
    assert_equal(torch.cat([bound(model, x[i : i + 1], eps[:, i : i + 1]) for i in range(5)]), whole)
    assert_equal(bound(model, x.flip(0), eps.flip(1)), whole.flip(0))
    assert_equal(bound(model, torch.cat([x, x]), torch.cat([eps, eps], 1)), torch.cat([whole, whole]))
    assert_equal(bound(model, x, eps[[2, 0, 1]]), whole)
    assert_equal(bound(model, x, torch.cat([eps, eps])), whole)


def test_float32(x):
    model = LinearGaussian(shift=0.4)
    for bound in (elbo_analytic_kl, elbo_mc, iw_log_lik):
        value = bound(model.double(), x, noise(3))
        single = bound(model.float(), x.float(), noise(3).float())
        assert single.dtype == torch.float32
        assert_equal(single, value.float(), atol=1e-4)


def test_noise_may_be_shared(x):
    model = LinearGaussian(shift=0.4)
    shared = noise(3)[:, :1]
    assert_equal(elbo_mc(model, x, shared), elbo_mc(model, x, shared.expand(3, 5, 2)))


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((5, 2), "eps must have shape (L, M, J) = (L, 5, 2), got (5, 2)"),
        ((2, 3, 5, 2), "eps must have shape (L, M, J) = (L, 5, 2), got (2, 3, 5, 2)"),
        ((3, 4, 2), "shapes do not fit together: mu (5, 2), log_var (5, 2), eps (3, 4, 2)"),
    ],
)
def test_noise_of_the_wrong_shape_is_named(x, function, shape, message):
    assert refusal(lambda: function(LinearGaussian(), x, randn(*shape))) == message


@pytest.mark.parametrize("function", ALL)
def test_a_likelihood_of_the_wrong_shape_is_named(x, function):
    model = LinearGaussian()
    per_pixel = SimpleNamespace(encoder=model.encoder, log_likelihood=lambda x, z: z @ model.w.T)
    expected = "log_likelihood must return one value per draw and image, shape (L, M) = (3, 5), got (3, 5, 4)"
    assert refusal(lambda: function(per_pixel, x, noise(3))) == expected


@pytest.mark.parametrize("function", ALL)
def test_nan_in_the_images_is_found_behind_the_encoder(x, function):
    x[3, 1] = torch.nan
    message = "x must not hold NaN, got it in 1 of 20 entries"
    assert refusal(lambda: function(LinearGaussian(), x, noise(3))) == message


def test_module_offers_its_names():
    assert sorted(objectives.__all__) == objectives.__all__
    assert all(callable(getattr(objectives, name)) for name in objectives.__all__)
