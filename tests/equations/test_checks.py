"""Checks draw their inputs by a seed, notice a mistake in the library, and say what they do; test_verify runs them."""

import numpy as np
import pytest
import torch
from torch import nn

from vae_lessons.equations import REGISTRY, Equation, equation
from vae_lessons.equations.displays import in_order
from vae_lessons.equations.registry import as_array, largest_difference
from vae_lessons.models import VAE, GaussianVAE

NUMBERS = in_order(REGISTRY)


@pytest.mark.parametrize("number", NUMBERS)
def test_inputs_are_float64_and_belong_to_the_seed(number):
    first, again = REGISTRY[number].inputs(0), REGISTRY[number].inputs(0)
    for value, same in zip(first, again, strict=True):
        assert np.array_equal(value, same)
        assert not isinstance(value, torch.Tensor) or value.dtype in (torch.float64, torch.int64)


@pytest.mark.parametrize("number", NUMBERS)
def test_checks_leave_the_reader_s_random_numbers_alone(number):
    check, torch_state, numpy_state = REGISTRY[number], torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    for function in [*check.lines.values(), *check.mutants.values()]:
        check.distance(function, 0)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert np.array_equal(np.random.get_state()[1], numpy_state)  # noqa: NPY002


def activated(model_class, activation, *sizes):
    model = model_class(*sizes)
    model.encoder.hidden[1] = activation
    return model


@pytest.mark.parametrize(
    ("module", "name", "mistake", "numbers"),
    [
        ("ch03", "kl_discrete", lambda p, q: (p * (p / q).log2()).sum(-1), ["3.3"]),
        ("ch11", "elbo_analytic_kl", lambda model, x, eps: eps.sum((0, 2)), ["11.1"]),
        ("ch11_networks", "VAE", lambda *sizes: activated(VAE, nn.Tanh(), *sizes), ["11.2"]),
        ("ch11_networks", "GaussianVAE", lambda *sizes: activated(GaussianVAE, nn.ReLU(), *sizes), ["11.3"]),
    ],
)
def test_a_mistake_in_the_library_turns_the_check_red(module, name, mistake, numbers, monkeypatch):
    monkeypatch.setattr(f"vae_lessons.equations.{module}.{name}", mistake)
    for number in numbers:
        assert REGISTRY[number].unequal_lines(), number


def test_half_a_kl_in_the_library_is_noticed(monkeypatch):
    """The loss reaches `kl_std_normal` through the objectives, as training does."""
    monkeypatch.setattr("vae_lessons.objectives.kl_std_normal", lambda mu, log_var: (mu**2).sum(-1))
    assert REGISTRY["11.1"].unequal_lines() == ["-elbo_analytic_kl, averaged"]


def test_the_eight_wrong_answers_of_exercise_3_1_are_told_apart():
    p, q = torch.tensor([[0.5, 0.3, 0.2]]).double(), torch.tensor([[0.15, 0.25, 0.6]]).double()
    values = [mutant(p, q) for mutant in REGISTRY["3.1"].mutants.values()]
    assert all(value.shape == (1,) for value in values)
    assert len({round(value.item(), 9) for value in values}) == 8


def test_the_eight_wrong_answers_of_exercise_11_2_are_told_apart():
    check = REGISTRY["11.1"]
    assert len({round(mutant(*check.inputs(3)).item(), 9) for mutant in check.mutants.values()}) == 8


def toy(**changes):
    parts = dict(method="finite world", draw=lambda rng: (rng.normal(),), lines={"x": lambda x: x}, mutants={})
    return Equation("0.9", "A toy", **(parts | changes))


def test_an_unknown_method_or_no_line_is_an_error():
    with pytest.raises(ValueError, match=r"method of \(0.9\) must be one of .*, got 'looking at it'"):
        toy(method="looking at it")
    with pytest.raises(ValueError, match="has no lines"):
        toy(lines={})


def test_two_modules_cannot_declare_one_number():
    with pytest.raises(ValueError, match=r"\(3.1\) is declared in vae_lessons.equations.ch03 and in"):
        equation("3.1", "Again", method="finite world", draw=lambda rng: (), lines={"1": lambda: 1}, mutants={})
    assert REGISTRY["3.1"].title != "Again"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1.0, 1.5, 0.5),
        (np.inf, np.inf, 0.0),
        (np.inf, 1.0, np.inf),
        (np.nan, np.nan, np.inf),
        ([1.0, 2.0], 1.0, np.inf),
        (1.0, True, np.inf),
    ],
)
def test_distance_of_values(a, b, expected):
    assert largest_difference(as_array(a), as_array(b)) == expected


def test_a_false_statement_is_infinitely_far_and_a_true_one_is_not():
    check = toy(lines={"x": lambda x: x, "true": lambda x: x == x})
    assert check.unequal_lines() == []
    assert check.distance(lambda x: np.array([True, False]), 0) == np.inf


@pytest.mark.parametrize("number", NUMBERS)
def test_source_holds_the_declaration_and_the_functions_of_the_check(number):
    source, check = REGISTRY[number].source(), REGISTRY[number]
    compile(source, number, "exec")
    for name in [*check.lines, *check.mutants]:
        assert f'"{name}"' in source
    assert f"def {check.draw.__name__}" in source
    assert source.count("equation(") == 1
