"""Exercise 12.4: mean and spread of the decoded image under q."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations import ch12_mean as means
from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch12 import HINTS


def reconstruct(decoder: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Mean image (12.4) over draws of z from q, and the standard deviation of the images."""
    images = decoder(mu + torch.exp(0.5 * log_var) * eps)
    return images.mean(0), images.std(0)


def probe(run, answer, weight: Tensor, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple:
    """Call the answer with a decoder that returns probabilities."""
    return run(answer, lambda z: torch.sigmoid(torch.as_tensor(z).double() @ weight.double()), mu, log_var, eps)


def _cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 124), []
    for n_samples, z_dim, x_dim in [(3, 2, 4), (5, 3, 4), (6, 2, 3)]:
        mu, log_var = torch.randn(2, z_dim, generator=generator).double()
        eps = torch.randn(n_samples, z_dim, generator=generator).double()
        weight = 1.5 * torch.randn(z_dim, x_dim, generator=generator).double()
        cases.append(Case({"weight": weight, "mu": mu, "log_var": log_var, "eps": eps}))
    return cases


def _from_images(answer: Callable, scale: Callable = lambda log_var: torch.exp(0.5 * log_var)) -> Callable:
    """Make a wrong answer from a function of the decoded images, or with another scale of the noise."""
    return lambda decoder, mu, log_var, eps: answer(decoder(mu + scale(log_var) * eps))


def _right(images: Tensor) -> tuple[Tensor, Tensor]:
    return images.mean(0), images.std(0)


def _with_sd(error: Callable) -> Callable:
    """Make a wrong answer whose mean is right, from a function of the images that gives its spread."""
    return _from_images(lambda images: (images.mean(0), error(images)))


def _mean_code(decoder, mu, log_var, eps):
    z = mu + torch.exp(0.5 * log_var) * eps
    return decoder(z.mean(0)), decoder(z).std(0)


def _pixel_noise(images: Tensor) -> Tensor:
    return (images * (1 - images)).mean(0).sqrt()


RECONSTRUCTION = Exercise(
    id="12.4",
    title="A reconstruction with its spread",
    equation="(12.4)",
    chapter="chapter 12",
    cases=_cases,
    reference=reconstruct,
    probe=probe,
    parts=("mean", "standard deviation"),
    flavours=("torch", "torch64"),
    misconceptions=(
        mistake("image of the mean", "Your mean is the image of μ. By (12.4) that is another image than the mean of "
                "the images: decode each draw first, then average.", means._image_of_the_mean, _mean_code,
                lambda decoder, mu, log_var, eps: (decoder(mu), reconstruct(decoder, mu, log_var, eps)[1])),
        mistake("sd of x, not of its mean", "Your spread is that of a pixel that is drawn, √(π(1 − π)) of the mean "
                "image. In (12.4) it is the spread of the probabilities, over draws of z.", means._sd_of_x),
        mistake("noise of the pixels", "Your spread is the mean noise of the pixels given z. In (12.4) it is how much "
                "the probabilities change with z.", _with_sd(_pixel_noise),
                _with_sd(lambda p: (p * (1 - p)).sqrt().mean(0))),
        mistake("standard error for sd", "Your spread is the standard error of the mean, and shrinks with more draws. "
                "That of (12.4) does not.", means._standard_error),
        mistake("variance for sd", "Your spread is the variance of (12.4). The standard deviation is its root.",
                means._variance),
        mistake("S for S − 1", "Your squares are divided by S. The variance of (12.4) is estimated with S − 1, as in "
                "chapter 7.", _with_sd(lambda p: p.std(0, correction=0)),
                _with_sd(lambda p: p.var(0, correction=0))),
        mistake("variance for σ", "Your noise is multiplied by e^ℓ, the variance of q. The draws of (12.4) are "
                "μ + σε with σ = e^(ℓ/2).", _from_images(_right, torch.exp)),
        mistake("log-variance for σ", "Your noise is multiplied by ℓ. The draws of (12.4) are μ + σε with "
                "σ = e^(ℓ/2).", _from_images(_right, lambda log_var: log_var),
                _from_images(_right, lambda log_var: 0.5 * log_var)),
        mistake("z from the prior", "You decode the noise itself, which follows the prior. In (12.4) z is drawn from "
                "q: μ + σε.", lambda decoder, mu, log_var, eps: _right(decoder(eps))),
        mistake("μ left out", "Your draws are σε. In (12.4) they lie around μ.",
                lambda decoder, mu, log_var, eps: _right(decoder(torch.exp(0.5 * log_var) * eps))),
        mistake("no spread of q", "Your draws are μ + ε. In (12.4) the noise is multiplied by σ.",
                _from_images(_right, torch.ones_like)),
        mistake("spread around the image of the mean", "Your squares are distances from the image of μ. The variance "
                "of (12.4) is around the mean image.",
                lambda decoder, mu, log_var, eps: (reconstruct(decoder, mu, log_var, eps)[0], ((decoder(
                    mu + torch.exp(0.5 * log_var) * eps) - decoder(mu)) ** 2).mean(0).sqrt())),
        mistake("sigmoid twice", "You pass the images through a sigmoid. The decoder here returns π itself, as (12.4) "
                "needs it.", _from_images(lambda p: _right(torch.sigmoid(p)))),
        mistake("the two exchanged", "Your two results are exchanged: the mean of (12.4) comes first.",
                _from_images(lambda p: _right(p)[::-1])),
        mistake("over the pixels", "You average over the pixels of each image. (12.4) averages over the draws, which "
                "are the rows.", _from_images(lambda p: (p.mean(-1), p.std(-1)))),
    ),
    hints=HINTS["12.4"],
)  # fmt: skip
