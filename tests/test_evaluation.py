"""Evaluation against a linear-Gaussian model, whose evidence is known exactly."""

import math

import pytest
import torch
from scipy import stats
from torch import nn

from tests.worlds import LinearGaussian
from vae_lessons.evaluation import Estimate, active_units, evaluate_elbo, iw_log_lik_dataset


@pytest.fixture
def x():
    return torch.randn(40, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_importance_weighting_finds_the_evidence(x):
    model = LinearGaussian(shift=0.2)
    found = iw_log_lik_dataset(model, x, n_samples=20_000)
    torch.testing.assert_close(found, model.log_evidence(x), rtol=0, atol=0.02)


def test_memory_is_bounded_by_rows(x):
    model, sizes = LinearGaussian(), []
    log_likelihood = model.log_likelihood
    model.log_likelihood = lambda x, z: (sizes.append(z.shape[:2].numel()), log_likelihood(x, z))[1]
    assert iw_log_lik_dataset(model, x, n_samples=10, rows=35).shape == (40,)
    assert max(sizes) <= 35


def test_elbo_and_its_standard_error(x):
    model = LinearGaussian()  # q is the posterior: the ELBO is the evidence
    result = evaluate_elbo(model, x, n_samples=2000)
    evidence = model.log_evidence(x)
    assert abs(result.elbo.mean - evidence.mean()) < 0.1
    assert result.elbo.se == pytest.approx(stats.sem(evidence.detach()), rel=0.05)
    assert result.elbo.mean == pytest.approx(result.log_lik.mean - result.kl.mean)


def test_no_gradient_is_kept(x):
    assert not iw_log_lik_dataset(LinearGaussian(), x, n_samples=2).requires_grad


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
