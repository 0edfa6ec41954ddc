"""What a reader does with the built book: search, change the theme, follow links, open a solution."""

import re

import pytest
from built_book import DOCUMENTS, NOTEBOOKS, PAGES, parsed

THEME = "document.documentElement.dataset.theme"


@pytest.fixture
def page(browser, address):
    """Open a fresh window whose addresses start at the book's."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_search_finds_a_page(page):
    page.goto("search.html?q=reparameterization")
    page.locator("ul.search li a").first.wait_for()


def test_search_field_opens_with_the_keyboard(page):
    page.goto(f"{DOCUMENTS[0]}.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("posterior")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=posterior")


def test_theme_button_reaches_dark_and_is_remembered(page):
    page.goto(f"{DOCUMENTS[0]}.html")
    assert page.evaluate(THEME) == "light"
    for _ in range(3):
        if page.evaluate(THEME) == "dark":
            break
        page.locator(".theme-switch-button:visible").click()
    assert page.evaluate(THEME) == "dark"
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", background)[:3])) < 64
    page.reload()
    assert page.evaluate(THEME) == "dark"


def test_front_page_leads_through_the_book(page):
    page.goto("index.html")
    page.wait_for_url(f"**/{DOCUMENTS[0]}.html")
    for name in DOCUMENTS[1:]:
        page.locator("a.right-next").click()
        page.wait_for_url(f"**/{name}.html")


@pytest.mark.usefixtures("site")
def test_link_to_an_equation_shows_it(page):
    source = next((name for name in PAGES if parsed(name).select("a.eqref")), None)
    if source is None:
        pytest.skip("the book mentions no equation yet")
    page.goto(f"{source}.html")
    link = page.locator("main a.eqref").first
    target = link.get_attribute("href").split("#")[1]
    link.click()
    page.wait_for_function("id => document.getElementById(id)?.getBoundingClientRect().top >= 0", arg=target)
    assert page.evaluate("location.hash") == f"#{target}"


@pytest.mark.usefixtures("site")
def test_solution_is_hidden_until_it_is_opened(page):
    source = next((name for name in NOTEBOOKS if parsed(name).select("details.hide")), None)
    if source is None:
        pytest.skip("the book has no hidden cell yet")
    page.goto(f"{source}.html")
    hidden = page.locator("details.hide").first
    assert not hidden.locator("pre").first.is_visible()
    hidden.locator("summary").click()
    assert hidden.locator("pre").first.is_visible()
