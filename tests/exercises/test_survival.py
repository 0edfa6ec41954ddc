"""Whatever an answer does, the checker says so in a line of its own, and the session is as it was."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import warnings

import bad_answers
import numpy as np
import pytest
import torch
from bad_table import BAD, HARMLESS

from vae_lessons.exercises import find, grade, guard
from vae_lessons.exercises.running import CallFailed, protected

find("3.1")  # loads SymPy, which adds filters of its own


def session():
    """All that an answer might disturb."""
    return {
        "torch seed": torch.get_rng_state().tolist(),
        "numpy seed": np.random.get_state()[1].tolist(),  # noqa: NPY002
        "seed": random.getstate(),
        "types": (torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads()),
        "numpy": (np.geterr(), np.get_printoptions()),
        "torch prints": str(torch.tensor(1 / 3)),
        "filters": list(warnings.filters),
        "python": (sys.getrecursionlimit(), os.getcwd(), dict(os.environ), sys.stdout, sys.stderr, sys.stdin, input),
        "stack": threading.stack_size(),
    }


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(guard, "PATIENCE", 0.2)
    monkeypatch.setattr(guard, "MEMORY", 2**28)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", BAD)
def test_bad_answer(name):
    answer, status, message = BAD[name]
    before, start = session(), time.monotonic()
    verdict = grade("3.1", answer)
    assert (verdict.status, verdict.misconception) == (status, None), verdict
    assert verdict.message.startswith(message), verdict
    assert verdict.case
    assert "0.437" not in verdict.message  # the right answer to the first case
    assert session() == before
    assert time.monotonic() - start < 3
    assert grade("3.1", bad_answers.right).status == "correct"


@pytest.mark.parametrize("name", HARMLESS)
def test_a_right_value_counts_and_the_session_stays_as_it_was(name):
    before = session()
    assert grade("3.1", HARMLESS[name]).status == "correct"
    assert session() == before


def test_what_is_printed_is_cut_and_takes_no_memory():
    def printing(p, q):
        for _ in range(10_000):
            print("z" * 1000)
        return 1.0

    tracemalloc.start()
    verdict = grade("3.1", printing)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert verdict.printed == "z" * 300
    assert peak < 5e6


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("id", ["3.3", "11.1", "11.2", "11.3", "11.4", "11.5"])
def test_other_ways_of_hanging(id):
    verdict = grade(id, lambda *args: bad_answers.forever(0, 0))
    assert "stopped after" in verdict.message


class Backward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, value):
        return value.clone()

    @staticmethod
    def backward(ctx, grad):
        bad_answers.forever(0, 0)


class Modules(torch.nn.Module):
    """Does what it should until it is asked for its parameters."""

    def parameters(self, recurse=True):
        raise KeyboardInterrupt


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("id", "answer", "message"),
    [
        ("11.2", lambda *args: Backward.apply(find("11.2").reference(*args)), "Your value is right, but cannot be"),
        ("4.2", lambda mu, v: find("4.2").reference(mu, v.detach()), "Your value is right, but no gradient reach"),
        ("4.2", lambda mu, v: find("4.2").reference(mu, v.detach()) + v.sum(-1) - v.sum(-1).detach(),
         "Your value is right, but its gradient by log_var is not"),
        ("11.1", lambda *sizes: (Modules(), Modules()), "Your code"),
        ("11.4", lambda *sizes: Modules(), "Your code interrupts the program"),
    ],
)  # fmt: skip
def test_backward_passes_and_attributes_are_guarded(id, answer, message):
    verdict = grade(id, answer)
    assert verdict.status != "correct"
    assert verdict.message.startswith(message), verdict


def test_an_interrupt_by_the_reader_is_not_taken_for_the_answers():
    """The kernel's interrupt reaches the main thread, which waits."""
    started = threading.Event()

    def answer(p, q):
        started.set()
        while True:
            pass

    def interrupt():
        started.wait()
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        grade("3.1", answer)


def test_a_guarded_task_raises_what_it_raises():
    assert protected(lambda: print("a") or 3) == (3, "a\n")
    with pytest.raises(CallFailed, match="Your code raised KeyError: 'k'"):
        protected(lambda: {}["k"])


def test_no_psutil_no_resource(monkeypatch):
    """As on Windows outside Jupyter: time is still limited."""
    monkeypatch.setattr(guard, "psutil", None)
    monkeypatch.setattr(guard, "resource", None)
    monkeypatch.setattr(guard, "PATIENCE", 0.1)
    assert "stopped after" in grade("3.1", bad_answers.forever).message


def test_a_thread_that_is_left_behind_does_not_keep_the_session_from_ending():
    code = (
        "import time, vae_lessons.exercises.guard as g; g.PATIENCE = 0.1\n"
        "print(__import__('vae_lessons').grade('3.1', lambda p, q: time.sleep(1e6)).message)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "could not be stopped" in run.stdout
