"""Live figures by mouse, finger and keys, with and without scripts, light and dark, on a desktop and on a phone."""

import re

import pytest
from accessibility import violations
from live_page import drag, middle, opened, swipe, values

from tests.live_figures import EVERY, FIGURES
from vae_lessons import live

PHONE = {"viewport": {"width": 374, "height": 844}, "has_touch": True, "is_mobile": True}  # the book's column at 390
UNIT = 528 / 440 * 410 / 12  # pixels for 1 on the axis of live.kl()


OUTSIDE = """() => {
  const figure = document.querySelector(".vae-live"), all = figure.getBoundingClientRect();
  const outside = (part) => {
    const { left, right, bottom } = part.getBoundingClientRect();
    return left < all.left - 1 || right > all.right + 1 || bottom > all.bottom + 1;
  };
  const parts = [...figure.querySelectorAll("*")].filter((part) => !part.closest(".say, .handle"));
  return parts.filter(outside).map((part) => part.outerHTML);
}"""
PRESS = """() => {
  const line = () => document.querySelector("path.p").getAttribute("d");
  document.querySelector("button").click();
  const first = line();
  return new Promise((done) => setTimeout(() => done([first, line()]), 1200));
}"""


def test_mouse_moves_each_handle(browser):
    with opened(browser, live.kl().html) as page:
        mean, width = page.locator(".handle").all()
        drag(page, mean, -UNIT, 30)
        assert values(page) == pytest.approx({"mu": 0.5, "sigma": 0.6}, abs=1e-9)
        drag(page, width, UNIT / 2, 0)
        assert values(page) == pytest.approx({"mu": 0.5, "sigma": 1.1}, abs=1e-9)
        page.mouse.move(*middle(mean))
        assert values(page)["mu"] == pytest.approx(0.5)


def test_press_in_the_plot_fetches_the_nearest_handle(browser):
    with opened(browser, live.kl().html) as page:
        x, y = middle(page.locator(".handle").first)
        page.mouse.click(x - 2 * UNIT, y)
        assert values(page) == pytest.approx({"mu": -0.5, "sigma": 0.6}, abs=1e-9)


def test_finger_drags_a_handle_and_taps(browser):
    with opened(browser, live.kl().html, **PHONE) as page:
        unit = page.locator("svg").bounding_box()["width"] / 440 * 410 / 12
        start = middle(page.locator(".handle").first)
        swipe(page, start, -unit, 0)
        assert values(page) == pytest.approx({"mu": 0.5, "sigma": 0.6}, abs=1e-9)
        page.touchscreen.tap(start[0] - 2 * unit, start[1])
        assert values(page) == pytest.approx({"mu": -0.5, "sigma": 0.6}, abs=1e-9)


def test_finger_that_scrolls_changes_nothing(browser):
    with opened(browser, live.kl().html, "<p style='height:3000px'>More.</p>", **PHONE) as page:
        before, box = values(page), page.locator("svg").bounding_box()
        swipe(page, (box["x"] + 30, box["y"] + box["height"] - 60), 0, -100)
        page.wait_for_function("scrollY > 0")
        assert values(page) == before


def test_keys_move_a_handle_and_stay_in_the_figure(browser):
    with opened(browser, live.kl().html) as page:
        page.evaluate("window.leaked = []; document.addEventListener('keydown', event => leaked.push(event.key))")
        handle = page.locator(".handle").first
        handle.focus()
        for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "ArrowLeft", "a"):
            page.keyboard.press(key)
        assert values(page)["mu"] == pytest.approx(1.5 + 0.05 * (1 + 10 + 1 - 1))
        assert handle.get_attribute("aria-valuetext") == "μ, mean of q 2.05"
        page.keyboard.press("Home")
        assert values(page)["mu"] == 1.5
        for _ in range(5):
            page.keyboard.press("Shift+ArrowRight")
        assert values(page)["mu"] == 3
        assert page.evaluate("leaked") == []


def test_tab_reaches_handles_then_sliders(browser):
    with opened(browser, live.kl().html) as page:
        labels = []
        for _ in range(4):
            page.keyboard.press("Tab")
            labels.append(page.evaluate("document.activeElement.getAttribute('role') ?? document.activeElement.type"))
        assert labels == ["slider", "slider", "range", "range"]


def test_sliders_are_native_and_say_their_value(browser):
    with opened(browser, live.running_mean().html) as page:
        slider = page.get_by_role("slider", name="draws L")
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert values(page)["log10L"] == pytest.approx(3.1)
        assert slider.get_attribute("aria-valuetext") == "1,259"


def test_numbers_are_read_out_once_the_drag_has_ended(browser):
    with opened(browser, live.bound().html) as page:
        status = page.get_by_role("status")
        assert status.inner_text() == ""
        drag(page, page.locator(".handle").first, -60, 0)
        assert status.inner_text() == ""
        page.wait_for_function("document.querySelector('[role=status]').textContent")
        assert re.fullmatch(
            r"ELBO −\d\.\d\d, .* sum −1\.46 nats|ELBO −\d\.\d\d, .* sum −1\.45 nats", status.inner_text()
        )


def test_button_makes_new_draws(browser):
    with opened(browser, live.running_mean().html) as page:
        first = page.locator("b").all_inner_texts()
        page.get_by_role("button", name="New draws").click()
        second = page.locator("b").all_inner_texts()
        assert first[0] != second[0]
        assert second[1].endswith("of 2")
        page.wait_for_function("document.querySelector('[role=status]').textContent.includes('of 2 runs')")


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_nothing_moves_by_itself_if_the_reader_wants_that(browser, motion, moves):
    with opened(browser, live.running_mean().html, reduced_motion=motion) as page:
        first, last = page.evaluate(PRESS)
        assert (first != last) is moves
        assert last.count("L") > 60


@EVERY
def test_figure_twice_and_others_beside_it(browser, figure):
    others = [other.html for other in FIGURES.values() if other is not figure]
    with opened(browser, figure.html, *others, figure.html) as page:
        assert page.locator(".vae-live svg").count() == len(FIGURES) + 1
        assert page.locator(".vae-live img").count() == 0
        last = page.locator(".vae-live").last
        before = values(page, 0)
        last.locator("input[type=range]").first.focus()
        page.keyboard.press("End")
        assert values(page, 0) == before
        assert values(page, len(FIGURES)) != before


@pytest.mark.parametrize("theme", ["", "light", "dark"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_of_the_book_wins_over_that_of_the_system(browser, theme, scheme):
    with opened(browser, live.kl().html, theme=theme, color_scheme=scheme) as page:
        paper = page.locator(".vae-live").evaluate("figure => getComputedStyle(figure).backgroundColor")
        assert paper == ("rgb(21, 24, 28)" if (theme or scheme) == "dark" else "rgb(255, 255, 255)")


@EVERY
def test_accessible_in_light_and_dark(browser, figure):
    with opened(browser, figure.html, color_scheme="light") as page:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert (scheme, violations(page)) == (scheme, [])


@EVERY
def test_without_scripts_picture_and_words_are_there(browser, figure):
    with opened(browser, figure.html, java_script_enabled=False) as page:
        assert page.get_by_role("img", name=figure.still.alt).is_visible()
        assert page.locator("input, button, .handle").count() == 0
        height = page.locator(".vae-live").bounding_box()["height"]
        assert height == pytest.approx(page.locator("img").bounding_box()["height"], abs=1)


@EVERY
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_page_does_not_jump_or_overflow(browser, figure, options):
    still = figure.html.partition("<script")[0]
    with opened(browser, still, **options) as page:
        before = page.locator(".vae-live").bounding_box()
    with opened(browser, figure.html, **options) as page:
        assert page.locator(".vae-live").bounding_box() == pytest.approx(before, abs=0.5)
        page.evaluate("document.querySelectorAll('.vae-live button').forEach((button) => button.click())")
        assert page.locator(".vae-live").bounding_box() == pytest.approx(before, abs=0.5)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.evaluate(OUTSIDE) == []


def test_broken_figure_leaves_its_picture(browser):
    broken = live.kl().html.replace("function figure(live, data) {", "function figure(live, data) { throw Error('no');")
    with opened(browser, broken, complaints=["no"]) as page:
        assert page.locator("img").is_visible()
        assert page.locator("input").count() == 0
