"""The one place where student code runs: in a thread of its own, for a limited time, with limited memory.

Why a thread: signals reach only the main thread and `setitimer` does not exist on Windows; a process cannot be forked
safely once torch has threads, and cannot be spawned with functions from a notebook. A thread works alike on Linux,
macOS and Windows, inside Jupyter and outside. When its time is up, an exception is raised in it from here, again and
again for a second, because the code may catch it.

What this cannot do. C code that waits (`time.sleep(1e9)`) is not interrupted: the thread is left behind, without effect
on what the checker says, and ends when the C code returns. C code that never lets go of the interpreter
(`sum(range(10**12))`, `10**10**9`), and code that kills the process (`os._exit`), cannot be survived by any means
inside the process. Memory is watched every 20 ms wherever psutil is installed, as it is with Jupyter; a single huge
allocation is refused only where the system has RLIMIT_AS, on Linux, and not next to a GPU, because CUDA reserves far
more addresses than it uses.
"""

import contextlib
import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch

from vae_lessons.exercises.states import Printed, isolated

try:
    import psutil
except ImportError:  # then memory is not watched
    psutil = None
try:
    import resource
except ImportError:  # Windows
    resource = None

PATIENCE = 1.0  # multiplies all time limits; a slow computer may need more
INTERVAL = 0.02  # seconds between two looks at the clock and at the memory
STACK = 64 * 2**20  # bytes of stack: recursion ends in a RecursionError, not in a crash
MEMORY = 2 * 2**30  # bytes that an answer may take on top of what the session holds
ADDRESSES = 8 * 2**30 + (os.cpu_count() or 1) * 2**28  # room for a thread pool, far above MEMORY


class Stopped(SystemExit):
    """Raised inside an answer that has to end; threads end silently on it."""


class LimitReached(Exception):
    """An answer took too long or too much memory; the text says what, for the student."""


def guarded(task: Callable[[], Any], seconds: float = 5.0) -> tuple[Any, Printed]:
    """Run a task in its own thread, in isolation; return its value and what was printed.

    Raises
    ------
    LimitReached
        If the task did not end within its limits.
    BaseException
        Whatever the task raises.
    """
    result: dict[str, Any] = {}
    done = threading.Event()

    def work() -> None:
        with contextlib.suppress(Stopped):  # which may come late
            try:
                result["value"] = task()
            except BaseException as error:  # also SystemExit and KeyboardInterrupt
                result["error"] = error
            finally:
                done.set()

    with isolated() as printed, _few_addresses():
        _run(work, done, seconds * PATIENCE)
    if "error" in result:
        raise result["error"]
    return result["value"], printed


def _run(work: Callable[[], None], done: threading.Event, seconds: float) -> None:
    before = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
    finally:
        threading.stack_size(before)
    try:
        reason = _watch(done, seconds)
    except BaseException:  # the reader interrupts the check
        _stop(thread)
        raise
    if reason:
        left = "" if _stop(thread) else " It could not be stopped and still runs: restart the kernel, if need be."
        raise LimitReached(reason + left)


def _watch(done: threading.Event, seconds: float) -> str:
    """Wait for the end of the task; return why it has to be ended, or nothing."""
    end, most = time.monotonic() + seconds, _memory() + MEMORY
    while not done.wait(INTERVAL):
        if time.monotonic() > end:
            return f"Your code was stopped after {seconds:g} seconds: does a loop in it ever end?"
        if _memory() > most:
            return f"Your code was stopped when it took more than {MEMORY / 2**30:.2g} GiB of memory."
    return ""


def _stop(thread: threading.Thread) -> bool:
    """Raise `Stopped` in a thread, for a second, until it has ended; return whether it has."""
    for _ in range(50):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped))
        thread.join(INTERVAL)
        if not thread.is_alive():
            return True
    return False


def _memory() -> int:
    return psutil.Process().memory_info().rss if psutil else 0


@contextlib.contextmanager
def _few_addresses() -> Iterator[None]:
    """Refuse huge allocations, where the system can."""
    if not (resource and psutil) or torch.cuda.is_available():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    room = psutil.Process().memory_info().vms + ADDRESSES
    with contextlib.suppress(ValueError, OSError):  # macOS
        resource.setrlimit(resource.RLIMIT_AS, (room if soft < 0 else min(room, soft), hard))
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
