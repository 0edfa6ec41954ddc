"""Seconds for log p(x) of 1,000 images with 5,000 draws each: ours, image by image, and the floor of the machine."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.evaluation import iw_log_lik_dataset
from vae_lessons.models import VAE
from vae_lessons.objectives import iw_log_lik

SAMPLES, ROWS = 5000, 1000


def floor(model: VAE, x: Tensor) -> Callable[[], None]:
    """Return the least work: the decoder's two matrix products for every draw of every image; nothing else."""
    z, h = torch.randn(ROWS, 20), torch.randn(ROWS, 400)
    first, last = torch.randn(400, 20), torch.randn(784, 400)

    def run() -> None:
        for _ in range(len(x) * SAMPLES // ROWS):
            torch.mm(z, first.T)
            torch.mm(h, last.T)

    return run


def ours(model: VAE, x: Tensor) -> Callable[[], Tensor]:
    """`iw_log_lik_dataset`."""
    return lambda: iw_log_lik_dataset(model, x, SAMPLES)


def image_by_image(model: VAE, x: Tensor) -> Callable[[], Tensor]:
    """Write the formula down for one image at a time, all its draws at once."""

    def run() -> Tensor:
        with torch.no_grad():
            noise = torch.Generator().manual_seed(0)
            return torch.cat(
                [iw_log_lik(model, image[None], torch.randn(SAMPLES, 1, 20, generator=noise)) for image in x]
            )

    return run


WAYS = {"floor: the decoder's matrix products": floor, "iw_log_lik_dataset": ours, "image by image": image_by_image}
