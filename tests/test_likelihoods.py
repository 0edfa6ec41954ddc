"""Log-densities against torch.distributions, mpmath and quadrature."""

import math

import mpmath
import pytest
import sympy
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.distributions import Bernoulli, ContinuousBernoulli, MultivariateNormal, Normal

from tests.worlds import F64, assert_equal, generator, randn, refusal
from vae_lessons.likelihoods import bernoulli_log_prob, continuous_bernoulli_log_prob, gaussian_log_prob, log_prior

LOGITS = [-1000, -40, -3, -0.21, -0.2, -0.19, -1e-3, -1e-9, 0, 1e-12, 1e-5, 0.1, 0.1999, 0.2, 0.3, 1, 5, 60, 1000]


def binary(*shape):
    return torch.randint(2, shape, generator=generator()).to(F64)


class TestBernoulli:
    @pytest.mark.parametrize("shape", [(4, 6), (1, 1), (6,)])
    def test_agrees_with_torch(self, shape):
        x, logits = binary(*shape), 3 * randn(5, *shape)
        assert_equal(bernoulli_log_prob(x, logits), Bernoulli(logits=logits).log_prob(x).sum(-1))

    def test_sums_to_one_over_all_images(self):
        images = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=F64)] * 4)
        assert_equal(bernoulli_log_prob(images, torch.tensor([0.3, -1.2, 2.0, 0.1], dtype=F64)).exp().sum(), 1.0)

    @given(st.floats(-1e3, 1e3))
    @example(20.5)  # torch's softplus rounds from 20 on
    @example(39.0)
    def test_two_outcomes_share_the_probability(self, a):
        zero, one = bernoulli_log_prob(torch.tensor([[0.0], [1.0]], dtype=F64), torch.tensor([a], dtype=F64))
        assert_equal(zero.exp() + one.exp(), 1.0)
        assert_equal(one - zero, a, atol=1e-10)  # the log-odds
        assert_equal(one, -math.log1p(math.exp(-a)) if a > 0 else a - math.log1p(math.exp(a)))

    @pytest.mark.parametrize("dtype", [torch.float32, F64])
    def test_is_exact_at_extreme_logits(self, dtype):
        x = torch.tensor([[0.0], [1.0], [0.0], [1.0]], dtype=dtype)
        logits = torch.tensor([[-1000.0], [1000.0], [1000.0], [-1000.0]], dtype=dtype)
        assert_equal(bernoulli_log_prob(x, logits), torch.tensor([0.0, 0.0, -1000.0, -1000.0]))

    def test_infinity_is_legal(self):
        one, far = torch.ones(1, 1), torch.full((1, 1), math.inf)
        assert bernoulli_log_prob(one, -far) == -math.inf
        assert bernoulli_log_prob(one, far).isnan()  # ∞ - ∞; no argument holds NaN: the result is left

    def test_gradient_is_the_residual(self):
        x, logits = binary(3, 5), randn(3, 5).requires_grad_()
        bernoulli_log_prob(x, logits).sum().backward()
        assert_equal(logits.grad, (x - torch.sigmoid(logits)).detach())


class TestContinuousBernoulli:
    @pytest.mark.parametrize("shape", [(4, 6), (1, 1), (6,)])
    def test_agrees_with_torch(self, shape):
        x, logits = torch.rand(shape, dtype=F64, generator=generator()), 3 * randn(5, *shape)
        expected = ContinuousBernoulli(logits=logits, lims=(0.4999999, 0.5000001)).log_prob(x).sum(-1)
        assert_equal(continuous_bernoulli_log_prob(x, logits), expected, atol=1e-8)

    @pytest.mark.parametrize("a", [-30.0, -1.0, -0.1, 0.0, 0.15, 0.2, 4.0, 30.0])
    def test_integrates_to_one(self, a):
        x = torch.linspace(0, 1, 20_001, dtype=F64)[:, None]
        density = continuous_bernoulli_log_prob(x, torch.tensor([a], dtype=F64)).exp()
        assert_equal(torch.trapezoid(density, x[:, 0]), 1.0, atol=1e-6)

    @pytest.mark.parametrize("a", LOGITS)
    @pytest.mark.parametrize(("dtype", "atol"), [(torch.float32, 2e-6), (F64, 5e-15)])
    def test_value_and_gradient_to_the_last_digits(self, a, dtype, atol):
        logits = torch.tensor([a], dtype=dtype, requires_grad=True)
        x = torch.tensor([0.3], dtype=dtype)
        value = continuous_bernoulli_log_prob(x, logits)
        (slope,) = torch.autograd.grad(value, logits)
        with mpmath.workdps(60):  # the density is a e^{ax} / (e^a - 1)
            b, pixel = mpmath.mpf(logits.item()), mpmath.mpf(x.item())
            log_mass = mpmath.log(b / mpmath.expm1(b)) if b else mpmath.mpf(0)
            pull = 1 / b - 1 / (1 - mpmath.exp(-b)) if b else -mpmath.mpf(1) / 2
            expected, expected_slope = float(pixel * b + log_mass), float(pixel + pull)
        assert_equal(value, expected, atol=atol * max(1, abs(a)))
        assert_equal(slope[0], expected_slope, atol=atol)

    def test_series_is_that_of_the_normaliser(self):
        from vae_lessons.likelihoods import _SERIES

        u = sympy.symbols("u")
        series = sympy.series(sympy.log(u * sympy.cosh(u) / sympy.sinh(u)), u, 0, 13).removeO()
        assert _SERIES == tuple(float(series.coeff(u, 2 * n)) for n in range(1, 7))

    def test_second_derivative_is_smooth_at_zero(self):
        logits = torch.tensor([-0.01, 0.0, 0.01], dtype=F64, requires_grad=True)
        x = torch.full((3, 1), 0.3, dtype=F64)
        assert torch.autograd.gradgradcheck(lambda a: continuous_bernoulli_log_prob(x, a[:, None]), (logits,))

    @given(st.floats(0, 1), st.floats(-500, 500))
    def test_negative_of_an_image(self, x, a):
        values = torch.tensor([[x], [1 - x]], dtype=F64), torch.tensor([[a], [-a]], dtype=F64)
        positive, negative = continuous_bernoulli_log_prob(*values)
        assert_equal(positive, negative, atol=1e-10)

    def test_adds_the_normaliser_of_each_pixel(self):
        x, logits = torch.rand(4, 6, dtype=F64, generator=generator()), randn(4, 6)
        odd = 1 - 2 * torch.sigmoid(logits)
        log_c = torch.log(2 * torch.atanh(odd) / odd).sum(-1)  # (9.8), good away from λ = 1/2
        assert_equal(continuous_bernoulli_log_prob(x, logits) - bernoulli_log_prob(x, logits), log_c)


class TestGaussian:
    @pytest.mark.parametrize("shape", [(4, 6), (1, 1), (6,)])
    def test_agrees_with_torch(self, shape):
        x, mean, log_var = randn(3, *shape)
        assert_equal(gaussian_log_prob(x, mean, log_var), Normal(mean, (log_var / 2).exp()).log_prob(x).sum(-1))

    def test_integrates_to_one(self):
        x = torch.linspace(-20, 20, 8001, dtype=F64)[:, None]
        log_p = gaussian_log_prob(x, torch.tensor([0.7], dtype=F64), torch.tensor([-0.8], dtype=F64))
        assert_equal(torch.trapezoid(log_p.exp(), x[:, 0]), 1.0)

    @given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-20, 20), st.floats(-5, 5))
    def test_change_of_units_costs_its_logarithm(self, x, mean, log_var, log_scale):
        old = torch.tensor([[x], [mean], [log_var]], dtype=F64)
        scale = math.exp(log_scale)
        new = torch.stack([scale * old[0], scale * old[1], old[2] + 2 * log_scale])
        error = 1e-12 * math.exp(-log_var) * 400 + 1e-12
        assert_equal(gaussian_log_prob(*new) + log_scale, gaussian_log_prob(*old), atol=error)

    @pytest.mark.parametrize(("dtype", "ell"), [(torch.float32, 80.0), (F64, 700.0)])
    def test_tiny_and_large_variances(self, dtype, ell):
        x, log_var = torch.zeros(2, 1, dtype=dtype), torch.tensor([[-ell], [ell]], dtype=dtype)
        expected = -0.5 * math.log(2 * math.pi) - torch.tensor([-ell, ell], dtype=dtype) / 2
        assert_equal(gaussian_log_prob(x, x, log_var), expected, atol=1e-5)

    def test_infinity_is_legal(self):
        zero, far = torch.zeros(1, 1), torch.full((1, 1), math.inf)
        assert gaussian_log_prob(far, zero, zero) == -math.inf
        assert gaussian_log_prob(zero, far, zero) == -math.inf
        assert gaussian_log_prob(zero, zero, far) == -math.inf
        assert gaussian_log_prob(far, far, zero).isnan()  # no argument holds NaN: the result is left


class TestPrior:
    @pytest.mark.parametrize("j", range(1, 51))
    def test_agrees_with_torch(self, j):
        z = randn(3, 4, j)
        expected = MultivariateNormal(torch.zeros(j).to(F64), torch.eye(j, dtype=F64)).log_prob(z)
        assert_equal(log_prior(z), expected, atol=1e-10)

    def test_is_the_standard_normal(self):
        z = randn(5, 3).float()
        assert_equal(log_prior(z), gaussian_log_prob(z, torch.zeros(3), torch.zeros(3)), atol=1e-5)
        assert log_prior(torch.tensor([math.inf])) == -math.inf


@pytest.mark.parametrize("log_prob", [bernoulli_log_prob, continuous_bernoulli_log_prob])
@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(2, 3), (2, 4)], "shapes do not fit together: x (2, 3), logits (2, 4)"),
        ([(2, 1), (2, 4)], "the last axis must have the same size in all arguments: x (2, 1), logits (2, 4)"),
        ([(), (4,)], "x must have a last axis for the event, got a scalar"),
    ],
)
def test_shapes_of_pixels_and_logits_must_fit(log_prob, shapes, message):
    assert refusal(lambda: log_prob(*[torch.zeros(shape) for shape in shapes])) == message


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(2, 3), (2, 3), ()], "log_var must have a last axis for the event, got a scalar"),
        ([(2, 3), (4, 3), (3,)], "shapes do not fit together: x (2, 3), mean (4, 3), log_var (3,)"),
    ],
)
def test_shapes_of_the_gaussian_must_fit(shapes, message):
    assert refusal(lambda: gaussian_log_prob(*[torch.zeros(shape) for shape in shapes])) == message


def test_a_latent_point_has_an_axis():
    assert refusal(lambda: log_prior(torch.tensor(1.0))) == "z must have a last axis for the event, got a scalar"


def test_order_of_pixels_and_copies_of_images_do_not_matter():
    x, logits = binary(4, 6), randn(4, 6)
    order = torch.randperm(6, generator=generator())
    for log_prob in (bernoulli_log_prob, continuous_bernoulli_log_prob):
        value = log_prob(x, logits)
        assert_equal(log_prob(x[:, order], logits[:, order]), value)
        assert_equal(log_prob(torch.cat([x, x]), torch.cat([logits, logits])), torch.cat([value, value]))
