"""Exercise 11.4: a decoder for real-valued pixels."""

import torch
from torch import Tensor

from vae_lessons.exercises.ch11_gaussian_mistakes import MISTAKES, GaussianDecoder
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch11 import HINTS
from vae_lessons.exercises.networks import count, fill, require_module, require_pair, require_tensor


def probe(run, answer, x_dim, h_dim, z_dim, min_std, weight, bias, x: Tensor, z: Tensor) -> tuple:
    """Build the decoder, fill its weights with constants, and run it."""
    decoder = require_module(run(answer, x_dim, h_dim, z_dim, min_std), "GaussianDecoder")
    fill(decoder, weight, bias)
    mean, log_var = require_pair(run(decoder, z.float()), "What forward returns")
    if require_tensor(mean, "The mean").shape != require_tensor(log_var, "log_var").shape:
        return count(decoder), mean, log_var, torch.tensor(torch.nan)
    return count(decoder), mean, log_var, run(decoder.log_likelihood, x.float(), z.float())


def _cases(seed: int = 0) -> list[Case]:
    """Log-variances far above the floor, and far below it: the way of putting in the floor does not matter."""
    cases = []
    for k, (min_std, weight, bias) in enumerate([(1e-3, 0.4, 0.1), (0.2, 1.5, -24.0)]):
        generator = torch.Generator().manual_seed(k + 10 * seed)
        z = torch.randn(2, 3, 2, generator=generator, dtype=torch.double)
        x = torch.randn(3, 5, generator=generator, dtype=torch.double) + (weight * 4 + 2 * bias if bias < 0 else 0)
        sizes = {"x_dim": 5, "h_dim": 4, "z_dim": 2, "min_std": min_std}
        cases.append(Case({**sizes, "weight": weight, "bias": bias, "x": x, "z": z}))
    return cases


GAUSSIAN_DECODER = Exercise(
    id="11.4",
    title="The normal decoder",
    equation="(11.3)",
    chapter="chapter 11",
    cases=_cases,
    reference=GaussianDecoder,
    probe=probe,
    flavours=("torch",),
    rtol=1e-5,
    parts=("number of parameters", "mean", "log_var", "log_likelihood"),
    remarks={"number of parameters": "Your decoder does not have the number of parameters of (11.3): a layer or a "
             "bias is missing, is there twice, or has another size."},
    proves="The floor holds.",
    misconceptions=MISTAKES,
    hints=HINTS["11.4"],
)  # fmt: skip
