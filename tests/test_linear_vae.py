"""The linear VAE against SciPy, scikit-learn, Bayes' rule, and the conditions of a maximum."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.decomposition import PCA
from torch import nn
from torch.distributions import MultivariateNormal

from tests.worlds import F64, assert_equal, generator, randn, refusal
from vae_lessons.data import load
from vae_lessons.evaluation import active_units
from vae_lessons.models import LinearVAE
from vae_lessons.objectives import elbo_mc, iw_log_lik


def random_model(x_dim=5, z_dim=2, var=1.0):
    torch.manual_seed(0)
    model = LinearVAE(x_dim, z_dim, var).double()
    nn.init.constant_(model.log_var_x, math.log(var))  # to all digits of float64
    return model


@pytest.fixture(scope="module")
def x():
    """Return 60 points around a plane in 6 dimensions, off the origin."""
    return randn(60, 2) @ randn(2, 6, seed=1) + 0.3 * randn(60, 6, seed=2) + randn(6, seed=3)


@pytest.fixture(scope="module")
def digits():
    return load("digits").x_train.double()


class TestExactly:
    @pytest.mark.parametrize("var", [0.02, 0.7, 30.0])
    def test_evidence_agrees_with_scipy(self, var):
        model, x = random_model(var=var), randn(4, 5)
        w, b = (p.detach().numpy() for p in (model.decoder.weight, model.decoder.bias))
        normal = stats.multivariate_normal(b, w @ w.T + var * np.eye(5))
        assert_equal(model.log_evidence(x).detach(), torch.tensor(normal.logpdf(x)), atol=1e-9)

    @pytest.mark.parametrize("z_dim", [1, 2, 7])
    @pytest.mark.parametrize("z", [0.0, 1.3])
    def test_posterior_obeys_bayes_at_any_z(self, z_dim, z):
        model, x = random_model(z_dim=z_dim, var=0.3), randn(4, 5)
        mean, cov = model.posterior(x)
        z = torch.full((1, 4, z_dim), z, dtype=F64)
        prior = MultivariateNormal(torch.zeros(z_dim, dtype=F64), torch.eye(z_dim, dtype=F64))
        joint = model.log_likelihood(x, z) + prior.log_prob(z)
        assert_equal((joint - MultivariateNormal(mean, cov).log_prob(z))[0], model.log_evidence(x), atol=1e-10)

    def test_shapes(self):
        model, x, z = LinearVAE(5, 2), torch.randn(1, 5), torch.randn(3, 1, 2)
        mean, cov = model.posterior(x)
        assert (model.z_dim, mean.shape, cov.shape, model.log_evidence(x).shape) == (2, (1, 2), (2, 2), (1,))
        assert [t.shape for t in model.encoder(x)] == [(1, 2), (1, 2)]
        assert (model.mean(z).shape, model.sample(z).shape, model.log_likelihood(x, z).shape) == ((3, 1, 5),) * 2 + (
            (3, 1),
        )

    def test_samples_follow_the_evidence(self):
        model = random_model(3, 2, var=0.2)
        z = randn(100_000, 2)
        x = model.sample(z, generator(5)).detach()
        w = model.decoder.weight.detach()
        assert ((x.mean(0) - model.decoder.bias).abs() < 5 * x.std(0) / len(x) ** 0.5).all()
        assert_equal(x.T.cov(), w @ w.T + 0.2 * torch.eye(3, dtype=F64), atol=0.02)

    def test_defaults(self):
        model = LinearVAE()
        assert model.decoder.weight.shape == (64, 8)
        assert model.log_var_x == 0
        assert not model.log_var_x.requires_grad
        assert LinearVAE(learn_var=True).log_var_x.requires_grad
        assert_equal(LinearVAE(var=0.3).log_var_x.detach().exp(), 0.3, atol=1e-7)
        assert torch.equal(model.encoder(torch.zeros(2, 64))[1], torch.zeros(2, 8))

    def test_float32(self):
        model, x = random_model(var=0.3), randn(4, 5)
        value, (mean, cov) = model.log_evidence(x), model.posterior(x)
        model.float()
        assert_equal(model.log_evidence(x.float()), value.float(), atol=1e-4)
        for single, double in zip(model.posterior(x.float()), (mean, cov), strict=True):
            assert_equal(single, double.float(), atol=1e-5)

    @pytest.mark.parametrize("method", ["posterior", "log_evidence"])
    def test_nan_is_named(self, method):
        x = torch.full((4, 5), math.nan, dtype=F64)
        message = refusal(lambda: getattr(random_model(), method)(x))
        assert message == "x must not hold NaN, got it in 20 of 20 entries"


class TestMaximumLikelihood:
    @pytest.mark.parametrize("z_dim", [1, 2, 5])
    def test_agrees_with_scikit_learn(self, x, z_dim):
        model, pca = LinearVAE.from_ppca(x, z_dim), PCA(z_dim).fit(x)
        n = len(x)  # scikit-learn divides by n - 1, the likelihood by n
        assert_equal(model.log_var_x.detach().exp(), pca.noise_variance_ * (n - 1) / n)
        w = model.decoder.weight.detach()
        cov = w @ w.T + model.log_var_x.detach().exp() * torch.eye(6, dtype=F64)
        assert_equal(cov, torch.tensor(pca.get_covariance() * (n - 1) / n))
        assert_equal(model.decoder.bias.detach(), x.mean(0))

    def test_likelihood_is_that_of_the_paper(self, x):
        model = LinearVAE.from_ppca(x, 2)
        variances = torch.linalg.eigvalsh(x.T.cov(correction=0)).flip(0)
        rest = 4 * variances[2:].mean().log()
        expected = -0.5 * (6 * math.log(2 * math.pi) + variances[:2].log().sum() + rest + 6)
        assert_equal(model.log_evidence(x).mean(), expected, atol=1e-10)

    @pytest.mark.parametrize("var", [None, 0.02, 0.5, 2.0])
    def test_is_stationary(self, x, var):
        model = LinearVAE.from_ppca(x, 2, var)
        model.log_var_x.requires_grad_(var is None)
        learned = [model.decoder.weight, model.decoder.bias] + [model.log_var_x] * (var is None)
        for grad in torch.autograd.grad(model.log_evidence(x).mean(), learned):
            assert_equal(grad, torch.zeros_like(grad), atol=1e-10)

    def test_no_model_nearby_is_better(self, x):
        model = LinearVAE.from_ppca(x, 2)
        best = model.log_evidence(x).mean()
        for name in ("decoder.weight", "decoder.bias", "log_var_x"):
            for sign in (-0.1, 0.1):
                other = LinearVAE.from_ppca(x, 2)
                with torch.no_grad():
                    other.get_parameter(name).add_(sign)
                assert other.log_evidence(x).mean() < best - 1e-4

    @pytest.mark.parametrize("var", [None, 0.02, 0.5, 100.0])
    def test_encoder_is_the_posterior(self, x, var):
        model = LinearVAE.from_ppca(x, 2, var)
        mean, cov = model.posterior(x)
        mu, log_var = model.encoder(x)
        assert_equal(mu, mean, atol=1e-10)
        assert_equal(torch.diag_embed(log_var.exp()), cov.expand(60, 2, 2), atol=1e-10)
        for bound in (elbo_mc, iw_log_lik):
            assert_equal(bound(model, x, randn(3, 60, 2)), model.log_evidence(x), atol=1e-9)

    @pytest.mark.parametrize(("var", "units"), [(0.02, 10), (0.1, 10), (0.3, 4), (0.6, 2), (2.0, 0)])
    def test_collapse_on_digits_is_the_count_of_large_variances(self, digits, var, units):
        variances = torch.linalg.eigvalsh(digits.T.cov(correction=0)).flip(0)[:10]
        assert int((variances > var).sum()) == units
        assert active_units(LinearVAE.from_ppca(digits, 10, var), digits) == units

    def test_order_of_images_and_copies_do_not_matter(self, x):
        evidence = LinearVAE.from_ppca(x, 2).log_evidence(x)
        for other in (x.flip(0), torch.cat([x, x])):
            assert_equal(LinearVAE.from_ppca(other, 2).log_evidence(x), evidence, atol=1e-9)

    def test_keeps_the_dtype(self, x):
        model = LinearVAE.from_ppca(x.float(), 2)
        assert model.log_evidence(x.float()).dtype == torch.float32
        assert_equal(model.log_evidence(x.float()), LinearVAE.from_ppca(x, 2).log_evidence(x).float(), atol=1e-4)

    @pytest.mark.parametrize(
        ("shape", "z_dim", "message"),
        [
            ((60, 6), 6, "x must have shape (N, D), both more than z_dim = 6, got (60, 6)"),
            ((2, 6), 2, "x must have shape (N, D), both more than z_dim = 2, got (2, 6)"),
            ((6,), 2, "x must have shape (N, D), both more than z_dim = 2, got (6,)"),
            ((60, 6), 0, "z_dim must be a whole number of at least 1, got 0"),
            ((0, 6), 2, "x must not be empty, got shape (0, 6)"),
        ],
    )
    def test_bad_input_is_named(self, shape, z_dim, message):
        assert refusal(lambda: LinearVAE.from_ppca(torch.randn(shape), z_dim)) == message

    def test_a_bad_variance_is_named(self, x):
        assert refusal(lambda: LinearVAE.from_ppca(x, 2, -1.0)) == "var must be positive and finite, got -1.0"
        flat = torch.cat([x[:, :2], torch.zeros(60, 3)], 1)  # nothing is left over for σ²
        assert refusal(lambda: LinearVAE.from_ppca(flat, 3)) == "var must be positive and finite, got 0.0"
        x = x.clone()
        x[0, 0] = math.nan
        assert refusal(lambda: LinearVAE.from_ppca(x, 2)) == "x must not hold NaN, got it in 1 of 360 entries"
