"""Exercise 4.5: the expectation of a quadratic form."""

import math

import numpy as np
import torch
from torch import Tensor

from vae_lessons.exercises.ch04_full import random_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch04 import HINTS


def expected_quadratic(m: Tensor, cov: Tensor, n: Tensor, a: Tensor) -> Tensor:
    """E[(z − n)ᵀA(z − n)] for z ~ N(m, Σ), by quadrature with 3 nodes for each dimension, equation (4.3)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(3)
    eps = torch.cartesian_prod(*[torch.tensor(nodes).to(m)] * len(m))
    weight = torch.cartesian_prod(*[torch.tensor(weights / weights.sum()).to(m)] * len(m)).prod(1)
    d = m + eps @ torch.linalg.cholesky(cov).T - n
    return (weight * ((d @ a) * d).sum(1)).sum()


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 45), []
    for size in (2, 3):
        (m, cov), n = random_normal(size, generator), torch.randn(size, generator=generator).double()
        a = torch.randn(size, size, generator=generator).double()
        cases.append(Case({"m": m, "cov": cov, "n": n, "a": a}))
    return cases


def _form(d: Tensor, a: Tensor) -> Tensor:
    return d @ a @ d


def _with_cov(change):
    """Make a wrong answer that uses another covariance."""
    return lambda m, cov, n, a: torch.trace(a @ change(cov)) + _form(m - n, a)


def _transposed_root(cov: Tensor) -> Tensor:
    root = torch.linalg.cholesky(cov)
    return root.T @ root


QUADRATIC = Exercise(
    id="4.5",
    title="A quadratic form on average",
    equation="(4.3)",
    chapter="chapter 4",
    cases=_cases,
    reference=expected_quadratic,
    atol=2e-4,
    rtol=1e-5,
    misconceptions=(
        *known(
            "4.3",
            {
                "Σ forgotten": "Your value is what you get with the identity for Σ. In (4.3) the trace is that of AΣ.",
                "A squared": "Your value has A twice: in (4.3) it stands once in each term.",
                "mean term missing": "Your value is the trace alone. In (4.3) the distance of the mean from n counts "
                "too.",
                "trace missing": "Your value is the quadratic form at the mean. By (4.3) the spread of z adds a trace.",
                "diagonal of Σ only": "Your value uses the variances only. The trace in (4.3) needs the covariances.",
            },
        ),
        mistake(
            "Σ for its root",
            "Your z has the covariance ΣΣ: Σ is used where its root belongs. (4.3) is about z with covariance Σ.",
            _with_cov(lambda cov: cov @ cov),
        ),
        mistake(
            "root transposed",
            "Your z has the covariance LᵀL, because the Cholesky factor is transposed. In (4.3) it is Σ = LLᵀ.",
            _with_cov(_transposed_root),
        ),
        mistake(
            "nodes without √2",
            "Your trace is half of that in (4.3). The nodes of hermgauss belong to the weight e^(−x²): they have to be "
            "multiplied by √2.",
            _with_cov(lambda cov: cov / 2),
        ),
        mistake(
            "nodes with √2 too many",
            "Your trace is twice that in (4.3): nodes for the weight e^(−x²/2) need no √2.",
            _with_cov(lambda cov: 2 * cov),
        ),
        mistake(
            "weights not normalised",
            "Your value is an expectation times a constant: the weights of the nodes do not sum to 1. See (4.3).",
            *(
                lambda m, cov, n, a, c=c: c ** (len(m) / 2) * expected_quadratic(m, cov, n, a)
                for c in (math.pi, math.tau)
            ),
        ),
        mistake(
            "sum for the trace",
            "You add all entries of AΣ. The trace of (4.3) adds its diagonal.",
            lambda m, cov, n, a: (a @ cov).sum() + _form(m - n, a),
        ),
        mistake(
            "n ignored",
            "Your value does not use n. In (4.3) the distance counts from n.",
            lambda m, cov, n, a: torch.trace(a @ cov) + _form(m, a),
        ),
        mistake(
            "m ignored",
            "Your value does not use m. In (4.3) the mean of z is m.",
            lambda m, cov, n, a: torch.trace(a @ cov) + _form(n, a),
        ),
        mistake(
            "n added",
            "Your value has m + n where (4.3) has m − n.",
            lambda m, cov, n, a: torch.trace(a @ cov) + _form(m + n, a),
        ),
        mistake(
            "trace subtracted",
            "Your trace has the wrong sign: (4.3) adds it.",
            lambda m, cov, n, a: _form(m - n, a) - torch.trace(a @ cov),
        ),
        mistake(
            "A ignored in the mean term",
            "Your second term is a plain squared distance. In (4.3) it has A in it.",
            lambda m, cov, n, a: torch.trace(a @ cov) + ((m - n) ** 2).sum(),
        ),
        mistake(
            "½ in front",
            "Your value is half of (4.3), which has no ½.",
            lambda *args: 0.5 * expected_quadratic(*args),
        ),
    ),
    hints=HINTS["4.5"],
)
