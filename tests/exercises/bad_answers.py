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
