"""The random numbers of live figures, the same as in random.js: the n-th number of a seed is a function of both."""

import numpy as np


def _scramble(bits: np.ndarray) -> np.ndarray:
    """Mix the bits of 32-bit numbers: the last steps of MurmurHash3 (Appleby, public domain)."""
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return bits ^ (bits >> np.uint32(16))


def uniform(seed: int, n: np.ndarray) -> np.ndarray:
    """Numbers between 0 and 1, both left out.

    Parameters
    ----------
    seed : int
        0 or larger, below 2³² - 1; another seed gives other numbers.
    n : array of int, any shape
        Which numbers of the seed, from 0.

    Returns
    -------
    array of float64, the shape of `n`

    Raises
    ------
    ValueError
        If the seed is out of range.
    """
    if not 0 <= seed < 2**32 - 1:
        raise ValueError(f"seed must be from 0 to 2**32 - 2, got {seed}")
    place = (np.asarray(n) + 1).astype(np.uint32) * np.uint32(0x9E3779B9)
    return (_scramble(_scramble(np.array([seed + 1], np.uint32)) ^ place) + 0.5) / 2**32


def normal(seed: int, n: np.ndarray) -> np.ndarray:
    """Standard normal numbers, each made of two uniform ones (Box and Muller, 1958); arguments as in `uniform`."""
    n = np.asarray(n)
    return np.sqrt(-2 * np.log(uniform(seed, 2 * n))) * np.cos(2 * np.pi * uniform(seed, 2 * n + 1))
