"""Check of chapter 4, part one: the KL divergence of two normals on the real line, (4.1)."""

from functools import cache

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from vae_lessons.divergences import kl_normal
from vae_lessons.equations.ch03_densities import kl_of
from vae_lessons.equations.registry import equation


def two_normals(rng) -> tuple[Tensor, ...]:
    """Draw m and s of q, n and r of p: mean and standard deviation of each."""
    (m, n), (s, r) = rng.normal(size=2), rng.uniform(0.5, 1.5, size=2)
    return tuple(torch.tensor(value) for value in (m, s, n, r))


def closed_form(m: Tensor, s: Tensor, n: Tensor, r: Tensor) -> Tensor:
    """Compute log(r/s) + (s² + (m - n)²)/(2r²) - ½."""
    return (r / s).log() + (s**2 + (m - n) ** 2) / (2 * r**2) - 0.5


def by_quadrature(m: Tensor, s: Tensor, n: Tensor, r: Tensor) -> Tensor:
    """Integrate q (log q - log p) from m - 12s to m + 12s."""
    return kl_of(Normal(m, s).log_prob, Normal(n, r).log_prob, m - 12 * s, m - 4 * s, m, m + 4 * s, m + 12 * s)


@cache
def sympy_integral():
    """Let SymPy integrate q (log q - log p) for all m, n and s, r > 0; return the symbols by name, and the result."""
    import sympy as sp

    x, m, n = sp.symbols("x m n", real=True)
    s, r = sp.symbols("s r", positive=True)
    log_ratio = sp.log(r / s) - (x - m) ** 2 / (2 * s**2) + (x - n) ** 2 / (2 * r**2)
    q = sp.exp(-((x - m) ** 2) / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi))
    return {"m": m, "n": n, "s": s, "r": r}, sp.integrate(sp.expand(q * log_ratio), (x, -sp.oo, sp.oo))


@cache
def sympy_finds(right_side: str) -> bool:
    """Tell whether the integral is the right side, for all m, n, s and r."""
    import sympy as sp

    symbols, integral = sympy_integral()
    return sp.simplify(integral - sp.sympify(right_side, locals=symbols)) == 0


# The mistakes that exercise 4.1 knows by name


def _swapped(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_p, std_p, mu_q, std_q)


def _no_half(mu_q, std_q, mu_p, std_p):
    return (std_p / std_q).log() + (std_q**2 + (mu_q - mu_p) ** 2) / std_p**2 - 0.5


def _one_half_not_subtracted(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_q, std_q, mu_p, std_p) + 0.5


def _sign_of_the_logarithm(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_q, std_q, mu_p, std_p) - 2 * (std_p / std_q).log()


def _std_for_variance(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_q, std_q.sqrt(), mu_p, std_p.sqrt())


def _mean_not_squared(mu_q, std_q, mu_p, std_p):
    return (std_p / std_q).log() + (std_q**2 + (mu_q - mu_p)) / (2 * std_p**2) - 0.5


def _log_of_variances_not_halved(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_q, std_q, mu_p, std_p) + (std_p / std_q).log()


def _mean_of_p_ignored(mu_q, std_q, mu_p, std_p):
    return kl_normal(mu_q, std_q, torch.zeros_like(mu_p), std_p)


equation(
    "4.1",
    "The KL divergence of two normals",
    method="SymPy",
    draw=two_normals,
    lines={
        "log(r/s) + (s² + (m - n)²)/2r² - ½": closed_form,
        "kl_normal": kl_normal,
        "∫ q log(q/p) dx by quadrature": by_quadrature,
        "torch.distributions": lambda m, s, n, r: kl_divergence(Normal(m, s), Normal(n, r)),
        "proof: SymPy does the integral": lambda *_: sympy_finds("log(r/s) + (s**2 + (m - n)**2)/(2*r**2) - 1/2"),
    },
    mutants={
        "arguments swapped": _swapped,
        "no ½": _no_half,
        "no -½": _one_half_not_subtracted,
        "sign of the logarithm": _sign_of_the_logarithm,
        "std for variance": _std_for_variance,
        "mean not squared": _mean_not_squared,
        "log of variances not halved": _log_of_variances_not_halved,
        "mean of p ignored": _mean_of_p_ignored,
        "proof with m, s and n, r swapped": lambda *_: sympy_finds("log(s/r) + (r**2 + (m - n)**2)/(2*s**2) - 1/2"),
    },
)
