"""Exercise 11.1: the encoder and the decoder."""

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from vae_lessons.exercises.exercise import Case, Exercise, Misconception
from vae_lessons.exercises.networks import count, fill, require_module, require_pair, require_tensor, unreached
from vae_lessons.models import Encoder


def make_vae(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    """Build the two networks of equation (11.2), with any sizes."""
    encoder = Encoder(x_dim, h_dim, z_dim, nn.ReLU())
    decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))
    return encoder, decoder


def probe(run, answer, x_dim: int, h_dim: int, z_dim: int, weight: float, bias: float, x: Tensor, z: Tensor) -> tuple:
    """Build the networks, look for their gradients, fill their weights with constants, and run them."""
    encoder, decoder = require_pair(run(answer, x_dim, h_dim, z_dim), "What make_vae returns")
    require_module(encoder, "The encoder"), require_module(decoder, "The decoder")
    x, z = x.float(), z.float()
    codes = _encode(run, encoder, x)
    if codes[0].shape != (len(x), z_dim):  # the decoder would not fit
        fill(encoder, weight, bias)
        return count(encoder, decoder), 0.0, *_encode(run, encoder, x), torch.tensor(torch.nan)
    missing = unreached([*codes, require_tensor(run(decoder, z), "decoder(z)")], encoder, decoder)
    fill(encoder, weight, bias), fill(decoder, weight, bias)
    return count(encoder, decoder), missing, *_encode(run, encoder, x), run(decoder, z)


def _encode(run, encoder: nn.Module, x: Tensor) -> list[Tensor]:
    pair = require_pair(run(encoder, x), "encoder(x)")
    return [require_tensor(code, "encoder(x)") for code in pair]


def _cases() -> list[Case]:
    cases = []
    for seed, (sizes, weight, bias) in enumerate([((5, 4, 2), -0.5, 0.2), ((7, 6, 3), 0.3, -0.4)]):
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(4, sizes[0], generator=generator, dtype=torch.double)
        z = torch.randn(4, sizes[2], generator=generator, dtype=torch.double)
        names = dict(zip(["x_dim", "h_dim", "z_dim"], sizes, strict=True))
        cases.append(Case({**names, "weight": weight, "bias": bias, "x": x, "z": z}))
    return cases


class _Changed(nn.Module):
    """A network with its output changed."""

    def __init__(self, network: nn.Module, change):
        super().__init__()
        self.network, self.change = network, change

    def forward(self, inputs: Tensor):
        out = self.network(inputs)
        return self.change(*out) if isinstance(out, tuple) else self.change(out)


def _wrong(encoder=None, decoder=None):
    """Make a wrong answer with the encoder's or the decoder's output changed."""
    changes = (encoder or (lambda mu, log_var: (mu, log_var)), decoder or (lambda logits: logits))
    return lambda *sizes: tuple(map(_Changed, make_vae(*sizes), changes))


def _one_head(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    head = nn.Sequential(nn.Linear(x_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, z_dim))
    return _Changed(head, lambda code: (code, code)), make_vae(x_dim, h_dim, z_dim)[1]


def _wrong_axis(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    both = nn.Sequential(nn.Linear(x_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, 2 * z_dim))
    return _Changed(both, lambda codes: codes.chunk(2, 0)), make_vae(x_dim, h_dim, z_dim)[1]


def _no_activation(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.Linear(h_dim, x_dim))
    return Encoder(x_dim, h_dim, z_dim, nn.Identity()), decoder


def _linear_decoder(*sizes: int) -> tuple[nn.Module, nn.Module]:
    return make_vae(*sizes)[0], _no_activation(*sizes)[1]


def _linear_encoder(*sizes: int) -> tuple[nn.Module, nn.Module]:
    return _no_activation(*sizes)[0], make_vae(*sizes)[1]


NETWORKS = Exercise(
    id="11.1",
    title="Two networks",
    equation="(11.2)",
    chapter="chapter 11",
    cases=_cases,
    reference=make_vae,
    shows=(Encoder,),
    probe=probe,
    flavours=("torch",),
    parts=("number of parameters", "weights without gradient", "mu", "log_var", "decoder output"),
    remarks={
        "number of parameters": "Your networks do not have the number of parameters of (11.2): a layer or a bias "
        "is missing, is there twice, or has another size.",
        "weights without gradient": "No gradient reaches some of your weights: look for a layer that is not used, "
        "or for a detach.",
    },
    proves="A gradient reaches every parameter.",
    misconceptions=(
        Misconception("sigmoid inside the decoder", (_wrong(decoder=torch.sigmoid),), "Your decoder ends with a "
                      "sigmoid. The decoder of (11.2) returns logits, and the likelihood (9.2) takes the sigmoid "
                      "itself."),
        Misconception("one head for both", (_one_head,), "Your mu and log_var come from the same output layer, so "
                      "that they are the same numbers. In (11.2) each has its own 20 units."),
        Misconception("ReLU on "
                      "mu", (_wrong(lambda mu, lv: (mu.relu(), lv)), _wrong(lambda mu, lv: (mu.relu(), lv.relu()))),
                      "Your mu cannot be negative: it passes through an activation. The heads of (11.2) are "
                      "linear."),
        Misconception("softplus on log_var", (_wrong(lambda mu, lv: (mu, softplus(lv))),), "Your log_var cannot be "
                      "negative, so that σ² ≥ 1 always. A log-variance takes both signs: its head in (11.2) is "
                      "linear."),
        Misconception("no activation", (_no_activation, _linear_decoder, _linear_encoder), "A network of yours is "
                      "linear: without the ReLU of (11.2) between them, two linear layers are one."),
        Misconception("halves of the wrong axis", (_wrong_axis,), "Your encoder splits its output along the "
                      "batch. In (11.2) mu and log_var of an image are the two halves of the last axis."),
        Misconception("hidden and latent sizes swapped", (lambda x, h, z: make_vae(x, z, h),), "Your hidden layer "
                      "has z_dim units and your code h_dim. In (11.2) the wide layer is the hidden one."),
    ),
    hints=(
        "The encoder has one hidden layer and two heads on it. Does a mean, or a log-variance, need an activation?",
        "Either two nn.Linear heads, or one of twice the size that you split along the last axis. The last layer "
        "of the decoder is linear: its output are logits.",
    ),
)  # fmt: skip
