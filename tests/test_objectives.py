"""Bounds against a linear-Gaussian model, whose evidence is known exactly."""

import pytest
import torch

from tests.worlds import LinearGaussian
from vae_lessons.objectives import elbo_analytic_kl, elbo_mc, elbo_terms, iw_log_lik


@pytest.fixture
def x():
    return torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def noise(n, seed=2):
    return torch.randn(n, 5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_at_the_exact_posterior_every_draw_gives_the_evidence(x):
    model = LinearGaussian()
    for n in (1, 7):
        torch.testing.assert_close(elbo_mc(model, x, noise(n)), model.log_evidence(x), rtol=0, atol=1e-10)
        torch.testing.assert_close(iw_log_lik(model, x, noise(n)), model.log_evidence(x), rtol=0, atol=1e-10)


def test_gap_is_the_divergence_from_the_posterior(x):
    model = LinearGaussian(shift=0.4)
    _, log_var = model.encoder(x)
    gap = 0.5 * (0.4**2 / log_var.exp()).sum(-1)  # KL of two normals with the same covariance
    draws = torch.stack([elbo_analytic_kl(model, x, e[None]) for e in noise(4000)])
    error = draws.std(0) / 4000**0.5
    assert ((model.log_evidence(x) - draws.mean(0) - gap).abs() < 4.5 * error).all()
    assert (gap > 20 * error).all()


def test_both_estimators_have_one_mean(x):
    model = LinearGaussian(shift=0.4)
    per_draw = torch.stack([elbo_mc(model, x, e[None]) - elbo_analytic_kl(model, x, e[None]) for e in noise(4000)])
    assert (per_draw.mean(0).abs() < 4.5 * per_draw.std(0) / 4000**0.5).all()


def test_importance_weighting_closes_the_gap(x):
    model = LinearGaussian(shift=0.4)
    runs = noise(25 * 400).reshape(400, 25, 5, 2)
    gaps = [model.log_evidence(x) - torch.stack([iw_log_lik(model, x, e[:n]) for e in runs]) for n in (1, 5, 25)]
    mean, error = (torch.stack([f(gap.mean(1)) for gap in gaps]) for f in (torch.mean, lambda g: g.std() / 20))
    assert (mean[:-1] - mean[1:] > 3 * error[1:]).all()
    assert mean[-1] > 0
    assert mean[-1] < mean[0] / 5


def test_elbo_is_the_difference_of_its_terms(x):
    model = LinearGaussian(shift=0.4)
    log_lik, kl = elbo_terms(model, x, noise(3))
    torch.testing.assert_close(elbo_analytic_kl(model, x, noise(3)), log_lik - kl)
    torch.testing.assert_close(elbo_analytic_kl(model, x, noise(3), beta=4.0), log_lik - 4 * kl)


def test_one_value_per_image_whatever_the_batch(x):
    model = LinearGaussian(shift=0.4)
    whole = elbo_analytic_kl(model, x, noise(3))
    parts = torch.cat([elbo_analytic_kl(model, x[i : i + 1], noise(3)[:, i : i + 1]) for i in range(5)])
    torch.testing.assert_close(whole, parts)
