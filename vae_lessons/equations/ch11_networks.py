"""Checks of chapter 11, part two: the two networks and their parameters, (11.2) and (11.3)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn.functional import softplus

from vae_lessons.equations.registry import equation
from vae_lessons.models import VAE, GaussianVAE

same = torch.clone  # no activation
D, H, J = 5, 4, 3  # pixels, hidden units, latent dimensions of the small networks that are compared


def linear_layers(rng, *sizes: tuple[int, int]) -> list[Tensor]:
    """Draw W and b of layers from m to n units, for each pair (m, n)."""
    return [torch.tensor(rng.normal(size=shape)) for m, n in sizes for shape in [(n, m), (n,)]]


def on_paper(model_class: type, *sizes: int):
    """Build a model without numbers in it: on torch's meta device tensors have a shape alone."""
    with torch.device("meta"):
        return model_class(*sizes)


def with_weights(module, weights: list[Tensor], x: Tensor):
    """Apply a module with the given weights and biases in the place of its own."""
    names = [name for name, _ in module.named_parameters()]
    return functional_call(module, dict(zip(names, weights, strict=True)), (x,))


def has_parameters(model_class: type, heads: int, number: int) -> bool:
    """Tell whether the sum over the layers 784-400-(20, 20)-400-784 is the number, and what the model has."""
    d, h, j = 784, 400, 20
    by_layer = (d * h + h) + 2 * (h * j + j) + (j * h + h) + heads * (h * d + d)
    return by_layer == number == sum(parameter.numel() for parameter in on_paper(model_class).parameters())


# (11.2) The network for binary pixels


def images_codes_weights(rng) -> tuple[Tensor, ...]:
    """Draw seven images x, seven codes z, and W₁, b₁, …, W₅, b₅."""
    x, z = torch.tensor(rng.normal(size=(7, D))), torch.tensor(rng.normal(size=(7, J)))
    return x, z, *linear_layers(rng, (D, H), (H, J), (H, J), (J, H), (H, D))


def network(
    x, z, W1, b1, W2, b2, W3, b3, W4, b4, W5, b5, act=torch.relu, on_mu=same, on_log_var=same, on_a=same
) -> Tensor:
    """Put μ, ℓ and a side by side; the images are rows, so W x reads x Wᵀ. The mistakes add functions."""
    h, h2 = act(x @ W1.T + b1), act(z @ W4.T + b4)
    mu, log_var, a = h @ W2.T + b2, h @ W3.T + b3, h2 @ W5.T + b5
    return torch.cat([on_mu(mu), on_log_var(log_var), on_a(a)], -1)


def network_by_library(x: Tensor, z: Tensor, *weights: Tensor) -> Tensor:
    """Put μ, ℓ and a of the library's `VAE` side by side."""
    vae = on_paper(VAE, D, H, J)
    return torch.cat([*with_weights(vae.encoder, weights[:6], x), with_weights(vae.decoder, weights[6:], z)], -1)


equation(
    "11.2",
    "The classic network, of 652,824 parameters",
    method="exact model",
    draw=images_codes_weights,
    lines={
        "μ, ℓ, a by matrix products": network,
        "encoder and decoder of VAE": network_by_library,
        "652,824 parameters": lambda *_: has_parameters(VAE, heads=1, number=652_824),
    },
    mutants={
        "tanh": lambda *inputs: network(*inputs, act=torch.tanh),
        "sigmoid on the logits": lambda *inputs: network(*inputs, on_a=torch.sigmoid),
        "ReLU on μ": lambda *inputs: network(*inputs, on_mu=torch.relu),
        "softplus on ℓ": lambda *inputs: network(*inputs, on_log_var=softplus),
        "one head for μ and ℓ": lambda *inputs: network(*inputs[:6], *inputs[4:6], *inputs[8:]),
        "no b₁": lambda *inputs: network(*inputs[:3], torch.zeros(H), *inputs[4:]),
        "two heads for x": lambda *_: has_parameters(VAE, heads=2, number=967_208),
    },
)


# (11.3) The network of Kingma and Welling


def images_weights(rng) -> tuple[Tensor, ...]:
    """Draw seven images x, and W₃, b₃ of the hidden layer, W₄, b₄ and W₅, b₅ of the heads."""
    return torch.tensor(rng.normal(size=(7, D))), *linear_layers(rng, (D, H), (H, J), (H, J))


def encoder(x, W3, b3, W4, b4, W5, b5, act: Callable = torch.tanh) -> Tensor:
    """Put μ and ℓ side by side."""
    h = act(x @ W3.T + b3)
    return torch.cat([h @ W4.T + b4, h @ W5.T + b5], -1)


equation(
    "11.3",
    "The encoder of Kingma and Welling, and 967,208 parameters",
    method="exact model",
    draw=images_weights,
    lines={
        "μ, ℓ by matrix products": encoder,
        "encoder of GaussianVAE": lambda x, *w: torch.cat(
            with_weights(on_paper(GaussianVAE, D, H, J).encoder, w, x), -1
        ),
        "967,208 parameters": lambda *_: has_parameters(GaussianVAE, heads=2, number=967_208),
    },
    mutants={
        "ReLU": lambda *inputs: encoder(*inputs, act=torch.relu),
        "no activation": lambda *inputs: encoder(*inputs, act=same),
        "no b₃": lambda x, W3, b3, *heads: encoder(x, W3, 0 * b3, *heads),
        "no b₄": lambda x, W3, b3, W4, b4, W5, b5: encoder(x, W3, b3, W4, 0 * b4, W5, b5),
        "one head for μ and ℓ": lambda x, W3, b3, W4, b4, W5, b5: encoder(x, W3, b3, W4, b4, W4, b4),
        "heads swapped": lambda x, W3, b3, W4, b4, W5, b5: encoder(x, W3, b3, W5, b5, W4, b4),
        "tanh on μ and ℓ": lambda *inputs: encoder(*inputs).tanh(),
        "one head for x": lambda *_: has_parameters(GaussianVAE, heads=1, number=652_824),
    },
)
