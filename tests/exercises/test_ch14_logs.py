"""The logs of exercise 14.6 are real: the broken programs, trained again, print the same first lines."""

import pytest
import torch

from vae_lessons.data import binarize, load
from vae_lessons.divergences import kl_std_normal
from vae_lessons.evaluation import iw_log_lik_dataset
from vae_lessons.exercises.ch14_records import BUGS, CORRECT, EPOCHS, RECORDS
from vae_lessons.models import VAE
from vae_lessons.training import fit


def terms(model, x, eps, std=lambda log_var: (log_var / 2).exp(), weight=1.0, cut=False):
    """The two terms of the ELBO, or what a broken program makes of them."""
    mu, log_var = model.encoder(x)
    z = mu + std(log_var) * eps
    log_lik = model.log_likelihood(x, z.detach() if cut else z).mean(0)
    return weight * log_lik, kl_std_normal(mu, log_var)


def program(bug):
    """The objective of the training, that of the test, and the weight of the KL."""
    options = {"mean over the pixels": {"weight": 1 / 64}, "σ² for σ": {"std": torch.exp}, ".sample()": {"cut": True}}
    train = test = lambda *args: terms(*args, **options.get(bug, {}))
    if bug == "z = μ in the test":
        test = lambda model, x, eps: terms(model, x, 0 * eps)  # noqa: E731
    return train, test, 0.0 if bug == "no KL" else 1.0


def record(bug, seed, epochs):
    """Train a program; return its lines, and log p(x) of the test images."""
    digits = load("digits")
    x, x_test = binarize(digits.x_train), binarize(digits.x_test)
    train, test, beta = program(bug)
    torch.manual_seed(seed)
    model, lines = VAE(64, 64, 8), []

    @torch.no_grad()
    def write(history):
        epoch = len(history.kl)
        if epoch not in EPOCHS:
            return
        eps = torch.randn(1, len(x_test), 8, generator=torch.Generator().manual_seed(epoch))
        log_lik, kl = test(model, x_test, eps)
        rec, kl_train = -history.log_lik[-1], history.kl[-1]
        lines.append((rec + beta * kl_train, rec, kl_train, (beta * kl - log_lik).mean().item()))

    settings = {"epochs": epochs, "batch_size": 32, "lr": 2e-3, "beta": beta, "seed": seed}
    fit(model, x, **settings, objective=train, after_epoch=write)
    return lines, iw_log_lik_dataset(model, x_test, n_samples=200).mean().item()


@pytest.mark.parametrize("letter", ["", *RECORDS])
def test_two_epochs_again(letter):
    written = RECORDS[letter] if letter else CORRECT
    lines, _ = record(written.bug, written.seed, epochs=2)
    torch.testing.assert_close(torch.tensor(lines), torch.tensor(written.lines[:2]), atol=0.02, rtol=0.02)


def test_every_bug_has_one_log():
    assert sorted(r.bug for r in RECORDS.values()) == sorted(BUGS)
    assert all(len(r.lines) == len(EPOCHS) for r in RECORDS.values())
