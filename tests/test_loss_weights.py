"""Free bits against a loop, and the effective β of losses whose β is known."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss

from tests.worlds import F64, assert_equal, randn, refusal
from vae_lessons.likelihoods import gaussian_log_prob
from vae_lessons.objectives import effective_beta, kl_free_bits

M, D, J = 5, 7, 3


def images(seed=0, dtype=F64):
    logits, mu, log_var = (randn(M, size, seed=seed + i, dtype=dtype) for i, size in enumerate((D, J, J)))
    return (randn(M, D, seed=seed + 3, dtype=dtype) > 0).to(dtype), logits, mu, log_var


def kl_of(mu, log_var):
    return kl_divergence(Normal(mu, torch.exp(0.5 * log_var)), Normal(torch.zeros_like(mu), 1.0))


def loss(pixels="sum", latents="sum", rec=1.0, kl=1.0):
    """Make a loss as students write it: each term is a sum or a mean over everything, or a sum per image."""
    reduce = {"sum": torch.sum, "mean": torch.mean, "per image": lambda t: t.sum(1).mean()}

    def value(x, logits, mu, log_var):
        bce = binary_cross_entropy_with_logits(logits, x, reduction="none")
        return rec * reduce[pixels](bce) + kl * reduce[latents](kl_of(mu, log_var))

    return value


class TestEffectiveBeta:
    @pytest.mark.parametrize("dtype", [torch.float32, F64])
    @pytest.mark.parametrize(
        ("wrong", "beta"),
        [
            (loss(), 1),
            (loss("per image", "per image"), 1),
            (loss("mean", "sum"), M * D),
            (loss("mean", "per image"), D),
            (loss("mean", "mean"), D / J),
            (loss("per image", "mean"), 1 / J),
            (loss("sum", "per image"), 1 / M),
            (loss("sum", "mean"), 1 / (M * J)),
            (loss(kl=0.5), 0.5),
            (loss(kl=0.0), 0),
            (loss(kl=-1.0), -1),
            (loss(rec=100.0, kl=400.0), 4),
        ],
    )
    def test_of_reductions(self, wrong, beta, dtype):
        found = effective_beta(wrong, *images(dtype=dtype))
        assert isinstance(found, float)
        assert found == pytest.approx(beta, rel=1e-5 if dtype == torch.float32 else 1e-12, abs=1e-12)

    def test_of_a_reconstruction_alone(self):
        bce = lambda x, logits, mu, log_var: binary_cross_entropy_with_logits(logits, x)  # noqa: E731
        assert effective_beta(bce, *images()) == 0

    @pytest.mark.parametrize("monotone", [torch.square, torch.exp, lambda t: t[None]])
    def test_of_a_function_of_the_loss(self, monotone):
        assert effective_beta(lambda *a: monotone(loss("mean", "per image")(*a)), *images()) == pytest.approx(D)

    def test_of_a_squared_error_is_the_variance_it_stands_for(self):
        unit = lambda x, mean: gaussian_log_prob(x, mean, torch.zeros_like(mean))  # noqa: E731
        mse = lambda x, mean, mu, log_var: mse_loss(mean, x) + kl_of(mu, log_var).sum(1).mean()  # noqa: E731
        assert effective_beta(mse, *images(), log_prob=unit) == pytest.approx(D / 2)  # (9.5)

    def test_arguments_are_left_alone(self):
        arguments = [t.requires_grad_() for t in images()]
        with torch.no_grad():
            assert effective_beta(loss(), *arguments) == pytest.approx(1)
        assert all(t.grad is None for t in arguments)

    @pytest.mark.parametrize("scale", [1e-3, 1e-6])
    def test_small_deviations_count_in_float64(self, scale):
        off = lambda x, logits, mu, log_var: loss()(x, logits, mu, log_var) + scale * mu.sum()  # noqa: E731
        assert "(mu, log_var)" in refusal(lambda: effective_beta(off, *images()))

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            (
                lambda x, a, m, v: mse_loss(torch.sigmoid(a), x) + kl_of(m, v).sum(),
                "the gradient of loss in logits is not proportional to that of -log p(x|z)",
            ),
            (
                lambda x, a, m, v: loss(kl=0)(x, a, m, v) - 0.5 * (1 + v - m**2 - 2 * v.exp()).sum(),
                "the gradient of loss in (mu, log_var) is not proportional to that of the KL divergence",
            ),
            (
                lambda x, a, m, v: loss(kl=0)(x, a, m, v) + (0.5 * m**2).sum(),  # the half that log_var pays is missing
                "the gradient of loss in (mu, log_var) is not proportional to that of the KL divergence",
            ),
            (
                lambda x, a, m, v: kl_of(m, v).sum(),
                "loss must grow with -log p(x|z), it holds 0 times that: no reconstruction, or a sign",
            ),
            (
                lambda *a: -loss(rec=2.0)(*a),
                "loss must grow with -log p(x|z), it holds -2 times that: no reconstruction, or a sign",
            ),
        ],
    )
    def test_other_losses_have_none(self, wrong, message):
        assert refusal(lambda: effective_beta(wrong, *images())) == message

    @pytest.mark.parametrize(
        "wrong", [lambda *a: kl_of(*a[2:]), lambda *a: 1.0, lambda *a: loss()(*a).detach(), lambda *a: None]
    )
    def test_a_loss_is_one_differentiable_number(self, wrong):
        message = "loss must return one number that depends on logits, mu and log_var by differentiable steps"
        assert refusal(lambda: effective_beta(wrong, *images())) == message

    def test_a_point_without_gradient_says_nothing(self):
        x, logits, mu, log_var = images()
        message = refusal(lambda: effective_beta(loss(), x, logits, 0 * mu, 0 * log_var))
        assert message == "the KL divergence has no gradient at this (mu, log_var): take generic numbers"
        message = refusal(lambda: effective_beta(loss(), 0 * x + 0.5, 0 * logits, mu, log_var))
        assert message == "-log p(x|z) has no gradient at this logits: take generic numbers"

    def test_shapes_must_fit(self):
        x, logits, mu, log_var = images()
        message = refusal(lambda: effective_beta(loss(), x, logits[:, 1:], mu, log_var))
        assert message == "shapes do not fit together: x (5, 7), logits (5, 6)"
        message = refusal(lambda: effective_beta(loss(), x, logits, mu, log_var[:, 1:]))
        assert message == "shapes do not fit together: mu (5, 3), log_var (5, 2)"

    def test_devices_must_be_one(self):
        x, logits, mu, log_var = images()
        message = refusal(lambda: effective_beta(loss(), x.to("meta"), logits.to("meta"), mu, log_var))
        assert message == "all arguments must be on one device: logits is on meta, mu is on cpu"


class TestFreeBits:
    @pytest.mark.parametrize("floor", [0.0, 0.3, 0.8, 5.0])
    @pytest.mark.parametrize("shape", [(6, 4), (1, 1), (1, 4), (6, 1)])
    def test_agrees_with_a_loop(self, floor, shape):
        mu, log_var = randn(2, *shape)
        mu[:, 0] *= 0.1
        each = kl_of(mu, log_var).tolist()
        expected = sum(max(floor, sum(row[j] for row in each) / len(each)) for j in range(shape[1]))
        value = kl_free_bits(mu, log_var, floor)
        assert value.shape == ()
        assert_equal(value, expected)

    def test_without_a_floor_it_is_the_mean_divergence(self):
        mu, log_var = randn(2, 6, 4)
        assert_equal(kl_free_bits(mu, log_var, 0.0), kl_of(mu, log_var).sum(1).mean())

    def test_floor_is_on_the_mean_over_the_batch(self):
        mu = torch.tensor([[0.0], [2.0]], dtype=F64)  # 0 and 2 nats, 1 on average
        zero = torch.zeros(2, 1, dtype=F64)
        assert_equal(kl_free_bits(mu, zero, 0.5), 1.0)
        assert_equal(kl_free_bits(mu, zero, 1.5), 1.5)

    def test_dimensions_below_the_floor_are_not_pulled(self):
        mu, log_var = (0.1 * t for t in randn(2, 6, 4))
        mu[:, 1] += 3
        mu.requires_grad_()
        (grad,) = torch.autograd.grad(kl_free_bits(mu, log_var, 0.5), mu)
        assert torch.equal(grad.abs().sum(0) > 0, torch.tensor([False, True, False, False]))
        assert_equal(grad[:, 1], mu.detach()[:, 1] / 6)

    @pytest.mark.parametrize(
        ("mu", "log_var", "floor", "message"),
        [
            ((2, 3), (2, 3), -0.1, "floor must not be negative, got -0.1"),
            ((2, 3), (2, 3), float("nan"), "floor must not be negative, got nan"),
            ((3,), (2, 3), 0.1, "mu must have shape (M, J), got (3,)"),
            ((4, 2, 3), (2, 3), 0.1, "mu must have shape (M, J), got (4, 2, 3)"),
            ((2, 3), (2, 4), 0.1, "shapes do not fit together: mu (2, 3), log_var (2, 4)"),
        ],
    )
    def test_bad_input_is_named(self, mu, log_var, floor, message):
        assert refusal(lambda: kl_free_bits(torch.zeros(mu), torch.zeros(log_var), floor)) == message
