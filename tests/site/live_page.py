"""A page with live figures and nothing else, which watches what they ask for and what they complain about."""

from contextlib import contextmanager

PAGE = """<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Live figures</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Live figures</h1>{figures}</main></body></html>"""


@contextmanager
def opened(browser, *figures, theme="", complaints=(), **options):
    """Open the HTML of figures in a window; at the end, no requests and no errors but these may have been seen."""
    context, seen = browser.new_context(**{"viewport": {"width": 800, "height": 900}} | options), []
    context.set_default_timeout(5_000)
    page = context.new_page()
    page.on("request", lambda request: request.url.startswith("data:") or seen.append(request.url))
    page.on("console", lambda message: message.type == "error" and seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(error.message))
    page.set_content(PAGE.format(theme=theme and f' data-theme="{theme}"', figures="".join(figures)))
    try:
        yield page
    finally:
        context.close()
    assert seen == list(complaints), seen


def numbers(page, **values):
    """Set values of the first figure, and return the numbers that it computes from them."""
    script = (
        "values => { const { live } = document.querySelector('.vae-live'); live.set(values); return live.numbers; }"
    )
    return page.evaluate(script, values)


def values(page, number=0):
    """Return where the sliders of a figure stand."""
    return page.evaluate("number => document.querySelectorAll('.vae-live')[number].live.values", number)


def said(page, words):
    """Wait until a figure says to screen readers something that begins so."""
    script = "words => [...document.querySelectorAll('[role=status]')].some((p) => p.textContent.startsWith(words))"
    page.wait_for_function(script, arg=words)


def middle(locator):
    """Return the middle of an element, in pixels."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, handle, x, y):
    """Take a handle with the mouse and pull it by x to the right and y down."""
    start = middle(handle)
    page.mouse.move(*start)
    page.mouse.down()
    for part in (0.5, 1):
        page.mouse.move(start[0] + part * x, start[1] + part * y)
    page.mouse.up()


def swipe(page, start, x, y):
    """Put a finger down at `start` and pull by x to the right and y down."""
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": start[0], "y": start[1]})
    for part in range(1, 6):
        send("touchMove", {"x": start[0] + part / 5 * x, "y": start[1] + part / 5 * y})
    send("touchEnd")
