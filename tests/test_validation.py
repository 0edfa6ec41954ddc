"""Each public function refuses what cannot be right, and names the argument, what came and what was expected."""

import math

import pytest
import torch

from tests.worlds import F64, LinearGaussian, generator, randn, refusal, spd
from vae_lessons import divergences, likelihoods, objectives, sampling, validation
from vae_lessons.models import VAE, GaussianVAE, LinearVAE


def tensors(**shapes):
    return {name: randn(*shape, seed=seed) for seed, (name, shape) in enumerate(shapes.items())}


def square(z):
    return (z**2).sum(-1)


def loss(x, logits, mu, log_var):
    return divergences.kl_std_normal(mu, log_var).sum() - likelihoods.bernoulli_log_prob(x, logits).sum()


def with_model(function, model):
    return lambda **arguments: function(model, **arguments)


def with_f(estimator):
    return lambda **arguments: estimator(square, **arguments)


POSTERIOR = tensors(mu=(4, 3), log_var=(4, 3), eps=(2, 4, 3))
BATCH = tensors(x=(4, 6), eps=(2, 4, 3))
PAIR = tensors(x=(4, 6), z=(2, 4, 3))
NORMAL = tensors(mu_q=(4,), std_q=(4,), mu_p=(4,), std_p=(4,))
SIMPLEX = {name: torch.softmax(value, -1) for name, value in tensors(p=(4, 3), q=(4, 3)).items()}
FULL = tensors(mu_q=(3,), mu_p=(3,)) | {"cov_q": spd(3), "cov_p": spd(3, seed=1)}
NETS = {
    "VAE": VAE(6, 5, 3).double(),
    "GaussianVAE": GaussianVAE(6, 5, 3).double(),
    "LinearVAE": LinearVAE(6, 3).double(),
}
EXACT = LinearGaussian(6, 3)

CALLS = {
    "kl_discrete": (divergences.kl_discrete, SIMPLEX),
    "kl_normal": (divergences.kl_normal, {k: v.abs() for k, v in NORMAL.items()}),
    "kl_std_normal": (divergences.kl_std_normal, tensors(mu=(4, 3), log_var=(4, 3))),
    "kl_multivariate_normal": (divergences.kl_multivariate_normal, FULL),
    "kl_monte_carlo": (divergences.kl_monte_carlo, tensors(log_q=(5, 3), log_p=(5, 3))),
    "bernoulli_log_prob": (likelihoods.bernoulli_log_prob, tensors(x=(4, 6), logits=(2, 4, 6))),
    "continuous_bernoulli_log_prob": (likelihoods.continuous_bernoulli_log_prob, tensors(x=(4, 6), logits=(4, 6))),
    "gaussian_log_prob": (likelihoods.gaussian_log_prob, tensors(x=(4, 6), mean=(2, 4, 6), log_var=(6,))),
    "log_prior": (likelihoods.log_prior, tensors(z=(2, 4, 3))),
    "reparameterize": (sampling.reparameterize, POSTERIOR),
    "score_function_grad": (with_f(sampling.score_function_grad), POSTERIOR),
    "optimal_baseline": (with_f(sampling.optimal_baseline), POSTERIOR),
    "pathwise_grad": (with_f(sampling.pathwise_grad), POSTERIOR),
    "kl_free_bits": (lambda mu, log_var: objectives.kl_free_bits(mu, log_var, 0.5), tensors(mu=(4, 3), log_var=(4, 3))),
    "effective_beta": (
        lambda **arguments: objectives.effective_beta(loss, **arguments),
        tensors(x=(4, 6), logits=(4, 6), mu=(4, 3), log_var=(4, 3)),
    ),
    **{
        name: (with_model(getattr(objectives, name), EXACT), BATCH)
        for name in ("elbo_terms", "elbo_analytic_kl", "elbo_mc", "log_weights", "iw_log_lik")
    },
    **{f"{name}.log_likelihood": (net.log_likelihood, PAIR) for name, net in NETS.items()},
}
FORMULAS = [  # without a network between argument and result, in which ∞ - ∞ arises
    "kl_normal",
    "kl_std_normal",
    "kl_monte_carlo",
    "bernoulli_log_prob",
    "continuous_bernoulli_log_prob",
    "gaussian_log_prob",
    "log_prior",
    "reparameterize",
    "score_function_grad",
    "optimal_baseline",
    "pathwise_grad",
    "kl_free_bits",
]
EACH = [(function, name) for function, (_, arguments) in CALLS.items() for name in arguments]


def call(function, **changes):
    apply, arguments = CALLS[function]
    return apply(**(arguments | changes))


def argument(function, name):
    return CALLS[function][1][name].clone()


@pytest.mark.parametrize("function", CALLS)
def test_arguments_of_this_page_are_good(function):
    call(function)


@pytest.mark.parametrize(("function", "name"), EACH)
def test_integers_are_refused(function, name):
    message = refusal(lambda: call(function, **{name: argument(function, name).long()}))
    assert message == f"{name} must hold floating-point numbers, got torch.int64: use {name}.float()"


@pytest.mark.parametrize(("function", "name"), EACH)
def test_lists_are_refused(function, name):
    message = refusal(lambda: call(function, **{name: argument(function, name).tolist()}), TypeError)
    assert message == f"{name} must be a torch tensor, got list"


@pytest.mark.parametrize(("function", "name"), EACH)
@pytest.mark.parametrize("axis", [0, -1])
def test_empty_tensors_are_refused(function, name, axis):
    nothing = argument(function, name).narrow(axis, 0, 0)
    message = refusal(lambda: call(function, **{name: nothing}))
    assert message == f"{name} must not be empty, got shape {tuple(nothing.shape)}"


@pytest.mark.parametrize(("function", "name"), EACH)
def test_nan_is_refused(function, name):
    value = argument(function, name)
    value.view(-1)[1] = math.nan
    message = refusal(lambda: call(function, **{name: value}))
    assert message == f"{name} must not hold NaN, got it in 1 of {value.numel()} entries"


@pytest.mark.parametrize(("function", "name"), [pair for pair in EACH if pair[0] != "log_prior"])
def test_another_device_is_refused(function, name):
    message = refusal(lambda: call(function, **{name: argument(function, name).to("meta")}))
    assert message.startswith("all arguments must be on one device: ")
    assert f"{name} is on meta" in message
    assert "is on cpu" in message


@pytest.mark.parametrize(("function", "name"), [pair for pair in EACH if pair[0] in FORMULAS])
def test_infinity_is_no_error(function, name):
    value = argument(function, name)
    value.view(-1)[0] = math.inf
    call(function, **{name: value})


@pytest.mark.parametrize("function", ["bernoulli_log_prob", "gaussian_log_prob", "kl_std_normal", "kl_normal"])
def test_two_precisions_give_the_wider_one(function):
    _, arguments = CALLS[function]
    first = next(iter(arguments))
    assert call(function, **{first: arguments[first].float()}).dtype == F64


class TestProbabilities:
    @pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (F64, 1e-8)])
    def test_rounding_is_forgiven(self, dtype, tolerance):
        right = torch.tensor([0.25, 0.75], dtype=dtype)
        validation.require_probabilities(p=right * (1 + 0.9 * tolerance))
        for factor in (1 + 1.5 * tolerance, 1 - 1.5 * tolerance):
            assert "p must sum to 1" in refusal(lambda f=factor: validation.require_probabilities(p=right * f))

    def test_the_worst_sum_is_shown(self):
        p = torch.tensor([[0.5, 0.5], [0.5, 0.2], [0.5, 0.6]])
        assert refusal(lambda: validation.require_probabilities(p=p)).endswith("got a sum of 0.7")
        assert refusal(lambda: validation.require_probabilities(p=p + 0.2)).endswith("got a sum of 1.5")


class TestNumbers:
    @pytest.mark.parametrize("value", [0, -3, 1.0, 2.5, "4", None])
    def test_a_size_is_a_whole_number(self, value):
        message = refusal(lambda: validation.require_sizes(a=1, b=value))
        assert message == f"b must be a whole number of at least 1, got {value!r}"

    def test_a_size_of_one_is_enough(self):
        validation.require_sizes(a=1, b=torch.Size([7])[0])

    @pytest.mark.parametrize("value", [0.0, -1e-9, math.inf, math.nan])
    def test_a_scale_is_positive_and_finite(self, value):
        message = refusal(lambda: validation.require_above_zero(a=1e-300, b=value))
        assert message == f"b must be positive and finite, got {value!r}"


class TestExplainNan:
    def test_a_sound_result_is_returned_and_no_argument_is_read(self):
        result = torch.tensor([1.0, math.inf])
        assert validation.explain_nan(result, x=None) is result

    def test_a_result_that_no_argument_explains_is_left(self):
        result = torch.tensor([math.nan])
        assert validation.explain_nan(result, x=torch.tensor([math.inf])) is result

    def test_the_first_culprit_is_named(self):
        bad = torch.rand(5, generator=generator())
        bad[1:3] = math.nan
        message = refusal(lambda: validation.explain_nan(bad, x=torch.ones(2), y=bad, z=bad))
        assert message == "y must not hold NaN, got it in 2 of 5 entries"
