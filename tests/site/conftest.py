"""The built book on a local server and a browser to read it with."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from built_book import SITE, chromium, need

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Quiet(SimpleHTTPRequestHandler):
    """A file server that does not write a line per request."""

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="session")
def site():
    """Return the folder of the built book."""
    need((SITE / "index.html").exists(), "run make book first")
    return SITE


@pytest.fixture(scope="session")
def address(site):
    """Serve the book; return its address, such as http://127.0.0.1:41234/."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


# Not one browser per session: while Playwright runs, its event loop occupies the thread, and the tests of notebooks,
# which may follow in the same process, need one of their own.
@pytest.fixture(scope="module")
def browser():
    """Start Chromium for the tests of one module."""
    api = pytest.importorskip("playwright.sync_api")
    need(chromium(), "Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()
