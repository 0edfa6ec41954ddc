"""The reparameterization, and two gradient estimators against expectations known in closed form."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.distributions import Normal

from tests.worlds import F64, assert_equal, gauss_hermite, generator, randn, refusal
from vae_lessons.sampling import optimal_baseline, pathwise_grad, reparameterize, score_function_grad

ESTIMATORS = [score_function_grad, pathwise_grad]


def square(z):
    return (z**2).sum(-1)


def mixed(z):
    return z[..., 0] ** 2 * z[..., 1] + torch.cos(z[..., 1])


class TestReparameterize:
    def test_is_mu_plus_sigma_times_noise(self):
        (mu, log_var), eps = randn(2, 4, 3), randn(5, 4, 3, seed=1)
        assert_equal(reparameterize(mu, log_var, eps), mu + log_var.exp().sqrt() * eps)

    def test_draws_have_the_asked_moments(self):
        n = 200_000
        mu, log_var = torch.tensor([[0.5, -1.0]]), torch.tensor([[-1.2, 0.8]])
        z = reparameterize(mu, log_var, torch.randn(n, 1, 2, generator=generator()))
        var = log_var.exp()
        assert ((z.mean(0) - mu).abs() < 4 * (var / n).sqrt()).all()
        assert ((z.var(0) - var).abs() < 4 * var * (2 / n) ** 0.5).all()

    def test_moments_by_quadrature(self):
        mu, log_var = randn(2, 2)
        eps, weights = gauss_hermite(3, 2)
        z = reparameterize(mu, log_var, eps)
        assert_equal(weights @ z, mu)
        assert_equal((weights[:, None] * (z - mu)).T @ (z - mu), torch.diag(log_var.exp()))

    def test_gradients_reach_all_arguments(self):
        mu, log_var, eps = (randn(*shape).requires_grad_() for shape in [(4, 3), (4, 3), (2, 4, 3)])
        assert torch.autograd.gradcheck(reparameterize, (mu, log_var, eps))

    @given(st.floats(-50, 50), st.floats(-50, 50), st.floats(-5, 5))
    def test_can_be_undone(self, mu, log_var, eps):
        mu, log_var, eps = torch.tensor([[mu], [log_var], [eps]], dtype=F64)
        z = reparameterize(mu, log_var, eps)
        std = torch.exp(log_var / 2)
        assert_equal((z - mu) / std, eps, atol=1e-14 * (1 + (mu.abs() / std).item()))

    @pytest.mark.parametrize("dtype", [torch.float32, F64])
    def test_no_noise_and_infinite_variance(self, dtype):
        mu, zero = randn(1, 1).to(dtype), torch.zeros(1, 1, 1, dtype=dtype)
        assert torch.equal(reparameterize(mu, mu, zero)[0], mu)
        assert reparameterize(mu, torch.full_like(mu, math.inf), zero + 1) == math.inf

    def test_bad_shapes_are_named(self):
        message = refusal(lambda: reparameterize(torch.zeros(4, 3), torch.zeros(4, 3), torch.zeros(2, 4, 5)))
        assert message == "shapes do not fit together: mu (4, 3), log_var (4, 3), eps (2, 4, 5)"


class TestEstimators:
    """E cos z = cos μ e^{-σ²/2} and E z² = μ² + σ² are differentiated by hand; quadrature takes the mean of draws."""

    eps, weights = gauss_hermite(40, 2)

    def mean(self, grads):
        return [self.weights @ grad for grad in grads]

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    def test_square(self, estimator):
        mu, log_var = randn(2, 2)
        grads = self.mean(estimator(square, mu, log_var, self.eps))
        assert_equal(grads[0], 2 * mu)
        assert_equal(grads[1], log_var.exp())

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    def test_two_dimensions_that_meet(self, estimator):
        mu, log_var = m, v = randn(2, 2).requires_grad_()
        var = v.exp()
        expected = (m[0] ** 2 + var[0]) * m[1] + torch.cos(m[1]) * torch.exp(-var[1] / 2)
        grads = self.mean(estimator(mixed, mu, log_var, self.eps))
        for ours, exact in zip(grads, torch.autograd.grad(expected, (m, v)), strict=True):
            assert_equal(ours, exact, atol=1e-9)

    @pytest.mark.parametrize(("mu", "score", "path"), [(0.0, 15.0, 4.0), (1.0, 30.0, 4.0), (5.0, 990.0, 4.0)])
    def test_variance_of_the_gradient_of_a_square(self, mu, score, path):
        mu, zero = torch.tensor([mu], dtype=F64), torch.zeros(1, dtype=F64)
        eps, weights = gauss_hermite(10)
        for estimator, expected in zip(ESTIMATORS, (score, path), strict=True):
            grad = estimator(square, mu, zero, eps)[0][:, 0]
            assert_equal(weights @ grad**2 - (weights @ grad) ** 2, expected, atol=1e-9)

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    @pytest.mark.parametrize("shape", [(5, 4, 3), (5, 1, 1), (5, 3), (1, 4, 2)])
    def test_one_gradient_per_draw(self, estimator, shape):
        (mu, log_var), eps = randn(2, *shape[1:]), randn(*shape, seed=1)
        grads = estimator(square, mu, log_var, eps)
        for index in range(shape[0]):
            alone = estimator(square, mu, log_var, eps[index : index + 1])
            for whole, part in zip(grads, alone, strict=True):
                assert whole.shape == shape
                assert_equal(whole[index : index + 1], part)

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    @pytest.mark.parametrize("shapes", [[(4, 3), (4, 3)], [(3,), (4, 3)], [(4, 3), (3,)]])
    def test_float32_and_one_mean_or_variance_for_all(self, estimator, shapes):
        mu, log_var = (randn(*shape).float() for shape in shapes)
        eps = randn(5, 4, 3).float()
        grads = estimator(square, mu, log_var, eps)
        exact = estimator(square, mu.double().expand(4, 3), log_var.double().expand(4, 3), eps.double())
        for ours, theirs in zip(grads, exact, strict=True):
            assert ours.dtype == torch.float32
            assert_equal(ours, theirs.float(), atol=1e-4)

    @pytest.mark.parametrize("estimator", ESTIMATORS)
    def test_leaves_no_gradient_behind(self, estimator):
        scale = nn.Parameter(torch.tensor(2.0, dtype=F64))
        mu, log_var, eps = (t.requires_grad_() for t in (randn(4, 3), randn(4, 3, seed=1), randn(5, 4, 3)))
        with torch.no_grad():
            grads = estimator(lambda z: scale * square(z), mu, log_var, eps)
        assert grads[0].abs().sum() > 0
        assert not any(grad.requires_grad for grad in estimator(lambda z: scale * square(z), mu, log_var, eps))
        assert all(t.grad is None for t in (scale, mu, log_var, eps))

    @pytest.mark.parametrize("estimator", [*ESTIMATORS, optimal_baseline])
    def test_bad_input_is_named(self, estimator):
        mu = torch.zeros(4, 3)
        for shape in [(4, 3), (5, 1, 3), (2, 5, 4, 3)]:
            message = refusal(lambda shape=shape: estimator(square, mu, mu, torch.zeros(shape)))
            assert message == f"eps must hold draws of shape (4, 3) on a first axis, got shape {shape}"
        message = refusal(lambda: estimator(torch.square, mu, mu, torch.zeros(5, 4, 3)))
        assert message == "f(z) must have shape (5, 4), one value per point, got (5, 4, 3)"
        message = refusal(lambda: estimator(lambda z: (z > 0).all(-1), mu, mu, torch.zeros(5, 4, 3)))
        assert message == "f(z) must hold floating-point numbers, got torch.bool: use f(z).float()"
        message = refusal(lambda: estimator(lambda z: 1.0, mu, mu, torch.zeros(5, 4, 3)), TypeError)
        assert message == "f(z) must be a torch tensor, got float"


class TestScoreFunction:
    def test_is_the_value_times_the_gradient_of_log_q(self):
        (mu, log_var), eps = randn(2, 4, 3).requires_grad_(), randn(1, 4, 3, seed=1)
        z = reparameterize(mu, log_var, eps).detach()
        log_q = Normal(mu, torch.exp(0.5 * log_var)).log_prob(z).sum()
        expected = [square(z)[..., None] * s for s in torch.autograd.grad(log_q, (mu, log_var))]
        for ours, theirs in zip(score_function_grad(square, mu, log_var, eps), expected, strict=True):
            assert_equal(ours, theirs)

    def test_differentiates_no_f(self):
        seen = []

        def step(z):
            seen.append((torch.is_grad_enabled(), z.requires_grad))
            return (z[..., 0] > 0).to(z.dtype)

        mu, log_var = torch.tensor([[0.4], [-0.3]], dtype=F64).requires_grad_()
        grads = score_function_grad(step, mu, log_var, randn(200_000, 1))
        assert seen == [(False, False)]
        m, v = 0.4, -0.3  # P(z > 0) = Φ(μ/σ)
        slope = math.exp(-(m**2) / math.exp(v) / 2) / math.sqrt(2 * math.pi * math.exp(v))
        for grad, exact in zip(grads, (slope, -m / 2 * slope), strict=True):
            assert abs(grad.mean() - exact) < 4 * grad.std() / 200_000**0.5
            assert grad.std() / 200_000**0.5 < 0.01

    @pytest.mark.parametrize(
        "baseline", [3.0, 3, torch.tensor(3.0), torch.tensor(3), (3.0, 3.0), (torch.full((4, 3), 3.0).double(), 3)]
    )
    def test_baseline_is_subtracted(self, baseline):
        (mu, log_var), eps = randn(2, 4, 3), randn(5, 4, 3, seed=1)
        expected = score_function_grad(lambda z: square(z) - 3, mu, log_var, eps)
        for ours, theirs in zip(score_function_grad(square, mu, log_var, eps, baseline), expected, strict=True):
            assert_equal(ours, theirs)

    def test_each_parameter_may_have_its_own(self):
        (mu, log_var), eps = randn(2, 4, 3), randn(5, 4, 3, seed=1)
        first, second = randn(4, 3, seed=2), randn(5, 4, 1, seed=3)
        grads = score_function_grad(square, mu, log_var, eps, baseline=(first, second))
        assert_equal(grads[0], score_function_grad(square, mu, log_var, eps, first)[0])
        assert_equal(grads[1], score_function_grad(square, mu, log_var, eps, second)[1])
        assert not torch.equal(grads[0], score_function_grad(square, mu, log_var, eps)[0])

    def test_a_constant_baseline_keeps_the_mean(self):
        (mu, log_var), (eps, weights) = randn(2, 2), gauss_hermite(4, 2)
        for b in (0.0, 7.0, randn(2, seed=5)):
            grads = score_function_grad(square, mu, log_var, eps, b)
            assert_equal(weights @ grads[0], 2 * mu)
            assert_equal(weights @ grads[1], log_var.exp())

    @pytest.mark.parametrize(
        ("baseline", "message"),
        [
            (torch.zeros(5), "baseline must fit eps (2, 4, 3), got shape (5,)"),
            (torch.zeros(1, 2, 4, 3), "baseline must fit eps (2, 4, 3), got shape (1, 2, 4, 3)"),
            (math.nan, "baseline must not hold NaN, got it in 24 of 24 entries"),
            ((0.0, 1.0, 2.0), "baseline must be one for all, or a pair for mu and log_var, got 3 of them"),
        ],
    )
    def test_a_bad_baseline_is_named(self, baseline, message):
        mu, eps = torch.zeros(4, 3), torch.zeros(2, 4, 3)
        assert refusal(lambda: score_function_grad(square, mu, mu, eps, baseline)) == message


class TestOptimalBaseline:
    def test_by_hand(self):
        mu, log_var = torch.tensor([1.0], dtype=F64), torch.tensor([0.4], dtype=F64)
        eps = torch.tensor([[0.5], [-2.0], [3.0]], dtype=F64)
        f = [(1 + e * math.exp(0.2)) ** 2 for e in (0.5, -2.0, 3.0)]
        squares = [0.25, 4.0, 9.0], [(0.25 - 1) ** 2, (4.0 - 1) ** 2, (9.0 - 1) ** 2]
        for ours, s in zip(optimal_baseline(square, mu, log_var, eps), squares, strict=True):
            assert_equal(ours, [sum(a * b for a, b in zip(f, s, strict=True)) / sum(s)])

    def test_no_other_constant_has_a_smaller_second_moment(self):
        (mu, log_var), eps = randn(2, 4, 3), randn(50, 4, 3, seed=1)
        best = optimal_baseline(mixed, mu, log_var, eps)
        least = [(g**2).mean(0) for g in score_function_grad(mixed, mu, log_var, eps, best)]
        for change in (-0.5, -0.01, 0.01, 0.5):
            moved = tuple(b + change for b in best)
            grads = score_function_grad(mixed, mu, log_var, eps, moved)
            assert all(((g**2).mean(0) > second).all() for g, second in zip(grads, least, strict=True))

    @pytest.mark.parametrize("shape", [(50, 4, 3), (50, 3)])
    def test_one_per_entry_of_each_parameter(self, shape):
        (mu, log_var), eps = randn(2, *shape[1:]), randn(*shape, seed=1)
        baselines = optimal_baseline(square, mu, log_var, eps)
        assert [b.shape for b in baselines] == [shape[1:]] * 2
        assert not any(b.requires_grad for b in optimal_baseline(square, mu.requires_grad_(), log_var, eps))

    def test_lowers_the_variance_of_a_square(self):
        mu, zero = torch.tensor([5.0], dtype=F64), torch.zeros(1, dtype=F64)
        eps, weights = gauss_hermite(10)
        many = randn(400_000, 1)
        best = optimal_baseline(square, mu, zero, many)  # E[z² ε²] = μ² + 3
        assert_equal(best[0], [28.0], atol=0.2)
        grad = score_function_grad(square, mu, zero, eps, best)[0][:, 0]
        assert_equal(weights @ grad**2 - 100, 206.0, atol=0.1)  # against 990 without


class TestPathwise:
    @pytest.mark.parametrize("f", [lambda z: (z[..., 0] > 0).to(z.dtype), lambda z: square(z.detach())])
    def test_f_must_be_differentiable(self, f):
        message = refusal(lambda: pathwise_grad(f, torch.zeros(3), torch.zeros(3), torch.zeros(2, 3)))
        assert message == "f must be differentiable: no gradient flows from f(z) to z; (8.3) needs none"

    def test_f_need_not_depend_on_z(self):
        scale = nn.Parameter(torch.tensor(2.0))
        for grad in pathwise_grad(lambda z: scale.expand(z.shape[:-1]), *torch.ones(2, 3), torch.ones(4, 3)):
            assert torch.equal(grad, torch.zeros(4, 3))


def test_a_number_as_baseline_keeps_its_digits():
    mu, log_var = torch.tensor([[0.3, -0.7]], dtype=torch.float64), torch.tensor([[0.2, -0.4]], dtype=torch.float64)
    eps = torch.randn(5, 1, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    number, tensor = (
        score_function_grad(lambda z: z.square().sum(-1), mu, log_var, eps, baseline=baseline)
        for baseline in (0.1, torch.tensor(0.1, dtype=torch.float64))
    )
    for ours, exact in zip(number, tensor, strict=True):
        torch.testing.assert_close(ours, exact, rtol=0, atol=1e-14)
