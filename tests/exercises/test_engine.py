"""What the checker does with answers of every other kind, and what it leaves as it was."""

import dataclasses
import random
import time

import answers
import numpy as np
import pytest
import torch
from answers import IDS

from vae_lessons.exercises import diagnosis, find, grade

right = answers.kl_where


def stub(*args):
    """Docstring."""
    ...


class Stub(torch.nn.Module):
    def __init__(self, x_dim, h_dim, z_dim, min_std):
        super().__init__()

    def forward(self, z):
        """Mean and log-variance."""
        ...

    def log_likelihood(self, x, z): ...


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize(
    "answer", [stub, Stub, None, ..., lambda p, q: ...], ids=["def", "class", "None", "...", "lambda"]
)
def test_stub(id, answer):
    assert grade(id, answer).status == "not attempted"


def test_stub_of_a_dict():
    assert grade("3.3", {"equal": ..., "one way": (..., ...), "triangle": ...}).status == "not attempted"
    partly = grade("3.3", answers.examples_numpy() | {"triangle": ...})
    assert (partly.status, partly.message) == ("incorrect", "'triangle' is still to be filled in.")


def test_extra_arguments_with_defaults_and_callable_objects_pass():
    class Kl:
        def __call__(self, p, q, eps=0):
            return right(p, q)

    assert grade("3.1", Kl()).status == "correct"


def test_float32_only_is_a_remark():
    verdict = grade("3.1", lambda p, q: torch.where(p > 0, p * (p / q).log(), 0) @ torch.ones(p.shape[-1]))
    assert verdict.status == "correct"
    assert "with float64 tensors your function fails" in verdict.message


def test_state_is_left_as_it_was():
    def careless(p, q):
        torch.manual_seed(5), np.random.seed(5), random.seed(5)  # noqa: NPY002
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        return right(p, q)

    def state():
        numpy = np.random.get_state()[1].tolist()  # noqa: NPY002
        return (
            torch.get_rng_state().tolist(),
            numpy,
            random.getstate(),
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
        )

    before = state()
    assert grade("3.1", careless).status == "correct"
    for id in IDS:
        grade(id, find(id).reference)
    assert state() == before


@pytest.mark.parametrize("id", [id for id in IDS if not find(id).judge])
def test_mistakes_are_told_apart_from_each_other_and_from_the_reference(id):
    exercise = find(id)
    for m in exercise.misconceptions:
        for values in diagnosis.mistaken(exercise, m):
            pairs = zip(values, diagnosis.references_of(exercise), strict=True)
            assert not all(diagnosis.agree(exercise, v, r) for v, r in pairs)
            assert [n.name for n in exercise.misconceptions if diagnosis.explains(exercise, n, values)] == [m.name]
        assert m.recognise or len(diagnosis.mistaken(exercise, m)) == len(m.wrong)


@pytest.mark.parametrize("id", [id for id in IDS if find(id).confirm and not find(id).judge])
def test_mistakes_are_far_from_the_reference(id):
    """Ten times the tolerance at least, on one of the cases: a wrong answer is not accepted by accident."""
    exercise = find(id)
    wide = dataclasses.replace(exercise, atol=10 * exercise.atol, rtol=10 * exercise.rtol)
    for m in exercise.misconceptions:
        for values in diagnosis.mistaken(exercise, m):
            pairs = zip(values, diagnosis.references_of(exercise), strict=True)
            assert not all(diagnosis.agree(wide, v, r) for v, r in pairs), m.name


@pytest.mark.parametrize("id", IDS)
def test_names_and_messages_are_unique_and_a_check_is_quick(id):
    exercise = find(id)
    for column in ("name", "message"):
        texts = [getattr(m, column) for m in exercise.misconceptions]
        assert len(set(texts)) == len(texts)
    start = time.monotonic()
    grade(id, exercise.reference)
    grade(id, answers.UNNAMED[id][0])
    assert time.monotonic() - start < 3


def test_the_band_of_11_5_is_wide_and_narrow_enough():
    """At least 5 standard errors of the noisiest right answer; each mistake is three bands away on one of the cases."""
    exercise, distances = find("11.5"), {}
    for k, case in enumerate(diagnosis.cases_of(exercise)):
        exact = abs(diagnosis.references_of(exercise)[k][0].item())
        model, x = answers_model(case), case.args["x"].float()
        runs = [answers.elbo_shared_noise(model, x, case.args["n_samples"], g(s)) for s in range(30)]
        assert 5 * np.std(runs) < exercise.rtol * exact
        for m in exercise.misconceptions[:-1]:
            away = [abs(v[k][0].item() + exact) / exact for v in diagnosis.mistaken(exercise, m)]
            distances[m.name] = max(distances.get(m.name, 0), min(away))
    assert min(distances.values()) > 3 * exercise.rtol, distances


def answers_model(case):
    from vae_lessons.exercises.ch11_training import small_vae

    return small_vae(case.args["model_seed"], scale=0.9)


def g(seed):
    return torch.Generator().manual_seed(seed)
