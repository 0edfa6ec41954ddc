"""Every page of the built book, in a browser, as wide as a desktop and as a phone, in light and in dark."""

import re
from types import SimpleNamespace

import pytest
from accessibility import violations
from built_book import PAGES, let_it_settle

FILE_NAME = re.compile(r"\S*/\S*|\S*\.(png|svg|jpe?g|gif)")

CONTRAST = "color-contrast"
WIDTH_MATTERS = ["aria-hidden-focus", "button-name", "landmark-unique", "region", "scrollable-region-focusable"]

# Contrast follows from what an element and those around it look like: of all that look alike, axe is shown the first.
MARK_ONE_OF_EACH_LOOK = """() => {
  const looks = new Map(), seen = new Set();
  const look = element => {
    if (!element) return "";
    if (!looks.has(element)) {
      const style = getComputedStyle(element);
      const behind = [style.backgroundColor, style.backgroundImage, style.opacity].join();
      const plain = "rgba(0, 0, 0, 0),none,1";
      looks.set(element, look(element.parentElement) + (behind === plain ? "" : "/" + behind));
    }
    return looks.get(element);
  };
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!text || element.closest("math, svg, script, style, noscript")) continue;
    const style = getComputedStyle(element);
    const kind = [look(element), style.color, style.fontSize, style.fontWeight, style.position].join();
    if (seen.has(kind) || !element.checkVisibility({ visibilityProperty: true })) continue;
    seen.add(kind);
    element.dataset.look = "";
  }
  return seen.size;
}"""

RAW_MATHEMATICS = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data;
    const inside = walker.currentNode.parentElement.closest("pre, code, script, style, math, noscript");
    if (!inside && /\\\(|\\\[|\\begin\{|\$\$|\\tag\{/.test(text)) found.push(text);
  }
  return found;
}"""

SHIFTS = """() => new Promise(resolve => {
  let total = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) total += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(total), 100);
})"""

INVISIBLE_MATHEMATICS = """() => {
  document.querySelectorAll("article details").forEach(details => { details.open = true; });
  const flat = math => math.getBoundingClientRect().width < 3 || math.getBoundingClientRect().height < 5;
  return [...document.querySelectorAll(".bd-article math")].filter(flat).map(math => math.textContent);
}"""

COVERED_ANCHORS = """async () => {
  document.documentElement.style.scrollBehavior = "auto";
  const covered = [];
  for (const anchor of document.querySelectorAll('main [id^="eq-"], main [id^="check-"]')) {
    location.hash = anchor.id;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const header = document.querySelector(".bd-header-article")?.getBoundingClientRect().bottom ?? 0;
    const top = anchor.getBoundingClientRect().top;
    if (top < header || top > innerHeight) covered.push(`#${anchor.id}: at ${top}, header to ${header}`);
  }
  return covered;
}"""


@pytest.fixture(scope="class", params=PAGES)
def view(request, browser, address):
    """Load one page once, for all tests of a class; record what it asks for and what it complains about."""
    size = {"width": request.cls.width, "height": request.cls.height}
    context = browser.new_context(viewport=size, color_scheme="light")
    page, foreign, errors = context.new_page(), [], []

    def only_here(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    response = page.goto(f"{address}{request.param}.html", wait_until="load")
    let_it_settle(page)
    shifts = page.evaluate(SHIFTS)
    yield SimpleNamespace(page=page, status=response.status, foreign=foreign, errors=errors, shifts=shifts)
    context.close()


def set_theme(page, theme: str):
    """Show the page in a theme, with all hints and solutions opened and all movement done."""
    page.evaluate("document.querySelectorAll('article details').forEach(details => { details.open = true; })")
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.evaluate("document.getAnimations().forEach(animation => animation.finish())")


class PageTests:
    """What holds for every page, at any width."""

    def test_page_is_there(self, view):
        assert view.status == 200

    def test_nothing_is_asked_of_another_host(self, view):
        assert view.foreign == []

    def test_console_has_no_error(self, view):
        assert view.errors == []

    def test_nothing_moves_while_the_page_loads(self, view):
        assert view.shifts < 0.01

    def test_mathematics_is_typeset(self, view):
        errors = view.page.locator("merror, .math code").all_inner_texts()
        missing = view.page.locator(".math:not(:has(math))").all_inner_texts()
        invisible = view.page.evaluate(INVISIBLE_MATHEMATICS)
        assert (errors, missing, invisible, view.page.evaluate(RAW_MATHEMATICS)) == ([], [], [], [])

    def test_page_does_not_scroll_sideways(self, view):
        assert view.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0

    def test_images_have_a_text(self, view):
        texts = view.page.eval_on_selector_all(
            "main img", "images => images.map(image => image.getAttribute('alt') ?? '')"
        )
        assert [text for text in texts if not text.strip() or FILE_NAME.fullmatch(text.strip())] == []

    def test_equations_are_not_covered_by_the_header(self, view):
        assert view.page.evaluate(COVERED_ANCHORS) == []


class TestDesktop(PageTests):
    """A desktop window."""

    width, height = 1280, 900

    def test_page_is_accessible(self, view):
        set_theme(view.page, "light")
        assert violations(view.page, rules={CONTRAST: {"enabled": False}}) == []

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_theme_has_contrast(self, view, theme):
        """The same at any width, so here alone."""
        set_theme(view.page, theme)
        assert view.page.evaluate(MARK_ONE_OF_EACH_LOOK) > 3
        assert violations(view.page, {"include": [["[data-look]"]]}, runOnly=[CONTRAST]) == []


class TestPhone(PageTests):
    """A phone."""

    width, height = 390, 844

    def test_page_is_accessible(self, view):
        """By the rules whose answer depends on the width."""
        set_theme(view.page, "light")
        assert violations(view.page, runOnly=WIDTH_MATTERS) == []
