"""Check of appendix E, part one: the straight-through line of the VQ-VAE, (E.1)."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def codebook_and_answers(rng) -> tuple[Tensor, ...]:
    """Draw a book of six codes, encoder outputs for five images, and the matrices of a decoder; J = 3, D = 4."""
    return tuple(torch.tensor(rng.normal(size=shape)) for shape in [(6, 3), (5, 3), (7, 3), (4, 7)])


def nearest(book: Tensor, z: Tensor) -> Tensor:
    """Look up the code at the least distance, (M, J) -> (M, J)."""
    return book[torch.cdist(z, book).argmin(1)]


def straight_through(book: Tensor, z: Tensor) -> Tensor:
    """Return z + sg[e_k - z]."""
    return z + (nearest(book, z) - z).detach()


def value_and_gradients(quantise: Callable) -> Callable:
    """Return the quantised z, and by autograd the gradients of a decoder's loss for z and for the book, as one list."""

    def line(book: Tensor, z: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
        book, z = book.clone().requires_grad_(), z.clone().requires_grad_()
        q = quantise(book, z)
        loss = (torch.tanh(q @ w1.T) @ w2.T).square().sum() + 0 * (book.sum() + z.sum())
        return torch.cat([part.flatten() for part in (q, *torch.autograd.grad(loss, (z, book)))])

    return line


def by_hand(book: Tensor, z: Tensor, w1: Tensor, w2: Tensor) -> Tensor:
    """The code; for z the gradient at the code, by the chain rule; for the book nothing."""
    code = torch.stack([min(book, key=lambda e: float((e - row) @ (e - row))) for row in z])
    h = torch.tanh(code @ w1.T)
    gradient = (2 * (h @ w2.T) @ w2 * (1 - h**2)) @ w1
    return torch.cat([code.flatten(), gradient.flatten(), torch.zeros(book.numel()).double()])


def _wrong_part_held(book: Tensor, z: Tensor) -> Tensor:
    return nearest(book, z) + (z - nearest(book, z)).detach()


equation(
    "E.1",
    "The straight-through line: a code forwards, identity backwards",
    method="autograd",
    draw=codebook_and_answers,
    lines={
        "z + sg[e_k - z], autograd": value_and_gradients(straight_through),
        "e_k, gradient at e_k, 0": by_hand,
    },
    mutants={
        "no straight-through": value_and_gradients(nearest),
        "sg around the wrong part": value_and_gradients(_wrong_part_held),
        "sg around all": value_and_gradients(lambda book, z: straight_through(book, z).detach()),
        "not quantised": value_and_gradients(lambda book, z: z),
        "farthest code": value_and_gradients(lambda book, z: z + (book[torch.cdist(z, book).argmax(1)] - z).detach()),
    },
)
