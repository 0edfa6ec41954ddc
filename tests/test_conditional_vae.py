"""The conditional VAE: what sees the label, and what its bound is a bound of."""

import pytest
import torch

from tests.worlds import assert_equal, gauss_hermite, generator, refusal
from vae_lessons.evaluation import evaluate_elbo
from vae_lessons.models import ConditionalVAE
from vae_lessons.objectives import elbo_analytic_kl, iw_log_lik, log_weights
from vae_lessons.training import fit


@pytest.fixture
def model():
    torch.manual_seed(0)
    return ConditionalVAE(x_dim=4, h_dim=5, z_dim=2, n_labels=3).double()


def images(n=6):
    return torch.rand(n, 4, generator=generator(1), dtype=torch.float64).round()


LABELS = torch.tensor([2, 0, 1, 1, 0, 2])


def test_rows_are_pixels_and_a_one_at_the_label(model):
    rows = model.with_labels(images(), LABELS)
    assert torch.equal(rows[:, :4], images())
    assert rows[:, 4:].tolist() == [[float(k == y) for k in range(3)] for y in LABELS.tolist()]
    assert rows.dtype == images().dtype


def test_shapes(model):
    rows, z = model.with_labels(images(), LABELS), torch.randn(7, 6, 2).double()
    assert [t.shape for t in model.encoder(rows)] == [(6, 2)] * 2
    assert model.log_likelihood(rows, z).shape == (7, 6)
    assert model.mean(z, LABELS).shape == model.sample(z, LABELS).shape == (7, 6, 4)
    assert model.mean(z[0, 0], torch.tensor(1)).shape == (4,)


def test_default_size():
    assert (
        sum(p.numel() for p in ConditionalVAE().parameters())
        == 74 * 64 + 64 + 2 * (64 * 8 + 8) + 18 * 64 + 64 + 64 * 64 + 64
    )


def test_likelihood_is_that_of_torch_at_the_mean(model):
    rows, z = model.with_labels(images(), LABELS), torch.randn(7, 6, 2).double()
    expected = torch.distributions.Bernoulli(probs=model.mean(z, LABELS)).log_prob(images()).sum(-1)
    assert_equal(model.log_likelihood(rows, z), expected, atol=1e-10)


def test_encoder_and_decoder_see_the_label(model):
    z, other = torch.randn(1, 6, 2).double(), (LABELS + 1) % 3
    rows, changed = (model.with_labels(images(), y) for y in (LABELS, other))
    assert all((a != b).any(1).all() for a, b in zip(model.encoder(rows), model.encoder(changed), strict=True))
    assert (model.log_likelihood(rows, z) != model.log_likelihood(changed, z)).all()


def test_the_pixels_alone_are_scored(model):
    """Over all 2⁴ images the probabilities given z and y add up to 1: the label is not generated."""
    every = torch.cartesian_prod(*[torch.tensor([0.0, 1.0]).double()] * 4)
    rows = model.with_labels(every, torch.full((16,), 2))
    z = torch.randn(2, generator=generator(3)).double().expand(1, 16, 2)
    assert_equal(model.log_likelihood(rows, z).exp().sum(), 1.0)


def test_bounds_are_bounds_on_the_evidence_given_the_label(model):
    rows = model.with_labels(images(), LABELS)
    z, weights = gauss_hermite(60, 2)  # the ReLU has kinks: the sum is right to about three digits
    evidence = (weights[:, None] * model.log_likelihood(rows, z[:, None].expand(-1, 6, 2)).exp()).sum(0).log()
    eps, mass = z[:, None].expand(-1, 6, 2), weights
    assert_equal((mass @ log_weights(model, rows, eps).exp()).log(), evidence, atol=2e-3)
    elbo = mass @ log_weights(model, rows, eps)
    assert (elbo < evidence).all()
    noise = torch.randn(4000, 6, 2, generator=generator(2), dtype=torch.float64)
    assert (elbo - elbo_analytic_kl(model, rows, noise)).abs().max() < 0.05
    assert (iw_log_lik(model, rows, noise) - evidence).abs().max() < 0.05


def test_gradient_reaches_every_parameter(model):
    rows = model.with_labels(images(), LABELS)
    elbo_analytic_kl(model, rows, torch.randn(2, 6, 2).double()).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_it_learns_what_the_label_says():
    """Images that are all ones for label 1 and all zeros for label 0: nothing is left for z to say."""
    torch.manual_seed(0)
    model, y = ConditionalVAE(x_dim=6, h_dim=16, z_dim=2, n_labels=2), torch.arange(64) % 2
    x = y[:, None].float().expand(64, 6).contiguous()
    fit(model, model.with_labels(x, y), epochs=60, batch_size=16, lr=1e-2, progress=False)
    result = evaluate_elbo(model, model.with_labels(x, y))
    assert result.elbo.mean > -0.2
    assert result.kl.mean < 0.1
    samples = model.sample(torch.randn(64, 2, generator=generator()), y, generator(1))
    assert (samples == x).float().mean() > 0.97


def test_samples_repeat_themselves_and_have_the_stated_mean(model):
    z, y = torch.randn(2, generator=generator(1)).double().expand(20_000, 2), torch.ones(20_000, dtype=torch.long)
    x = model.sample(z, y, generator())
    assert torch.equal(x, model.sample(z, y, generator()))
    assert ((x.mean(0) - model.mean(z[0], y[0])).abs() < 5 * x.std(0) / 20_000**0.5).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.with_labels(images(1), torch.tensor([3])), "y must hold whole numbers from 0 to 2, got [3]"),
        (lambda m: m.with_labels(images(1), torch.tensor([-1])), "y must hold whole numbers from 0 to 2, got [-1]"),
        (
            lambda m: m.mean(torch.zeros(1, 2).double(), torch.tensor([1.0])),
            "y must hold whole numbers from 0 to 2, got [1.0]",
        ),
        (lambda m: m.encoder(images()), "rows must have a last axis of size 7, got shape (6, 4)"),
        (
            lambda m: m.mean(torch.zeros(1, 5).double(), torch.tensor([1])),
            "z and label must have a last axis of size 5, got shape (1, 8)",
        ),
        (
            lambda m: m.mean(torch.full((1, 2), torch.nan).double(), torch.tensor([1])),
            "z must not hold NaN, got it in 2 of 2 entries",
        ),
        (
            lambda m: m.with_labels(images().long(), LABELS),
            "x must hold floating-point numbers, got torch.int64: use x.float()",
        ),
        (lambda m: ConditionalVAE(n_labels=0), "n_labels must be a whole number of at least 1, got 0"),
    ],
)
def test_bad_arguments_are_named(model, call, message):
    assert refusal(lambda: call(model)) == message
