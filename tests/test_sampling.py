"""The reparameterization: moments, gradients, shapes."""

import pytest
import torch

from vae_lessons.sampling import reparameterize


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


def test_is_mu_plus_sigma_times_noise(generator):
    mu, log_var = torch.randn(2, 4, 3, dtype=torch.float64, generator=generator)
    eps = torch.randn(5, 4, 3, dtype=torch.float64, generator=generator)
    torch.testing.assert_close(reparameterize(mu, log_var, eps), mu + log_var.exp().sqrt() * eps)


def test_draws_have_the_asked_moments(generator):
    n = 200_000
    mu, log_var = torch.tensor([[0.5, -1.0]]), torch.tensor([[-1.2, 0.8]])
    z = reparameterize(mu, log_var, torch.randn(n, 1, 2, generator=generator))
    var = log_var.exp()
    assert ((z.mean(0) - mu).abs() < 4 * (var / n).sqrt()).all()
    assert ((z.var(0) - var).abs() < 4 * var * (2 / n) ** 0.5).all()


def test_gradients_reach_both_arguments(generator):
    mu, log_var = (torch.randn(4, 3, dtype=torch.float64, generator=generator, requires_grad=True) for _ in range(2))
    eps = torch.randn(2, 4, 3, dtype=torch.float64, generator=generator)
    assert torch.autograd.gradcheck(lambda m, v: reparameterize(m, v, eps), (mu, log_var))


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match=r"mu \(4, 3\), log_var \(4, 3\), eps \(2, 4, 5\)"):
        reparameterize(torch.zeros(4, 3), torch.zeros(4, 3), torch.zeros(2, 4, 5))
