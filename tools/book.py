"""Execute every notebook and build the HTML book: python -m tools.book [--cold].

Jupyter Book keeps outputs and pages that it takes for unchanged, and does not look at our module, at package versions
or at its own configuration. This script does, and throws away what is out of date.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from tools.environment import ENVIRONMENT
from tools.optimise import optimise, settings

ROOT = Path(__file__).resolve().parents[1]
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
OUTPUT_INPUTS = ("vae_lessons", "requirements.txt", "constraints.txt")
PAGE_INPUTS = ("_config.yml", "_toc.yml", "book/_ext", "book/_static")
PROGRESS = re.compile(r"(?P<name>[\w-]+)\.ipynb.*: Executed notebook in (?P<seconds>[\d.]+) seconds")
NOISE = re.compile(r"\[IPKernelApp\] WARNING \| Kernel is running over TCP without encryption|^\s*$")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


def digest(root, names, extra=""):
    """Return the fingerprint of files and folders below `root`; names that do not exist count as absent."""
    total = hashlib.sha256(extra.encode())
    for name in names:
        for path in sorted([root / name, *(root / name).rglob("*")]):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()


def remove(*paths):
    """Remove files and folders, present or not."""
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def discard_stale(root):
    """Remove outputs and pages made from other inputs than today's, and note today's."""
    build = root / "_build"
    note = build / "inputs.json"
    old = json.loads(note.read_text()) if note.exists() else {}
    new = {"outputs": digest(root, OUTPUT_INPUTS, sys.version), "pages": digest(root, PAGE_INPUTS)}
    if old.get("outputs") != new["outputs"]:
        remove(build / ".jupyter_cache")
    if old != new:
        remove_pages(root)
    build.mkdir(exist_ok=True)
    note.write_text(json.dumps(new))


def remove_written(root):
    """Remove the HTML files alone: Sphinx writes them again from what it remembers, as `tools.optimise` wants them."""
    remove(*(root / "_build/html").rglob("*.html"))


def remove_pages(root):
    """Remove the HTML and what Sphinx remembers, so that each page is read again; executed outputs stay."""
    remove(*(root / "_build" / name for name in ("html", ".doctrees", "jupyter_execute")))


def relay(stream, log, show):
    """Copy a stream line by line into the log, and to the screen what `show` makes of the line."""
    for line in stream:
        plain = COLOUR.sub("", line.rstrip())
        log.write(plain + "\n")
        shown = show(plain)
        if shown is not None:
            print(shown, flush=True)


def progress(line):
    """Return what to show of a line of Jupyter Book's report: one line per executed notebook."""
    found = PROGRESS.search(line)
    return f"  {found['name']}: executed in {float(found['seconds']):.1f} s" if found else None


def warning(line):
    """Return what to show of a line of the warnings: all but known noise."""
    return None if NOISE.search(line) else line


def run_jupyter_book(root, command=JUPYTER_BOOK):
    """Run Jupyter Book, warnings as errors, after the notebooks that have no outputs yet; return its exit status."""
    environment = os.environ | ENVIRONMENT | {"BOOK_STARTED": datetime.now(UTC).isoformat()}
    with (root / "_build" / "build.log").open("w", encoding="utf-8") as log:
        if any((root / "book").glob("*.ipynb")):
            run([sys.executable, "-m", "tools.execution", str(root)], ROOT, environment, log)
        return run([*command, "build", "-W", "-n", "--keep-going", "."], root, environment, log)


def run(command, folder, environment, log):
    """Run a command, show its progress and its warnings, and return its exit status."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "errors": "replace"}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, **options)
    warnings = threading.Thread(target=relay, args=(process.stderr, log, warning))
    warnings.start()
    relay(process.stdout, log, progress)
    warnings.join()
    return process.wait()


def print_failures(root):
    """Print the traceback of each notebook that failed, and where the whole report is."""
    for report in sorted((root / "_build/html/reports").rglob("*.err.log")):
        traceback = COLOUR.sub("", report.read_text(encoding="utf-8"))
        print(f"\n{report.stem.removesuffix('.err')}: {traceback[max(0, traceback.find('An error occurred')) :]}")
    print(f"The book was not built. Jupyter Book's report: {root / '_build' / 'build.log'}")


def build(root=ROOT, cold=False, command=JUPYTER_BOOK):
    """Build the book and return the exit status."""
    start = time.monotonic()
    if cold:
        remove(root / "_build")
    discard_stale(root)
    remove(root / "_build/html/reports")
    remove_written(root)
    executed = (root / "_build/.jupyter_cache").exists()
    print("Building the book" + ("" if executed else ": every notebook is executed, which takes minutes"), flush=True)
    status = run_jupyter_book(root, command)
    index = root / "_build/html/index.html"
    if status or not index.exists():
        print_failures(root)
        remove(root / "_build/.doctrees")  # or the next build would skip the faulty pages and pass
        return status or 1
    try:
        optimise(root / "_build/html", *settings(root))
    except ValueError as error:
        print(f"The pages were built, and could not be made light: {error}")
        return 1
    print(f"The book is ready ({time.monotonic() - start:.0f} s). Read it: make serve, or open {index}")
    return 0


def main():
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cold", action="store_true", help="forget all earlier builds first")
    cold = parser.parse_args().cold
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(build(cold=cold))


if __name__ == "__main__":
    main()
