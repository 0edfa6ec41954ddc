"""Exercise 8.6: an exponential draw as a function of its rate."""

from functools import partial

import torch
from torch import Tensor

from vae_lessons.equations.ch08_changes import weights_like
from vae_lessons.exercises.ch08_paths import draws_and_gradients, own_noise
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch08 import HINTS
from vae_lessons.exercises.running import Runner


def exponential(rate: Tensor, u: Tensor) -> Tensor:
    """Give z = -log(u)/λ, (8.8)."""
    return -torch.log(u) / rate


def _cases(seed: int = 0) -> list[Case]:
    """Rates, and uniform numbers whose rows, read backwards, are 1 - u: so u and 1 - u are both right."""
    generator, cases = torch.Generator().manual_seed(seed + 86), []
    for draws, columns in [(2, 2), (6, 3), (5, 4)]:
        rate = 0.3 + 2.5 * torch.rand(columns, generator=generator).double()
        u = 0.02 + 0.46 * torch.rand(draws, columns, generator=generator).double()
        cases.append(Case({"rate": rate, "u": torch.cat([u, 1 - u.flip(0)])}))
    return cases


def _turned(z: Tensor, u: Tensor) -> Tensor:
    """Read the rows backwards if z grows with u: then the answer has used 1 - u, which is uniform too."""
    if z.shape != u.shape or not z.isfinite().all():
        return z
    grows = ((z - z.mean(0)) * (u - u.mean(0))).sum().item() > 0
    return z.flip(0) if grows else z


def _probe(run: Runner, answer, **args: Tensor) -> tuple:
    return draws_and_gradients(run, answer, _turned, **args)


def _drawn(values: list, references: list, cases: list[Case], cut: bool = False) -> bool:
    """Whether z is an exponential number made of other uniform numbers, with its gradient or, `cut`, with none."""
    noise = []
    for (z, by_rate), case in zip(values, cases, strict=True):
        rate = case.args["rate"]
        wanted = 0 * rate if cut else -(weights_like(z) * z).sum(0) / rate
        if not torch.allclose(by_rate, wanted, atol=1e-3, rtol=1e-3) or (z < 0).any():
            return False
        noise.append(torch.exp(-z * rate))
    mean = -torch.cat([n.flatten() for n in noise]).log().mean()
    return bool((mean - 1).abs() < 0.5) and own_noise(noise, [c.args["u"] for c in cases])


def _change(power: float, sign: float = -1, turn: bool = False):
    return lambda rate, u: sign * (1 - u if turn else u).log() * rate**power


EXPONENTIAL = Exercise(
    id="8.6",
    title="An exponential draw",
    equation="(8.8)",
    chapter="chapter 8",
    cases=_cases,
    reference=exponential,
    probe=_probe,
    parts=("z", "gradient by rate"),
    flavours=("torch",),
    proves="The gradient with respect to the rate is right too.",
    misconceptions=(
        *known(
            "8.8",
            {
                "-λ log u": "Your z is multiplied by λ. A large rate means a short wait: (8.8) divides.",
                "log(1 - u)/λ": "Your z is negative. The logarithm of a number below 1 is, and (8.8) has a minus.",
                "λ detached": "Your z is right, and no gradient reaches λ: something cuts the path. It is what (8.8) "
                "is for.",
                "log(1/u) λ²": "Your z is multiplied by λ². (8.8) divides by λ.",
            },
            {
                "-λ log u": (_change(1, turn=True),),
                "log(1 - u)/λ": (_change(-1, 1), _change(-1, 1, turn=True)),
                "λ detached": (
                    lambda rate, u: _change(-1, turn=True)(rate.detach(), u),
                    lambda rate, u: torch.distributions.Exponential(rate.detach()).icdf(u),
                ),
                "log(1/u) λ²": (_change(2, turn=True),),
            },
        ),
        mistake(
            "own uniform numbers",
            "Your z is an exponential draw, and differentiable, but its noise is not u. In (8.8) the noise is an "
            "argument, so that the same u gives the same z.",
            lambda rate, u: torch.distributions.Exponential(rate).rsample(u.shape[:1]),
            lambda rate, u: -torch.rand_like(u).log() / rate,
            recognise=_drawn,
        ),
        mistake(
            ".sample()",
            "Your z is an exponential draw, but not made of u, and no gradient reaches λ. (8.8) makes z a function of "
            "both.",
            lambda rate, u: torch.distributions.Exponential(rate).sample(u.shape[:1]),
            recognise=partial(_drawn, cut=True),
        ),
        mistake(
            "no λ",
            "Your z is −log u, an exponential number of rate 1. (8.8) divides by λ.",
            _change(0),
            _change(0, turn=True),
        ),
        mistake(
            "log base 2",
            "Your logarithm has base 2. That of (8.8) is the natural one.",
            lambda rate, u: -u.log2() / rate,
            lambda rate, u: -(1 - u).log2() / rate,
        ),
        mistake(
            "log base 10",
            "Your logarithm has base 10. That of (8.8) is the natural one.",
            lambda rate, u: -u.log10() / rate,
            lambda rate, u: -(1 - u).log10() / rate,
        ),
        mistake(
            "distribution function",
            "Your z is a probability: you have computed the one that belongs to u, in place of the z that has the "
            "probability u. (8.8) is the inverse.",
            lambda rate, u: 1 - torch.exp(-rate * u),
            lambda rate, u: torch.exp(-rate * u),
        ),
        mistake(
            "density",
            "Your z is the value of a density. (8.8) is the place that has the probability u on one side.",
            lambda rate, u: rate * torch.exp(-rate * u),
        ),
        mistake(
            "exp for log",
            "Your z is made of an exponential function of u. (8.8) inverts one, so it has a logarithm.",
            lambda rate, u: torch.exp(-u) / rate,
            lambda rate, u: torch.exp(u) / rate,
        ),
        mistake(
            "uniform numbers stretched",
            "Your z is uniform: u over λ. In (8.8) a logarithm makes of it an exponential number.",
            lambda rate, u: u / rate,
            lambda rate, u: (1 - u) / rate,
        ),
        mistake(
            "log of u/λ",
            "Your λ is inside the logarithm, where it shifts z. In (8.8) it divides the logarithm.",
            lambda rate, u: -(u / rate).log(),
            lambda rate, u: -(rate * u).log(),
            lambda rate, u: -((1 - u) / rate).log(),
        ),
    ),
    hints=HINTS["8.6"],
)
