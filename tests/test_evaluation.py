"""Evaluation against linear-Gaussian models, whose evidence is known exactly."""

import math

import pytest
import torch
from scipy import stats
from torch import nn

from tests.worlds import LinearGaussian, assert_equal, generator, randn, refusal
from vae_lessons import evaluation
from vae_lessons.evaluation import (
    Estimate,
    active_units,
    bits_per_dim,
    effective_sample_size,
    elbo_of_images,
    evaluate_elbo,
    exact_log_lik,
    iw_log_lik_dataset,
)
from vae_lessons.models import VAE, LinearVAE
from vae_lessons.objectives import elbo_terms, log_weights


@pytest.fixture
def x():
    return torch.randn(40, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def watched(model):
    """The model, with a list of the numbers of pairs of image and latent point that it was asked for."""
    sizes, log_likelihood = [], model.log_likelihood
    model.log_likelihood = lambda x, z: (sizes.append(len(x) * len(z)), log_likelihood(x, z))[1]
    return model, sizes


def test_importance_weighting_finds_the_evidence(x):
    model = LinearGaussian(shift=0.2)
    found = iw_log_lik_dataset(model, x, n_samples=20_000)
    torch.testing.assert_close(found, model.log_evidence(x), rtol=0, atol=0.02)


def test_memory_is_bounded_by_rows(x):
    model, sizes = watched(LinearGaussian())
    assert iw_log_lik_dataset(model, x, n_samples=10, rows=35).shape == (40,)
    assert all(v.shape == (40,) for v in elbo_of_images(model, x, n_samples=10, rows=35))
    assert exact_log_lik(model, x, side=9, rows=100).shape == (40,)
    assert max(sizes) <= 100
    assert max(sizes[:14]) <= 35


def test_the_progress_bar_goes_to_stderr_and_changes_nothing(x, capsys):
    assert_equal(iw_log_lik_dataset(LinearGaussian(), x, progress=True), iw_log_lik_dataset(LinearGaussian(), x), 0)
    captured = capsys.readouterr()
    assert "log p(x)" in captured.err
    assert not captured.out


def test_elbo_and_its_standard_error(x):
    model = LinearGaussian()  # q is the posterior: the ELBO is the evidence
    result = evaluate_elbo(model, x, n_samples=2000)
    evidence = model.log_evidence(x)
    assert abs(result.elbo.mean - evidence.mean()) < 0.1
    assert result.elbo.se == pytest.approx(stats.sem(evidence.detach()), rel=0.05)
    assert result.elbo.mean == pytest.approx(result.log_lik.mean - result.kl.mean)


def test_the_elbo_of_each_image_is_that_of_the_terms(x):
    model = LinearGaussian(shift=0.3)
    eps = torch.randn(32, 40, 2, generator=generator(0))
    for found, expected in zip(elbo_of_images(model, x), elbo_terms(model, x, eps), strict=True):
        assert_equal(found, expected.detach())
    in_parts = elbo_of_images(model, x, n_samples=3000, rows=30_000)
    for found, expected in zip(in_parts, elbo_of_images(model, x, n_samples=3000), strict=True):
        assert_equal(found, expected, atol=0.3)  # other noise, same expectation


def test_no_gradient_is_kept(x):
    assert not iw_log_lik_dataset(LinearGaussian(), x, n_samples=2).requires_grad
    assert not exact_log_lik(LinearGaussian(), x, side=5).requires_grad


# The evidence on a grid


@pytest.mark.parametrize("z_dim", [1, 2, 3])
def test_the_grid_finds_the_evidence(x, z_dim):
    model = LinearGaussian(z_dim=z_dim)
    found = exact_log_lik(model, 0.7 * x, side=(61 if z_dim == 3 else 121))
    assert_equal(found, model.log_evidence(0.7 * x).detach(), atol=1e-6)


def test_the_grid_finds_the_evidence_of_ppca():
    x = randn(300, 6, seed=3) @ randn(6, 6, seed=4)
    model = LinearVAE.from_ppca(x, z_dim=2)
    assert_equal(exact_log_lik(model, x), model.log_evidence(x).detach(), atol=1e-7)


def test_the_grid_does_not_matter():
    torch.manual_seed(0)
    model, x = VAE(x_dim=12, h_dim=8, z_dim=2).double(), (randn(20, 12) > 0).double()
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.mul_(3)  # ReLU units with visible kinks
    usual = exact_log_lik(model, x)
    for other in [{"side": 241}, {"reach": 9.0, "side": 301}, {"rows": 333}]:
        assert_equal(exact_log_lik(model, x, **other), usual, atol=1e-3)  # a kink costs Δ²
    assert (exact_log_lik(model, x, reach=1.0) < usual).all()  # what lies outside is missing
    importance_weighted = iw_log_lik_dataset(model, x, n_samples=20_000)
    assert_equal(importance_weighted, usual, atol=0.05)


def test_probabilities_of_all_images_sum_to_one():
    torch.manual_seed(1)
    model = VAE(x_dim=6, h_dim=5, z_dim=2).double()
    every_image = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * 6)
    assert_equal(exact_log_lik(model, every_image).exp().sum(), 1.0, atol=1e-8)


def test_a_grid_refuses_what_it_cannot_do(x):
    assert "4 dimensions has 121^4 points" in refusal(lambda: exact_log_lik(LinearVAE(4, 4).double(), x))
    assert "side" in refusal(lambda: exact_log_lik(LinearGaussian(), x, side=1))
    assert "reach must be positive" in refusal(lambda: exact_log_lik(LinearGaussian(), x, reach=0.0))
    model = LinearGaussian()
    model.log_likelihood = lambda x, z: torch.zeros(len(z), 1)
    assert "must broadcast and have shape (250, 40)" in refusal(lambda: exact_log_lik(model, x))


# Numbers made of one value per image


def test_effective_sample_size_is_that_of_the_weights(x):
    log_w = randn(7, 3) - 2000  # e^-2000 underflows
    w = (log_w + 2000).exp()
    assert_equal(effective_sample_size(log_w), w.sum(0) ** 2 / (w**2).sum(0), atol=1e-9)
    assert_equal(effective_sample_size(torch.zeros(9, 2).double()), [9.0, 9.0])
    weights = log_weights(LinearGaussian(), x, randn(50, 40, 2))  # q is the posterior: all weights are equal
    assert_equal(effective_sample_size(weights.detach()), torch.full((40,), 50.0), atol=1e-9)


def test_bits_per_dimension():
    log_p = torch.tensor([-64 * math.log(2), -64 * math.log(256)], dtype=torch.float64)
    assert_equal(bits_per_dim(log_p, 64), [1.0, 8.0])
    assert "x_dim must be a whole number" in refusal(lambda: bits_per_dim(log_p, 0))


def test_active_units_counts_the_dimensions_that_vary():
    class Half(nn.Module):
        def encoder(self, x):
            return torch.stack([x[:, 0], 0.05 * x[:, 0], 0.2 * x[:, 0]], 1), x.new_zeros(len(x), 3)

    x = torch.randn(1000, 4, generator=torch.Generator().manual_seed(0))
    assert active_units(Half(), x) == 2
    assert active_units(Half(), x, threshold=0.5) == 1


def test_an_estimate_prints_its_error():
    assert str(Estimate(-19.7312, 0.2178)) == "-19.73 ± 0.22"
    assert math.isclose(Estimate(1.0, 2.0).mean, 1.0)
    values = randn(30)
    assert evaluation.estimate(values) == pytest.approx((values.mean().item(), stats.sem(values)))
