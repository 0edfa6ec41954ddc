"""Exercise 8.1: a normal draw as a function of its parameters."""

from dataclasses import replace

import torch
from torch import Tensor

from vae_lessons.equations.ch08_changes import weights_like
from vae_lessons.exercises.ch08_paths import draws_and_gradients, own_noise
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch08 import HINTS


def reparameterized(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Give μ + σ ⊙ ε, (8.4)."""
    return mu + torch.exp(0.5 * log_var) * eps


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 81), []
    for draws, rows, z_dim in [(4, 2, 3), (3, 3, 2), (7, 2, 5)]:
        mu, log_var = torch.randn(2, rows, z_dim, generator=generator).double()
        eps = torch.randn(draws, rows, z_dim, generator=generator).double()
        cases.append(Case({"mu": mu, "log_var": log_var, "eps": eps}))
    return cases


def _standardised(values: list, cases: list[Case]) -> list[Tensor]:
    """Solve z = μ + σε for ε."""
    pairs = [(v[0], c.args["mu"], c.args["log_var"]) for v, c in zip(values, cases, strict=True)]
    return [(z - mu) * torch.exp(-0.5 * log_var) for z, mu, log_var in pairs]


def _from_q(values: list, cases: list[Case]) -> bool:
    """Whether the z are draws from the right distribution that owe nothing to eps."""
    noise = _standardised(values, cases)
    all_noise = torch.cat([n.flatten() for n in noise])
    right = all_noise.mean().abs() < 0.4 and (all_noise.std() - 1).abs() < 0.4
    return bool(right) and own_noise(noise, [c.args["eps"] for c in cases])


def _sampled(values: list, references: list, cases: list[Case]) -> bool:
    return _from_q(values, cases) and all((g == 0).all() for v in values for g in v[1:])


def _resampled(values: list, references: list, cases: list[Case]) -> bool:
    """Whether the gradients are those of another ε."""
    for (z, by_mu, by_log_var), case in zip(values, cases, strict=True):
        weighted = weights_like(z) * (z - case.args["mu"]) / 2
        wanted = weights_like(z).sum(0), weighted.sum(0)
        if not all(torch.allclose(g, w, atol=1e-3) for g, w in zip((by_mu, by_log_var), wanted, strict=True)):
            return False
    return _from_q(values, cases)


def _rsample(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    return torch.distributions.Normal(mu, torch.exp(0.5 * log_var)).rsample(eps.shape[:1])


_KNOWN = known(
    "8.4",
    {
        "e^ℓ as scale": "Your noise is multiplied by e^ℓ, which is the variance. In (8.4) it is the standard "
        "deviation, e^(ℓ/2).",
        "ℓ as scale": "Your noise is multiplied by ℓ, which may be negative. In (8.4) σ = e^(ℓ/2).",
        "no μ": "Your z lacks μ: it is centred at 0. (8.4) adds the mean.",
        "ε + μ scaled": "Your μ is multiplied by σ as well. In (8.4) σ scales the noise alone.",
        "mean only": "Your z is μ, without noise. (8.4) adds σ ⊙ ε.",
        "e^(-ℓ/2) as scale": "Your noise is divided by σ. (8.4) multiplies.",
        "shared ε": "Your images share their noise. In (8.4) each has an ε of its own.",
        "one ε for all latents": "Your latent dimensions share their noise, so that they are not independent. In (8.4) "
        "each has an ε of its own.",
        "softplus(ℓ) as scale": "Your σ is a softplus. That is positive too, but here ℓ is a log-variance: by (8.4) "
        "σ = e^(ℓ/2).",
        "detached": "Your z is right, and no gradient reaches μ or ℓ: something cuts the path. It is what (8.4) is "
        "for.",
        ".sample()": "Your z is a draw from the right distribution, but not made of eps, and no gradient reaches μ or "
        "ℓ. (8.4) makes z a function of all three.",
    },
)

REPARAMETERIZE = Exercise(
    id="8.1",
    title="Reparameterize",
    equation="(8.4)",
    chapter="chapter 8",
    cases=_cases,
    reference=reparameterized,
    probe=draws_and_gradients,
    parts=("z", "gradient by mu", "gradient by log_var"),
    flavours=("torch",),
    proves="The gradients with respect to mu and log_var are right too.",
    misconceptions=(
        *(replace(m, recognise=_sampled) if m.name == ".sample()" else m for m in _KNOWN),
        mistake(
            ".rsample()",
            "Your z is a draw from the right distribution, and differentiable, but its noise is not eps. In (8.4) the "
            "noise is an argument, so that the same ε gives the same z.",
            _rsample,
            lambda mu, v, eps: mu + torch.exp(0.5 * v) * torch.randn_like(eps),
            recognise=_resampled,
        ),
        mistake(
            "μ detached",
            "Your z is right, and no gradient reaches μ. In (8.4) z depends on both parameters.",
            lambda mu, v, eps: reparameterized(mu.detach(), v, eps),
        ),
        mistake(
            "σ detached",
            "Your z is right, and no gradient reaches ℓ. In (8.4) z depends on both parameters.",
            lambda mu, v, eps: reparameterized(mu, v.detach(), eps),
        ),
        mistake(
            "ε subtracted",
            "Your z is μ − σ ⊙ ε. That has the right distribution, but (8.4) adds.",
            lambda mu, v, eps: reparameterized(mu, v, -eps),
        ),
        mistake(
            "ℓ/2 as scale",
            "Your noise is multiplied by ℓ/2, which is log σ. In (8.4) σ = e^(ℓ/2).",
            lambda mu, v, eps: mu + 0.5 * v * eps,
        ),
        mistake(
            "root of ℓ",
            "Your σ is the root of ℓ, which may be negative. In (8.4) it is the root of e^ℓ: ℓ is a logarithm.",
            lambda mu, v, eps: mu + torch.sqrt(v) * eps,
        ),
        mistake(
            "σ added",
            "Your σ is added. In (8.4) it multiplies the noise.",
            lambda mu, v, eps: mu + torch.exp(0.5 * v) + eps,
        ),
        mistake(
            "μ and ε exchanged",
            "Your σ scales μ. In (8.4) it scales the noise.",
            lambda mu, v, eps: eps + torch.exp(0.5 * v) * mu,
        ),
        mistake(
            "σ = 1",
            "Your z is μ + ε, with standard deviation 1. In (8.4) the noise is multiplied by σ.",
            lambda mu, v, eps: mu + eps,
        ),
        mistake(
            "averaged over the draws",
            "Your z is a mean over the draws. (8.4) gives one z for each ε.",
            lambda mu, v, eps: reparameterized(mu, v, eps).mean(0),
            lambda mu, v, eps: reparameterized(mu, v, eps.mean(0)),
        ),
        mistake(
            "first draw only",
            "Your z uses the first draw alone. (8.4) gives one z for each ε.",
            lambda mu, v, eps: reparameterized(mu, v, eps[0]),
            lambda mu, v, eps: reparameterized(mu, v, eps[:1]),
        ),
    ),
    hints=HINTS["8.1"],
)
