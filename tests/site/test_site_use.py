"""What a reader does with the built book: search, change the theme, follow links, open a solution."""

import re
from urllib.parse import urlsplit

import pytest
from built_book import CONFIG, DOCUMENTS, NOTEBOOKS, PAGES, SITE, let_it_settle, parsed

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
    assert page.locator("article h1").inner_text().rstrip("#") == parsed(DOCUMENTS[0]).h1.find(string=True)
    for name in DOCUMENTS[1:]:
        let_it_settle(page)
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


@pytest.mark.usefixtures("site")
def test_copy_button_copies_the_code(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{NOTEBOOKS[0]}.html")
    cell = page.locator("div.cell_input div.highlight").first
    cell.hover()
    cell.locator("button.copybtn").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.length > 0)")
    assert page.evaluate("navigator.clipboard.readText()").strip() == cell.locator("pre").inner_text().strip()


def test_contents_open_on_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{DOCUMENTS[1]}.html")
    entry = page.locator(".bd-sidebar-primary li.toctree-l1 a").first
    assert not entry.is_visible() or entry.bounding_box()["x"] < 0
    page.locator("button.primary-toggle").first.click()
    page.wait_for_function(
        "document.querySelector('.bd-sidebar-primary li.toctree-l1 a').getBoundingClientRect().left >= 0"
    )


def test_contents_on_the_right_follow_the_reader(page):
    page.goto(f"{NOTEBOOKS[-1]}.html")
    let_it_settle(page)
    section = page.locator("article > section > section").nth(3)
    section.evaluate("section => section.scrollIntoView({ behavior: 'instant' })")
    page.locator(f".bd-toc-nav a.active[href='#{section.get_attribute('id')}']").wait_for()


def test_menu_of_the_page_opens(page):
    page.goto(f"{NOTEBOOKS[0]}.html")
    page.locator(".dropdown-download-buttons > button").click()
    page.locator(".dropdown-download-buttons a").first.wait_for()


@pytest.mark.parametrize("hurry", [False, True])
def test_link_into_a_long_page_arrives(page, hurry):
    name = max(NOTEBOOKS, key=lambda name: len(parsed(name).select(".eq")))
    anchor = parsed(name).select(".eq")[-1]["id"]
    page.goto(f"{name}.html" if hurry else f"{name}.html#{anchor}")
    if hurry:
        page.evaluate("anchor => { location.hash = anchor; }", anchor)
    page.wait_for_function(
        """anchor => new Promise(resolve => setTimeout(resolve, 200)).then(() => {
          const top = document.getElementById(anchor).getBoundingClientRect().top;
          return document.documentElement.dataset.reached !== undefined && top > 0 && top < 300;
        })""",
        arg=anchor,
    )


def test_page_for_wrong_addresses_has_the_look_of_the_book(page):
    root = urlsplit(CONFIG["html"]["baseurl"]).path

    def as_published(route):
        file = SITE / urlsplit(route.request.url).path.removeprefix(root)
        found = file.is_file()
        route.fulfill(path=file if found else SITE / "404.html", status=200 if found else 404)

    page.route("**/*", as_published)
    assert page.goto(f"{root}book/no/such/page.html").status == 404
    assert page.locator("article h1").inner_text() == "There is no page here"
    assert "system-ui" in page.evaluate("getComputedStyle(document.body).fontFamily")
    page.get_by_role("link", name="the first page").click()
    page.wait_for_url(f"**{root}{DOCUMENTS[0]}.html")
