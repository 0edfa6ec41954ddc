"""The convolutional VAE: its layers as matrices, its shapes, its sizes."""

import pytest
import torch
from torch import nn

from tests.worlds import assert_equal, generator, refusal
from vae_lessons.models import ConvVAE
from vae_lessons.objectives import elbo_analytic_kl


@pytest.fixture(autouse=True)
def _same_weights_each_time():
    torch.manual_seed(0)


@pytest.fixture
def model():
    return ConvVAE(side=8, channels=3, z_dim=2)


def images(n=4, side=8, dtype=torch.float32):
    return torch.rand(n, side**2, generator=generator(1), dtype=dtype).round()


def test_default_size():
    assert sum(p.numel() for p in ConvVAE().parameters()) == 24_597


@pytest.mark.parametrize(("side", "channels", "z_dim"), [(8, 3, 2), (12, 1, 1), (28, 2, 5), (4, 1, 3)])
def test_shapes(side, channels, z_dim):
    model = ConvVAE(side, channels, z_dim)
    x, z = images(5, side), torch.randn(2, 5, z_dim)
    assert model.z_dim == z_dim
    assert [t.shape for t in model.encoder(x)] == [(5, z_dim)] * 2
    assert model.decoder(z).shape == model.mean(z).shape == model.sample(z).shape == (2, 5, side**2)
    assert model.log_likelihood(x, z).shape == (2, 5)
    assert model.decoder(z[0, 0]).shape == (side**2,)


def test_each_point_is_decoded_by_itself(model):
    z = torch.randn(3, 4, 2)
    apart = torch.stack([torch.stack([model.decoder(point) for point in row]) for row in z])
    assert_equal(model.decoder(z), apart, atol=1e-6)


def test_each_image_is_encoded_by_itself(model):
    x = images()
    for together, alone in zip(
        model.encoder(x), zip(*(model.encoder(row[None]) for row in x), strict=True), strict=True
    ):
        assert_equal(together, torch.cat(alone), atol=1e-6)


def test_neighbours_in_a_row_are_neighbours_for_the_first_layer(model):
    """With one pixel switched on, the first maps differ only where a 3×3 window with stride 2 sees that pixel."""
    x = torch.zeros(2, 64)
    x[1, 3 * 8 + 5] = 1  # row 3, column 5
    maps = model.encoder.hidden[0](x.reshape(2, 1, 8, 8))
    seen = (maps[1] != maps[0]).any(0).nonzero().tolist()
    assert seen == [[1, 2], [1, 3], [2, 2], [2, 3]]  # windows of rows 1-3 and 3-5, of columns 3-5 and 5-7


def test_gradient_reaches_every_parameter(model):
    elbo_analytic_kl(model, images(8), torch.randn(2, 8, 2)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_likelihood_is_that_of_torch(model):
    model, x, z = model.double(), images(dtype=torch.float64), torch.randn(2, 4, 2).double()
    expected = torch.distributions.Bernoulli(logits=model.decoder(z)).log_prob(x).sum(-1)
    assert_equal(model.log_likelihood(x, z), expected)


def test_samples_have_the_stated_mean(model):
    z = torch.randn(2, generator=generator(1)).expand(20_000, 2)
    x = model.sample(z, generator())
    assert set(x.unique().tolist()) == {0.0, 1.0}
    assert ((x.mean(0) - model.mean(z[0])).abs() < 5 * x.std(0) / 20_000**0.5).all()
    assert torch.equal(x, model.sample(z, generator()))


def test_the_decoder_s_last_layer_is_the_transpose_of_a_convolution(model):
    layer = model.decoder.hidden[4]
    back = nn.Conv2d(1, 3, 4, stride=2, padding=1, bias=False)
    back.weight.data = layer.weight.data
    y, x = torch.randn(1, 3, 4, 4), torch.randn(1, 1, 8, 8)
    inner = ((layer(y) - layer.bias) * x).sum(), (y * back(x)).sum()
    assert abs(inner[0] - inner[1]) < 1e-4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ConvVAE(side=10), "side must be a multiple of 4, because it is halved twice, got 10"),
        (lambda: ConvVAE(side=0), "side must be a whole number of at least 1, got 0"),
        (lambda: ConvVAE(channels=0), "channels must be a whole number of at least 1, got 0"),
        (lambda: ConvVAE(z_dim=1.5), "z_dim must be a whole number of at least 1, got 1.5"),
        (lambda: ConvVAE().encoder(torch.zeros(3, 49)), "x must have shape (M, D) = (M, 64), got (3, 49)"),
        (lambda: ConvVAE().encoder(torch.zeros(3, 8, 8)), "x must have shape (M, D) = (M, 64), got (3, 8, 8)"),
        (lambda: ConvVAE().decoder(torch.zeros(3, 2)), "z must have a last axis of size 8, got shape (3, 2)"),
        (lambda: ConvVAE().decoder(torch.full((1, 8), torch.nan)), "z must not hold NaN, got it in 8 of 8 entries"),
        (
            lambda: ConvVAE().encoder(torch.zeros(3, 64).double()),
            "all arguments must have the same dtype: x torch.float64, the model torch.float32",
        ),
    ],
)
def test_bad_arguments_are_named(call, message):
    assert refusal(call) == message
