"""Check of chapter 4, part seven: the gradient of KL for the weights of the log-variance, (4.7)."""

import torch
from torch import Tensor
from torch.func import functional_call

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch04_products import frobenius
from vae_lessons.equations.registry import equation


def batch_and_head(rng) -> tuple[Tensor, Tensor, Tensor]:
    """Draw four inputs x of three features, and W (2×3) and c of the layer ℓ = XWᵀ + 1cᵀ."""
    return tuple(torch.tensor(rng.normal(size=shape)) for shape in [(4, 3), (2, 3), 2])


def excess(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return e^ℓ - 1, (N, J)."""
    return (x @ weight.T + bias).exp() - 1


def grad_weight(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Compute ∂KL/∂W = ½(e^ℓ - 1)ᵀX, in the shape of W."""
    return 0.5 * excess(x, weight, bias).T @ x


def kl_of_batch(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Add the KL of all inputs; the μ of (4.2) has weights of its own."""
    log_var = functional_call(torch.nn.Linear(3, 2, device="meta"), {"weight": weight, "bias": bias}, (x,))
    return kl_std_normal(torch.full_like(log_var, 0.7), log_var).sum()


def by_autograd(x: Tensor, weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """Differentiate `kl_std_normal` through `nn.Linear`."""
    inputs = weight.clone().requires_grad_(), bias.clone().requires_grad_()
    return torch.autograd.grad(kl_of_batch(x, *inputs), inputs)


def input_by_input(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Add an outer product for each input."""
    rows = excess(x, weight, bias)
    return sum(0.5 * torch.outer(row, features) for row, features in zip(rows, x, strict=True))


def bias_and_differential(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Tell whether ∂KL/∂c = ½ Σ(e^ℓ - 1), and whether ½(e^ℓ - 1):dℓ is ∂KL/∂W:dW + ∂KL/∂c:dc."""
    e, (of_weight, of_bias) = excess(x, weight, bias), by_autograd(x, weight, bias)
    d_weight, d_bias = weight.flip(0) + 1, bias.flip(0) - 2
    d_kl = frobenius(0.5 * e, x @ d_weight.T + d_bias)
    differential = d_kl - frobenius(of_weight, d_weight) - frobenius(of_bias, d_bias)
    return torch.cat([0.5 * e.sum(0) - of_bias, differential[None]]).abs() < 1e-9


# The mistakes that exercise 4.4 knows by name


def _no_half(x, weight, bias):
    return excess(x, weight, bias).T @ x


def _sign(x, weight, bias):
    return -grad_weight(x, weight, bias)


def _mean_over_the_batch(x, weight, bias):
    return grad_weight(x, weight, bias) / len(x)


def _no_minus_one(x, weight, bias):
    return 0.5 * (excess(x, weight, bias) + 1).T @ x


def _transposed(x, weight, bias):
    return grad_weight(x, weight, bias).T


def _std_for_variance(x, weight, bias):
    return 0.5 * ((excess(x, weight, bias) + 1).sqrt() - 1).T @ x


def _no_outer_product(x, weight, bias):
    return 0.5 * (excess(x, weight, bias).sum(-1, keepdim=True) * x).sum(0)


def _product_of_sums(x, weight, bias):
    return 0.5 * torch.outer(excess(x, weight, bias).sum(0), x.sum(0))


equation(
    "4.7",
    "The gradient for the weights of the log-variance",
    method="autograd",
    draw=batch_and_head,
    lines={
        "½(e^ℓ - 1)ᵀX": grad_weight,
        "autograd through nn.Linear": lambda x, weight, bias: by_autograd(x, weight, bias)[0],
        "outer products added": input_by_input,
        "∂KL/∂c; dKL = ½(e^ℓ - 1):dℓ": bias_and_differential,
    },
    mutants={
        "no ½": _no_half,
        "sign": _sign,
        "mean over the batch": _mean_over_the_batch,
        "no -1": _no_minus_one,
        "transposed": _transposed,
        "e^(ℓ/2) for e^ℓ": _std_for_variance,
        "no outer product": _no_outer_product,
        "product of sums": _product_of_sums,
    },
)
