"""The digits: real, complete, split without overlap."""

import pytest
import torch
from sklearn.datasets import load_digits

from vae_lessons.data import binarize, load, upsample


def test_split_holds_every_digit_once():
    digits = load("digits")
    assert digits.x_train.shape == (1437, 64)
    assert digits.x_test.shape == (360, 64)
    ours = torch.cat([digits.x_train, digits.x_test]) * 16
    theirs = torch.tensor(load_digits().data, dtype=torch.float32)
    assert sorted(map(tuple, ours.tolist())) == sorted(map(tuple, theirs.tolist()))


def test_labels_belong_to_their_images():
    digits, raw = load("digits"), load_digits()
    label_of = {tuple(image): label for image, label in zip(raw.data, raw.target, strict=True)}
    for x, y in ((digits.x_train, digits.y_train), (digits.x_test, digits.y_test)):
        assert [label_of[tuple(image)] for image in (x * 16).tolist()] == y.tolist()


def test_classes_have_equal_shares():
    digits = load("digits")
    shares = [torch.bincount(y) / len(y) for y in (digits.y_train, digits.y_test)]
    assert (shares[0] - shares[1]).abs().max() < 0.01


def test_is_the_same_each_time():
    assert torch.equal(load("digits").x_test, load("digits").x_test)


def test_large_digits_are_the_small_ones_enlarged():
    small, large = load("digits"), load("digits", side=28)
    assert large.x_train.shape == (1437, 784)
    assert (small.side, large.side) == (8, 28)
    assert torch.equal(upsample(small.x_test), large.x_test)
    assert torch.equal(small.y_test, large.y_test)


def test_upsampling_keeps_the_mean_and_leaves_a_margin():
    x = load("digits").x_test
    large = upsample(x).reshape(-1, 28, 28)
    assert large.min() >= 0
    assert large.max() <= 1
    torch.testing.assert_close(large[:, 2:-2, 2:-2].mean((1, 2)), x.mean(1), rtol=0, atol=1e-5)
    assert large.sum() == large[:, 2:-2, 2:-2].sum()


def test_threshold():
    assert binarize(torch.tensor([0.0, 0.5, 0.51, 1.0])).tolist() == [0, 0, 1, 1]


def test_dynamic_binarisation_has_the_pixel_as_mean():
    x = torch.tensor([0.0, 0.2, 0.9, 1.0]).expand(50_000, 4)
    drawn = binarize(x, torch.Generator().manual_seed(0))
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    error = (x[0] * (1 - x[0]) / len(x)).sqrt()
    assert ((drawn.mean(0) - x[0]).abs() <= 4 * error).all()
    assert not torch.equal(drawn, binarize(x, torch.Generator().manual_seed(1)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: load("cats"), "name must be 'digits', 'mnist' or 'fashion-mnist', got 'cats'"),
        (lambda: load("digits", side=10), "side must be 8 or 28, got 10"),
        (lambda: upsample(torch.zeros(3, 49)), r"x must have shape \(N, 64\), got \(3, 49\)"),
        (lambda: binarize(torch.tensor([0.0, 255.0])), r"x must lie in \[0, 1\], got values from 0 to 255"),
        (lambda: binarize(torch.tensor([0, 1])), "x must hold floating-point numbers"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
