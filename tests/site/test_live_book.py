"""Live figures on the pages of the built book."""

import pytest
from built_book import NOTEBOOKS, parsed


@pytest.fixture
def page(browser, address):
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def pages(site):
    """Return the pages that have live figures."""
    found = [name for name in NOTEBOOKS if parsed(name).select(".vae-live")]
    if not found:
        pytest.skip("the book has no live figure")
    return found


def test_every_live_figure_starts(page, pages):
    for name in pages:
        page.goto(f"{name}.html")
        figures = page.locator(".vae-live").all()
        assert [figure.locator("svg, canvas").count() > 0 for figure in figures] == [True] * len(figures), name
        assert page.locator(".vae-live > div > img").count() == 0, name


def test_live_figure_follows_the_theme_button(page, pages):
    page.goto(f"{pages[0]}.html")
    papers = []
    for theme in ("light", "dark"):
        page.wait_for_function("document.documentElement.dataset.theme")
        while page.evaluate("document.documentElement.dataset.theme") != theme:
            page.locator(".theme-switch-button:visible").click()
        figure = page.locator(".vae-live").first
        papers.append(figure.evaluate("figure => getComputedStyle(figure).backgroundColor"))
    assert papers == ["rgb(255, 255, 255)", "rgb(21, 24, 28)"]
