"""The mistakes that exercise 1.4 knows: what is said of each, and answers that make it."""

import torch
from torch import Tensor

MESSAGES = {
    "codes, not images": "What you return are codes. The images are what decode makes of them: in (1.1), g comes last.",
    "images mixed, not codes": "Your images are not what decode returns for any code. Draw a code z first, and take "
    "the image g(z) of (1.1) as it is.",
    "the same image again": "All your images are the same: the code was drawn once. Each image needs a z of its own "
    "in (1.1).",
    "training codes again": "Your codes are codes of training images, so that your images are their reconstructions "
    "(1.1): nothing new is drawn.",
    "no spread": "Your images are a few ones, again and again: the centres of the clumps, without the spread around "
    "them. Every image of (1.1) needs a z of its own.",
    "N(0, I)": "Your codes are drawn from N(0, I). Nothing in (1.2) has put the codes there: look where they are.",
    "uniform box": "Your codes are drawn uniformly from a box, most of which holds no code: nothing in (1.2) has "
    "taught decode what to make of it.",
    "unit spread": "Your codes have a standard deviation of 1 around the right mean. Nothing in (1.2) has given the "
    "codes that spread: measure it.",
    "one normal": "Your codes have the mean and the spread of the training codes, but these lie in several clumps, "
    "and one normal fills the space between them. By (1.2) decode has learnt nothing there.",
    "between two codes": "Your codes lie between pairs of training codes, and so mostly between the clumps. By (1.2) "
    "decode has learnt nothing there.",
    "part left out": "Your images come from a part of the codes only: a whole clump of training images is hardly ever "
    "drawn. The codes z of (1.1) are those of *all* training images.",
}


def _codes(draw):
    """Make a wrong answer that draws its codes like this."""
    return lambda decode, codes, n: decode(draw(codes, n))


def _pairs(codes: Tensor, n: int) -> tuple[Tensor, Tensor]:
    return codes[torch.randint(len(codes), (n,))], codes[torch.randint(len(codes), (n,))]


def _box(codes: Tensor, n: int) -> Tensor:
    low, high = codes.min(0).values, codes.max(0).values
    return low + (high - low) * torch.rand(n, codes.shape[1])


def _one_normal(codes: Tensor, n: int) -> Tensor:
    return torch.distributions.MultivariateNormal(codes.mean(0), codes.T.cov()).sample((n,))


WRONG = {
    "codes, not images": (lambda decode, codes, n: codes[torch.randint(len(codes), (n,))] + 0.1 * torch.randn(n, 3),),
    "images mixed, not codes": (
        lambda decode, codes, n: sum(decode(z) for z in _pairs(codes, n)) / 2,
        lambda decode, codes, n: decode(codes[:n]).repeat(2, 1)[:n] + 0.1 * torch.randn(n, decode(codes).shape[1]),
    ),
    "the same image again": (_codes(lambda codes, n: codes.mean(0).expand(n, 3)),),
    "training codes again": (_codes(lambda codes, n: _pairs(codes, n)[0]),),
    "no spread": (_codes(lambda codes, n: codes[:12].repeat(n, 1)[:n] + 0.01),),
    "N(0, I)": (_codes(lambda codes, n: torch.randn(n, 3)),),
    "uniform box": (_codes(_box), _codes(lambda codes, n: torch.rand(n, 3)), _codes(lambda c, n: 2 * torch.rand(n, 3))),
    "unit spread": (_codes(lambda codes, n: codes.mean(0) + torch.randn(n, 3)),),
    "one normal": (_codes(_one_normal), _codes(lambda c, n: c.mean(0) + c.std(0) * torch.randn(n, 3))),
    "between two codes": (_codes(lambda codes, n: sum(_pairs(codes, n)) / 2),),
    "part left out": (_codes(lambda codes, n: codes[0] + 0.1 * torch.randn(n, 3)),),
}
