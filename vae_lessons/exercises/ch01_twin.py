"""Exercise 1.5: other codes, the same autoencoder."""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from vae_lessons.exercises.ch01_twin_mistakes import MESSAGES, WRONG
from vae_lessons.exercises.exercise import Exercise, Verdict, mistake
from vae_lessons.exercises.hints_ch01 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.values import Unusable, show, to_values


class Layers(NamedTuple):
    """The last layer of an encoder, z = Ah + a, and the weight B of the first layer of its decoder."""

    weight_f: Tensor
    bias_f: Tensor
    weight_g: Tensor


def make_twin(weight_f: Tensor, bias_f: Tensor, weight_g: Tensor) -> Layers:
    """Put R and R⁻¹ of equation (1.4) into the weights."""
    r = torch.eye(len(bias_f)) + torch.ones(len(bias_f), len(bias_f)).triu()
    r = r.to(bias_f)
    return Layers(r @ weight_f, r @ bias_f, weight_g @ torch.linalg.inv(r))


def make_layers(seed: int) -> tuple[Layers, Tensor]:
    """Draw layers with H = 5, J = 3 and 4 units behind the code, and what comes out of the encoder's hidden layer."""
    generator = torch.Generator().manual_seed(seed + 15)
    shapes = [(3, 5), (3,), (4, 3), (7, 5)]
    *layers, h = (torch.randn(shape, generator=generator, dtype=torch.double) for shape in shapes)
    return Layers(*layers), h.relu() + 0.1


def judge(answer: Any) -> Verdict:
    """Compare images and codes, before and after, on two autoencoders."""
    if not callable(answer):
        return Verdict("incorrect", None, "Pass the function itself to check, by its name, without calling it.")
    rotation = True
    for seed in (0, 1):
        old, h = make_layers(seed)
        case = ", ".join(f"{name} = {show(value)}" for name, value in old._asdict().items())
        try:
            new = _call(answer, old)
        except CallFailed as stop:
            return Verdict(stop.failure.status, None, stop.failure.message, case)
        except Unusable as stop:
            return Verdict("incorrect", None, str(stop), case)
        name, text = _fault(old, new, h)
        if name or text:
            return Verdict("incorrect", name, MESSAGES.get(name, text), case, show(tuple(new)))
        r = new.weight_f @ torch.linalg.pinv(old.weight_f)
        rotation = rotation and torch.allclose(r @ r.T, torch.eye(len(r)).to(r), atol=1e-4)
    note = " Your R keeps lengths and angles; (1.4) holds for every invertible R." if rotation else ""
    return Verdict("correct", message="On 2 autoencoders what comes out is the same, and every code moves." + note)


def _call(answer: Any, old: Layers) -> Layers:
    """Try float32, float64 and NumPy, in this order."""
    failures = []
    for convert in (Tensor.float, Tensor.double, lambda t: t.numpy().copy()):
        try:
            value = Runner()(answer, *map(convert, old))
            return Layers(*to_values(value, tuple(old)))
        except CallFailed as stop:
            failures.append(stop)
    raise failures[0]


def _fault(old: Layers, new: Layers, h: Tensor) -> tuple[str | None, str]:
    """Name what is wrong, or say it in general terms; None and nothing if all is well."""
    for name, before, after in zip(Layers._fields, old, new, strict=True):
        if before.shape != after.shape:
            text = f"Your {name} has shape {tuple(after.shape)}; it must stay {tuple(before.shape)}."
            return None, text
        if not after.isfinite().all():
            return None, f"Your {name} holds nan or infinite numbers."
    codes, other = h @ old.weight_f.T + old.bias_f, h @ new.weight_f.T + new.bias_f
    before, after = codes @ old.weight_g.T, other @ new.weight_g.T
    if not torch.allclose(before, after, atol=2e-3, rtol=1e-3):
        return _cause(old, new)
    if torch.allclose(codes, other, atol=1e-3):
        return "nothing changed", ""
    if (codes - other).norm(dim=-1).min() < 1e-3:
        return None, "Some of your codes are the old ones: every code has to move, see (1.4)."
    return None, ""


def _cause(old: Layers, new: Layers) -> tuple[str | None, str]:
    """Find out why another image comes out, from the R in the encoder's weights."""
    text = "Another image comes out: the two changes do not cancel as they do in (1.4)."
    r = new.weight_f @ torch.linalg.pinv(old.weight_f)
    if not _same(r @ old.weight_f, new.weight_f):
        return None, "Your weight_f is not R times the old one, for any matrix R: see (1.4)."
    if torch.linalg.matrix_rank(r, rtol=1e-4) < len(r):
        return "singular R", ""
    if _same(new.weight_f, old.weight_f) and _same(new.bias_f, old.bias_f):
        return "decoder only", ""
    decoders = {
        "R not undone": old.weight_g,
        "R applied twice": old.weight_g @ r,
        "Rᵀ for R⁻¹": old.weight_g @ r.T,
        "inverse transposed": old.weight_g @ torch.linalg.inv(r).T,
        "entries inverted": old.weight_g @ (1 / r),
    }
    if _same(new.weight_g @ r, old.weight_g):
        biases = {"bias left as it was": old.bias_f, "bias left out": torch.zeros_like(old.bias_f)}
        return next((name for name, bias in biases.items() if _same(new.bias_f, bias)), None), text
    return next((name for name, weight in decoders.items() if _same(new.weight_g, weight)), None), text


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, atol=1e-3, rtol=1e-3)


TWIN = Exercise(
    id="1.5",
    title="Other codes, the same autoencoder",
    equation="(1.4)",
    chapter="chapter 1",
    reference=make_twin,
    judge=judge,
    misconceptions=tuple(mistake(name, MESSAGES[name], *WRONG[name]) for name in MESSAGES),
    hints=HINTS["1.5"],
)
