"""Divergences against torch.distributions, SciPy and quadrature, in float64."""

import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import integrate, stats
from torch.distributions import Categorical, MultivariateNormal, Normal, kl_divergence

from tests.worlds import F64, assert_equal, gauss_hermite, generator, randn, refusal, spd
from vae_lessons.divergences import kl_discrete, kl_monte_carlo, kl_multivariate_normal, kl_normal, kl_std_normal

positive = st.floats(1e-3, 1e3)
real = st.floats(-1e3, 1e3)


def simplex(*shape, seed=0):
    weights = torch.rand(*shape, dtype=F64, generator=generator(seed)) + 0.05
    return weights / weights.sum(-1, keepdim=True)


class TestDiscrete:
    @pytest.mark.parametrize("shape", [(4, 7), (1, 2), (3, 2, 5), (1,)])
    def test_agrees_with_torch(self, shape):
        p, q = simplex(*shape), simplex(*shape, seed=1)
        assert_equal(kl_discrete(p, q), kl_divergence(Categorical(p), Categorical(q)))

    def test_agrees_with_scipy(self):
        p, q = simplex(5), simplex(5, seed=1)
        assert_equal(kl_discrete(p, q), stats.entropy(p, q))

    def test_one_distribution_against_many(self):
        p, q = simplex(5), simplex(3, 5, seed=1)
        assert_equal(kl_discrete(p, q), torch.stack([kl_discrete(p, row) for row in q]))

    def test_float32(self):
        p, q = simplex(4, 7), simplex(4, 7, seed=1)
        value = kl_discrete(p.float(), q.float())
        assert value.dtype == torch.float32
        assert_equal(value, kl_discrete(p, q).float(), atol=1e-6)

    def test_an_impossible_outcome_contributes_nothing(self):
        p, q = torch.tensor([0.5, 0.5, 0.0, 0.0], dtype=F64), torch.tensor([0.2, 0.3, 0.5, 0.0], dtype=F64)
        assert_equal(kl_discrete(p, q), 0.5 * math.log(0.5 / 0.2) + 0.5 * math.log(0.5 / 0.3))

    def test_an_excluded_outcome_costs_infinity(self):
        assert kl_discrete(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0])) == math.inf

    @given(st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=8), st.randoms(use_true_random=False))
    def test_is_never_negative_and_zero_for_equals(self, weights, random):
        p = torch.tensor(weights, dtype=F64) / sum(weights)
        q = p[torch.tensor(random.sample(range(len(p)), len(p)))]
        assert kl_discrete(p, q) >= -1e-12
        assert kl_discrete(p, q) >= 0.5 * (p - q).abs().sum() ** 2 - 1e-12  # Pinsker: zero only if p = q
        assert_equal(kl_discrete(p, p), 0.0)

    def test_is_invariant_under_relabelling(self):
        p, q = simplex(6), simplex(6, seed=1)
        order = torch.randperm(6, generator=generator())
        assert_equal(kl_discrete(p[order], q[order]), kl_discrete(p, q))

    def test_merging_outcomes_loses_information(self):
        p, q = simplex(6), simplex(6, seed=1)
        assert kl_discrete(p.reshape(3, 2).sum(1), q.reshape(3, 2).sum(1)) < kl_discrete(p, q)

    def test_gradient_in_q(self):
        p, q = simplex(5), simplex(5, seed=1).requires_grad_()
        assert_equal(torch.autograd.grad(kl_discrete(p, q), q)[0], (-p / q).detach())

    @pytest.mark.parametrize(
        ("p", "q", "message"),
        [
            ([0.5, 0.6], [0.5, 0.5], "p must sum to 1 over its last axis, got a sum of 1.1"),
            ([0.5, 0.5], [0.5, 0.6], "q must sum to 1 over its last axis, got a sum of 1.1"),
            ([0.5, 0.5], [1.5, -0.5], "q must not be negative, its smallest value is -0.5"),
            ([1.5, -0.5], [0.5, 0.5], "p must not be negative, its smallest value is -0.5"),
            ([0.5, 0.5], [0.2, 0.3, 0.5], "shapes do not fit together: p (2,), q (3,)"),
            ([0.5, 0.5], [1.0], "the last axis must have the same size in all arguments: p (2,), q (1,)"),
        ],
    )
    def test_bad_input_is_named(self, p, q, message):
        assert refusal(lambda: kl_discrete(torch.tensor(p), torch.tensor(q))) == message


class TestNormal:
    def test_agrees_with_torch(self):
        mu_q, mu_p = randn(2, 9)
        std_q, std_p = torch.rand(2, 9, dtype=F64, generator=generator()) + 0.1
        assert_equal(kl_normal(mu_q, std_q, mu_p, std_p), kl_divergence(Normal(mu_q, std_q), Normal(mu_p, std_p)))

    def test_agrees_with_quadrature(self):
        q, p = stats.norm(0.7, 0.5), stats.norm(-1.3, 1.8)
        expected, _ = integrate.quad(lambda x: q.pdf(x) * (q.logpdf(x) - p.logpdf(x)), -6, 8, epsabs=1e-12)
        assert_equal(kl_normal(*torch.tensor([0.7, 0.5, -1.3, 1.8], dtype=F64)), expected, atol=1e-9)

    def test_shapes_broadcast(self):
        mu, std = randn(4, 1), torch.tensor([0.5, 1.0, 2.0], dtype=F64)
        assert kl_normal(mu, std, mu[0], std[0]).shape == (4, 3)

    @given(real, positive, real, positive)
    def test_is_never_negative_and_zero_for_equals_only(self, m, s, n, r):
        value = kl_normal(*torch.tensor([m, s, n, r], dtype=F64))
        assert value >= -1e-12
        assert_equal(kl_normal(*torch.tensor([m, s, m, s], dtype=F64)), 0.0)
        assume(abs(m - n) > 1e-3 * r or abs(s / r - 1) > 1e-3)
        assert value > 1e-7

    @given(real, positive, real, positive, st.floats(-10, 10), st.floats(0.1, 10))
    def test_is_invariant_under_a_change_of_units(self, m, s, n, r, shift, scale):
        old, new = (torch.tensor(t, dtype=F64) for t in ([m, s, n, r], [m + shift, s, n + shift, r]))
        new *= -scale
        value = kl_normal(*old)
        assert_equal(kl_normal(new[0], -new[1], new[2], -new[3]) / (1 + value), value / (1 + value), atol=1e-8)

    @pytest.mark.parametrize(("dtype", "power"), [(torch.float32, 18), (F64, 150)])
    def test_tiny_against_large(self, dtype, power):
        tiny, large, zero = torch.tensor([10.0**-power, 10.0**power, 0], dtype=dtype)
        assert_equal(kl_normal(zero, tiny, zero, tiny), 0.0)
        assert_equal(kl_normal(zero, tiny, zero, large), 2 * power * math.log(10) - 0.5, atol=1e-4)
        assert_equal(kl_normal(tiny, tiny, zero, tiny), 0.5)
        assert kl_normal(large, tiny, -large, tiny) == math.inf

    @pytest.mark.parametrize(("name", "index"), [("std_q", 1), ("std_p", 3)])
    @pytest.mark.parametrize("value", [-2.0, 0.0])
    def test_a_deviation_that_is_not_positive_is_named(self, name, index, value):
        arguments = torch.tensor([0.0, 1.0, 0.0, 1.0])
        arguments[index] = value
        expected = f"{name} must be positive everywhere, its smallest value is {value:g}"
        assert refusal(lambda: kl_normal(*arguments)) == expected

    def test_shapes_must_fit(self):
        sizes = [2, 1, 3, 1]
        message = "shapes do not fit together: mu_q (2,), std_q (1,), mu_p (3,), std_p (1,)"
        assert refusal(lambda: kl_normal(*[torch.ones(n) for n in sizes])) == message


class TestStandardNormal:
    @pytest.mark.parametrize("j", range(1, 51))
    def test_agrees_with_torch(self, j):
        mu, log_var = 2 * randn(2, 6, j)
        expected = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(torch.zeros(j).double(), 1.0)).sum(-1)
        assert_equal(kl_std_normal(mu, log_var), expected, atol=1e-10)

    def test_agrees_with_the_univariate_formula(self):
        mu, log_var = randn(2, 6, 3)
        zero, one = torch.zeros(3, dtype=F64), torch.ones(3, dtype=F64)
        assert_equal(kl_std_normal(mu, log_var), kl_normal(mu, (log_var / 2).exp(), zero, one).sum(-1))

    def test_agrees_with_gauss_hermite(self):
        mu, log_var = randn(2, 1, 2)
        eps, weights = gauss_hermite(3, 2)  # log q - log p is a polynomial of degree 2
        z = mu + torch.exp(0.5 * log_var) * eps
        q, p = Normal(mu, torch.exp(0.5 * log_var)), Normal(torch.zeros(2, dtype=F64), 1.0)
        assert_equal(kl_std_normal(mu, log_var), [(weights[:, None] * (q.log_prob(z) - p.log_prob(z))).sum()])

    def test_gradient_by_complex_step(self):
        mu, log_var = (t.requires_grad_() for t in randn(2, 1, 3))
        values = np.concatenate([mu.detach()[0], log_var.detach()[0]])
        steps = values + 1e-30j * np.eye(6)
        parts = 0.5 * (steps[:, :3] ** 2 + np.exp(steps[:, 3:]) - 1 - steps[:, 3:])
        ours = torch.autograd.grad(kl_std_normal(mu, log_var).sum(), [mu, log_var])
        assert_equal(torch.cat(ours, 1)[0], torch.tensor(parts.sum(1).imag / 1e-30))

    def test_float32_and_extremes(self):
        mu, log_var = torch.tensor([[3.0, 0.0]]), torch.tensor([[-1000.0, 80.0]])
        assert_equal(kl_std_normal(mu[:, :1], log_var[:, :1]), [504.0], atol=1e-3)
        assert kl_std_normal(mu, log_var).isfinite()
        assert kl_std_normal(mu, 2 * log_var) == math.inf

    @given(st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30)), min_size=1, max_size=5))
    def test_is_never_negative_and_zero_at_the_prior_only(self, pairs):
        mu, log_var = torch.tensor(pairs, dtype=F64).T
        assert kl_std_normal(mu, log_var) >= -1e-12
        assume(mu.abs().max() > 1e-3 or log_var.abs().max() > 1e-3)
        assert kl_std_normal(mu, log_var) > 1e-7

    def test_is_zero_at_the_prior(self):
        assert_equal(kl_std_normal(torch.zeros(1, 4), torch.zeros(1, 4)), torch.zeros(1))

    def test_order_of_dimensions_and_copies_of_images_do_not_matter(self):
        mu, log_var = randn(2, 6, 3)
        value = kl_std_normal(mu, log_var)
        assert_equal(kl_std_normal(mu[:, [2, 0, 1]], log_var[:, [2, 0, 1]]), value)
        assert torch.equal(kl_std_normal(torch.cat([mu, mu]), torch.cat([log_var, log_var])), torch.cat([value, value]))

    def test_shapes_must_fit(self):
        message = refusal(lambda: kl_std_normal(torch.zeros(2, 3), torch.zeros(2, 4)))
        assert message == "shapes do not fit together: mu (2, 3), log_var (2, 4)"


class TestMultivariateNormal:
    @pytest.mark.parametrize("j", range(1, 51))
    def test_agrees_with_torch(self, j):
        mu_q, mu_p = randn(2, 4, j)
        cov_q, cov_p = spd(4, j) / j, spd(4, j, seed=1) / j + torch.eye(j, dtype=F64)
        expected = kl_divergence(MultivariateNormal(mu_q, cov_q), MultivariateNormal(mu_p, cov_p))
        assert_equal(kl_multivariate_normal(mu_q, cov_q, mu_p, cov_p), expected, atol=1e-10)

    def test_agrees_with_the_diagonal_formula(self):
        mu, log_var = randn(2, 5, 3)
        eye = torch.eye(3, dtype=F64)
        full = kl_multivariate_normal(mu, torch.diag_embed(log_var.exp()), torch.zeros(3, dtype=F64), eye)
        assert_equal(full, kl_std_normal(mu, log_var))

    def test_is_invariant_under_invertible_maps(self):
        (mu_q, mu_p), cov_q, cov_p, a = randn(2, 3), spd(3), spd(3, seed=1), randn(3, 3, seed=2)
        value = kl_multivariate_normal(mu_q, cov_q, mu_p, cov_p)
        cov_q, cov_p = a @ cov_q @ a.T, a @ cov_p @ a.T
        assert_equal(kl_multivariate_normal(a @ mu_q, cov_q, a @ mu_p, cov_p), value, atol=1e-9)

    def test_is_zero_for_equals_and_positive_else(self):
        mu, cov = randn(3), spd(3)
        assert_equal(kl_multivariate_normal(mu, cov, mu, cov), 0.0)
        assert kl_multivariate_normal(mu, cov, mu + 0.1, cov) > 1e-4
        assert kl_multivariate_normal(mu, cov, mu, 1.1 * cov) > 1e-4

    @pytest.mark.parametrize("scale", [1e-12, 1e12])
    def test_tiny_and_large_variances(self, scale):
        mu, cov = randn(3), spd(3)
        assert_equal(kl_multivariate_normal(mu, scale * cov, mu, 2 * scale * cov), 1.5 * (math.log(2) - 0.5))

    def test_float32(self):
        arguments = [randn(4), spd(4), randn(4, seed=1), spd(4, seed=1)]
        value = kl_multivariate_normal(*[t.float() for t in arguments])
        assert_equal(value, kl_multivariate_normal(*arguments).float(), atol=1e-4)

    @pytest.mark.parametrize(
        ("cov", "message"),
        [
            ([[1.0, 2.5], [0.0, 1.0]], "must be symmetric, two entries across its diagonal differ by 2.5"),
            ([[1e-9, 1e-10], [0.0, 1e-9]], "must be symmetric, two entries across its diagonal differ by 1e-10"),
            ([[1.0, 2.0], [2.0, 1.0]], "must be positive definite, its Cholesky factorisation fails"),
            ([1.0, 1.0], "must be a square matrix, got shape (2,)"),
            ([[0.0, 0.0], [0.0, 0.0]], "must be positive definite, its Cholesky factorisation fails"),
            ([[[1.0, 1.0]], [[1.0, 1.0]]], "must be a square matrix, got shape (2, 1, 2)"),
            ([[1.0, 1.0]], "must be a square matrix, got shape (1, 2)"),
        ],
    )
    @pytest.mark.parametrize("name", ["cov_q", "cov_p"])
    def test_a_bad_covariance_is_named(self, name, cov, message):
        covs = {"cov_q": torch.eye(2), "cov_p": torch.eye(2)} | {name: torch.tensor(cov)}
        call = lambda: kl_multivariate_normal(mu_q=torch.zeros(2), mu_p=torch.zeros(2), **covs)  # noqa: E731
        assert refusal(call) == f"{name} {message}"

    def test_rounding_is_no_asymmetry(self):
        cov = spd(3).float()
        cov[0, 1] *= 1 + 1e-5
        assert kl_multivariate_normal(torch.zeros(3), cov, torch.zeros(3), cov).isfinite()

    def test_shapes_and_dtypes_must_fit(self):
        mu, eye = torch.zeros(2), torch.eye(2)
        message = "shapes do not fit together: mu_q (2,), cov_q (2,), mu_p (2,), cov_p (3,)"
        assert refusal(lambda: kl_multivariate_normal(mu, eye, mu, torch.eye(3))) == message
        dtypes = "mu_q torch.float32, cov_q torch.float32, mu_p torch.float32, cov_p torch.float64"
        message = refusal(lambda: kl_multivariate_normal(mu, eye, mu, eye.double()))
        assert message == f"all arguments must have the same dtype: {dtypes}"


class TestMonteCarlo:
    def test_is_within_four_standard_errors(self):
        q, p = Normal(torch.tensor(0.3, dtype=F64), 0.8), Normal(torch.tensor(-0.5, dtype=F64), 1.1)
        z = 0.3 + 0.8 * randn(50_000)
        value, error = kl_monte_carlo(q.log_prob(z), p.log_prob(z))
        assert abs(value - kl_divergence(q, p)) < 4 * error
        assert error < 0.01

    def test_error_is_that_of_a_mean(self):
        log_q, log_p = torch.tensor([1.0, 2.0, 4.0], dtype=F64), torch.tensor([0.0, 0.5, 0.0], dtype=F64)
        value, error = kl_monte_carlo(log_q, log_p)
        assert_equal(value, 6.5 / 3)
        assert_equal(error, stats.sem([1.0, 1.5, 4.0]))

    def test_draws_are_on_the_first_axis(self):
        value, error = kl_monte_carlo(randn(5, 2, 3), randn(5, 2, 3, seed=1))
        assert value.shape == error.shape == (2, 3)
        assert_equal(value, (randn(5, 2, 3) - randn(5, 2, 3, seed=1)).mean(0))

    def test_two_draws_are_enough_and_one_is_not(self):
        assert_equal(kl_monte_carlo(torch.tensor([1.0, 3.0]), torch.zeros(2))[1], 1.0, atol=1e-6)
        for shape in [(1,), (1, 3), ()]:
            message = refusal(lambda shape=shape: kl_monte_carlo(torch.zeros(shape), torch.zeros(shape)))
            assert message == f"log_q must hold at least 2 draws on its first axis, got shape {shape}"

    def test_draws_must_be_paired(self):
        message = refusal(lambda: kl_monte_carlo(torch.zeros(3), torch.zeros(3, 1)))
        assert message == "log_q (3,) and log_p (3, 1) must have the same shape"
