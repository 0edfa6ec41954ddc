"""The checks of chapter 10 notice a mistake in the NumPy network, and tell the exercises' wrong answers apart."""

import numpy as np
import pytest

from vae_lessons import numpy_vae
from vae_lessons.equations import REGISTRY
from vae_lessons.equations.registry import as_array, largest_difference

NUMBERS = [f"10.{n}" for n in range(1, 11)]


def test_the_equations_of_the_chapter_are_registered():
    assert [number for number in REGISTRY if number.startswith("10.")] == NUMBERS


def mistaken(**changes):
    """Return `numpy_vae.deltas` with some of its results changed."""
    right = numpy_vae.deltas

    def deltas(params, values):
        d = right(params, values)
        return d._replace(**{name: change(getattr(d, name)) for name, change in changes.items()})

    return deltas


@pytest.mark.parametrize(
    ("name", "number"),
    [("da", "10.2"), ("d3", "10.4"), ("dz", "10.5"), ("dmu", "10.6"), ("dlog_var", "10.7"), ("dh", "10.8")],
)
def test_a_wrong_delta_turns_its_check_red(name, number, monkeypatch):
    monkeypatch.setattr(numpy_vae, "deltas", mistaken(**{name: lambda d: d * (1 + 1e-6)}))
    assert [n for n in NUMBERS if REGISTRY[n].unequal_lines()] == [number]


@pytest.mark.parametrize(("name", "numbers"), [("W4", ["10.3"]), ("W1", ["10.8", "10.9"])])
def test_a_wrong_gradient_turns_its_checks_red(name, numbers, monkeypatch):
    right = numpy_vae.backward
    monkeypatch.setattr(numpy_vae, "backward", lambda *args: right(*args) | {name: right(*args)[name] * 2})
    assert [n for n in NUMBERS if REGISTRY[n].unequal_lines()] == numbers


def test_a_wrong_forward_pass_complex_step_and_adam_turn_their_checks_red(monkeypatch):
    monkeypatch.setattr("vae_lessons.numpy_vae.network.decode", lambda params, z: (z, z @ params["W3"].T))
    assert "numpy_vae.forward" in str(REGISTRY["10.1"].unequal_lines())
    monkeypatch.undo()
    monkeypatch.setattr(numpy_vae, "complex_step", lambda f, x: x)
    assert [n for n in NUMBERS if REGISTRY[n].unequal_lines()] == ["10.9"]
    monkeypatch.setattr(numpy_vae, "adam_step", lambda params, grads, state, **options: (params, state))
    assert REGISTRY["10.10"].unequal_lines() == ["numpy_vae.adam_step"]


@pytest.mark.parametrize("number", NUMBERS)
def test_wrong_answers_are_told_apart(number):
    check = REGISTRY[number]
    inputs = check.inputs(3)
    values = [as_array(wrong(*inputs)) for wrong in check.mutants.values()]
    apart = [largest_difference(a, b) for i, a in enumerate(values) for b in values[:i]]
    assert min(apart) > 1e-6


@pytest.mark.parametrize(("number", "local"), [("10.2", 2), ("10.3", 2), ("10.6", 2), ("10.7", 3), ("10.8", 6)])
def test_mutants_need_the_arguments_of_the_exercise_alone(number, local):
    check = REGISTRY[number]
    inputs = check.inputs(0)
    for wrong in check.mutants.values():
        assert np.array_equal(wrong(*inputs[:local]), wrong(*inputs))
