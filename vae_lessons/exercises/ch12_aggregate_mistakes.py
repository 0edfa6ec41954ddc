"""The mistakes that exercise 12.5 knows: what is said of each, and answers that make it."""

import torch
from torch import Tensor

MESSAGES = {
    "parameters averaged": "You average the parameters of the images and draw from one normal. In (12.5) densities "
    "are averaged, which makes a mixture: each code is from the q of *one* image.",
    "draws averaged": "Each of your codes is an average of draws from all images. In (12.5) densities are averaged, "
    "not draws: each code is from one image.",
    "one normal": "Your codes have about the mean and the spread of (12.5), but come from one normal. The mixture has "
    "a clump for each image.",
    "prior": "Your codes follow the prior N(0, I). (12.5) is made of the images' q.",
    "means only": "Your codes are the means μ themselves. In (12.5) a code is drawn from the q of its image.",
    "always the same image": "All your codes are from the same image. In (12.5) an image is picked for each code.",
    "dimensions from different images": "The dimensions of your codes come from different images. In (12.5) one image "
    "gives the whole code.",
    "one ε for all codes": "The noise is drawn once, and is the same in all your codes. In (12.5) each code has its "
    "own.",
    "one ε for all dimensions": "All dimensions of a code share one random number. In the q of (12.5) they are "
    "independent.",
    "variance for σ": "Your noise is multiplied by e^ℓ, the variance. A draw from the q of (12.5) is μ + σε with "
    "σ = e^(ℓ/2).",
    "log-variance for σ": "Your noise is multiplied by ℓ, the log-variance. A draw from the q of (12.5) is μ + σε with "
    "σ = e^(ℓ/2).",
    "no spread of q": "Your noise is not multiplied by anything. A draw from the q of (12.5) is μ + σε.",
}


def _pick(mu: Tensor, n: int) -> Tensor:
    return torch.randint(len(mu), (n,))


def _normal(mean: Tensor, std: Tensor, n: int) -> Tensor:
    return mean + std * torch.randn(n, mean.shape[-1])


def _with_noise(noise):
    """Make a wrong answer from a function of σ that gives what is added to μ."""

    def answer(mu, log_var, n, generator):
        i = _pick(mu, n)
        return mu[i] + noise(torch.exp(0.5 * log_var[i]))

    return answer


def _mixed_dimensions(mu, log_var, n, generator):
    i = torch.randint(len(mu), (n, mu.shape[1]))
    return mu.gather(0, i) + torch.exp(0.5 * log_var).gather(0, i) * torch.randn(n, mu.shape[1])


def _all_images(mu, log_var, n, generator):
    return (mu + torch.exp(0.5 * log_var) * torch.randn(n, *mu.shape)).mean(1)


WRONG = {
    "parameters averaged": (
        lambda mu, log_var, n, generator: _normal(mu.mean(0), torch.exp(0.5 * log_var.mean(0)), n),
        lambda mu, log_var, n, generator: _normal(mu.mean(0), log_var.exp().mean(0).sqrt(), n),
        lambda mu, log_var, n, generator: _normal(mu.mean(0), torch.exp(0.5 * log_var).mean(0), n),
    ),
    "draws averaged": (_all_images,),
    "one normal": (
        lambda mu, log_var, n, generator: _normal(mu.mean(0), (mu.var(0) + log_var.exp().mean(0)).sqrt(), n),
        lambda mu, log_var, n, generator: _normal(mu.mean(0), mu.std(0), n),
    ),
    "prior": (lambda mu, log_var, n, generator: torch.randn(n, mu.shape[1]),),
    "means only": (lambda mu, log_var, n, generator: mu[_pick(mu, n)],),
    "always the same image": (
        lambda mu, log_var, n, generator: _normal(mu[0], torch.exp(0.5 * log_var[0]), n),
        lambda mu, log_var, n, generator: (lambda i: _normal(mu[i], torch.exp(0.5 * log_var[i]), n))(_pick(mu, 1)[0]),
    ),
    "dimensions from different images": (_mixed_dimensions,),
    "one ε for all codes": (_with_noise(lambda std: std * torch.randn(std.shape[1])),),
    "one ε for all dimensions": (_with_noise(lambda std: std * torch.randn(len(std), 1)),),
    "variance for σ": (_with_noise(lambda std: std**2 * torch.randn_like(std)),),
    "log-variance for σ": (_with_noise(lambda std: 2 * std.log() * torch.randn_like(std)),),
    "no spread of q": (_with_noise(torch.randn_like),),
}
