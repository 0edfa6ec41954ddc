"""Chapter 12: a mistake in the library turns its checks red, and mutants are told apart."""

import numpy as np
import pytest
import torch

from vae_lessons.equations import REGISTRY
from vae_lessons.equations.registry import as_array


def rounded(vae, z, generator=None):
    return vae.mean(z).round()


def without_softplus(x, logits):
    return (x * logits).sum(-1)


@pytest.mark.parametrize(
    ("target", "mistake", "number"),
    [
        ("vae_lessons.models.VAE.sample", rounded, "12.1"),
        ("vae_lessons.equations.ch12.bernoulli_log_prob", without_softplus, "12.1"),
        ("vae_lessons.equations.ch12_missing.bernoulli_log_prob", without_softplus, "12.6"),
        ("vae_lessons.equations.ch12_grid.log_prior", lambda z: -0.5 * (z**2).sum(-1), "12.3"),
        ("vae_lessons.equations.ch12_aggregate.sigma_points", lambda n: torch.zeros(1, 1, n).double(), "12.5"),
    ],
)
def test_a_mistake_in_the_library_turns_the_check_red(target, mistake, number, monkeypatch):
    monkeypatch.setattr(target, mistake)
    assert REGISTRY[number].unequal_lines()


@pytest.mark.parametrize("number", [n for n in REGISTRY if n.startswith("12.")])
def test_mutants_are_told_apart(number):
    """An exercise names a mistake by its values."""
    check = REGISTRY[number]
    values = {name: [as_array(f(*check.inputs(seed))) for seed in range(2)] for name, f in check.mutants.items()}
    numbers = {name: np.concatenate([v.ravel() for v in vs]) for name, vs in values.items() if vs[0].dtype != bool}
    pairs = [(a, b) for a in numbers for b in numbers if a < b and numbers[a].shape == numbers[b].shape]
    assert [(a, b) for a, b in pairs if np.allclose(numbers[a], numbers[b], rtol=0, atol=1e-6)] == []


def test_weighted_draws_have_standard_errors_that_shrink_like_the_root():
    from vae_lessons.equations.ch12_missing import weighted_draws

    check = REGISTRY["12.6"]
    z = torch.randn(40_000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    few, many = (weighted_draws(z[:n], *check.inputs(0))[1] for n in (10_000, 40_000))
    assert torch.allclose(few / many, torch.tensor(2.0).double(), rtol=0.1)
