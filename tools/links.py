"""Ask every external link of the built book and of the texts around it: python -m tools.links [--only TEXT].

For a weekly job: other people's servers decide whether it passes. A server that keeps programs out (403, 429 and the
like) is named in the report and is no error; a page that is gone, or a host that cannot be found, is one.
"""

import argparse
import re
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import requests
from bs4 import BeautifulSoup

from vae_lessons.downloads import HASHES, MIRRORS

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ("*.md", "CITATION.cff", "pyproject.toml", "requirements*.txt")
ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^]+")
OWN_BUTTONS = re.compile(r"/(?:edit|issues/new|blob/colab)\b|^https://mybinder\.org/v2/|^https?://(?:127\.|localhost)")
GONE = {404, 410, 451}
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; link check of a course, once a week)"}
ATTEMPTS = 3


def in_text(text: str) -> set[str]:
    """Return the addresses in a plain text or in Markdown, without what only ends the sentence or the link."""
    found = set()
    for address in ADDRESS.findall(text):
        while address[-1] in ".,;:!?*_]" or (address[-1] == ")" and address.count("(") < address.count(")")):
            address = address[:-1]
        found.add(address)
    return found


def in_page(html: str) -> set[str]:
    """Return the outward links of a built page."""
    links = BeautifulSoup(html, "html.parser").select("a[href]")
    return {link["href"] for link in links if link["href"].startswith(("http://", "https://"))}


def data_files() -> set[str]:
    """Return the address of each file of each data set at each mirror."""
    return {mirror + file for name, mirrors in MIRRORS.items() for mirror in mirrors for file in HASHES[name]}


def collect(root: Path) -> dict[str, set[str]]:
    """Return the addresses without their anchors, each with the files that name it; the theme's buttons left out."""
    found = defaultdict(set)
    for address in data_files():
        found[address].add("vae_lessons/downloads.py")
    pages = {path: in_page for path in sorted((root / "_build" / "html").rglob("*.html"))}
    texts = {path: in_text for pattern in TEXTS for path in sorted(root.glob(pattern))}
    for path, read in (pages | texts).items():
        for address in read(path.read_text(encoding="utf-8")):
            if not OWN_BUTTONS.search(address):
                found[urldefrag(address).url].add(path.relative_to(root).as_posix())
    return dict(found)


def ask(address: str, pause: float = 5.0) -> tuple[str, str]:
    """Return ("ok" | "refused" | "broken", what the server said); ask again when it is busy or does not answer."""
    said = ""
    for attempt in range(ATTEMPTS):
        time.sleep(pause * attempt)
        try:
            with requests.get(address, headers=HEADERS, timeout=30, stream=True) as answer:
                said = f"{answer.status_code} {answer.reason}"
                if answer.ok:
                    return "ok", said
                if answer.status_code in GONE:
                    return "broken", said
        except requests.RequestException as error:
            said = type(error).__name__
    return ("refused" if said[0].isdigit() else "broken"), said


def ask_all(addresses: list[str], pause: float = 5.0) -> dict[str, tuple[str, str]]:
    """Ask them all, several hosts at once and each host one address after the other."""
    hosts = defaultdict(list)
    for address in addresses:
        hosts[urlsplit(address).netloc].append(address)

    def ask_host(group):
        return [(address, ask(address, pause)) for address in group]

    with ThreadPoolExecutor(max_workers=8) as pool:
        return dict(pair for pairs in pool.map(ask_host, hosts.values()) for pair in pairs)


def report(links: dict[str, set[str]], answers: dict[str, tuple[str, str]]) -> int:
    """Print what is not fine, with the files to mend; return the number of broken links."""
    for verdict in ("refused", "broken"):
        for address in sorted(address for address, answer in answers.items() if answer[0] == verdict):
            print(f"{verdict}: {address} ({answers[address][1]})\n    in {', '.join(sorted(links[address]))}")
    counts = {
        verdict: sum(answer[0] == verdict for answer in answers.values()) for verdict in ("ok", "refused", "broken")
    }
    print(
        f"{len(answers)} links: {counts['ok']} fine, {counts['refused']} not to be checked, {counts['broken']} broken"
    )
    return counts["broken"]


def main() -> None:
    """Read the command line; exit with 1 when a link is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="ask only addresses that contain this")
    only = parser.parse_args().only
    sys.stdout.reconfigure(encoding="utf-8")
    if not (ROOT / "_build" / "html" / "index.html").exists():
        sys.exit("There is no book yet: make book")
    links = {address: files for address, files in collect(ROOT).items() if only in address}
    sys.exit(report(links, ask_all(sorted(links))) > 0)


if __name__ == "__main__":
    main()
