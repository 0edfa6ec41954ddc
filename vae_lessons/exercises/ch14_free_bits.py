"""Exercise 14.5: free bits."""

import math

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch14 import HINTS


def free_bits(mu: Tensor, log_var: Tensor, floor: float) -> Tensor:
    """The KL term of (14.5): the sum over j of max(λ, mean over i of KL_ij)."""
    kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var)
    return kl.mean(0).clamp(min=floor).sum()


def _cases(seed: int = 0) -> list[Case]:
    """Latents from collapsed to informative, some means above the floor and some below; at last, all below."""
    generator, cases = torch.Generator().manual_seed(seed + 145), []
    worlds = [(3, (0.03, 1.3), 0.3), (5, (0.05, 0.6, 1.1, 1.8), 0.4), (6, (1.5, 0.1, 0.9), 0.25), (4, (0.05, 0.1), 0.5)]
    for m, scales, floor in worlds:
        scale = torch.tensor(scales).double()
        mu, log_var = torch.randn(2, m, len(scales), generator=generator).double()
        mu = 0.2 + scale * mu
        cases.append(Case({"mu": mu, "log_var": -scale * (0.3 + 0.4 * log_var.abs()), "floor": floor}))
    return cases


def _entries(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return the KL of each image and latent."""
    return kl_std_normal(mu[..., None], log_var[..., None])


def _on_means(floored):
    """Make a wrong answer from a function of the means over the images, one per latent, and the floor."""
    return lambda mu, log_var, floor: floored(_entries(mu, log_var).mean(0), floor)


FREE_BITS = Exercise(
    id="14.5",
    title="Free bits",
    equation="(14.5)",
    chapter="chapter 14",
    cases=_cases,
    reference=free_bits,
    gradients=("mu", "log_var"),
    not_negative="(3.5)",
    misconceptions=(
        *known("14.5", {
            "for each image": "Your floor holds for each image. In (14.5) the mean over the images comes first, so "
            "that one image may pay less if another pays more.",
            "on the total": "Your floor holds for the sum over the latents. In (14.5) each latent has its own.",
            "minimum": "You take the smaller of the two numbers: a latent pays at most the floor. In (14.5) it pays at "
            "least that.",
            "floor subtracted": "Your latents pay what is above the floor. That has the gradient of (14.5) but not its "
            "value: there a latent below the floor pays the floor.",
            "no floor": "Your value is the plain KL: the floor of (14.5) is missing.",
        }),
        mistake("J times the floor, on the total", "Your floor holds for the sum over the latents, J times as high. In "
                "(14.5) each latent has its own, and cannot make up for another.",
                _on_means(lambda kl, floor: kl.sum().clamp(min=len(kl) * floor))),
        mistake("floor added", "Your floor is added to the KL of each latent. In (14.5) it is the larger of the two "
                "that counts.", _on_means(lambda kl, floor: (kl + floor).sum())),
        mistake("nothing below the floor", "Your latents below the floor pay nothing. In (14.5) they pay the floor, so "
                "that the value has no jump there.", _on_means(lambda kl, floor: torch.where(kl > floor, kl, 0).sum())),
        mistake("mean over the latents", "Your value is a mean over the latents. (14.5) sums over j.",
                _on_means(lambda kl, floor: kl.clamp(min=floor).mean())),
        mistake("sum over the images", "You sum over the images before the floor, which then means less with every "
                "image. (14.5) has their mean.",
                lambda mu, log_var, floor: _entries(mu, log_var).sum(0).clamp(min=floor).sum()),
        mistake("not summed", "You return one value for each latent. (14.5) sums them.",
                _on_means(lambda kl, floor: kl.clamp(min=floor))),
        mistake("one value per image", "You return one value for each image. (14.5) is one number for the batch.",
                lambda mu, log_var, floor: _entries(mu, log_var).clamp(min=floor).sum(1)),
        mistake("over the wrong axis", "Your floor is applied to means over the latents, one per image. In (14.5) the "
                "means run over the images, one per latent.",
                lambda mu, log_var, floor: _entries(mu, log_var).mean(1).clamp(min=floor).sum()),
        mistake("floor in bits", "Your floor is multiplied by log 2. The λ of (14.5) is in nats, whatever the name of "
                "the method says.", _on_means(lambda kl, floor: kl.clamp(min=floor * math.log(2)).sum())),
        mistake("on each image's total", "Your floor holds for the KL of each image, summed over the latents. In "
                "(14.5) each latent has its own, for the mean over the images.",
                lambda mu, log_var, floor: kl_std_normal(mu, log_var).clamp(min=floor).mean()),
        mistake("mean over images and latents", "You apply the floor to every entry and average them all. (14.5) "
                "averages over the images, then applies the floor, then sums over the latents.",
                lambda mu, log_var, floor: _entries(mu, log_var).clamp(min=floor).mean()),
        mistake("sum over images and latents", "You apply the floor to every entry and sum them all. (14.5) averages "
                "over the images, then applies the floor, then sums over the latents.",
                lambda mu, log_var, floor: _entries(mu, log_var).clamp(min=floor).sum()),
        mistake("ℓ read as log σ", "Your KL reads log_var as log σ. In (4.2) ℓ is log σ², before the floor of (14.5).",
                lambda mu, log_var, floor: free_bits(mu, 2 * log_var, floor)),
        mistake("KL without ½", "Your KL lacks the ½ of (4.2). (14.5) compares the whole of it with the floor.",
                _on_means(lambda kl, floor: (2 * kl).clamp(min=floor).sum())),
    ),
    hints=HINTS["14.5"],
)  # fmt: skip
