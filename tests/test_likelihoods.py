"""Log-densities against torch.distributions and quadrature, in float64."""

import pytest
import torch
from torch.distributions import Bernoulli, MultivariateNormal, Normal

from vae_lessons.likelihoods import bernoulli_log_prob, gaussian_log_prob, log_prior

F64 = torch.float64


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


def assert_equal(actual, expected, atol=1e-12):
    torch.testing.assert_close(actual, torch.as_tensor(expected, dtype=actual.dtype), rtol=0, atol=atol)


def test_bernoulli_agrees_with_torch(generator):
    x = torch.randint(2, (4, 6), generator=generator).to(F64)
    logits = 3 * torch.randn(5, 4, 6, dtype=F64, generator=generator)
    assert_equal(bernoulli_log_prob(x, logits), Bernoulli(logits=logits).log_prob(x).sum(-1))


def test_bernoulli_sums_to_one_over_all_images():
    images = torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=F64)] * 4)
    assert_equal(bernoulli_log_prob(images, torch.tensor([0.3, -1.2, 2.0, 0.1], dtype=F64)).exp().sum(), 1.0)


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_bernoulli_is_exact_at_extreme_logits(dtype):
    x, logits = (
        torch.tensor([[0.0], [1.0], [0.0], [1.0]], dtype=dtype),
        torch.tensor([[-1000.0], [1000.0], [1000.0], [-1000.0]]),
    )
    assert_equal(bernoulli_log_prob(x, logits.to(dtype)), torch.tensor([0.0, 0.0, -1000.0, -1000.0]))


def test_bernoulli_gradient_is_the_residual(generator):
    x = torch.randint(2, (3, 5), generator=generator).to(F64)
    logits = torch.randn(3, 5, dtype=F64, generator=generator, requires_grad=True)
    bernoulli_log_prob(x, logits).sum().backward()
    assert_equal(logits.grad, (x - torch.sigmoid(logits)).detach())


def test_gaussian_agrees_with_torch(generator):
    x, mean, log_var = torch.randn(3, 4, 6, dtype=F64, generator=generator)
    assert_equal(gaussian_log_prob(x, mean, log_var), Normal(mean, (log_var / 2).exp()).log_prob(x).sum(-1))


def test_gaussian_integrates_to_one():
    x = torch.linspace(-20, 20, 8001, dtype=F64)[:, None]
    log_p = gaussian_log_prob(x, torch.tensor([0.7], dtype=F64), torch.tensor([-0.8], dtype=F64))
    assert_equal(torch.trapezoid(log_p.exp(), x[:, 0]), 1.0)


@pytest.mark.parametrize("j", [1, 2, 50])
def test_prior_agrees_with_torch(generator, j):
    z = torch.randn(3, 4, j, dtype=F64, generator=generator)
    assert_equal(
        log_prior(z), MultivariateNormal(torch.zeros(j).to(F64), torch.eye(j, dtype=F64)).log_prob(z), atol=1e-10
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bernoulli_log_prob(torch.zeros(2, 3), torch.zeros(2, 4)), r"x \(2, 3\), logits \(2, 4\)"),
        (lambda: bernoulli_log_prob(torch.zeros(2, 1), torch.zeros(2, 4)), r"last axis must have the same size"),
        (
            lambda: gaussian_log_prob(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(())),
            "log_var must have a last axis",
        ),
        (lambda: log_prior(torch.zeros(2, 3, dtype=torch.int64)), "z must hold floating-point numbers"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
