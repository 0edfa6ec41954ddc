"""Exercise 3.4: the two normals that are nearest to a bimodal density, one for each direction of KL."""

from functools import lru_cache

import torch
from scipy.optimize import minimize
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.exercises.exercise import Case, Exercise, Misconception
from vae_lessons.exercises.hints_ch03 import HINTS

Fit = tuple[float, float]


def reverse_fit(log_p: Tensor, x: Tensor, start: Fit) -> tuple[float, Fit]:
    """Find a local minimum of KL(q‖p) over normals q, with its place (mean, standard deviation)."""

    def kl(params):
        mu, log_std = torch.as_tensor(params)
        log_q = Normal(mu, log_std.exp()).log_prob(x)
        return torch.trapezoid(log_q.exp() * (log_q - log_p), x).item()

    found = minimize(kl, [start[0], torch.tensor(start[1]).log().item()], method="Nelder-Mead")
    return found.fun, (found.x[0], torch.tensor(found.x[1]).exp().item())


def forward_fit(log_p: Tensor, x: Tensor) -> Fit:
    """Find the minimum of KL(p‖q) over normals q: it has the mean and the variance of p."""
    mu = torch.trapezoid(log_p.exp() * x, x)
    var = torch.trapezoid(log_p.exp() * (x - mu) ** 2, x)
    return mu.item(), var.sqrt().item()


def fit_normals(log_p: Tensor, x: Tensor) -> tuple[Fit, Fit]:
    """Both fits of (3.10): the best of several starts for KL(q‖p), and the moments of p for KL(p‖q)."""
    starts = [(mu, 1.0) for mu in torch.linspace(-3, 3, 3).tolist()]
    return min(reverse_fit(log_p, x, start) for start in starts)[1], forward_fit(log_p, x)


def _cases(seed: int = 0) -> list[Case]:
    cases = []
    for weight, (mu_1, std_1), (mu_2, std_2) in [(0.7, (-2.5, 0.8), (3.0, 0.6)), (0.35, (-3.0, 0.7), (2.5, 1.1))]:
        x = torch.linspace(-10, 10, 800, dtype=torch.double)
        parts = torch.stack([Normal(mu_1, std_1).log_prob(x), Normal(mu_2, std_2).log_prob(x)])
        log_p = torch.logsumexp(parts + torch.tensor([[weight], [1 - weight]]).double().log(), 0)
        cases.append(Case({"log_p": log_p, "x": x}))
    return cases


def _lesser_mode(log_p: Tensor, x: Tensor) -> tuple[Fit, Fit]:
    """Find the worse of the two local minima of KL(q‖p)."""
    return max(reverse_fit(log_p, x, (mu, 1.0)) for mu in (-3.0, 3.0))[1], forward_fit(log_p, x)


def _change(change) -> tuple:
    """Make a wrong answer that is a function of the two right fits."""
    return (lambda log_p, x: change(*_fits(log_p, x)),)


@lru_cache(maxsize=4)
def _fits(log_p: Tensor, x: Tensor) -> tuple[Fit, Fit]:
    return fit_normals(log_p, x)


def _between(values: list, references: list, cases: list) -> bool:
    """Right forward fits, but a reverse fit, where it is wrong, with its mean where p is tiny."""
    wrong = [(v, c.args) for v, r, c in zip(values, references, cases, strict=True) if abs(v[0] - r[0]) > 0.02]
    forward = all(torch.allclose(torch.stack(v[2:]), torch.stack(r[2:]), atol=0.02)
                  for v, r in zip(values, references, strict=True))  # fmt: skip
    twice = all(abs(v[1] - v[3]) < 0.02 for v in values)
    return forward and bool(wrong) and not twice and all(_in_a_valley(v[0], **args) for v, args in wrong)


def _off_the_grid(values: list, references: list, cases: list) -> bool:
    """A reverse fit, wherever it is wrong, with its mean at an end of the grid or beyond."""
    wrong = [(v[0], c.args["x"]) for v, r, c in zip(values, references, cases, strict=True) if abs(v[0] - r[0]) > 0.02]
    return bool(wrong) and all(mu.abs() > x.max() - 0.5 for mu, x in wrong)


def _in_a_valley(mu: Tensor, log_p: Tensor, x: Tensor) -> bool:
    here = log_p[(x - mu).abs().argmin()]
    return bool(here < log_p.max() - 1 and log_p[x < mu].numel() and log_p[x > mu].numel()
                and log_p[x < mu].max() > here + 0.5 and log_p[x > mu].max() > here + 0.5)  # fmt: skip


FIT_NORMALS = Exercise(
    id="3.4",
    title="Both fits",
    equation="(3.10)",
    chapter="chapter 3",
    cases=_cases,
    confirm=False,
    seconds=20.0,
    reference=fit_normals,
    shows=(reverse_fit, forward_fit),
    atol=0.02,
    rtol=0,
    parts=("mu_reverse", "std_reverse", "mu_forward", "std_forward"),
    misconceptions=(
        Misconception("directions swapped", _change(lambda reverse, forward: (forward, reverse)),
                      "Your two fits are exchanged. In (3.10) the fit by KL(q‖p), called reverse, comes first: it "
                      "sits on one mode. The fit by KL(p‖q) covers both."),
        Misconception("lesser mode", (_lesser_mode,), "Your reverse fit sits on the mode with the smaller weight: "
                      "a local minimum of the KL(q‖p) in (3.10). Start from several places and keep the best."),
        Misconception("between the modes", _change(lambda r, f: ((f[0], r[1]), f)), "Your reverse fit has its "
                      "mean between the modes, where p is almost 0. The KL(q‖p) of (3.10) is smaller on a mode: "
                      "start from there.",
                      _between),
        Misconception("off the grid", _change(lambda r, f: ((13.0, 0.5), f)), "Your reverse fit has left the grid. "
                      "There q has no mass on the grid, and the sum over it is near 0: that is no KL, see (3.10). "
                      "Start nearer to the modes, or divide q by its own sum.", _off_the_grid),
        Misconception("variance for σ", _change(lambda r, f: ((r[0], r[1] ** 2), (f[0], f[1] ** 2)))
                      + _change(lambda r, f: (r, (f[0], f[1] ** 2))) + _change(lambda r, f: ((r[0], r[1] ** 2), f)),
                      "Your second number is a variance. The fits of (3.10) are asked for as mean and standard "
                      "deviation."),
        Misconception("negative "
                      "σ", _change(lambda r, f: ((r[0], -r[1]), f)) + _change(lambda r, f: (r, (f[0], -f[1])))
                      + _change(lambda r, f: ((r[0], -r[1]), (f[0], -f[1]))), "A standard deviation of yours is "
                      "negative: minimise (3.10) over log σ, or take the positive root."),
        Misconception("forward twice", _change(lambda r, f: (f, f)), "Your two fits are the same, the one by "
                      "KL(p‖q). The first fit of (3.10) minimises KL(q‖p), with q as the weight."),
        Misconception("reverse twice", _change(lambda r, f: (r, r)), "Your two fits are the same, the one by "
                      "KL(q‖p). The second fit of (3.10) minimises KL(p‖q), with p as the weight."),
    ),
    hints=HINTS["3.4"],
)  # fmt: skip
