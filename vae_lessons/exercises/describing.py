"""What an exception says to a student."""

import linecache
import sysconfig
import traceback
from pathlib import Path

LIBRARIES = (sysconfig.get_path("stdlib"), str(Path(__file__).resolve().parents[1]))
ADVICE = {
    "MemoryError": "Your code asks for more memory than there is",
    "RecursionError": "Your code calls itself without end",
    "SystemExit": "Your code tries to end the program, instead of returning a value",
    "KeyboardInterrupt": "Your code interrupts the program, instead of returning a value",
}


def describe(error: BaseException) -> str:
    """Put an exception in words: what it means, type, text and the student's own line."""
    name = "MemoryError" if "can't allocate memory" in _text(error) else type(error).__name__
    message = f"{ADVICE[name]}: {type(error).__name__}" if name in ADVICE else f"Your code raised {name}"
    message += f": {_text(error)}" if _text(error) else ""
    places = [(f.f_code.co_filename, n) for f, n in traceback.walk_tb(error.__traceback__)]
    own = [place for place in places if not _foreign(place[0])]
    if not own:
        return message + "."
    line = linecache.getline(*own[-1]).strip()
    return f"{message}, in line {own[-1][1]}" + (f": {line}" if line else ".")


def _text(error: BaseException) -> str:
    try:
        return str(error).strip().split("\n")[0][:300]
    except Exception:  # an exception may fail to say what it is
        return ""


def _foreign(filename: str) -> bool:
    return "-packages" in filename or filename.startswith((*LIBRARIES, "<frozen"))
