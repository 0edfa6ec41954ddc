"""Seconds per epoch of the classic network on MNIST: `fit`, other loops, and the floor of the machine."""

from collections.abc import Callable

import torch
from torch import Tensor

from benchmarks import peers
from vae_lessons.models import VAE
from vae_lessons.training import fit

BATCH, LR = peers.BATCH, peers.LR


def floor(x: Tensor) -> Callable[[], None]:
    """Return the least work: every matrix product of a step at its own shape, and one fused Adam step; nothing else."""
    parameters = [torch.randn_like(p) for p in VAE().parameters()]
    for p in parameters:
        p.grad = torch.randn_like(p)
    optimizer = torch.optim.Adam(parameters, lr=LR, fused=True)
    shapes = [(784, 400), (400, 20), (400, 20), (20, 400), (400, 784)]
    layers = [(torch.randn(BATCH, i), torch.randn(o, i), torch.randn(BATCH, o)) for i, o in shapes]

    def epoch() -> None:
        for _ in range(-(-len(x) // BATCH)):
            for number, (inputs, weight, deltas) in enumerate(layers):
                torch.mm(inputs, weight.T)  # forward
                torch.mm(deltas.T, inputs)  # the gradient of the weight
                if number:
                    torch.mm(deltas, weight)  # the gradient of the input, which the first layer does not need
            optimizer.step()

    return epoch


def ours(x: Tensor) -> Callable[[], None]:
    """(c) `fit`."""
    model = VAE()
    return lambda: fit(model, x, epochs=1, batch_size=BATCH, lr=LR, progress=False)


LOOPS = {
    "floor: matrix products and fused Adam": floor,
    "(a) a transform for each image, DataLoader": peers.per_image,
    "(b) TensorDataset, DataLoader": peers.tensor_dataset,
    "(c) fit": ours,
    "(d) pythae's trainer": peers.pythae,
    "(e) Pyro's SVI": peers.pyro_svi,
}
