"""The gaps, and what the KL is made of, against exact models, quadrature and torch.distributions."""

import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from tests.worlds import assert_equal, generator, randn, refusal
from vae_lessons.divergences import kl_multivariate_normal
from vae_lessons.equations.ch13_gaps import best_q
from vae_lessons.equations.ch13_surgery import surgery
from vae_lessons.equations.worlds import LinearGaussian
from vae_lessons.evaluation import aggregate_log_prob, elbo_gaps, elbo_surgery, exact_log_lik
from vae_lessons.models import VAE, LinearVAE


@pytest.fixture
def world():
    """A linear-Gaussian model whose posterior has correlated dimensions, 30 images, and an encoder that errs."""
    w, var = 0.8 * randn(5, 2, seed=7), torch.tensor(0.4, dtype=torch.float64)
    x = randn(30, 2, seed=8) @ w.T + var.sqrt() * randn(30, 5, seed=9)
    mean, cov = LinearGaussian(w, var).posterior(x)
    model = LinearGaussian(w, var, q=(mean + 0.3 * randn(30, 2), cov.diagonal().log() + 0.4 * randn(30, 2, seed=1)))
    model.z_dim = 2
    model.encoder = lambda x: tuple(value[: len(x)] for value in model.q)
    return model, x


def divergences(model, x, mu, log_var):
    """KL of q from the exact posterior, image by image."""
    mean, cov = model.posterior(x)
    rows = zip(mu, log_var, mean, strict=True)
    return torch.stack([kl_multivariate_normal(m, v.exp().diag(), p, cov) for m, v, p in rows])


def test_the_gaps_are_the_divergences_from_the_posterior(world):
    model, x = world
    gaps = elbo_gaps(model, x)
    approximation = divergences(model, x, *best_q(model, x))
    assert_equal(gaps.log_p, model.log_evidence(x), atol=1e-6)
    assert_equal(gaps.approximation, approximation, atol=0.02)
    assert_equal(gaps.amortization, divergences(model, x, *model.q) - approximation, atol=0.02)
    assert_equal(gaps.amortization + gaps.approximation, gaps.log_p - gaps.elbo)


def test_the_search_finds_the_best_q(world):
    model, x = world
    gaps = elbo_gaps(model, x)
    for found, expected in zip((gaps.mu, gaps.log_var), best_q(model, x), strict=True):
        assert_equal(found, expected.expand_as(found), atol=0.03)
    assert (gaps.amortization > 0).all()
    assert (gaps.approximation > 0).all()


def test_an_exact_encoder_has_no_gap():
    x = randn(60, 5, seed=3) @ randn(5, 5, seed=4)
    gaps = elbo_gaps(LinearVAE.from_ppca(x, z_dim=2), x)
    assert_equal(gaps.amortization, torch.zeros(60), atol=0.01)
    assert_equal(gaps.approximation, torch.zeros(60), atol=0.01)


def test_the_model_is_left_as_it_was():
    torch.manual_seed(0)
    model, x = VAE(x_dim=12, h_dim=8, z_dim=2), (randn(20, 12) > 0).float()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with torch.no_grad():  # a caller may have switched gradients off
        gaps = elbo_gaps(model, x, steps=20)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert not any(value.requires_grad for value in gaps)
    assert gaps.mu.dtype == torch.float32
    assert_equal(gaps.log_p, exact_log_lik(model, x), atol=0)


def test_log_p_can_be_given_and_images_come_in_parts():
    torch.manual_seed(0)
    model, x, log_p = VAE(12, 8, 5).double(), (randn(20, 12) > 0).double(), randn(20)
    gaps = elbo_gaps(model, x, log_p, steps=10, n_samples=64)
    assert_equal(gaps.log_p, log_p)
    for found, expected in zip(elbo_gaps(model, x, log_p, steps=10, n_samples=64, rows=500), gaps, strict=True):
        assert_equal(found, expected)
    assert "5 dimensions" in refusal(lambda: elbo_gaps(model, x))
    assert "one value per image, shape (20,), got ()" in refusal(lambda: elbo_gaps(model, x, log_p.mean()))


# The aggregate posterior


def encodings(n=6, z_dim=2):
    return randn(n, z_dim, seed=2), 0.5 * randn(n, z_dim, seed=3) - 1


def mixture(mu, log_var):
    parts = Independent(Normal(mu, (log_var / 2).exp()), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(mu)).double()), parts)


def test_the_aggregate_is_torch_s_mixture():
    mu, log_var = encodings()
    z = 2 * randn(3, 50, 2)
    expected = mixture(mu, log_var).log_prob(z)
    assert_equal(aggregate_log_prob(z, mu, log_var), expected)
    assert_equal(aggregate_log_prob(z, mu, log_var, rows=7), expected)
    assert_equal(aggregate_log_prob(z[0, 0], mu, log_var), expected[0, 0])
    assert "shapes do not fit" in refusal(lambda: aggregate_log_prob(z, mu, log_var.repeat(1, 2)))


def test_the_surgery_is_that_of_quadrature():
    mu, log_var = encodings(z_dim=1)
    found = elbo_surgery(mu, log_var, torch.randn(20_000, 6, 1, generator=generator(4)))
    kl, information, marginal = surgery(mu, log_var).tolist()
    assert found.kl == pytest.approx(kl, abs=1e-9)
    for estimate, exact in ((found.information, information), (found.marginal, marginal)):
        assert abs(estimate.mean - exact) < 4 * estimate.se < 0.05


def test_the_parts_add_up_and_information_has_its_bounds():
    mu, log_var = encodings(40, 3)
    found = elbo_surgery(mu, log_var, torch.randn(500, 40, 3, generator=generator(5)))
    total = found.information.mean + found.marginal.mean
    assert abs(total - found.kl) < 4 * (found.information.se + found.marginal.se)
    assert 0 < found.information.mean < math.log(40)
    apart = elbo_surgery(100 * mu, log_var, torch.randn(50, 40, 3, generator=generator(5)))
    assert apart.information.mean == pytest.approx(math.log(40), abs=1e-6)
    same = elbo_surgery(mu[:1].repeat(9, 1), log_var[:1].repeat(9, 1), torch.randn(50, 9, 3, generator=generator(5)))
    assert same.information.mean == pytest.approx(0, abs=1e-12)
