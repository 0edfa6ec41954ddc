"""An exercise as a student does it: JupyterLab, a real browser, a wrong answer, a right one, progress."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOK = "03_kl_divergence.ipynb"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
STUB = """def my_kl(p, q):
    return {}


check("3.1", my_kl)"""
WRONG = STUB.format("(q * (q / p).log()).sum(-1)")
RIGHT = STUB.format("(torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(-1)")


def need(condition, reason):
    """Skip where something is not installed; in continuous integration, where all must be there, fail."""
    if not condition:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture
def address(tmp_path):
    """Serve a copy of the notebook, in a JupyterLab that knows no other settings."""
    pytest.importorskip("jupyterlab")
    shutil.copy(ROOT / "book" / NOTEBOOK, tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = {"JUPYTER_CONFIG_DIR": "config", "JUPYTERLAB_SETTINGS_DIR": "s", "JUPYTERLAB_WORKSPACES_DIR": "w"}
    settings = {**os.environ, "PYTHONPATH": str(ROOT)} | {k: str(tmp_path / v) for k, v in home.items()}
    options = f"--no-browser --allow-root --port={port} --IdentityProvider.token= --ServerApp.port_retries=0".split()
    command = [sys.executable, "-m", "jupyterlab", *options]
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(command, cwd=tmp_path, env=settings, stdout=log, stderr=log)
    try:
        yield started(server, f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}")
    finally:
        server.terminate()
        server.wait(20)


def started(server, address):
    """Return the address once something answers there."""
    for _ in range(200):
        assert server.poll() is None, "JupyterLab has ended"
        try:
            urllib.request.urlopen(address).close()
            return address
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("JupyterLab does not answer")


@pytest.fixture
def page():
    """Open a page in Chromium."""
    api = pytest.importorskip("playwright.sync_api")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    need(chromium, "Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport={"width": 1200, "height": 1400}).new_page()
        page.set_default_timeout(40_000)
        yield page
        browser.close()


def run(page, cell, code):
    """Replace the code of a cell and run it."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("ControlOrMeta+Enter")


def until(page, output):
    """Run the cell again until it answers: a kernel that is still starting may lose the first request."""
    for _ in range(8):
        try:
            return output.wait_for(timeout=5_000)
        except Exception:
            page.keyboard.press("ControlOrMeta+Enter")
    raise TimeoutError("the kernel does not answer")


def test_a_student_does_exercise_3_1(page, address):
    page.goto(address)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.get_by_text("Kernel status: Idle").first.wait_for(state="attached")
    first = page.locator(".jp-CodeCell").filter(has_text="from vae_lessons import").first
    run(page, first, "import torch\nfrom vae_lessons import check, hint, progress\nprint('ready')")
    until(page, first.locator(".jp-OutputArea-output").filter(has_text="ready"))

    stub = page.locator(".jp-CodeCell").filter(has_text=re.compile(r"def my_kl\(p, q\)")).first
    run(page, stub, WRONG)
    verdict = stub.locator(".vae-check")
    verdict.filter(has_text="incorrect (arguments swapped)").wait_for()
    assert "In (3.1) it is p that weights the logarithm" in verdict.inner_text()
    assert "p = [0.5, 0.3, 0.2], q = [0.15, 0.25, 0.6]" in verdict.inner_text()
    assert verdict.get_attribute("role") == "status"

    run(page, stub, STUB.format("sum(1 for _ in iter(int, 1))"))
    verdict.filter(has_text="was stopped after").wait_for()
    run(page, stub, RIGHT)
    verdict.filter(has_text="Write the divergence: correct").wait_for()
    run(page, first, 'from vae_lessons import hint, progress\nhint("3.1")\nprogress()')
    table = first.locator(".jp-OutputArea").filter(has_text="1 of 5 done")
    table.wait_for()
    assert re.search(r"3\.1\s+correct\s+Write the divergence", table.inner_text())
    assert "Hint 1 of 2: Which average is it" in table.inner_text()
