"""The networks: sizes, shapes, likelihoods, gradients."""

import pytest
import torch
from torch import nn

from vae_lessons.models import VAE, GaussianVAE
from vae_lessons.objectives import elbo_analytic_kl

MODELS = [VAE, GaussianVAE]


@pytest.mark.parametrize(("model", "count"), [(VAE, 652_824), (GaussianVAE, 967_208)])
def test_classic_sizes(model, count):
    assert sum(p.numel() for p in model().parameters()) == count


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("sizes", [(6, 5, 3), (7, 4, 1)])
def test_shapes(model, sizes):
    x_dim, _, z_dim = sizes
    net = model(*sizes)
    x, z = torch.rand(4, x_dim).round(), torch.randn(2, 4, z_dim)
    assert [t.shape for t in net.encoder(x)] == [(4, z_dim)] * 2
    assert net.log_likelihood(x, z).shape == (2, 4)
    assert net.mean(z).shape == net.sample(z).shape == (2, 4, x_dim)


@pytest.mark.parametrize("model", MODELS)
def test_gradient_reaches_every_parameter(model):
    net = model(6, 5, 3)
    elbo_analytic_kl(net, torch.rand(8, 6).round(), torch.randn(2, 8, 3)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


def test_encoder_is_the_formula_of_kingma_and_welling():
    net = GaussianVAE(6, 5, 3)
    x = torch.randn(4, 6)
    w3, b3 = net.encoder.hidden[0].parameters()
    h = torch.tanh(x @ w3.T + b3)
    for got, head in zip(net.encoder(x), (net.encoder.mu, net.encoder.log_var), strict=True):
        torch.testing.assert_close(got, h @ head.weight.T + head.bias)


def test_bernoulli_likelihood_sums_to_one_over_all_images():
    net, z = VAE(4, 5, 2), torch.randn(1, 16, 2)[:, :1].expand(1, 16, 2)
    images = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 4)
    assert abs(net.log_likelihood(images, z).exp().sum().item() - 1) < 1e-5


@pytest.mark.parametrize("model", MODELS)
def test_samples_have_the_stated_mean(model):
    net, z = model(3, 5, 2), torch.randn(2).expand(40_000, 2)
    x = net.sample(z, torch.Generator().manual_seed(0))
    assert ((x.mean(0) - net.mean(z[0])).abs() < 5 * x.std(0) / 200).all()


def test_bernoulli_samples_are_binary():
    assert set(VAE(6, 5, 3).sample(torch.randn(100, 3)).unique().tolist()) == {0.0, 1.0}


def test_floor_of_the_standard_deviation_holds():
    net = GaussianVAE(6, 5, 3, min_std=0.1)
    nn.init.constant_(net.decoder[2].log_var.bias, -50.0)
    _, log_var = net.decoder(torch.randn(4, 3))
    torch.testing.assert_close((log_var / 2).exp(), torch.full((4, 6), 0.1))
