"""The loop: it learns, it repeats itself, it keeps quiet when nobody watches."""

import pytest
import torch

from vae_lessons.data import binarize, load
from vae_lessons.evaluation import active_units, evaluate_elbo
from vae_lessons.models import VAE
from vae_lessons.objectives import elbo_terms
from vae_lessons.training import fit


def small(seed=0):
    torch.manual_seed(seed)
    return VAE(x_dim=64, h_dim=64, z_dim=8)


@pytest.fixture(scope="module")
def digits():
    data = load("digits")
    return binarize(data.x_train), binarize(data.x_test)


def test_learns_real_digits(digits):
    model = small()
    history = fit(model, digits[0], epochs=20, batch_size=32, lr=2e-3)
    result = evaluate_elbo(model, digits[1])
    assert abs(result.elbo.mean - -19.7) < 0.4
    assert active_units(model, digits[1]) >= 6
    assert len(history.elbo) == 20
    assert history.elbo[-1] > history.elbo[0] + 10


def test_same_seed_same_weights(digits):
    runs = [small() for _ in range(2)]
    histories = [fit(model, digits[0][:200], epochs=2, seed=3) for model in runs]
    assert histories[0] == histories[1]
    for a, b in zip(runs[0].parameters(), runs[1].parameters(), strict=True):
        assert torch.equal(a, b)


def test_another_seed_another_run(digits):
    assert fit(small(), digits[0][:200], epochs=1, seed=1) != fit(small(), digits[0][:200], epochs=1, seed=2)


def test_one_full_batch_step_is_one_step_of_adam(digits):
    x, model, copy = digits[0][:50], small(), small()
    fit(model, x, epochs=1, batch_size=50, lr=0.01, beta=0.5, seed=7)
    generator = torch.Generator().manual_seed(7)
    rows = torch.randperm(50, generator=generator)
    log_lik, kl = elbo_terms(copy, x[rows], torch.randn(1, 50, 8, generator=generator))
    optimizer = torch.optim.Adam(copy.parameters(), lr=0.01)
    (0.5 * kl - log_lik).mean().backward()
    optimizer.step()
    for a, b in zip(model.parameters(), copy.parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_last_small_batch_counts_by_its_images(digits):
    calls = []

    def objective(model, x, eps):
        calls.append(len(x))
        log_lik, kl = elbo_terms(model, x, eps)
        return log_lik * 0 + len(x), kl * 0

    history = fit(small(), digits[0][:10], epochs=1, batch_size=8, objective=objective)
    assert sorted(calls) == [2, 8]
    assert history.log_lik == [pytest.approx((8 * 8 + 2 * 2) / 10)]


def test_random_state_of_the_caller_is_left_alone(digits):
    model = small()
    before = torch.random.get_rng_state()
    fit(model, digits[0][:50], epochs=1)
    assert torch.equal(before, torch.random.get_rng_state())


def test_quiet_when_nobody_watches(digits, capsys):
    fit(small(), digits[0][:50], epochs=1)
    assert capsys.readouterr() == ("", "")


def test_shows_a_bar_when_asked(digits, capsys):
    fit(small(), digits[0][:50], epochs=1, progress=True)
    assert "fit" in capsys.readouterr().out


def test_ctrl_c_keeps_what_was_learned(digits, capsys):
    calls = []

    def objective(model, x, eps):
        calls.append(1)
        if len(calls) == 3 * 4 + 2:  # in the fourth epoch of four steps
            raise KeyboardInterrupt
        return elbo_terms(model, x, eps)

    interrupted, three_epochs = small(), small()
    history = fit(interrupted, digits[0][:200], epochs=9, batch_size=50, objective=objective)
    expected = fit(three_epochs, digits[0][:200], epochs=3, batch_size=50)
    assert history == expected
    assert "stopped after 3 of 9 epochs" in capsys.readouterr().out
    assert not torch.equal(interrupted.decoder[0].weight, small().decoder[0].weight)


def test_pixels_are_drawn_anew_each_epoch_from_the_seed(digits):
    grey, batches = load("digits").x_train[:40], []

    def objective(model, x, eps):
        batches.append(x)
        return elbo_terms(model, x, eps)

    fit(small(), grey, epochs=2, batch_size=40, objective=objective, binarize=True, seed=1)
    fit(small(), grey, epochs=1, batch_size=40, objective=objective, binarize=True, seed=1)
    first, second, again = batches
    assert set(first.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(first, again)
    assert first.sum(0).ne(second.sum(0)).any()
    assert abs(first.mean() - grey.mean()) < 0.02


def test_pixels_to_be_drawn_must_be_probabilities(digits):
    with pytest.raises(ValueError, match=r"x must lie in \[0, 1\], got values from 0 to 255"):
        fit(small(), digits[0][:40] * 255, epochs=1, binarize=True)


def test_step_size_may_follow_the_epoch(digits):
    seen = []
    schedule = lambda epoch: seen.append(epoch) or 1e-3 / (epoch + 1)  # noqa: E731
    model, copy = small(), small()
    fit(model, digits[0][:50], epochs=2, batch_size=50, lr=schedule)
    fit(copy, digits[0][:50], epochs=2, batch_size=50, lr=1e-3)
    assert set(seen) == {0, 1}
    assert not torch.equal(model.decoder[0].weight, copy.decoder[0].weight)


def test_several_draws_per_image(digits):
    shapes = []

    def objective(model, x, eps):
        shapes.append(tuple(eps.shape))
        return elbo_terms(model, x, eps)

    fit(small(), digits[0][:50], epochs=1, batch_size=50, n_samples=3, objective=objective)
    assert shapes == [(3, 50, 8)]


def test_nan_ends_training_with_its_epoch(digits):
    def objective(model, x, eps):
        log_lik, kl = elbo_terms(model, x, eps)
        return log_lik * float("nan"), kl

    with pytest.raises(ValueError, match=r"the objective became NaN in epoch 1: try a smaller lr than 0.001"):
        fit(small(), digits[0][:50], epochs=2, objective=objective)


def test_device_moves_model_and_images(digits):
    model = small()
    assert fit(model, digits[0][:50], epochs=1, device="cpu") == fit(small(), digits[0][:50], epochs=1)


def test_compiled_run_is_the_same_run(digits, monkeypatch):
    compiled = []
    monkeypatch.setattr(torch, "compile", lambda module: compiled.append(module) or module)
    assert fit(small(), digits[0][:50], epochs=1, compile=True) == fit(small(), digits[0][:50], epochs=1)
    assert len(compiled) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": torch.zeros(0, 64)}, r"x must have shape \(N, D\) with at least one image, got \(0, 64\)"),
        ({"x": torch.zeros(64)}, r"x must have shape \(N, D\)"),
        ({"epochs": 0}, "epochs must be positive, got 0"),
        ({"batch_size": -1}, "batch_size must be positive, got -1"),
        ({"lr": 0.0}, "lr must be positive, got 0.0"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit(small(), **{"x": torch.zeros(4, 64), **arguments})
