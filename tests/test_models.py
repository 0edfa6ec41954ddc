"""The networks: sizes, shapes, likelihoods, gradients."""

import math

import pytest
import torch
from torch import nn

from tests.worlds import assert_equal, generator, refusal
from vae_lessons import models
from vae_lessons.models import VAE, Autoencoder, GaussianHead, GaussianVAE, LinearVAE
from vae_lessons.objectives import elbo_analytic_kl

MODELS = [VAE, GaussianVAE]
ALL = {VAE: (6, 5, 3), GaussianVAE: (6, 5, 3), LinearVAE: (6, 3)}


@pytest.fixture(autouse=True)
def _same_weights_each_time():
    torch.manual_seed(0)


@pytest.mark.parametrize(("model", "count"), [(VAE, 652_824), (GaussianVAE, 967_208), (Autoencoder, 4354)])
def test_classic_sizes(model, count):
    assert sum(p.numel() for p in model().parameters()) == count


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("sizes", [(6, 5, 3), (7, 4, 1), (1, 1, 1)])
def test_shapes(model, sizes):
    x_dim, _, z_dim = sizes
    net = model(*sizes)
    x, z = torch.rand(4, x_dim).round(), torch.randn(2, 4, z_dim)
    assert net.z_dim == z_dim
    assert [t.shape for t in net.encoder(x)] == [(4, z_dim)] * 2
    assert net.log_likelihood(x, z).shape == (2, 4)
    assert net.mean(z).shape == net.sample(z).shape == (2, 4, x_dim)


@pytest.mark.parametrize("model", ALL)
def test_gradient_reaches_every_parameter(model):
    net = model(*ALL[model])
    elbo_analytic_kl(net, torch.rand(8, 6).round(), torch.randn(2, 8, 3)).sum().backward()
    learned = [p for p in net.parameters() if p.requires_grad]
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in learned)


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


def test_gaussian_likelihood_is_that_of_torch():
    net, x, z = GaussianVAE(6, 5, 3).double(), torch.randn(4, 6).double(), torch.randn(2, 4, 3).double()
    mean, log_var = net.decoder(z)
    expected = torch.distributions.Normal(mean, torch.exp(0.5 * log_var)).log_prob(x).sum(-1)
    assert_equal(net.log_likelihood(x, z), expected)


@pytest.mark.parametrize("model", ALL)
def test_samples_have_the_stated_mean(model):
    net, z = model(*ALL[model]), torch.randn(3, generator=generator(1)).expand(40_000, 3)
    x = net.sample(z, torch.Generator().manual_seed(0))
    assert ((x.mean(0) - net.mean(z[0])).abs() < 5 * x.std(0) / 200).all()


@pytest.mark.parametrize("model", [GaussianVAE, LinearVAE])
def test_normal_samples_have_the_stated_variance(model):
    net, z = model(*ALL[model]), torch.randn(3, generator=generator(1)).expand(40_000, 3)
    var = net.decoder(z[0])[1].exp() if model is GaussianVAE else torch.ones(6)
    x = net.sample(z, torch.Generator().manual_seed(0))
    assert ((x.var(0) / var - 1).abs() < 5 * (2 / 40_000) ** 0.5).all()


@pytest.mark.parametrize("model", [GaussianVAE, LinearVAE])
def test_normal_samples_are_the_mean_and_scaled_noise(model):
    net, z = model(*ALL[model]).double(), torch.randn(9, 3).double()
    log_var = net.decoder(z)[1] if model is GaussianVAE else net.log_var_x
    noise = torch.randn(9, 6, generator=generator(4), dtype=torch.double)
    assert_equal(net.sample(z, generator(4)), net.mean(z) + torch.exp(log_var / 2) * noise)


@pytest.mark.parametrize("model", ALL)
def test_samples_repeat_themselves(model):
    net, z = model(*ALL[model]), torch.randn(9, 3)
    draws = [net.sample(z, generator(seed)) for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_bernoulli_samples_are_binary():
    assert set(VAE(6, 5, 3).sample(torch.randn(100, 3)).unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize(("arguments", "floor"), [({"min_std": 0.1}, 0.1), ({}, 0.05)])
def test_floor_of_the_standard_deviation_holds(arguments, floor):
    net = GaussianVAE(6, 5, 3, **arguments)
    nn.init.constant_(net.decoder[2].log_var.bias, -50.0)
    _, log_var = net.decoder(torch.randn(4, 3))
    torch.testing.assert_close((log_var / 2).exp(), torch.full((4, 6), floor))


class TestAutoencoder:
    def test_shapes(self):
        net, x = Autoencoder(7, 5, 3), torch.randn(4, 7)
        assert net.z_dim == 3
        assert net.encode(x).shape == (4, 3)
        assert net.decode(torch.randn(2, 4, 3)).shape == (2, 4, 7)
        assert torch.equal(net(x), net.decode(net.encode(x)))

    def test_is_the_formula(self):
        net, x = Autoencoder(7, 5, 3).double(), torch.randn(4, 7).double()
        w1, b1, w2, b2, w3, b3, w4, b4 = net.parameters()
        code = torch.relu(x @ w1.T + b1) @ w2.T + b2
        assert_equal(net.encode(x), code)
        assert_equal(net(x), torch.relu(code @ w3.T + b3) @ w4.T + b4)

    def test_default_is_64_32_2_32_64(self):
        layers = [layer for layer in Autoencoder().modules() if isinstance(layer, nn.Linear)]
        assert [(layer.in_features, layer.out_features) for layer in layers] == [(64, 32), (32, 2), (2, 32), (32, 64)]

    def test_gradient_reaches_every_parameter(self):
        net, x = Autoencoder(7, 5, 3), torch.randn(50, 7)
        ((net(x) - x) ** 2).sum(1).mean().backward()
        assert all(p.grad.abs().sum() > 0 for p in net.parameters())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: VAE(0, 5, 3), "x_dim must be a whole number of at least 1, got 0"),
        (lambda: VAE(6, -1, 3), "h_dim must be a whole number of at least 1, got -1"),
        (lambda: VAE(6, 5, 2.0), "z_dim must be a whole number of at least 1, got 2.0"),
        (lambda: Autoencoder(6, 5, 0), "z_dim must be a whole number of at least 1, got 0"),
        (lambda: Autoencoder("6", 5, 3), "x_dim must be a whole number of at least 1, got '6'"),
        (lambda: Autoencoder(6, 0, 3), "h_dim must be a whole number of at least 1, got 0"),
        (lambda: GaussianVAE(6, 5, 0), "z_dim must be a whole number of at least 1, got 0"),
        (lambda: GaussianVAE(min_std=0.0), "min_std must be positive and finite, got 0.0"),
        (lambda: GaussianVAE(min_std=math.nan), "min_std must be positive and finite, got nan"),
        (lambda: GaussianHead(0, 5, 0.1), "h_dim must be a whole number of at least 1, got 0"),
        (lambda: GaussianHead(5, 0, 0.1), "x_dim must be a whole number of at least 1, got 0"),
        (lambda: LinearVAE(6, 0), "z_dim must be a whole number of at least 1, got 0"),
        (lambda: LinearVAE(0, 2), "x_dim must be a whole number of at least 1, got 0"),
        (lambda: LinearVAE(var=-1.0), "var must be positive and finite, got -1.0"),
        (lambda: LinearVAE(var=math.inf), "var must be positive and finite, got inf"),
    ],
)
def test_impossible_sizes_are_named(call, message):
    assert refusal(call) == message


@pytest.mark.parametrize(
    ("network", "name", "size"),
    [
        (Autoencoder(6, 5, 3).encode, "x", 6),
        (Autoencoder(6, 5, 3).decode, "z", 3),
        (VAE(6, 5, 3).encoder, "x", 6),
        (VAE(6, 5, 3).decoder, "z", 3),
        (GaussianVAE(6, 5, 3).sample, "z", 3),
        (LinearVAE(6, 3).encoder, "x", 6),
        (LinearVAE(6, 3).posterior, "x", 6),
        (LinearVAE(6, 3).log_evidence, "x", 6),
        (LinearVAE(6, 3).mean, "z", 3),
        (LinearVAE(6, 3).sample, "z", 3),
    ],
)
def test_inputs_that_do_not_fit_are_named(network, name, size):
    assert (
        refusal(lambda: network(torch.zeros(4, 7))) == f"{name} must have a last axis of size {size}, got shape (4, 7)"
    )
    assert refusal(lambda: network(torch.zeros(0, size))) == f"{name} must not be empty, got shape (0, {size})"
    message = "all arguments must have the same dtype: {} torch.float64, the model torch.float32"
    assert refusal(lambda: network(torch.zeros(4, size).double())) == message.format(name)
    message = "all arguments must be on one device: {} is on meta, the model is on cpu"
    assert refusal(lambda: network(torch.zeros(4, size, device="meta"))) == message.format(name)
    assert f"{name} must hold floating-point numbers" in refusal(lambda: network(torch.zeros(4, size).int()))


def test_module_offers_its_names():
    assert all(isinstance(getattr(models, name), type) for name in models.__all__)
