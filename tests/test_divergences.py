"""Divergences against torch.distributions, SciPy and quadrature, in float64."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from torch.distributions import Categorical, MultivariateNormal, Normal, kl_divergence

from vae_lessons.divergences import kl_discrete, kl_monte_carlo, kl_multivariate_normal, kl_normal, kl_std_normal

F64 = torch.float64


def simplex(generator, *shape):
    weights = torch.rand(*shape, dtype=F64, generator=generator) + 0.05
    return weights / weights.sum(-1, keepdim=True)


def spd(generator, *shape):
    root = torch.randn(*shape, shape[-1], dtype=F64, generator=generator)
    return root @ root.mT + 0.5 * torch.eye(shape[-1], dtype=F64)


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


def assert_equal(actual, expected, atol=1e-12):
    torch.testing.assert_close(actual, torch.as_tensor(expected, dtype=actual.dtype), rtol=0, atol=atol)


class TestDiscrete:
    def test_agrees_with_torch(self, generator):
        p, q = simplex(generator, 4, 7), simplex(generator, 4, 7)
        assert_equal(kl_discrete(p, q), kl_divergence(Categorical(p), Categorical(q)))

    def test_agrees_with_scipy(self, generator):
        p, q = simplex(generator, 5), simplex(generator, 5)
        assert_equal(kl_discrete(p, q), stats.entropy(p, q))

    def test_an_impossible_outcome_contributes_nothing(self):
        p, q = torch.tensor([0.5, 0.5, 0.0], dtype=F64), torch.tensor([0.2, 0.3, 0.5], dtype=F64)
        assert_equal(kl_discrete(p, q), 0.5 * math.log(0.5 / 0.2) + 0.5 * math.log(0.5 / 0.3))

    def test_an_excluded_outcome_costs_infinity(self):
        assert kl_discrete(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0])) == math.inf

    @given(st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=8), st.randoms(use_true_random=False))
    def test_is_never_negative_and_zero_for_equals(self, weights, random):
        p = torch.tensor(weights, dtype=F64) / sum(weights)
        q = p[torch.tensor(random.sample(range(len(p)), len(p)))]
        assert kl_discrete(p, q) >= -1e-12
        assert_equal(kl_discrete(p, p), 0.0)

    def test_is_invariant_under_relabelling(self, generator):
        p, q = simplex(generator, 6), simplex(generator, 6)
        order = torch.randperm(6, generator=generator)
        assert_equal(kl_discrete(p[order], q[order]), kl_discrete(p, q))

    @pytest.mark.parametrize(
        ("p", "q", "message"),
        [
            ([0.5, 0.6], [0.5, 0.5], "p must sum to 1 .* 1.1"),
            ([0.5, 0.5], [1.5, -0.5], "q must not be negative, its smallest value is -0.5"),
            ([0.5, 0.5], [0.2, 0.3, 0.5], r"shapes do not fit together: p \(2,\), q \(3,\)"),
            ([0.5, 0.5], [1.0], r"the last axis must have the same size .* p \(2,\), q \(1,\)"),
            ([0.5, math.nan], [0.5, 0.5], "p must not be negative|p must sum to 1"),
        ],
    )
    def test_bad_input_is_named(self, p, q, message):
        with pytest.raises(ValueError, match=message):
            kl_discrete(torch.tensor(p), torch.tensor(q))

    def test_integers_are_refused(self):
        with pytest.raises(ValueError, match="p must hold floating-point numbers, got torch.int64"):
            kl_discrete(torch.tensor([0, 1]), torch.tensor([0.5, 0.5]))

    def test_lists_are_refused(self):
        with pytest.raises(TypeError, match="p must be a torch tensor, got list"):
            kl_discrete([0.5, 0.5], torch.tensor([0.5, 0.5]))


class TestNormal:
    def test_agrees_with_torch(self, generator):
        mu_q, mu_p = torch.randn(2, 9, dtype=F64, generator=generator)
        std_q, std_p = torch.rand(2, 9, dtype=F64, generator=generator) + 0.1
        assert_equal(kl_normal(mu_q, std_q, mu_p, std_p), kl_divergence(Normal(mu_q, std_q), Normal(mu_p, std_p)))

    def test_agrees_with_quadrature(self):
        q, p = stats.norm(0.7, 0.5), stats.norm(-1.3, 1.8)
        expected, _ = integrate.quad(lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x)), -6, 8, epsabs=1e-12)
        assert_equal(kl_normal(*torch.tensor([0.7, 0.5, -1.3, 1.8], dtype=F64)), expected, atol=1e-9)

    def test_a_negative_deviation_is_named(self):
        with pytest.raises(ValueError, match="std_p must be positive everywhere, its smallest value is -2"):
            kl_normal(*torch.tensor([0.0, 1.0, 0.0, -2.0]))


class TestStandardNormal:
    @pytest.mark.parametrize("j", [1, 2, 50])
    def test_agrees_with_torch(self, generator, j):
        mu, log_var = torch.randn(2, 6, j, dtype=F64, generator=generator) * 2
        expected = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(torch.zeros(j).double(), 1.0)).sum(-1)
        assert_equal(kl_std_normal(mu, log_var), expected, atol=1e-10)

    def test_agrees_with_the_univariate_formula(self, generator):
        mu, log_var = torch.randn(2, 6, 3, dtype=F64, generator=generator)
        zero, one = torch.zeros(3, dtype=F64), torch.ones(3, dtype=F64)
        assert_equal(kl_std_normal(mu, log_var), kl_normal(mu, (log_var / 2).exp(), zero, one).sum(-1))

    def test_is_zero_at_the_prior_only(self):
        assert_equal(kl_std_normal(torch.zeros(1, 4), torch.zeros(1, 4)), torch.zeros(1))
        assert kl_std_normal(torch.zeros(1, 4), torch.full((1, 4), 0.1)) > 0

    def test_shapes_must_fit(self):
        with pytest.raises(ValueError, match=r"mu \(2, 3\), log_var \(2, 4\)"):
            kl_std_normal(torch.zeros(2, 3), torch.zeros(2, 4))


class TestMultivariateNormal:
    @pytest.mark.parametrize("j", [1, 3, 20])
    def test_agrees_with_torch(self, generator, j):
        mu_q, mu_p = torch.randn(2, 4, j, dtype=F64, generator=generator)
        cov_q, cov_p = spd(generator, 4, j), spd(generator, 4, j)
        expected = kl_divergence(MultivariateNormal(mu_q, cov_q), MultivariateNormal(mu_p, cov_p))
        assert_equal(kl_multivariate_normal(mu_q, cov_q, mu_p, cov_p), expected, atol=1e-8)

    def test_agrees_with_the_diagonal_formula(self, generator):
        mu, log_var = torch.randn(2, 5, 3, dtype=F64, generator=generator)
        eye = torch.eye(3, dtype=F64)
        full = kl_multivariate_normal(mu, torch.diag_embed(log_var.exp()), torch.zeros(3, dtype=F64), eye)
        assert_equal(full, kl_std_normal(mu, log_var))

    @pytest.mark.parametrize(
        ("cov", "message"),
        [
            ([[1.0, 2.0], [0.0, 1.0]], "cov_q must be symmetric"),
            ([[1.0, 2.0], [2.0, 1.0]], "cov_q must be positive definite"),
            ([1.0, 1.0], r"cov_q must be a square matrix, got shape \(2,\)"),
        ],
    )
    def test_a_bad_covariance_is_named(self, cov, message):
        with pytest.raises(ValueError, match=message):
            kl_multivariate_normal(torch.zeros(2), torch.tensor(cov), torch.zeros(2), torch.eye(2))


class TestMonteCarlo:
    def test_is_within_four_standard_errors(self, generator):
        q, p = Normal(torch.tensor(0.3, dtype=F64), 0.8), Normal(torch.tensor(-0.5, dtype=F64), 1.1)
        z = 0.3 + 0.8 * torch.randn(50_000, dtype=F64, generator=generator)
        value, error = kl_monte_carlo(q.log_prob(z), p.log_prob(z))
        assert abs(value - kl_divergence(q, p)) < 4 * error
        assert error < 0.01

    def test_error_is_that_of_a_mean(self):
        log_q, log_p = torch.tensor([1.0, 2.0, 4.0], dtype=F64), torch.zeros(3, dtype=F64)
        value, error = kl_monte_carlo(log_q, log_p)
        assert_equal(value, 7 / 3)
        assert_equal(error, stats.sem([1.0, 2.0, 4.0]))

    def test_one_draw_is_not_enough(self):
        with pytest.raises(ValueError, match=r"at least 2 draws .* got shape \(1,\)"):
            kl_monte_carlo(torch.zeros(1), torch.zeros(1))
