"""Exercise 1.3: the two networks of an autoencoder."""

import torch
from torch import Tensor, nn

from vae_lessons.exercises.exercise import Case, Exercise, mistake
from vae_lessons.exercises.hints_ch01 import HINTS
from vae_lessons.exercises.networks import count, fill, require_module, require_pair, require_tensor, unreached


def make_autoencoder(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    """Build the two networks of equation (1.1), with one hidden layer of ReLU units each."""
    encoder = nn.Sequential(nn.Linear(x_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, z_dim))
    decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))
    return encoder, decoder


def probe(run, answer, x_dim: int, h_dim: int, z_dim: int, weight: float, bias: float, x: Tensor, z: Tensor) -> tuple:
    """Build the networks, look for their gradients, fill their weights with constants, and run them."""
    encoder, decoder = require_pair(run(answer, x_dim, h_dim, z_dim), "What my_autoencoder returns")
    require_module(encoder, "The encoder"), require_module(decoder, "The decoder")
    x, z = x.float(), z.float()
    code = require_tensor(run(encoder, x), "encoder(x)")
    if code.shape != (len(x), z_dim):  # the decoder would not fit
        fill(encoder, weight, bias)
        return count(encoder, decoder), 0.0, run(encoder, x), torch.tensor(torch.nan)
    missing = unreached([code, require_tensor(run(decoder, z), "decoder(z)")], encoder, decoder)
    fill(encoder, weight, bias), fill(decoder, weight, bias)
    return count(encoder, decoder), missing, run(encoder, x), run(decoder, z)


def _cases(seed: int = 0) -> list[Case]:
    cases = []
    for k, (sizes, weight, bias) in enumerate([((5, 4, 2), -0.5, 0.2), ((7, 6, 3), 0.3, -0.4)]):
        generator = torch.Generator().manual_seed(k + 10 * seed + 130)
        x = torch.randn(6, sizes[0], generator=generator, dtype=torch.double)
        z = torch.randn(6, sizes[2], generator=generator, dtype=torch.double)
        names = dict(zip(["x_dim", "h_dim", "z_dim"], sizes, strict=True))
        cases.append(Case({**names, "weight": weight, "bias": bias, "x": x, "z": z}))
    return cases


class _Lambda(nn.Module):
    """A function as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, inputs: Tensor) -> Tensor:
        return self.function(inputs)


def _wrong(encoder=None, decoder=None):
    """Make a wrong answer with something behind the encoder or the decoder."""
    ends = [_Lambda(end or (lambda out: out)) for end in (encoder, decoder)]
    return lambda *sizes: tuple(
        nn.Sequential(part, end) for part, end in zip(make_autoencoder(*sizes), ends, strict=True)
    )


def _hidden(encoder=torch.relu, decoder=torch.relu):
    """Make a wrong answer with other activations of the hidden layers."""

    def make(*sizes: int) -> tuple[nn.Module, nn.Module]:
        parts = make_autoencoder(*sizes)
        return tuple(
            nn.Sequential(part[0], _Lambda(act), part[2]) for part, act in zip(parts, (encoder, decoder), strict=True)
        )

    return make


def _detached(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    encoder, decoder = make_autoencoder(x_dim, h_dim, z_dim)
    return nn.Sequential(encoder[:2], _Lambda(Tensor.detach), encoder[2]), decoder


def _identity(inputs: Tensor) -> Tensor:
    return inputs


def _one_layer(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    return nn.Linear(x_dim, z_dim), nn.Linear(z_dim, x_dim)


NETWORKS = Exercise(
    id="1.3",
    title="An autoencoder",
    equation="(1.1)",
    chapter="chapter 1",
    cases=_cases,
    reference=make_autoencoder,
    probe=probe,
    flavours=("torch",),
    parts=("number of parameters", "weights without gradient", "code", "reconstruction"),
    remarks={
        "number of parameters": "Your networks do not have the number of parameters that belongs to these sizes: a "
        "layer or a bias is missing, is there twice, or has another size.",
        "weights without gradient": "No gradient reaches some of your weights: look for a layer that is not used.",
    },
    proves="A gradient reaches every parameter, and neither network is linear.",
    misconceptions=(
        mistake("no activation", "A network of yours is linear: two linear layers without an activation between them "
                "are one, and by (1.3) such an autoencoder does no better than principal components.",
                _hidden(_identity, _identity), _hidden(encoder=_identity), _hidden(decoder=_identity)),
        mistake("activation on the code", "Your code passes through an activation, which cuts off or squeezes it. The "
                "z of (1.1) may be any numbers: the encoder ends with a linear layer.",
                *(_wrong(encoder=f) for f in (torch.relu, torch.tanh, torch.sigmoid))),
        mistake("activation on the output", "What your decoder returns passes through an activation. Here the "
                "reconstruction of (1.1) may be any numbers: the decoder ends with a linear layer.",
                *(_wrong(decoder=f) for f in (torch.sigmoid, torch.relu, torch.tanh, lambda v: v.clamp(0, 1)))),
        mistake("activation on both ends", "Both of your networks end with an activation. What they return in (1.1) "
                "may be any numbers: activations stand between layers, not behind the last.",
                _wrong(torch.relu, torch.sigmoid), _wrong(torch.relu, torch.relu), _wrong(torch.tanh, torch.tanh),
                _wrong(torch.sigmoid, torch.sigmoid)),
        mistake("another activation", "Your hidden layers have another activation than ReLU. That is a good "
                "autoencoder too, in the sense of (1.1); the checker compares values, so please take ReLU.",
                *(_hidden(f, f) for f in (torch.tanh, torch.sigmoid, nn.functional.leaky_relu, nn.functional.gelu))),
        mistake("detach", "A detach cuts the network: the weights before it get no gradient, so that (1.2) cannot be "
                "minimised over them.", _detached),
        mistake("hidden and code sizes swapped", "Your hidden layers have z_dim units and your code h_dim numbers. "
                "The short one is the code z of (1.1).", lambda x, h, z: make_autoencoder(x, z, h)),
        mistake("no hidden layer", "Your networks have one linear layer each. A linear autoencoder does no better "
                "than principal components, see (1.3).", _one_layer),
    ),
    hints=HINTS["1.3"],
)  # fmt: skip
