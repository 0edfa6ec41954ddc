"""The built book on a local server and a browser to read it with, and a tiny book to try the extensions on."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from built_book import ROOT, SITE, chromium, need
from tiny_book import Book, check_of

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


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Return an empty book whose registry checks (1.1) to (1.4) and, in a chapter to come, (4.2)."""
    registry = {number: check_of(number) for number in ("1.1", "1.2", "1.3", "1.4", "4.2")}
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    monkeypatch.setitem(sys.modules, "small_registry", SimpleNamespace(REGISTRY=registry))
    return Book(tmp_path, registry)
