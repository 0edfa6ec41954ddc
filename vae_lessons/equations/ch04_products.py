"""Check of chapter 4, part six: the product of matrices that gradients are made of, (4.6)."""

import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def two_matrices(rng) -> tuple[Tensor, Tensor]:
    """Draw two square matrices, not symmetric."""
    return tuple(torch.tensor(rng.normal(size=(2, 4, 4))))


def frobenius(a: Tensor, b: Tensor) -> Tensor:
    """Compute A:B = Σ (A ⊙ B)."""
    return (a * b).sum()


def rules_hold(a: Tensor, b: Tensor) -> Tensor:
    """Tell whether A:B = B:A, A:(BC) = (BᵀA):C, A:(BC) = (ACᵀ):B, and A:(B⊙C) = (A⊙B):C."""
    c = b[:, :2] @ a[:3, :2].T  # 4×3
    tall = a @ c
    pairs = [
        (frobenius(a, b), frobenius(b, a)),
        (frobenius(tall, b @ c), frobenius(b.T @ tall, c)),
        (frobenius(tall, b @ c), frobenius(tall @ c.T, b)),
        (frobenius(tall, c * (b @ c)), frobenius(tall * c, b @ c)),
    ]
    return torch.stack([(left - right).abs() < 1e-10 for left, right in pairs])


equation(
    "4.6",
    "The Frobenius product is a trace",
    method="finite world",
    draw=two_matrices,
    lines={
        "tr(AᵀB)": lambda a, b: torch.trace(a.T @ b),
        "Σ (A ⊙ B)": frobenius,
        "torch.tensordot": torch.tensordot,
        "(‖A + B‖² - ‖A - B‖²)/4": lambda a, b: ((a + b).norm() ** 2 - (a - b).norm() ** 2) / 4,
        "A:(BC) = (BᵀA):C, and three more": rules_hold,
    },
    mutants={
        "tr(AB)": lambda a, b: torch.trace(a @ b),
        "diagonal of A ⊙ B": lambda a, b: (a * b).diagonal().sum(),
        "Σ of AᵀB": lambda a, b: (a.T @ b).sum(),
        "‖A‖ ‖B‖": lambda a, b: a.norm() * b.norm(),
        "A:(BC) = (BA):C": lambda a, b: (frobenius(a, b @ b) - frobenius(b @ a, b)).abs() < 1e-10,
    },
)
