# Old Pythons must be able to read this file, or they could not print the first message: no f-strings here.
# ruff: noqa: UP032
"""Create .venv and install everything the book needs. Run it with the system's Python: python3 tools/bootstrap.py.

A second run with nothing changed does nothing. Each thing that can go wrong has one clear line and exit status 1.
"""

import hashlib
import os
import re
import subprocess
import sys

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
STAMP = os.path.join(VENV, "installed.sha256")
LOG = os.path.join(VENV, "install.log")
INPUTS = ("requirements.txt", "constraints.txt", "pyproject.toml")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
OFFLINE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "ConnectionResetError",
    "RemoteDisconnected",
    "Max retries exceeded",
    "Network is unreachable",
    "Failed to establish a new connection",
)


def stop(message):
    """Print one message and leave with status 1."""
    sys.stderr.write(message + "\n")
    sys.exit(1)


def say(message):
    """Print at once, also when the output goes to a file."""
    sys.stdout.write(message + "\n")
    sys.stdout.flush()


def check_python(version=sys.version_info):
    """Stop when this Python is too old for the book."""
    if tuple(version[:2]) < OLDEST:
        wanted, found = "{}.{}".format(*OLDEST), "{}.{}".format(*version[:2])
        hint = "make PYTHON=python{0} book, or python{0} tools/bootstrap.py".format(wanted)
        stop("This book needs Python {} or newer, and this is Python {}. Try: {}".format(wanted, found, hint))


def check_venv_module():
    """Stop when Python came without venv or ensurepip, as on Debian and Ubuntu."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop("This Python cannot make virtual environments. On Debian or Ubuntu: sudo apt install python3-venv")


def digest():
    """Return the fingerprint of everything an installation depends on, the folder included."""
    total = hashlib.sha256(ROOT.encode())
    for name in INPUTS:
        path = os.path.join(ROOT, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                total.update(name.encode() + b"\0" + file.read())
    return total.hexdigest()


def is_installed():
    """Tell whether the last installation was completed, from the same inputs."""
    if not (os.path.exists(PYTHON) and os.path.exists(STAMP)):
        return False
    with open(STAMP) as file:
        return file.read().strip() == digest() and is_usable()


def is_usable():
    """Tell whether .venv holds a Python that starts, is new enough and has pip."""
    code = "import pip, sys; sys.exit(sys.version_info < {!r})".format(OLDEST)
    try:
        return subprocess.call([PYTHON, "-c", code], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def create_venv():
    """Make .venv, afresh when the one that is there does not work."""
    say("Making the virtual environment .venv")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if made.returncode:
        stop("Could not make .venv: {}".format(made.stdout.decode(errors="replace").strip().splitlines()[-1:]))


def hint_small_torch():
    """On Linux, say how to get the small build of PyTorch before the big one is fetched."""
    code = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    wanted = sys.platform.startswith("linux") and "PIP_EXTRA_INDEX_URL" not in os.environ
    if wanted and subprocess.call([PYTHON, "-c", code]):
        say("No NVIDIA GPU? Press Ctrl+C and start again with PIP_EXTRA_INDEX_URL={}: GBs less.".format(CPU_INDEX))


def pip_install(*arguments):
    """Run pip, its output in the log and the big downloads on the screen; stop when it fails."""
    command = [PYTHON, "-m", "pip", "install", "--no-input", "--retries", "2", "--progress-bar", "off"]
    lines = []
    with open(LOG, "a", encoding="utf-8") as log:
        pip = subprocess.Popen(command + list(arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for raw in pip.stdout:
            lines.append(raw.decode("utf-8", "replace").rstrip())
            log.write(lines[-1] + "\n")
            if re.match(r"\s*Downloading .*\(\d\d+(\.\d+)? MB\)", lines[-1]):
                say("  " + lines[-1].strip())
    if pip.wait():
        stop(explain(lines))


def explain(lines):
    """Return what to tell the reader after pip failed with this output."""
    text = "\n".join(lines[-30:])
    if "No space left on device" in text:
        return "The disk is full: the installation needs about 3 GB. pip's output: " + LOG
    if any(sign in text for sign in OFFLINE):
        return "No network: pip could not reach the package index. Connect and start again. pip's output: " + LOG
    ending = "\n  ".join(line[:200] for line in lines[-10:])
    return "pip failed. Its output: {}\nThe last lines:\n  {}".format(LOG, ending)


def install():
    """Install the requirements and this package; the stamp is written last, so that half an installation is none."""
    for path in (STAMP, LOG):
        if os.path.exists(path):
            os.remove(path)
    fingerprint = digest()
    hint_small_torch()
    say("Installing (some minutes the first time; pip's output goes to {})".format(LOG))
    pip_install("-r", "requirements.txt")
    pip_install("--no-deps", "--no-build-isolation", "-e", ".")
    with open(STAMP, "w") as file:
        file.write(fingerprint + "\n")


def main():
    """Bring .venv up to date."""
    check_python()
    if is_installed():
        return
    check_venv_module()
    if not is_usable():
        create_venv()
    install()
    say("Installed.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("\nInterrupted. Start again to go on where it stopped.")
