"""The networks of exercise 11.1, and the mistakes that are made with them."""

import torch
from torch import Tensor, nn
from torch.nn.functional import elu, gelu, leaky_relu, silu, softplus

from vae_lessons.exercises.exercise import Misconception, mistake
from vae_lessons.models import Encoder


def make_vae(x_dim: int, h_dim: int, z_dim: int) -> tuple[nn.Module, nn.Module]:
    """Build the two networks of equation (11.2), with any sizes."""
    encoder = Encoder(x_dim, h_dim, z_dim, nn.ReLU())
    decoder = nn.Sequential(nn.Linear(z_dim, h_dim), nn.ReLU(), nn.Linear(h_dim, x_dim))
    return encoder, decoder


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


class _Activation(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def _encoder_with(function):
    """Make a wrong answer with another activation in the encoder."""
    return lambda x, h, z: (Encoder(x, h, z, _Activation(function)), make_vae(x, h, z)[1])


def _decoder_with(function):
    """Make a wrong answer with another activation in the decoder."""
    return lambda x, h, z: (
        make_vae(x, h, z)[0],
        nn.Sequential(nn.Linear(z, h), _Activation(function), nn.Linear(h, x)),
    )


def _with_activation(function):
    return lambda *sizes: (_encoder_with(function)(*sizes)[0], _decoder_with(function)(*sizes)[1])


def _linear_decoder(*sizes: int) -> tuple[nn.Module, nn.Module]:
    return make_vae(*sizes)[0], _no_activation(*sizes)[1]


def _linear_encoder(*sizes: int) -> tuple[nn.Module, nn.Module]:
    return _no_activation(*sizes)[0], make_vae(*sizes)[1]


MISTAKES = (
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
        mistake("another activation", "Your hidden layer has another activation than the ReLU of (11.2).",
                *map(_with_activation, (torch.tanh, torch.sigmoid, softplus, gelu, leaky_relu, elu, silu)),
                *map(_encoder_with, (torch.tanh, torch.sigmoid, softplus, gelu, leaky_relu)),
                *map(_decoder_with, (torch.tanh, torch.sigmoid, softplus, gelu, leaky_relu))),
        mistake("variance for log_var", "Your encoder returns e^log_var, a variance or its root, as its second output. "
                "In (11.2) it is the log-variance itself.",
                _wrong(lambda mu, lv: (mu, lv.exp())), _wrong(lambda mu, lv: (mu, (lv / 2).exp()))),
        mistake("ReLU on log_var", "Your log_var cannot be negative, so that σ² ≥ 1 always: its head in (11.2) is "
                "linear.", _wrong(lambda mu, lv: (mu, lv.relu()))),
        mistake("tanh on mu", "Your mu lies between −1 and 1: its head in (11.2) is linear.",
                _wrong(lambda mu, lv: (mu.tanh(), lv)), _wrong(lambda mu, lv: (mu.tanh(), lv.tanh()))),
        mistake("ReLU on the logits", "Your decoder ends with a ReLU, so that no probability is below ½. In (11.2) its "
                "last layer is linear.", _wrong(decoder=torch.relu)),
        Misconception("halves of the wrong axis", (_wrong_axis,), "Your encoder splits its output along the "
                      "batch. In (11.2) mu and log_var of an image are the two halves of the last axis."),
        Misconception("hidden and latent sizes swapped", (lambda x, h, z: make_vae(x, z, h),), "Your hidden layer "
                      "has z_dim units and your code h_dim. In (11.2) the wide layer is the hidden one."),
)  # fmt: skip
