"""Exercise 14.1: count the latents in use."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch14 import HINTS

# Kinds of latents: mean over the images of μ, its standard deviation, and σ²
KINDS = {
    "in use": (0.3, 0.5, 0.3),
    "sharp": (-0.2, 1.0, 0.004),
    "dead": (0.001, 0.003, 0.97),
    "dead, far from 0": (0.6, 0.005, 0.95),
    "dead, near 0": (0.12, 0.004, 0.99),
    "hardly moving": (0.0, 0.08, 0.99),
    "in use, around 0": (0.004, 0.13, 0.3),
    "narrow, and the same for all": (0.002, 0.004, 0.4),
}
LATENTS = ("aabh", "acde", "bbcddf", "abeff", "abbccdeh", "agcdeeffhh")  # by the letters a to h


def count_active(mu: Tensor, log_var: Tensor) -> Tensor:
    """Count the j for which the variance of μ_j over the images is above 0.01, (14.2)."""
    return (mu.var(0) > 0.01).sum()


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 141), []
    for images, letters in zip((9, 11, 12, 13, 10, 12), LATENTS, strict=True):
        mean, std, var = torch.tensor([list(KINDS.values())["abcdefgh".index(k)] for k in letters]).double().T
        noise = torch.randn(images, len(letters), generator=generator).double()
        noise = (noise - noise.mean(0)) / noise.std(0)
        log_var = (var * (1 + 0.005 * torch.rand(noise.shape, generator=generator))).log()
        cases.append(Case({"mu": mean + std * noise, "log_var": log_var}))
    return cases


ACTIVE = Exercise(
    id="14.1",
    title="Active units",
    equation="(14.2)",
    chapter="chapter 14",
    cases=_cases,
    reference=count_active,
    remarks={"value": "Your count is wrong for some input. What is counted in (14.2) are latents whose mean varies."},
    misconceptions=(
        *known(
            "14.2",
            {
                "posterior variance": "You count large variances of q. In (14.2) it is the mean of q that has to vary, "
                "from image to image.",
                "mean of |μ|": "You count means that are far from 0. A mean that is the same for all images tells "
                "nothing about them: (14.2) asks for its variance.",
                "variance over the latents": "Your variance runs over the latents, so that you count images. In "
                "(14.2) it runs over the images, for each latent.",
                "the inactive ones": "You count the latents that are not in use. (14.2) counts those above the "
                "threshold.",
                "one variance of all μ": "Your variance is a single one, of all means together. (14.2) has one for "
                "each latent, over the images.",
            },
        ),
        mistake(
            "not centred",
            "Your squares are not taken around the mean. A constant mean has the variance 0 in (14.2), wherever it is.",
            lambda mu, log_var: ((mu**2).mean(0) > 0.01).sum(),
        ),
        mistake(
            "mean of μ",
            "You look at the average of the means over the images, not at how they vary. (14.2) has their variance.",
            lambda mu, log_var: (mu.mean(0).abs() > 0.01).sum(),
            lambda mu, log_var: (mu.mean(0) > 0.01).sum(),
        ),
        mistake(
            "another threshold",
            "Your threshold is above the 0.01 of (14.2).",
            lambda mu, log_var: (mu.var(0) > 0.1).sum(),
        ),
        mistake(
            "standard deviation",
            "You compare a standard deviation with the threshold. In (14.2) it is a variance.",
            lambda mu, log_var: (mu.std(0) > 0.01).sum(),
        ),
        mistake(
            "KL above the threshold",
            "You count latents by their KL. One that is far from the prior, and the same for all images, pays a KL and "
            "tells nothing: (14.2) looks at the means.",
            lambda mu, log_var: (kl_std_normal(mu[..., None], log_var[..., None]).mean(0) > 0.01).sum(),
        ),
        mistake(
            "small posterior variance",
            "You count the latents whose q is narrow. One that is narrow, and the same for all images, tells nothing "
            "about them: in (14.2) it is the mean of q that has to vary, from image to image.",
            lambda mu, log_var: ((0.5 * log_var).exp().mean(0) < 0.9).sum(),
            lambda mu, log_var: (log_var.exp().mean(0) < 0.5).sum(),
        ),
        mistake(
            "a share",
            "Your value is a share of the latents. (14.2) is their number.",
            lambda mu, log_var: (mu.var(0) > 0.01).double().mean(),
        ),
        mistake(
            "not counted",
            "You return one value for each latent. (14.2) counts them.",
            lambda mu, log_var: mu.var(0) > 0.01,
            lambda mu, log_var: mu.var(0),
        ),
        mistake(
            "sum of the variances",
            "Your value is a sum of variances. (14.2) counts how many of them are above the threshold.",
            lambda mu, log_var: mu.var(0).sum(),
        ),
        mistake(
            "all of them",
            "You count all latents. (14.2) counts those whose mean varies over the images.",
            lambda mu, log_var: torch.tensor(mu.shape[1]),
        ),
    ),
    hints=HINTS["14.1"],
)
