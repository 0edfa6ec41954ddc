"""The live figure of two gradient estimates: its numbers are the library's, and it answers mouse, finger and keys."""

import math
from dataclasses import replace

import numpy as np
import pytest
from live_page import drag, numbers, opened, said, swipe, values

from vae_lessons import live
from vae_lessons.equations.gradient_estimates import square, variances, wave
from vae_lessons.live.gradients import estimates

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FUNCTIONS = [  # number, function, frequency of the wave, exact gradient
    (0, square, 10, lambda mu: 2 * mu),
    (1, wave(10), 10, lambda mu: -10 * math.sin(10 * mu) * math.exp(-50)),
    (1, wave(1), 1, lambda mu: -math.sin(mu) * math.exp(-0.5)),
]


@pytest.fixture(scope="module")
def figure():
    return live.gradients().html


@pytest.mark.parametrize(("of", "f", "frequency", "exact"), FUNCTIONS, ids=["square", "wave", "slow wave"])
def test_numbers_are_those_of_the_library(browser, of, f, frequency, exact):
    figure = live.gradients()
    with opened(browser, replace(figure, data=figure.data | {"frequency": frequency}).html) as page:
        for mu in np.linspace(-5, 5, 9):
            for draws in (2, 20, 1000):
                there = numbers(page, of=of, mu=mu, draws=draws, seed=3)
                here = estimates(f, mu, 3, draws)
                for name, row in zip(("score", "path"), here, strict=True):
                    assert there[name]["mean"] == pytest.approx(row.mean().item(), rel=1e-10, abs=1e-10)
                    assert there[name]["se"] == pytest.approx(row.std().item() / math.sqrt(draws), rel=1e-9)
                assert there["exact"] == pytest.approx(exact(mu), abs=1e-12)
                assert there["variances"] == pytest.approx(variances(f, mu).tolist(), rel=1e-9, abs=1e-9)


def test_one_order_at_five_and_the_other_for_the_wave(browser, figure):
    with opened(browser, figure) as page:
        score, path = numbers(page, mu=5)["variances"]
        assert score / path == 247.5
        page.get_by_label("cos 10z").check()
        score, path = numbers(page, mu=1)["variances"]
        assert path / score == pytest.approx(100)
        assert values(page)["of"] == 1
        page.get_by_label("z²").check()
        assert values(page)["of"] == 0


def test_all_means_lie_in_the_plot_and_all_draws_are_drawn(browser, figure):
    with opened(browser, figure) as page:
        for mu in (0, 1, 5):
            assert numbers(page, mu=mu, draws=700)["range"] >= 2 * mu
            paths = page.locator("path.p").evaluate_all("all => all.map(path => path.getAttribute('d'))")
            assert [path.count("h0") for path in paths] == [50, 700, 700]


def test_buttons_draw_more_and_anew(browser, figure):
    with opened(browser, figure) as page:
        page.get_by_role("button", name="1 more draw").click()
        assert values(page)["draws"] == 21
        page.get_by_role("button", name="50 more").click()
        assert values(page)["draws"] == 71
        first = page.locator("b").all_inner_texts()
        page.get_by_role("button", name="New draws").click()
        second = page.locator("b").all_inner_texts()
        assert values(page)["draws"] == 71
        assert first[0] != second[0]
        assert first[2] == second[2] == "2.00"
        said(page, "71 draws: score function ")


def test_draws_stop_where_the_slider_does(browser, figure):
    with opened(browser, figure) as page:
        numbers(page, draws=990)
        page.get_by_role("button", name="50 more").click()
        assert values(page)["draws"] == 1000


def test_mouse_and_keys_move_the_mean(browser, figure):
    with opened(browser, figure) as page:
        unit = 528 / 440 * 374 / 17
        drag(page, page.locator(".handle"), 2 * unit, 20)
        assert values(page)["mu"] == pytest.approx(3)
        for key in ("ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
            page.locator(".handle").press(key)
        assert values(page)["mu"] == pytest.approx(4)
        assert page.locator(".handle").get_attribute("aria-valuetext") == "μ, mean of q 4.0"


def test_finger_moves_the_mean(browser, figure):
    with opened(browser, figure, **PHONE) as page:
        box = page.locator(".handle .dot").bounding_box()
        unit = page.locator(".vae-live svg").bounding_box()["width"] / 440 * 374 / 17
        swipe(page, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), -2 * unit, 0)
        assert values(page)["mu"] == pytest.approx(-1)


def test_two_copies_have_their_own_buttons(browser, figure):
    with opened(browser, figure, figure) as page:
        page.get_by_label("cos 10z").last.check()
        assert (values(page, 0)["of"], values(page, 1)["of"]) == (0, 1)
        assert page.get_by_label("z²").first.is_checked()
