"""Answers that fail in other ways than by a wrong number: each gets a message of its own."""

import sys

import answers
import pytest
import torch

from vae_lessons.exercises import grade

right = answers.kl_where


def raising(p, q):
    return p.nope()


def loud(p, q):
    print("p is", p.shape)
    return right(p, q) + 1


def in_place(p, q):
    value = right(p, q)
    p *= 0
    return value


def wrong_in_place(p, q):
    return p.mul_(2).sum(-1)


KINDS = [
    (raising, "error", "Your code raised AttributeError: 'Tensor' object has no attribute 'nope', in line "),
    (lambda p: p, "error", "Your code raised TypeError: "),
    (lambda p, q: sys.exit(3), "error", "Your code tries to end the program, instead of returning a value: SystemExit"),
    (lambda p, q: print(end=""), "incorrect", "<lambda> returns nothing (None): is a return missing?"),
    (lambda p, q: p.sum(-1) * float("nan"), "incorrect", "Your value is nan on this input"),
    (lambda p, q: right(p, q) + float("inf"), "incorrect", "Your value is infinite on this input"),
    (lambda p, q: right(p, q)[..., None], "incorrect", "Your value has shape (1,); shape () is expected here."),
    (lambda p, q: p * p, "incorrect", "Your value has shape (3,); shape () is expected here."),
    (lambda p, q: "0.4", "incorrect", "Your function returns a str; numbers are expected."),
    (lambda p, q: {"kl": 1}, "incorrect", "Your function returns a dict; numbers are expected."),
    (lambda p, q: [[1.0], [1.0, 2.0]], "incorrect", "Your function returns a list of 2, which is not an array"),
    (lambda p, q: right, "incorrect", "Your function returns a function; numbers are expected: is a call missing"),
    (lambda p, q: right(p, q) + 0j, "incorrect", "Your function returns complex numbers."),
    (lambda p, q: 3 * right(p, q), "incorrect", "Your value is wrong on this input. It is 3 times the right value"),
    (lambda p, q: right(p, q) - 0.5, "incorrect", "Your value is wrong on this input. It differs from the right value"),
    (lambda p, q: (p - 2).sum(-1), "incorrect", "Your value is wrong on this input. It is negative, which it"),
    (in_place, "incorrect", "Your value is right, but your function changes its argument p: work on a new array"),
    (wrong_in_place, "incorrect", "Your value is wrong on this input. It also changes its argument p, which may be"),
    (torch.tensor(0.4), "incorrect", "Pass the function or class itself to check"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "status", "message"), KINDS)
def test_kinds_of_failure(answer, status, message):
    verdict = grade("3.1", answer)
    assert (verdict.status, verdict.misconception) == (status, None), verdict
    assert verdict.message.startswith(message)
    assert "0.437" not in verdict.message  # the right answer to the first case


def test_an_error_names_the_students_line_and_the_input():
    verdict = grade("3.1", raising)
    assert verdict.message.endswith(f"in line {raising.__code__.co_firstlineno + 1}: return p.nope()")
    assert verdict.case == "p = [0.5, 0.3, 0.2], q = [0.15, 0.25, 0.6]"


@pytest.mark.parametrize(
    ("id", "answer", "message"),
    [
        ("3.5", lambda p, q: 1.0, "Your function returns a float; a tuple of 2 is expected."),
        ("3.5", lambda p, q: (1.0, 2.0, 3.0), "Your function returns 3 values; a tuple of 2 is expected."),
        ("11.1", lambda *sizes: torch.nn.Linear(2, 3), "What make_vae returns must be a tuple of 2, and is a Linear."),
        ("11.1", lambda *sizes: (abs, abs), "The encoder must be an nn.Module, and is a builtin_function_or_method."),
        ("11.2", lambda *args: answers.loss_bce(*args).detach(), "Your value is right, but no gradient reaches logits"),
        ("11.4", lambda *sizes: torch.nn.Linear(2, 5), "What forward returns must be a tuple of 2, and is a Tensor."),
        ("11.3", lambda *args: print(end=""), "<lambda> returns nothing"),
    ],
)  # fmt: skip
def test_failures_of_other_exercises(id, answer, message):
    verdict = grade(id, answer)
    assert verdict.message.startswith(message), verdict
    assert verdict.status == "incorrect"
    assert verdict.misconception is None
