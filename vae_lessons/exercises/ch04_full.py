"""Exercise 4.3: the KL divergence of normals with full covariances."""

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch04 import HINTS


def kl_multivariate(mu_q: Tensor, cov_q: Tensor, mu_p: Tensor, cov_p: Tensor) -> Tensor:
    """KL of two normals in J dimensions, equation (4.4)."""
    shift, inverse = mu_p - mu_q, torch.linalg.inv(cov_p)
    log_det = torch.logdet(cov_p) - torch.logdet(cov_q)
    return 0.5 * (torch.trace(inverse @ cov_q) + shift @ inverse @ shift - len(shift) + log_det)


def random_normal(size: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw a mean and a covariance that is far from diagonal and well conditioned."""
    mean, root = torch.randn(size, generator=generator), torch.randn(size, size, generator=generator)
    return mean.double(), root.double() @ root.double().T + 0.7 * torch.eye(size).double()


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 43), []
    for size in (2, 3, 4):
        (mu_q, cov_q), (mu_p, cov_p) = random_normal(size, generator), random_normal(size, generator)
        cases.append(Case({"mu_q": mu_q, "cov_q": cov_q, "mu_p": mu_p, "cov_p": cov_p}))
    return cases


def _parts(mu_q, cov_q, mu_p, cov_p):
    inverse, d = torch.linalg.inv(cov_p), mu_p - mu_q
    return torch.trace(inverse @ cov_q), d @ inverse @ d, len(d), torch.logdet(cov_p) - torch.logdet(cov_q)


def _by_term(trace: float = 0.5, square: float = 0.5, size: float = -0.5, log_det: float = 0.5):
    """Make a wrong answer whose terms have other factors."""
    return lambda *args: sum(f * t for f, t in zip((trace, square, size, log_det), _parts(*args), strict=True))


KL_FULL = Exercise(
    id="4.3",
    title="Full covariances",
    equation="(4.4)",
    chapter="chapter 4",
    cases=_cases,
    reference=kl_multivariate,
    not_negative="(3.5)",
    atol=2e-4,
    rtol=1e-5,
    misconceptions=(
        *known(
            "4.4",
            {
                "arguments swapped": "Your value is KL(p‖q). In (4.4) it is the covariance of p that is inverted.",
                "no ½": "Your value is twice (4.4): the ½ in front of the bracket is missing.",
                "sign of log det": "Your log-determinants have their signs exchanged: in (4.4) that of p counts plus.",
                "no -J": "Your value is too large by J/2. Without the −J of (4.4), the KL of a normal from itself "
                "would not be 0.",
                "diagonals only": "Your value uses the diagonals of the covariances only. Equation (4.4) needs the "
                "whole matrices: inverse and determinant depend on every entry.",
                "divided entry by entry": "Your trace divides Σ by R entry by entry. In (4.4) it is a product with the "
                "inverse matrix.",
                "tr(ΣR)": "Your trace has the covariance of p as it is. In (4.4) it is inverted.",
                "distance measured by Σ": "Your quadratic term has the inverse of Σ. In (4.4) it is that of R.",
            },
            {"divided entry by entry": (lambda m, q, n, p: _by_term(trace=0)(m, q, n, p) + 0.5 * (q / p).sum(),)},
        ),
        mistake("no trace", "The trace of (4.4) is missing.", _by_term(trace=0)),
        mistake("no quadratic term", "The quadratic term of (4.4), with the means, is missing.", _by_term(square=0)),
        mistake("no log det", "The log-determinants of (4.4) are missing.", _by_term(log_det=0)),
        mistake("log det doubled", "Your log-determinants lack the ½ of (4.4).", _by_term(log_det=1)),
        mistake("log det halved", "Your log-determinants have a ½ too many: see (4.4).", _by_term(log_det=0.25)),
        mistake("J added", "Your J has the wrong sign: (4.4) subtracts it.", _by_term(size=0.5)),
        mistake(
            "1 for J",
            "Your value subtracts 1 where (4.4) subtracts J, the number of dimensions.",
            lambda *args: kl_multivariate(*args) + 0.5 * (len(args[0]) - 1),
        ),
        mistake("sign", "Your value has its sign reversed: see (4.4).", lambda *args: -kl_multivariate(*args)),
        mistake(
            "quadratic term without R",
            "Your quadratic term is the plain squared distance of the means. In (4.4) it has the inverse of R in it.",
            lambda m, q, n, p: _by_term(square=0)(m, q, n, p) + 0.5 * ((m - n) ** 2).sum(),
        ),
        mistake(
            "quadratic term with R",
            "Your quadratic term has the covariance of p as it is. In (4.4) it is inverted.",
            lambda m, q, n, p: _by_term(square=0)(m, q, n, p) + 0.5 * (n - m) @ p @ (n - m),
        ),
        mistake(
            "trace with Σ inverted",
            "Your trace inverts the covariance of q. In (4.4) it inverts that of p.",
            lambda m, q, n, p: _by_term(trace=0)(m, q, n, p) + 0.5 * torch.trace(torch.linalg.solve(q, p)),
        ),
        mistake(
            "determinants without logarithm",
            "Your determinants lack their logarithm: see (4.4).",
            lambda m, q, n, p: _by_term(log_det=0)(m, q, n, p) + 0.5 * torch.det(p) / torch.det(q),
        ),
        mistake(
            "sum for the trace",
            "You add all entries of the product. The trace of (4.4) adds its diagonal.",
            lambda m, q, n, p: _by_term(trace=0)(m, q, n, p) + 0.5 * torch.linalg.solve(p, q).sum(),
        ),
    ),
    hints=HINTS["4.3"],
)
