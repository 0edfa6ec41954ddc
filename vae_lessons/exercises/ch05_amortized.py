"""Exercise 5.5: the encoder of a linear decoder, which has no amortization gap."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch05 import HINTS


def encoder(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Mean, by (2.7), and log-variance, by (5.4), of the best q(z|x) with independent latents: (5.5)."""
    m = torch.eye(weight.shape[1]).to(weight) + weight.T @ weight / std**2
    mu = torch.linalg.solve(m, ((x - bias) @ weight).T / std**2).T
    return mu, -torch.log(m.diagonal()).repeat(len(x), 1)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 55), []
    for rows, x_dim, z_dim, std in [(3, 4, 2, 0.7), (4, 6, 3, 1.3)]:
        shapes = (rows, x_dim), (x_dim, z_dim), (x_dim,)
        x, weight, bias = (torch.randn(s, generator=generator).double() for s in shapes)
        cases.append(Case({"x": x, "weight": weight, "bias": bias, "std": torch.tensor(std).double()}))
    return cases


def _m(weight: Tensor, std: Tensor, prior: float = 1) -> Tensor:
    return prior * torch.eye(weight.shape[1]).to(weight) + weight.T @ weight / std**2


def _mean(of: Callable) -> Callable:
    """Make a wrong answer with the right log-variances."""
    return lambda *args: (of(*args), encoder(*args)[1])


def _log_var(of: Callable) -> Callable:
    """Make a wrong answer with the right means."""
    return lambda *args: (encoder(*args)[0], of(*args))


def _with(prior: float = 1, power: float = 2) -> Callable:
    """Make a wrong answer from another M, or another power of σ."""

    def wrong(x, weight, bias, std):
        std = std ** (power / 2)
        m = _m(weight, std, prior)
        mu = torch.linalg.solve(m, weight.T @ (x - bias).T / std**2).T
        return mu, -m.diagonal().log().expand_as(mu)

    return wrong


ENCODER = Exercise(
    id="5.5",
    title="An encoder without a gap",
    equation="(5.5)",
    chapter="chapter 5",
    cases=_cases,
    reference=encoder,
    parts=("mu", "log_var"),
    rtol=1e-5,
    misconceptions=(
        *known(
            "5.5",
            {
                "Wᵀx": "Your means are Wᵀx: the transposed decoder is not the encoder. The mean of (2.7), which (5.5) "
                "asks for, weighs x against the prior.",
                "M forgotten": "Your means are Wᵀ(x − b)/σ². By (2.7) they are still to be solved for with M; without "
                "it the searches of (5.5) would not agree.",
                "marginal variances": "Your log-variances are those of the posterior itself, from the diagonal of "
                "M⁻¹. For the q of (5.5), with independent latents, (5.4) has one over the diagonal of M.",
                "log σ for ℓ": "Your second value is log σ. The ℓ of (5.5) is a log-variance.",
                "not centred": "Your means do not subtract b. By (2.7) the encoder of (5.5) sees x − b.",
            },
        ),
        mistake(
            "codes of other images",
            "Your codes are right ones, in the wrong rows: row i of mu belongs to row i of x, see (5.5).",
            _mean(lambda x, w, b, s: encoder(x.roll(1, 0), w, b, s)[0]),
            _mean(lambda x, w, b, s: encoder(x.flip(0), w, b, s)[0]),
        ),
        mistake(
            "M without I",
            "Your M lacks the I of the prior. That is least squares; the best q of (5.5) is drawn towards 0, as in "
            "(2.7).",
            _with(prior=0),
        ),
        mistake(
            "σ for σ²",
            "Your M or your means divide by σ. In (2.7), which the encoder of (5.5) follows, it is σ².",
            _with(power=1),
        ),
        mistake(
            "σ² for σ",
            "Your std is squared once too often. In (2.7), which the encoder of (5.5) follows, the noise counts as σ².",
            _with(power=4),
        ),
        mistake(
            "mean not divided by σ²",
            "Your means lack a factor 1/σ²: in (2.7), which the encoder of (5.5) follows, Wᵀ(x − b) is divided by it.",
            _mean(lambda x, w, b, s: s**2 * encoder(x, w, b, s)[0]),
        ),
        mistake(
            "mean multiplied by M",
            "Your means are multiplied by M. In (2.7), which the encoder of (5.5) follows, it is its inverse.",
            _mean(lambda x, w, b, s: (x - b) @ w / s**2 @ _m(w, s)),
        ),
        mistake(
            "mean divided by the diagonal of M",
            "Your means divide by the diagonal of M. The variances of (5.5) need its diagonal alone, the means all "
            "of it, as in (2.7).",
            _mean(lambda x, w, b, s: (x - b) @ w / s**2 / _m(w, s).diagonal()),
        ),
        mistake(
            "variance",
            "Your second value is the variance. The ℓ of (5.5) is its logarithm.",
            _log_var(lambda *args: encoder(*args)[1].exp()),
        ),
        mistake(
            "sign of ℓ",
            "Your log-variances have the wrong sign. By (5.4) the variance is one over an entry of M, so the ℓ of "
            "(5.5) falls as that grows.",
            _log_var(lambda *args: -encoder(*args)[1]),
        ),
        mistake(
            "variance of the prior",
            "Your log-variances are 0, those of the prior. To see x makes z less uncertain: the ℓ of (5.5) follow "
            "from (5.4).",
            _log_var(lambda *args: 0 * encoder(*args)[1]),
        ),
        mistake(
            "log-variances not repeated",
            "Your log-variances are one row. They are the same for all x, and (5.5) has a row for each.",
            _log_var(lambda *args: encoder(*args)[1][0]),
            _log_var(lambda *args: encoder(*args)[1][:1]),
        ),
        mistake(
            "exchanged",
            "Your two values are exchanged: in (5.5) mu comes first.",
            lambda *args: encoder(*args)[::-1],
        ),
    ),
    hints=HINTS["5.5"],
)
