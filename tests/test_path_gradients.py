"""The path gradient against the whole one: the same values, the same expectation, no noise at the posterior."""

import pytest
import torch

from tests.worlds import LinearGaussian, assert_equal, gauss_hermite, randn, refusal
from vae_lessons.models import VAE, LinearVAE
from vae_lessons.objectives import iw_terms, path_iw_terms


@pytest.fixture
def x():
    return randn(5, 4, seed=1)


class Shifted(LinearGaussian):
    """A linear-Gaussian model whose q has parameters of its own, around the posterior."""

    def __init__(self, spread=0.3):
        super().__init__()
        self.moved = torch.nn.Parameter(torch.tensor([0.2, -0.1], dtype=torch.float64))
        self.stretched = torch.nn.Parameter(torch.full((2,), spread, dtype=torch.float64))

    def encoder(self, x):
        mu, log_var = super().encoder(x)
        return mu.detach() + self.moved, log_var.detach() + self.stretched


def gradients(objective, model, x, eps, weights=None):
    bound = objective(model, x, eps)[0]
    total = bound.sum() if weights is None else (weights * bound).sum()
    return torch.autograd.grad(total, [model.moved, model.stretched, model.w])


@pytest.mark.parametrize("draws", [1, 3])
def test_values_are_those_of_iw_terms(x, draws):
    model, eps = Shifted(), randn(draws, 5, 2, seed=2)
    for mine, plain in zip(path_iw_terms(model, x, eps), iw_terms(model, x, eps), strict=True):
        assert_equal(mine, plain)


@pytest.mark.parametrize("draws", [1, 3])
def test_gradient_of_the_decoder_is_the_same(x, draws):
    model, eps = Shifted(), randn(draws, 5, 2, seed=2)
    *encoder, mine = gradients(path_iw_terms, model, x, eps)
    *plain_encoder, plain = gradients(iw_terms, model, x, eps)
    assert_equal(mine, plain)
    assert all((a - b).abs().max() > 1e-3 for a, b in zip(encoder, plain_encoder, strict=True))


@pytest.mark.parametrize("draws", [1, 2])
def test_gradient_of_the_encoder_has_the_same_expectation(x, draws):
    """By quadrature over all draws of one latent dimension; the other keeps its noise at 0.7."""
    model, nodes = Shifted(), gauss_hermite(40, draws)
    points, weights = nodes[0].T, nodes[1]  # (L, 40^L)
    eps = torch.stack([points, torch.full_like(points, 0.7)], -1)
    images = x[:1].expand(len(weights), 4)
    mine = gradients(path_iw_terms, model, images, eps, weights)[:2]
    plain = gradients(iw_terms, model, images, eps, weights)[:2]
    for a, b in zip(mine, plain, strict=True):
        assert_equal(a[0], b[0], atol=1e-6)


def test_no_gradient_at_the_posterior_draw_by_draw(x):
    model = Shifted(spread=0.0)
    torch.nn.init.zeros_(model.moved)
    for draws in (1, 4):
        eps = randn(draws, 5, 2, seed=3)
        assert all(g.abs().max() < 1e-10 for g in gradients(path_iw_terms, model, x, eps)[:2])
        assert gradients(iw_terms, model, x, eps)[0].abs().max() > 0.1


def test_linear_vae_at_its_exact_posterior_is_left_alone():
    x = randn(40, 6, seed=4)
    model = LinearVAE.from_ppca(x, 2)
    path_iw_terms(model, x, randn(1, 40, 2, seed=5))[0].sum().backward()
    assert model.mu.weight.grad.abs().max() < 1e-9
    assert model.log_var.grad.abs().max() < 1e-9


def test_weights_squared_by_hand(x):
    """The gradient for μ is the sum over draws of ω² (∇ log p(x, z) - ∇ log q), by autograd on z alone."""
    model, eps = Shifted(), randn(3, 5, 2, seed=2)
    mu, log_var = (t.detach() for t in model.encoder(x))
    z = (mu + torch.exp(log_var / 2) * eps).requires_grad_()
    normal = torch.distributions.Normal
    log_w = model.log_likelihood(x, z) + (
        normal(0.0, 1.0).log_prob(z) - normal(mu, (log_var / 2).exp()).log_prob(z)
    ).sum(-1)
    (slope,) = torch.autograd.grad(log_w.sum(), z)
    omega = torch.softmax(log_w.detach(), 0)[..., None]
    expected = (omega**2 * slope).sum((0, 1))
    assert_equal(gradients(path_iw_terms, model, x, eps)[0], expected)


def test_without_gradients(x):
    with torch.no_grad():
        bound, zeros = path_iw_terms(VAE(4, 5, 2).double(), x.abs().round().clamp(max=1), randn(3, 5, 2))
    assert bound.shape == (5,)
    assert not zeros.any()


def test_bad_noise_is_named(x):
    message = "eps must have shape (L, M, J) = (L, 5, 2), got (5, 2)"
    assert refusal(lambda: path_iw_terms(LinearGaussian(), x, randn(5, 2))) == message
