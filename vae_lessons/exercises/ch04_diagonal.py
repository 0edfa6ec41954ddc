"""Exercise 4.2: the KL divergence of independent normals from N(0, I)."""

import torch

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch04 import HINTS


def _cases(seed: int = 0) -> list[Case]:
    """Both signs of log_var in each row; once positive ones only, for those who take its logarithm."""
    generator = torch.Generator().manual_seed(seed + 42)
    cases = []
    for shape, positive in [((2, 3), False), ((4, 2), True), ((3, 5), False)]:
        mu, log_var = torch.randn(2, *shape, generator=generator, dtype=torch.double)
        log_var = log_var.abs() + 0.1
        if not positive:
            log_var[:, 0] *= -1
        cases.append(Case({"mu": mu, "log_var": log_var}))
    return cases


def _by_term(one: float = 1, log_var: float = 1, mu: float = 1, exp: float = 1):
    """Make a wrong answer whose terms have other factors."""
    return lambda m, v: -0.5 * (one + log_var * v - mu * m**2 - exp * v.exp()).sum(-1)


KL_DIAGONAL = Exercise(
    id="4.2",
    title="The KL term of the VAE",
    equation="(4.2)",
    chapter="chapter 4",
    cases=_cases,
    reference=kl_std_normal,
    gradients=("mu", "log_var"),
    not_negative="(3.5)",
    misconceptions=(
        *known(
            "4.2",
            {
                "no ½": "Your value is twice (4.2): the ½ in front of the sum is missing.",
                "sign": "Your value is minus the KL. In (4.2) the sum has a minus in front; a KL is never negative.",
                "mean over the latents": "Your value is a mean over the latents. In (4.2) the latents are summed: J "
                "independent dimensions cost J times as much as one.",
                "sum over the batch": "You sum over the images and keep the latents. The sum of (4.2) runs over j, the "
                "last axis.",
                "sum of everything": "Your value is the total of the batch. Equation (4.2) gives one value per image: "
                "sum over the last axis only.",
                "ℓ as log σ": "Your value is what you get when log_var is read as log σ. It is log σ²: see (4.2).",
                "ℓ as σ": "Your value is what you get when log_var is read as σ. It is log σ²: see (4.2).",
                "ℓ as σ²": "Your value is what you get when log_var is read as σ². It is its logarithm: see (4.2).",
                "no exponential": "The last term lacks its exponential: (4.2) subtracts e^ℓ, the variance.",
                "μ not squared": "The mean is not squared: (4.2) subtracts μ².",
                "no 1": "Your value is too large by J/2: the 1 of (4.2) is missing, which makes the KL 0 at μ = ℓ = 0.",
                "arguments swapped": "Your value is KL(p‖q), from the prior to q. In (4.2) q comes first.",
            },
            {
                "μ not squared": (lambda m, v: -0.5 * (1 + v - m.abs() - v.exp()).sum(-1),),
            },
        ),
        mistake(
            "mean over the images",
            "Your value is one number, the mean over the images. Equation (4.2) gives one value per image.",
            lambda m, v: kl_std_normal(m, v).mean(),
        ),
        mistake(
            "mean of everything",
            "Your value is a mean over images and latents. Equation (4.2) sums the latents, and gives one value per "
            "image.",
            lambda m, v: kl_std_normal(m, v).mean() / m.shape[-1],
        ),
        mistake(
            "e^(ℓ/2) for e^ℓ",
            "The last term of your sum is the standard deviation e^(ℓ/2). In (4.2) it is the variance e^ℓ.",
            lambda m, v: -0.5 * (1 + v - m**2 - (v / 2).exp()).sum(-1),
        ),
        mistake("μ² added", "Your μ² has the wrong sign inside the bracket of (4.2).", _by_term(mu=-1)),
        mistake("e^ℓ added", "Your e^ℓ has the wrong sign inside the bracket of (4.2).", _by_term(exp=-1)),
        mistake("ℓ subtracted", "Your ℓ has the wrong sign inside the bracket of (4.2).", _by_term(log_var=-1)),
        mistake("1 subtracted", "Your 1 has the wrong sign inside the bracket of (4.2).", _by_term(one=-1)),
        mistake("no ℓ", "The ℓ of (4.2) is missing: nothing keeps the variance away from 0.", _by_term(log_var=0)),
        mistake("no e^ℓ", "The e^ℓ of (4.2) is missing: nothing keeps the variance small.", _by_term(exp=0)),
        mistake("no μ²", "The μ² of (4.2) is missing: nothing keeps the means near 0.", _by_term(mu=0)),
        mistake("2μ²", "Your μ² counts twice, compared with (4.2).", _by_term(mu=2)),
        mistake(
            "terms not summed",
            "You return one value per latent. Equation (4.2) sums them, to one value per image.",
            lambda m, v: -0.5 * (1 + v - m**2 - v.exp()),
        ),
        mistake(
            "1 outside the sum",
            "Your 1 counts once for each image. In (4.2) it is inside the sum: once for each latent.",
            lambda m, v: -0.5 * (1 + (v - m**2 - v.exp()).sum(-1)),
        ),
        mistake(
            "½ on one term",
            "Your ½ belongs to one term only. In (4.2) it stands in front of the whole sum.",
            lambda m, v: -(0.5 * (1 + v) - m**2 - v.exp()).sum(-1),
            lambda m, v: -(0.5 * (1 + v - m**2) - v.exp()).sum(-1),
            lambda m, v: -(0.5 + v - m**2 - v.exp()).sum(-1),
        ),
    ),
    hints=HINTS["4.2"],
)
