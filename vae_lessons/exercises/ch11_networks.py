"""Exercise 11.1: the encoder and the decoder."""

import torch
from torch import Tensor, nn

from vae_lessons.exercises.ch11_networks_mistakes import MISTAKES, make_vae
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch11 import HINTS
from vae_lessons.exercises.networks import count, fill, require_module, require_pair, require_tensor, unreached
from vae_lessons.models import Encoder


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


def _cases(seed: int = 0) -> list[Case]:
    cases = []
    for k, (sizes, weight, bias) in enumerate([((5, 4, 2), -0.5, 0.2), ((7, 6, 3), 0.3, -0.4)]):
        generator = torch.Generator().manual_seed(k + 10 * seed)
        x = torch.randn(4, sizes[0], generator=generator, dtype=torch.double)
        z = torch.randn(4, sizes[2], generator=generator, dtype=torch.double)
        names = dict(zip(["x_dim", "h_dim", "z_dim"], sizes, strict=True))
        cases.append(Case({**names, "weight": weight, "bias": bias, "x": x, "z": z}))
    return cases


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
    misconceptions=MISTAKES,
    hints=HINTS["11.1"],
)  # fmt: skip
