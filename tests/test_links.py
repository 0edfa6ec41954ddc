"""tools/links.py finds every outward link and tells dead ones from servers that keep programs out."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tools import links

ASKED: list[str] = []


class Server(BaseHTTPRequestHandler):
    """Answers with the status that the path names; "busy" is fine the second time."""

    def do_GET(self):
        """Answer."""
        ASKED.append(self.path)
        name = self.path.strip("/")
        self.send_response(int(name) if name.isdigit() else 503 if ASKED.count(self.path) == 1 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def address():
    ASKED.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "verdict", "times"),
    [("200", "ok", 1), ("404", "broken", 1), ("410", "broken", 1), ("403", "refused", 3), ("busy", "ok", 2)],
)
def test_verdict(address, path, verdict, times):
    assert links.ask(f"{address}/{path}", pause=0)[0] == verdict
    assert ASKED == [f"/{path}"] * times


def test_no_server_is_broken(address):
    closed = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    closed.server_close()
    verdict, said = links.ask(f"http://127.0.0.1:{closed.server_port}/", pause=0)
    assert (verdict, said) == ("broken", "ConnectionError")


def test_all_are_asked_and_the_report_names_the_files(address, capsys):
    found = {f"{address}/200": {"a.md"}, f"{address}/404": {"b.md", "a.md"}, f"{address}/403": {"c.md"}}
    assert links.report(found, links.ask_all(sorted(found), pause=0)) == 1
    shown = capsys.readouterr().out
    assert f"broken: {address}/404 (404 Not Found)\n    in a.md, b.md" in shown
    assert f"refused: {address}/403 (403 Forbidden)\n    in c.md" in shown
    assert shown.endswith("3 links: 1 fine, 1 not to be checked, 1 broken\n")


def test_addresses_in_a_text():
    text = (
        "See [it](https://a.org/x_(y)), <https://b.org>, `https://c.org/z`; **https://d.org/e?f=1#g**. https://f.org/."
    )
    wanted = {"https://a.org/x_(y)", "https://b.org", "https://c.org/z", "https://d.org/e?f=1#g", "https://f.org/"}
    assert links.in_text(text) == wanted


def test_collection(tmp_path, monkeypatch):
    monkeypatch.setattr(links, "MIRRORS", {"mnist": ["https://mirror.org/"]})
    monkeypatch.setattr(links, "HASHES", {"mnist": {"images.gz": "0"}})
    page = tmp_path / "_build" / "html" / "book" / "one.html"
    page.parent.mkdir(parents=True)
    hrefs = [
        "two.html",
        "https://a.org/p#q",
        "https://github.com/o/n/edit/main/one.md",
        "https://mybinder.org/v2/gh/o/n",
    ]
    page.write_text("".join(f'<a href="{href}">x</a>' for href in hrefs))
    (tmp_path / "README.md").write_text("https://a.org/p and http://127.0.0.1:8000")
    assert links.collect(tmp_path) == {
        "https://a.org/p": {"README.md", "_build/html/book/one.html"},
        "https://mirror.org/images.gz": {"vae_lessons/downloads.py"},
    }
