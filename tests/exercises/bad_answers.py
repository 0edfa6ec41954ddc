"""Answers to 3.1 that misbehave, and what the checker has to say about each of them."""

import os
import sys
import time
import warnings

import answers
import numpy as np
import torch

right = answers.kl_where


def raises(error):
    def answer(p, q):
        raise error

    return answer


class Mute(Exception):
    def __str__(self):
        raise ValueError("an exception that cannot be printed")


class Liar:
    """Equal to everything, of any length, and no number."""

    shape, dtype, ndim = (), torch.float32, 0
    __class__ = torch.Tensor

    def __eq__(self, other):
        return True

    __hash__ = None

    def __len__(self):
        return 10**12

    def __getattr__(self, name):
        return Liar()

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __float__(self):
        return "0.4"


class Fraudulent(torch.Tensor):
    """A tensor that says whatever it is asked to."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


class AlwaysEqual(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


class Falling:
    def __del__(self):
        raise ValueError("at the very end")

    def __float__(self):
        return 0.1


def forever(p, q):
    while True:
        pass


def stubborn(p, q):
    end = time.monotonic() + 4
    while time.monotonic() < end:
        try:
            time.sleep(0.001)
        except BaseException:
            pass


def blocking(p, q):
    time.sleep(4)


def endless(p, q):
    return endless(p, q)


def deep(p, q):
    sys.setrecursionlimit(10**6)
    return sorted([p, q], key=lambda _: deep(p, q))


def growing(p, q):
    kept = []
    while True:
        kept.append(torch.ones(10**7))


def chatty(p, q):
    print("x" * 10**7)
    sys.stderr.write("y" * 10**7)
    return right(p, q)


def self_containing(p, q):
    out = []
    out.append(out)
    return out


async def later(p, q):
    return right(p, q)


def yielding(p, q):
    yield right(p, q)


def complaining(p, q):
    warnings.warn("nobody hears this", stacklevel=1)
    return Falling()


def chdir(p, q):
    os.chdir("/")
    np.set_printoptions(precision=1), torch.set_printoptions(precision=1)
    np.seterr(all="raise"), warnings.simplefilter("error")
    sys.setrecursionlimit(5000), torch.set_num_threads(1), torch.set_default_dtype(torch.float64)
    os.environ["HOME"] = "/nowhere"
    sys.stdout = None
    return right(p, q)


def wrong(convert):
    """A wrong value in some wrapping."""
    return lambda p, q: convert(torch.as_tensor(right(p, q)) + 0.2)


BAD = {
    "raises": (raises(ValueError("so")), "error", "Your code raised ValueError: so, in line"),
    "raises, mute": (raises(Mute()), "error", "Your code raised Mute, in line"),
    "exits": (lambda p, q: sys.exit(3), "error", "Your code tries to end the program"),
    "interrupts": (raises(KeyboardInterrupt()), "error", "Your code interrupts the program"),
    "BaseException": (raises(BaseException("odd")), "error", "Your code raised BaseException: odd"),
    "stops iterating": (raises(StopIteration()), "error", "Your code raised StopIteration"),
    "GeneratorExit": (raises(GeneratorExit()), "error", "Your code raised GeneratorExit"),
    "asks": (lambda p, q: input("p?"), "error", "Your code raised EOFError: input() has nobody to ask"),
    "None": (lambda p, q: print(end=""), "incorrect", "<lambda> returns nothing (None)"),
    "Ellipsis": (lambda p, q: [..., 1][0], "incorrect", "Your function returns Ellipsis"),
    "forever": (forever, "error", "Your code was stopped after"),
    "stubborn": (stubborn, "error", "Your code was stopped after"),
    "blocking": (blocking, "error", "Your code was stopped after"),
    "recursion": (endless, "error", "Your code calls itself without end: RecursionError"),
    "memory at once, torch": (lambda p, q: torch.ones(10**13), "error", "Your code asks for more memory than there is"),
    "memory at once, numpy": (lambda p, q: np.ones(10**13), "error", "Your code asks for more memory than there is"),
    "memory at once, list": (lambda p, q: [0] * 10**13, "error", "Your code asks for more memory than there is"),
    "memory, growing": (growing, "error", "Your code was stopped when it took more than"),
    "10⁹ numbers": (lambda p, q: p.sum().expand(10**9), "incorrect", "Your function returns 1,000,000,000 numbers"),
    "coroutine": (later, "incorrect", "Your function returns a coroutine: write def"),
    "generator": (yielding, "incorrect", "Your function returns a generator"),
    "map": (lambda p, q: map(abs, p), "incorrect", "Your function returns a map; numbers are expected"),
    "dict": (lambda p, q: {"kl": 1}, "incorrect", "Your function returns a dict; numbers are expected."),
    "set": (lambda p, q: {1.0}, "incorrect", "Your function returns a set; numbers are expected."),
    "string": (lambda p, q: "0.4", "incorrect", "Your function returns a str; numbers are expected."),
    "list of strings": (lambda p, q: ["0.4"], "incorrect", "Your function returns numbers together with a str."),
    "method": (lambda p, q: right(p, q).item, "incorrect", "Your function returns a builtin_function_or_method; numb"),
    "ragged": (lambda p, q: [[1.0], [1.0, 2.0]], "incorrect", "Your function returns a list of 2, which is not an"),
    "contains itself": (self_containing, "incorrect", "Your function returns a list of 1, which is not an array"),
    "object": (lambda p, q: object(), "incorrect", "Your function returns an object, which is not an array"),
    "liar": (lambda p, q: Liar(), "incorrect", "Your function returns a Liar"),
    "honest": (wrong(lambda v: v.numpy().astype(object)), "incorrect", "Your value is wrong on this input."),
    "fraud": (wrong(lambda v: v.as_subclass(Fraudulent)), "incorrect", "Your value is wrong on this input."),
    "equal to all": (wrong(lambda v: v.numpy().view(AlwaysEqual)), "incorrect", "Your value is wrong on this input."),
    "meta": (wrong(lambda v: v.to("meta")), "incorrect", "Your function returns a tensor on the meta device"),
    "sparse": (lambda p, q: (p * 2).to_sparse(), "incorrect", "Your value has shape (3,); shape () is expected here."),
    "complex": (wrong(lambda v: v + 0j), "incorrect", "Your function returns complex numbers."),
    "integer": (wrong(lambda v: v.nan_to_num(posinf=9).int()), "incorrect",
                "Your value is wrong on this input. It is of t"),
    "half": (wrong(lambda v: v.half()), "incorrect", "Your value is wrong on this input. It"),
    "masked": (wrong(lambda v: np.ma.masked_less(v.numpy(), 9)), "incorrect", "Your function returns a masked array"),
    "requires grad": (wrong(lambda v: v.float().requires_grad_()), "incorrect", "Your value is wrong on this input."),
    "falling": (complaining, "incorrect", "Your value is wrong on this input."),
    "nan": (lambda p, q: p.sum(-1) * float("nan"), "incorrect", "Your value is nan on this input"),
    "infinite": (lambda p, q: p.sum(-1) + float("inf"), "incorrect", "Your value is infinite on this input"),
    "empty": (lambda p, q: [], "incorrect", "Your value has shape (0,); shape () is expected here."),
}  # fmt: skip

HARMLESS = {"chatty": chatty, "changes settings": chdir}
