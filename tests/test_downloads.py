"""Files from two mirrors: every fault is told in one clear error, and leaves no bad file behind."""

import functools
import gzip
import hashlib
import http.server
import multiprocessing
import os
import subprocess
import sys
import threading

import pytest
import torch

from vae_lessons import downloads
from vae_lessons.data import load
from vae_lessons.downloads import DataError, find_file, read_idx

FILE = "t10k-labels-idx1-ubyte.gz"
GOOD = gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 5]) + bytes(range(5)), mtime=0)


class Handler(http.server.BaseHTTPRequestHandler):
    """A mirror: what it answers is in `pages`, the requests are counted."""

    def do_GET(self):
        status, body, length = self.server.pages.get(self.path.split("/")[1], (404, b"no such file", None))
        self.server.asked.append(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A server on this machine, an empty cache, and no folder of one's own."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.pages, server.asked = {"good": (200, GOOD, None)}, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.delenv("VAE_LESSONS_DATA", raising=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setitem(downloads.HASHES["mnist"], FILE, hashlib.sha256(GOOD).hexdigest())
        server.url = f"http://127.0.0.1:{server.server_port}"
        server.cache = tmp_path / "cache" / "vae-lessons" / "mnist"
        server.use = functools.partial(use, monkeypatch, server)
        yield server
        server.shutdown()


def use(monkeypatch, server, *names):
    """Let the mirrors be these pages of the server."""
    monkeypatch.setitem(downloads.MIRRORS, "mnist", [f"{server.url}/{name}/" for name in names])


def fetch():
    return find_file("mnist", FILE, progress=False)


def files(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_download_is_checked_and_kept(mirror):
    mirror.use("good")
    path = fetch()
    assert path == mirror.cache / FILE
    assert read_idx(path).tolist() == [0, 1, 2, 3, 4]
    assert files(mirror.cache) == [FILE]
    fetch()
    assert len(mirror.asked) == 1


FAULTS = {
    "error page": ((200, b"<html>Sorry</html>", None), "what came is not the file"),
    "another file": ((200, GOOD[:-1] + b"x", None), "what came is not the file"),
    "cut off": ((200, GOOD[:10], len(GOOD)), "cut off|what came is not the file"),
    "missing": ((404, b"", None), "the server answered 404"),
    "server error": ((503, b"", None), "the server answered 503"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_second_mirror_helps(mirror, fault):
    mirror.pages["bad"] = FAULTS[fault][0]
    mirror.use("bad", "good")
    assert read_idx(fetch()).tolist() == [0, 1, 2, 3, 4]
    assert [path.split("/")[1] for path in mirror.asked] == ["bad", "good"]


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_told_and_nothing_stays(mirror, fault):
    mirror.pages["bad"] = FAULTS[fault][0]
    mirror.use("bad", "bad")
    with pytest.raises(DataError, match=FAULTS[fault][1]) as told:
        fetch()
    assert "What you can do" in str(told.value)
    assert str(told.value).count(mirror.url) == 2
    assert files(mirror.cache) == []


def test_no_network(mirror, monkeypatch):
    monkeypatch.setitem(downloads.MIRRORS, "mnist", ["http://127.0.0.1:9/"])
    with pytest.raises(DataError, match=r"no connection\nWhat you can do: connect to the internet"):
        fetch()


def test_damaged_file_in_the_cache_is_replaced(mirror):
    mirror.use("good")
    mirror.cache.mkdir(parents=True)
    (mirror.cache / FILE).write_bytes(b"half of it")
    assert read_idx(fetch()).tolist() == [0, 1, 2, 3, 4]


def test_cache_that_cannot_be_written_to(mirror, tmp_path):
    mirror.use("good")
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(DataError, match="cannot be written to") as told:
        fetch()
    assert "VAE_LESSONS_DATA" in str(told.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_full_cache(mirror):
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))\n"
        "from vae_lessons import downloads\n"
        f"downloads.MIRRORS['mnist'] = ['{mirror.url}/good/']\n"
        f"downloads.HASHES['mnist'] = {downloads.HASHES['mnist']}\n"
        f"downloads.find_file('mnist', '{FILE}', progress=False)"
    )
    result = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, env=os.environ)
    assert "is full" in result.stderr.splitlines()[-1]
    assert files(mirror.cache) == []


def _fetch_in_process(url, digest, queue):
    downloads.MIRRORS["mnist"], downloads.HASHES["mnist"] = [url], {FILE: digest}
    queue.put(read_idx(fetch()).tolist())


def test_two_processes_at_once(mirror):
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    arguments = (f"{mirror.url}/good/", hashlib.sha256(GOOD).hexdigest(), queue)
    both = [context.Process(target=_fetch_in_process, args=arguments) for _ in range(2)]
    for process in both:
        process.start()
    assert [queue.get(timeout=60) for _ in both] == [[0, 1, 2, 3, 4]] * 2
    for process in both:
        process.join()
    assert files(mirror.cache) == [FILE]


def test_own_folder_comes_first_and_is_checked(mirror, tmp_path, monkeypatch):
    mirror.use("good")
    monkeypatch.setenv("VAE_LESSONS_DATA", str(tmp_path / "own"))
    own = tmp_path / "own" / "mnist" / FILE
    own.parent.mkdir(parents=True)
    own.write_bytes(GOOD)
    assert fetch() == own
    assert mirror.asked == []
    own.write_bytes(GOOD[:-1])
    with pytest.raises(DataError, match=r"damaged or another file. Delete it or replace it"):
        fetch()


HEADER = bytes([0, 0, 8, 1, 0, 0, 0, 5])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GOOD[:-9], "cannot be unpacked"),
        (b"not gzip at all", "cannot be unpacked"),
        (GOOD[:12] + b"\xff\xff" + GOOD[14:], "cannot be unpacked"),
        (gzip.compress(HEADER + bytes(4)), r"holds 4 values, but its header promises the shape \(5,\)"),
        (gzip.compress(HEADER + bytes(6)), r"holds 6 values, but its header promises the shape \(5,\)"),
        (gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12 + b"x"), "but its header promises"),
        (gzip.compress(b"GIF89a"), "is not an idx file of bytes: it begins with 47 49 46 38"),
        (gzip.compress(b""), "is not an idx file of bytes: it begins with nothing"),
        (gzip.compress(bytes([0, 0, 8, 200, 0])), "is not an idx file of bytes"),
        (gzip.compress(bytes([0, 0, 13, 1, 0, 0, 0, 1, 0])), "is not an idx file of bytes"),
    ],
)
def test_bad_idx_file_is_named(tmp_path, content, message):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as told:
        read_idx(path)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_original_images(name):
    try:
        data = load(name)
    except DataError as error:
        pytest.skip(str(error))
    assert [tuple(part.shape) for part in data] == [(60_000, 784), (60_000,), (10_000, 784), (10_000,)]
    assert data.x_train.dtype == torch.float32
    assert data.x_train.min() == 0
    assert data.x_train.max() == 1
    assert torch.bincount(data.y_test).tolist() == (
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] if name == "mnist" else [1000] * 10
    )
    means = {"mnist": 0.1307, "fashion-mnist": 0.2860}  # as everybody normalises them by
    assert abs(data.x_train.mean().item() - means[name]) < 5e-5
