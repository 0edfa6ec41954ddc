"""The mistakes that exercise 12.1 knows: what is said of each, and answers that make it."""

import torch
from torch import Tensor

MESSAGES = {
    "z of encoded data": "Your codes come from the encoder. (12.1) draws z from the prior; the encoder, and with it "
    "any image, has no part in it.",
    "z scaled by σ": "Your z has mean 0, but not the standard deviation 1. In (12.1) it comes from N(0, I), whatever σ "
    "the encoder has for this image or that.",
    "uniform z": "Your z is drawn uniformly. The prior of (12.1) is N(0, I).",
    "one z for all images": "The same z has gone into all your images: they differ by the noise of the pixels only. "
    "(12.1) draws a z for each.",
    "one number for all dimensions": "All dimensions of your z are the same number. In (12.1) they are drawn one by "
    "one.",
    "codes, not images": "What you return are codes. The second line of (12.1) draws an image from each.",
    "no decoder": "Your images have not come from the decoder. In (12.1) it turns z into the law of x.",
    "logits returned": "You return the logits. In (12.1) x is drawn from the Bernoulli distribution that they stand "
    "for.",
    "mean called a sample": "You return the probabilities of the pixels, the mean of p(x|z). In (12.1) x is drawn: "
    "all pixels are 0 or 1.",
    "mean thresholded": "You round the probabilities. That is the most probable x for this z; (12.1) draws one.",
    "logits as probabilities": "Your pixels are drawn with the logits as their probabilities. For (12.1) a sigmoid is "
    "missing.",
    "sigmoid twice": "Your pixels have the probability sigmoid(π). The π of (12.1) is already sigmoid of the logit; "
    "`model.mean` has done it.",
    "black and white swapped": "Your pixels are 1 with probability 1 − π. In (12.1) π is the probability of a 1.",
    "one draw for all pixels": "All pixels of an image are decided by the same random number. In (12.1) they are "
    "independent given z.",
}


def _pixels(draw):
    """Make a wrong answer whose codes are right, from a function of logits that gives the images."""
    return lambda model, n, generator: draw(model.decoder(torch.randn(n, model.z_dim, generator=generator)))


def _codes(draw):
    """Make a wrong answer that draws its pixels from codes of this function of (model, n)."""
    return lambda model, n, generator: torch.bernoulli(model.mean(draw(model, n)))


def _encoded(model, n: int) -> Tensor:
    mu, log_var = model.encoder((torch.rand(n, 6) < 0.5).float())
    return mu + torch.exp(0.5 * log_var) * torch.randn(n, model.z_dim)


def _scaled(model, n: int) -> Tensor:
    return torch.exp(0.5 * model.encoder(torch.zeros(1, 6))[1]) * torch.randn(n, model.z_dim)


WRONG = {
    "z of encoded data": (_codes(_encoded), _codes(lambda m, n: m.encoder((torch.rand(n, 6) < 0.5).float())[0])),
    "z scaled by σ": (_codes(_scaled), _codes(lambda m, n: 0.5 * torch.randn(n, 3))),
    "uniform z": (_codes(lambda m, n: torch.rand(n, 3)), _codes(lambda m, n: 2 * torch.rand(n, 3) - 1)),
    "one z for all images": (
        _codes(lambda m, n: torch.randn(3).expand(n, 3)),
        lambda m, n, generator: torch.bernoulli(m.mean(torch.randn(1, 3)).expand(n, 6)),
    ),
    "one number for all dimensions": (_codes(lambda m, n: torch.randn(n, 1).expand(n, 3)),),
    "codes, not images": (lambda m, n, generator: torch.randn(n, m.z_dim),),
    "no decoder": (lambda m, n, generator: (torch.rand(n, 6) < 0.5).float(),),
    "logits returned": (_pixels(lambda a: a),),
    "mean called a sample": (_pixels(torch.sigmoid),),
    "mean thresholded": (_pixels(lambda a: (a > 0).float()), _pixels(lambda a: torch.sigmoid(a).round())),
    "logits as probabilities": (
        _pixels(lambda a: (torch.rand_like(a) < a).float()),
        _pixels(lambda a: torch.bernoulli(a.clamp(0, 1))),
    ),
    "sigmoid twice": (_pixels(lambda a: torch.bernoulli(torch.sigmoid(torch.sigmoid(a)))),),
    "black and white swapped": (_pixels(lambda a: (torch.rand_like(a) > torch.sigmoid(a)).float()),),
    "one draw for all pixels": (_pixels(lambda a: (torch.rand(len(a), 1) < torch.sigmoid(a)).float()),),
}
