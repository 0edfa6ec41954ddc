"""Chapters 6 to 8: a mistake in the library turns their checks red, and mutants are told apart."""

import numpy as np
import pytest
import torch

from vae_lessons.equations import REGISTRY
from vae_lessons.equations.registry import as_array

PATH = "vae_lessons.equations"


def half_kl(mu, log_var):
    return 0.25 * (mu**2 + log_var.exp() - 1 - log_var).sum(-1)


def biased_weights(model, x, eps):
    mu, log_var = model.encoder(x)
    return model.log_likelihood(x, mu + torch.exp(0.5 * log_var) * eps)


@pytest.mark.parametrize(
    ("target", "mistake", "numbers"),
    [
        ("vae_lessons.objectives.kl_std_normal", half_kl, ["6.8", "7.4", "7.8"]),
        ("vae_lessons.objectives.log_weights", biased_weights, ["6.8", "7.3", "7.8"]),
        ("vae_lessons.draws.reparameterize", lambda mu, log_var, eps: mu + log_var.exp() * eps, ["6.8", "7.3"]),
        ("vae_lessons.sampling.reparameterize", lambda mu, log_var, eps: mu + log_var.exp() * eps, ["8.3", "8.5"]),
        (f"{PATH}.ch06.kl_discrete", lambda p, q: (q * (q / p).log()).sum(-1), ["6.1"]),
        (f"{PATH}.ch07.kl_monte_carlo", lambda f, zero: (f.mean(0), f.std(0, correction=0) / 2), ["7.2"]),
        (f"{PATH}.ch08_baselines.optimal_baseline", lambda f, mu, log_var, eps: (mu, mu), ["8.6"]),
        (f"{PATH}.ch08_densities.gaussian_log_prob", lambda z, mu, log_var: -((z - mu) ** 2).sum(-1), ["8.7"]),
    ],
)
def test_a_mistake_in_the_library_turns_the_check_red(target, mistake, numbers, monkeypatch):
    monkeypatch.setattr(target, mistake)
    for number in numbers:
        assert REGISTRY[number].unequal_lines(), number


def test_a_log_mean_exp_that_underflows_is_noticed(monkeypatch):
    monkeypatch.setattr(f"{PATH}.ch07_staircase.iw_log_lik", lambda model, x, eps: torch.zeros(len(x)).log())
    assert REGISTRY["7.7"].unequal_lines() == ["iw_log_lik"]


@pytest.mark.parametrize("number", [n for n in REGISTRY if n.split(".")[0] in "678" and n != "8.6"])
def test_mutants_are_told_apart(number):
    """An exercise names a mistake by its values."""  # the variance of (8.6) at 2b* is that at 0
    check = REGISTRY[number]
    values = {name: [as_array(f(*check.inputs(seed))) for seed in range(2)] for name, f in check.mutants.items()}
    numbers = {name: np.concatenate([v.ravel() for v in vs]) for name, vs in values.items() if vs[0].dtype != bool}
    pairs = [(a, b) for a in numbers for b in numbers if a < b and numbers[a].shape == numbers[b].shape]
    assert [(a, b) for a, b in pairs if np.allclose(numbers[a], numbers[b], rtol=0, atol=1e-6)] == []


def test_the_estimator_that_an_average_is_taken_of_is_within_reach():
    """Exercises use the function itself, not its expectation."""
    mistake = REGISTRY["7.2"].mutants["ddof 0"].__wrapped__
    draws = torch.tensor([1.0, 2.0, 4.0])
    assert torch.allclose(torch.stack(mistake(draws)), torch.tensor([7 / 3, (14 / 9 / 3) ** 0.5]))
