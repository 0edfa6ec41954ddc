"""The checks of chapters 1, 2, 4 and 5 notice mistakes in the library, and tell the exercises' wrong answers apart."""

import pytest
import torch

from vae_lessons.equations import REGISTRY, ch02, ch02_monte_carlo, ch02_posterior, ch05, ch05_bound, ch05_search
from vae_lessons.equations.displays import in_order
from vae_lessons.equations.registry import as_array, largest_difference

COUNT = {"1": 4, "2": 8, "4": 7, "5": 5}
NUMBERS = [f"{chapter}.{k}" for chapter, last in COUNT.items() for k in range(1, last + 1)]


def apart(functions, inputs):
    values = [as_array(function(*inputs)) for function in functions]
    return min(largest_difference(a, b) for i, a in enumerate(values) for b in values[:i])


def test_the_equations_of_the_chapters_are_registered():
    assert in_order(number for number in REGISTRY if number.split(".")[0] in COUNT) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_wrong_answers_are_told_apart_from_each_other(number):
    check = REGISTRY[number]
    inputs = check.inputs(3)
    wrong = [f for f in check.mutants.values() if as_array(f(*inputs)).dtype != bool]
    assert apart(wrong, inputs) > 1e-6


def test_the_eight_wrong_answers_of_exercise_4_1_are_told_apart_on_its_numbers():
    inputs = torch.tensor([0.7, 0.5, -1.3, 1.8]).double()
    mutants = REGISTRY["4.1"].mutants
    wrong = [mutants[name] for name in mutants if not name.startswith("proof")]
    right = REGISTRY["4.1"].lines["kl_normal"]
    assert len(wrong) == 8
    assert apart([right, *wrong], inputs) > 1e-3


SAMPLERS = [
    ch02.sample, ch02.no_noise, ch02.variance_as_scale, ch02.same_z_for_all, ch02.noise_on_z_only,
    ch02.reshaped_for_transposed,
]  # fmt: skip
POSTERIORS = [
    ch02_posterior.grid_posterior, ch02_posterior.no_dz, ch02_posterior.no_prior, ch02_posterior.wrong_axis,
    ch02_posterior.log_prior_added_to_the_likelihood, ch02_posterior.divided_by_the_maximum,
    ch02_posterior.not_normalised,
]  # fmt: skip
SIZES = [
    ch02_monte_carlo.effective_size, ch02_monte_carlo.upside_down, ch02_monte_carlo.weights_from_the_prior,
    ch02_monte_carlo.weights_from_the_joint, ch02_monte_carlo.log_weights_as_weights, ch02_monte_carlo.not_squared,
]  # fmt: skip
LAPLACE = [
    ch05.laplace, ch05.variance_returned, ch05.curvature_returned, ch05.root_of_curvature_returned,
    ch05.mean_for_mode, ch05.curvature_of_the_density,
]  # fmt: skip
NEAREST = [
    ch05_search.nearest, ch05_search.no_entropy, ch05_search.variance_returned, ch05.moments, ch05.laplace,
]  # fmt: skip
BOUNDS = [
    ch05_bound.elbo, ch05_bound.normalised_first, ch05_bound.density_dropped, ch05_bound.entropy_dropped,
    ch05_bound.entropy_subtracted, ch05_bound.averaged_under_p,
]  # fmt: skip


@pytest.mark.parametrize("fits", [LAPLACE, NEAREST])
def test_fits_of_the_exercises_take_a_log_density(fits):
    assert apart(fits, [ch05.log_density(*ch05.CHAPTER)]) > 1e-3


@pytest.mark.parametrize(
    ("functions", "number", "arguments"), [(POSTERIORS, "2.4", 3), (SIZES, "2.8", 2), (SAMPLERS, "2.1", 5)]
)
def test_answers_of_the_exercises_take_the_inputs_of_the_check(functions, number, arguments):
    inputs = REGISTRY[number].inputs(0)[:arguments]
    functions = [lambda *a, f=f: f(*a)[1] for f in functions] if functions is SAMPLERS else functions
    assert apart(functions, inputs) > 1e-6


def test_bounds_of_the_exercise_take_logarithms_on_a_grid():
    z = torch.linspace(-8, 8, 2001, dtype=torch.double)
    log_q = torch.distributions.Normal(torch.tensor(0.6).double(), 0.5).log_prob(z)
    assert apart(BOUNDS, [log_q, ch05.log_density(*ch05.CHAPTER)(z), z]) > 1e-3


@pytest.mark.parametrize(
    ("module", "name", "number"),
    [
        ("ch02", "log_prior", "2.1"),
        ("ch02_binary", "bernoulli_log_prob", "2.5"),
        ("ch04_slopes", "kl_std_normal", "4.5"),
        ("ch04_gradients", "kl_std_normal", "4.7"),
        ("ch05_amortized", "kl_std_normal", "5.5"),
    ],
)
def test_a_mistake_in_the_library_turns_the_check_red(module, name, number, monkeypatch):
    module = f"vae_lessons.equations.{module}"
    right = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(f"{module}.{name}", lambda *arguments: 1.01 * right(*arguments))
    assert REGISTRY[number].unequal_lines()
