"""Exercise 2.3: the evidence of probabilistic PCA in closed form."""

import math

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch02 import HINTS

LOG_2PI = math.log(2 * math.pi)


def log_evidence(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    """Log N(x; b, WWᵀ + σ²I) of each row, (2.6)."""
    cov = weight @ weight.T + std**2 * torch.eye(len(bias)).to(weight)
    root = torch.linalg.cholesky(cov)
    white = torch.linalg.solve_triangular(root, (x - bias).T, upper=False)
    return -0.5 * (len(bias) * LOG_2PI + (white**2).sum(0)) - root.diagonal().log().sum()


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 23), []
    for rows, x_dim, z_dim, scale in [(2, 4, 2, 1.0), (3, 5, 3, 1.0), (3, 200, 2, 10.0)]:
        shapes = (x_dim, z_dim), (x_dim,), (rows, z_dim), (rows, x_dim)
        weight, bias, z, eps = (torch.randn(s, generator=generator).double() for s in shapes)
        std = torch.tensor(0.6 if scale == 1 else 1.2).double()
        x = scale * (z @ weight.T + bias + std * eps)
        args = {"x": x, "weight": scale * weight, "bias": scale * bias, "std": scale * std}
        cases.append(Case(args, edge=scale > 1))
    return cases


def _parts(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> tuple[float, Tensor, Tensor]:
    """Return the three parts of (2.6): D log 2π, log det C and the squared distances."""
    cov = weight @ weight.T + std**2 * torch.eye(len(bias)).to(weight)
    d = x - bias
    return len(bias) * LOG_2PI, torch.logdet(cov), (d * torch.linalg.solve(cov, d.T).T).sum(-1)


def _from_parts(value):
    """Make a wrong answer from the three parts, and from J."""
    return lambda x, w, b, s: value(*_parts(x, w, b, s), w.shape[1])


def _with_cov(change):
    """Make a wrong answer that uses another covariance, a function of W, σ and I."""

    def wrong(x, weight, bias, std):
        cov = change(weight, std, torch.eye(len(bias)).to(weight))
        return torch.distributions.MultivariateNormal(bias, cov).log_prob(x)

    return wrong


def _quadratic_in_cov(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    cov, d = weight @ weight.T + std**2 * torch.eye(len(bias)).to(weight), x - bias
    return -0.5 * (len(bias) * LOG_2PI + torch.logdet(cov) + ((d @ cov) * d).sum(-1))


LINEAR_EVIDENCE = Exercise(
    id="2.3",
    title="Probabilistic PCA",
    equation="(2.6)",
    chapter="chapter 2",
    cases=_cases,
    reference=log_evidence,
    atol=1e-3,
    rtol=1e-5,
    proves="The determinant may be larger than any number of the computer.",
    misconceptions=(
        *known(
            "2.6",
            {
                "σ for σ²": "Your covariance is WWᵀ + σI. In (2.6) it is the variance σ² that is added.",
                "det of WᵀW + σ²I": "Your determinant is that of a J×J matrix, WᵀW + σ²I. In (2.6) the covariance of x "
                "is D×D.",
                "no ½": "Your value is twice (2.6): every part of the logarithm of a normal density has a ½.",
                "no 2π": "Your value lacks the part with 2π. With it the density (2.6) integrates to 1.",
                "det overflows": "Where the numbers are large your determinant is ∞ to the computer. (2.6) needs its "
                "logarithm, which is not: slogdet, or a Cholesky factor.",
                "sign of log det": "Your log det has the wrong sign: in (2.6) a wider distribution has a lower "
                "density.",
                "not centred": "Your value does not subtract b. The normal of (2.6) has the mean b.",
            },
        ),
        mistake(
            "no log det",
            "Your value lacks the determinant of the covariance, which makes (2.6) integrate to 1.",
            _from_parts(lambda c, log_det, d, j: -0.5 * (c + d)),
        ),
        mistake(
            "log det not halved",
            "Your log det lacks its ½: (2.6) has the square root of a determinant.",
            _from_parts(lambda c, log_det, d, j: -0.5 * (c + d) - log_det),
        ),
        mistake(
            "log det halved twice",
            "Your log det has a ½ too many. With a Cholesky factor L, the log det C of (2.6) is twice Σ log L_jj.",
            _from_parts(lambda c, log_det, d, j: -0.5 * (c + d) - 0.25 * log_det),
        ),
        mistake(
            "one 2π",
            "Your 2π counts once. In (2.6) there is one for each of the D pixels.",
            _from_parts(lambda c, log_det, d, j: -0.5 * (LOG_2PI + log_det + d)),
        ),
        mistake(
            "J for D",
            "Your 2π counts J times. x has D dimensions, and so has (2.6).",
            _from_parts(lambda c, log_det, d, j: -0.5 * (j * LOG_2PI + log_det + d)),
        ),
        mistake(
            "distance in C, not its inverse",
            "Your squared distance is multiplied by the covariance. In (2.6) it is measured in it: C⁻¹.",
            _quadratic_in_cov,
        ),
        mistake(
            "no W",
            "Your covariance is σ²I, that of p(x|z). By (2.6) what z moves adds WWᵀ.",
            _with_cov(lambda w, s, eye: s**2 * eye),
        ),
        mistake(
            "pixels independent",
            "Your covariance has the variances only. By (2.6) pixels that share a z are correlated: WWᵀ.",
            _with_cov(lambda w, s, eye: (w @ w.T).diag().diag() + s**2 * eye),
        ),
        mistake(
            "density, not its logarithm",
            "Your value is the density (2.6) itself. Its logarithm is asked for.",
            lambda *args: log_evidence(*args).exp(),
        ),
        mistake("sign", "Your value has its sign reversed: see (2.6).", lambda *args: -log_evidence(*args)),
        mistake(
            "one number for the batch",
            "Your value is a single number. (2.6) is the density of one x: return one value for each row.",
            lambda *args: log_evidence(*args).sum(),
            lambda *args: log_evidence(*args).mean(),
        ),
    ),
    hints=HINTS["2.3"],
)
