"""Checks of chapter 10, part one: the network and its forward pass, (10.1)."""

from collections.abc import Callable
from types import SimpleNamespace

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, linear

from vae_lessons import numpy_vae
from vae_lessons.equations.registry import equation
from vae_lessons.numpy_vae.validation import NAMES
from vae_lessons.sampling import reparameterize

M, D, H, J = 6, 5, 4, 3  # images, pixels, hidden units, latent dimensions: all different
SHAPES = (H, D), (H,), (J, H), (J,), (J, H), (J,), (H, J), (H,), (D, H), (D,)


def network(rng) -> tuple[Tensor, ...]:
    """Draw binary images x, noise ε, and W₁, b₁, W_μ, b_μ, W_ℓ, b_ℓ, W₃, b₃, W₄, b₄."""
    x = torch.tensor(rng.integers(2, size=(M, D))).double()
    return x, *(torch.tensor(rng.normal(size=shape)) for shape in [(M, J), *SHAPES])


def run(x: Tensor, eps: Tensor, *weights: Tensor) -> SimpleNamespace:
    """Run the network in torch, ready for autograd; `loss` is -ELBO, summed over the images."""
    W1, b1, W_mu, b_mu, W_log_var, b_log_var, W3, b3, W4, b4 = (w.clone().requires_grad_() for w in weights)
    u = x @ W1.T + b1  # what goes into the first tanh; u3, into the second
    h = u.tanh()
    mu, log_var = h @ W_mu.T + b_mu, h @ W_log_var.T + b_log_var
    z = mu + torch.exp(0.5 * log_var) * eps
    u3 = z @ W3.T + b3
    h3 = u3.tanh()
    a = h3 @ W4.T + b4
    kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
    loss = binary_cross_entropy_with_logits(a, x, reduction="sum") + kl
    return SimpleNamespace(u=u, h=h, mu=mu, log_var=log_var, z=z, u3=u3, h3=h3, a=a, W1=W1, W4=W4, loss=loss)


def autograd(name: str, network: tuple[Tensor, ...]) -> Tensor:
    """Let torch differentiate the summed loss of the whole network with respect to one thing in it."""
    at = run(*network)
    return torch.autograd.grad(at.loss, getattr(at, name))[0]


def in_numpy(x: Tensor, eps: Tensor, *weights: Tensor) -> tuple[dict, numpy_vae.Values]:
    """Run the library's network in NumPy: its parameters and its values."""
    params = {name: w.numpy() for name, w in zip(NAMES, weights, strict=True)}
    return params, numpy_vae.forward(params, x.numpy(), eps.numpy())


def library(name: str, network: tuple[Tensor, ...]) -> Tensor:
    """Take the gradient of the summed loss from the library: a δ, or M times that of the mean loss for a weight."""
    params, values = in_numpy(*network)
    if name in NAMES:
        return torch.tensor(M * numpy_vae.backward(params, values)[name])
    return torch.tensor(getattr(numpy_vae.deltas(params, values), name))


# (10.1) The forward pass


def std_of(log_var: Tensor) -> Tensor:
    """Return σ = e^{ℓ/2}."""
    return (log_var / 2).exp()


def forward(x, eps, W1, b1, W_mu, b_mu, W_log_var, b_log_var, W3, b3, W4, b4, act=torch.tanh, std=std_of) -> Tensor:
    """Put μ, ℓ, z and a side by side; the images are rows. The mistakes change the activation or the σ."""
    h = act(x @ W1.T + b1)
    mu, log_var = h @ W_mu.T + b_mu, h @ W_log_var.T + b_log_var
    z = mu + std(log_var) * eps
    return torch.cat([mu, log_var, z, act(z @ W3.T + b3) @ W4.T + b4], -1)


def forward_by_library(*network: Tensor) -> Tensor:
    """Put μ, ℓ, z and a of `numpy_vae.forward` side by side."""
    _, values = in_numpy(*network)
    return torch.cat([torch.tensor(v) for v in (values.mu, values.log_var, values.z, values.a)], -1)


def forward_by_torch(x: Tensor, eps: Tensor, *weights: Tensor) -> Tensor:
    """Put μ, ℓ, z and a side by side, from torch's linear layers and the library's `reparameterize`."""
    layer1, layer_mu, layer_log_var, layer3, layer4 = zip(weights[::2], weights[1::2], strict=True)
    h = linear(x, *layer1).tanh()
    mu, log_var = linear(h, *layer_mu), linear(h, *layer_log_var)
    z = reparameterize(mu, log_var, eps[None])[0]
    return torch.cat([mu, log_var, z, linear(linear(z, *layer3).tanh(), *layer4)], -1)


def _with(change: Callable[..., Tensor], position: int):
    """Make a mistake by changing one of the inputs, which are x, ε, W₁, b₁ and so on."""
    return lambda *inputs: forward(*inputs[:position], change(*inputs), *inputs[position + 1 :])


equation(
    "10.1",
    "The forward pass of the network in NumPy",
    method="exact model",
    draw=network,
    lines={
        "by matrix products": forward,
        "numpy_vae.forward": forward_by_library,
        "torch's linear layers": forward_by_torch,
    },
    mutants={
        "σ²": lambda *inputs: forward(*inputs, std=torch.exp),
        "ℓ for σ": lambda *inputs: forward(*inputs, std=torch.clone),
        "no σ": lambda *inputs: forward(*inputs, std=torch.ones_like),
        "no ε": _with(lambda x, eps, *_: 0 * eps, 1),
        "one ε for all images": _with(lambda x, eps, *_: eps[:1].expand(M, J), 1),
        "ReLU": lambda *inputs: forward(*inputs, act=torch.relu),
        "no activation": lambda *inputs: forward(*inputs, act=torch.clone),
        "no b₁": _with(lambda x, eps, W1, b1, *_: 0 * b1, 3),
        "one head for μ and ℓ": lambda *inputs: forward(*inputs[:6], *inputs[4:6], *inputs[8:]),
        "heads swapped": lambda *inputs: forward(*inputs[:4], *inputs[6:8], *inputs[4:6], *inputs[8:]),
    },
)
