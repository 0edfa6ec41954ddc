"""Right and wrong answers, by exercise: they share no code with the checker."""

import functools
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
from answers_ch03 import (
    chain_by_difference,
    chain_numpy,
    examples_numpy,
    fit_adam,
    fit_numpy,
    kl_list,
    kl_numpy_masked,
    kl_where,
    lse_loop,
    lse_numpy,
    quad_simpson,
    quad_weights,
    wrong_chain,
)
from answers_ch11 import (
    ByHandGaussian,
    OneHeadGaussian,
    WrongGaussian,
    elbo_loop,
    elbo_shared_noise,
    loss_bce,
    loss_distributions,
    loss_numpy,
    make_split,
    make_with_closures,
    step_by_hand,
    step_zero_last,
    wrong_make,
    wrong_step,
)
from scipy.special import logsumexp as scipy_logsumexp
from scipy.special import rel_entr

from vae_lessons.exercises.session import chapter_of


def kl_scripted(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(-1)


def rel_sum(p, q):
    return rel_entr(p, q).sum(-1)


class Kl(torch.nn.Module):
    def forward(self, p, q):
        return kl_where(p, q)


RIGHT = {
    "0.1": [lse_numpy, lse_loop, lambda a: scipy_logsumexp(a, axis=-1), lambda a: torch.logsumexp(a, -1)],
    "3.1": [kl_where, kl_numpy_masked, kl_list, lambda p, q: rel_entr(p, q).sum(-1), functools.partial(kl_where),
            torch.jit.script(kl_scripted), Kl, Kl(), Kl().forward, np.vectorize(rel_sum, signature="(k),(k)->()"),
            lambda p, q: rel_sum(p.double(), q.double()), lambda p, q: tuple(kl_where(p, q)) if p.ndim > 1 else
            kl_where(p, q), lambda p, q, *, eps=0, **options: kl_where(p, q) + eps],
    "3.2": [quad_weights, quad_simpson, lambda a, b, x: np.trapezoid(np.exp(a) * (a - b), x),
            lambda a, b, x: float(torch.trapezoid(a.exp() * (a - b), x))],
    "3.3": [examples_numpy, examples_numpy()],
    "3.4": [fit_adam, fit_numpy],
    "3.5": [chain_by_difference, chain_numpy],
    "11.1": [make_split, make_with_closures],
    "11.2": [loss_bce, loss_distributions, loss_numpy],
    "11.3": [step_by_hand, step_zero_last],
    "11.4": [OneHeadGaussian, ByHandGaussian],
    "11.5": [elbo_loop, elbo_shared_noise],
}  # fmt: skip

UNNAMED = {
    "0.1": [lambda a: torch.logsumexp(a, -1) + 0.5, lambda a: a.mean(-1), lambda a: 2 * torch.logsumexp(a, -1)],
    "3.1": [lambda p, q: 0.5 * kl_where(p, q), lambda p, q: ((p - q) ** 2).sum(-1), lambda p, q: kl_where(p, q) ** 2],
    "3.2": [lambda a, b, x: 3 * quad_weights(a, b, x), lambda a, b, x: torch.trapezoid(a * b, x)],
    "3.3": [{"equal": ([0.5, 0.5], [0.1, 0.9])}, {"a": 1}, {"equal": 3, "one way": 4, "triangle": 5}],
    "3.4": [lambda log_p, x: ((0.0, 1.0), (0.0, 1.0)), lambda log_p, x: ((9.0, 0.1), (1.0, 3.0))],
    "3.5": [wrong_chain, lambda p, q: (p.sum(), q.sum())],
    "11.1": [wrong_make, lambda x, h, z: make_split(x, h + 1, z)],
    "11.2": [lambda x, a, m, v: 0.3 * loss_bce(x, a, m, v), lambda x, a, m, v: m.sum()],
    "11.3": [wrong_step, lambda m, o, x, e: 1.0],
    "11.4": [WrongGaussian, lambda x, h, z, s: ByHandGaussian(x, h + 2, z, s)],
    "11.5": [lambda m, x, n, g: 0.0, lambda m, x, n, g: 1.3 * elbo_loop(m, x, 200, g)],
}

CHAPTERS = [import_module(path.stem) for path in sorted(Path(__file__).parent.glob("answers_ch*.py"))]
NAMED = [case for chapter in CHAPTERS for case in getattr(chapter, "NAMED", [])]  # (id, wrong answer, its name)
SOURCES = {}  # id -> bodies of right answers, to be mutated
for chapter in CHAPTERS:
    RIGHT |= getattr(chapter, "RIGHT", {})
    UNNAMED |= getattr(chapter, "UNNAMED", {})
    SOURCES |= getattr(chapter, "SOURCES", {})

IDS = [id for chapter in range(100) for id in chapter_of(str(chapter))]
