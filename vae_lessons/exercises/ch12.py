"""Exercises of chapter 12, using a trained VAE: 12.1 here, the others in their own modules."""

from typing import Any

import torch
from torch import Generator, Tensor

from vae_lessons.exercises.ch11_training import small_vae
from vae_lessons.exercises.ch12_aggregate import AGGREGATE
from vae_lessons.exercises.ch12_generate_mistakes import MESSAGES, WRONG
from vae_lessons.exercises.ch12_grid import GRID
from vae_lessons.exercises.ch12_paths import INTERPOLATION
from vae_lessons.exercises.ch12_reconstruct import RECONSTRUCTION
from vae_lessons.exercises.exercise import Exercise, Verdict, mistake
from vae_lessons.exercises.hints_ch12 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.values import Unusable, to_values
from vae_lessons.models import VAE

N_IMAGES = 3000


def generate(model: VAE, n: int, generator: Generator) -> Tensor:
    """Draw n images by (12.1): codes from the prior, then every pixel from the decoder's distribution."""
    z = torch.randn(n, model.z_dim, generator=generator)
    return torch.bernoulli(torch.sigmoid(model.decoder(z)), generator=generator)


def judge(answer: Any) -> Verdict:
    """Let the answer draw from a small VAE that is watched: which codes reach the decoder, and what becomes of them."""
    if not callable(answer):
        return Verdict("incorrect", None, "Pass the function itself to check, by its name, without calling it.")
    model, codes, encoded = small_vae(20, scale=0.8).requires_grad_(False), [], []
    model.decoder.register_forward_hook(lambda module, args, out: codes.append(args[0].detach()))
    model.encoder.register_forward_hook(lambda module, args, out: encoded.append(True))
    case = f"a VAE of 6 pixels and {model.z_dim} latents, n = {N_IMAGES}"
    try:
        (x,) = to_values(Runner()(answer, model, N_IMAGES, Generator().manual_seed(121)))
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message, case)
    except Unusable as stop:
        return Verdict("incorrect", None, str(stop), case)
    z = torch.cat([code.reshape(-1, model.z_dim) for code in codes]).double() if codes else None
    name, text = _fault_of_shape(x, z) if z is None or len(z) < N_IMAGES else ("", "")
    if not (name or text):
        z = z[-N_IMAGES:]
        name, text = _fault_of_codes(z, bool(encoded))
        name, text = (name, text) if name or text else _fault_of_images(x, model.double().decoder(z))
    if name or text:
        return Verdict("incorrect", name or None, MESSAGES.get(name, text), case, f"images of shape {tuple(x.shape)}")
    return Verdict("correct", message="Your codes follow the prior, and your pixels the decoder's probabilities.")


def _fault_of_shape(x: Tensor, z: Tensor | None) -> tuple[str, str]:
    """Name what is wrong if too few codes have reached the decoder."""
    if z is None:
        return "codes, not images" if x.shape == (N_IMAGES, 3) else "no decoder", ""
    if len(z) == 1:
        return "one z for all images", ""
    return "", f"{len(z)} codes have reached the decoder for {N_IMAGES} images; (12.1) draws one for each."


def _fault_of_codes(z: Tensor, encoded: bool) -> tuple[str, str]:
    """Name what is wrong with codes that do not follow N(0, I)."""
    root, std = len(z) ** 0.5, z.std(0)
    if (std < 1e-6).all():
        return "one z for all images", ""
    centred = (z.mean(0).abs() < 5 * std / root).all()
    if ((z.max(0).values - z.min(0).values) / std < 3.6).all():
        return "uniform z", ""
    if torch.corrcoef(z.T)[0, 1:].abs().min() > 0.99:
        return "one number for all dimensions", ""
    if not centred:
        text = "Your codes do not have the mean 0 that z has in (12.1)."
        return ("z of encoded data", "") if encoded else ("", text)
    if ((std - 1).abs() > 4 / root).any():
        return "z scaled by σ", ""
    if (torch.corrcoef(z.T) - torch.eye(z.shape[1])).abs().max() > 5 / root:
        return "", "The dimensions of your codes are correlated; those of z in (12.1) are independent."
    return "", ""


def _fault_of_images(x: Tensor, logits: Tensor) -> tuple[str, str]:
    """Name what is wrong with images whose codes are right."""
    if x.shape != logits.shape:
        return "", f"Your images have shape {tuple(x.shape)}; {tuple(logits.shape)} is expected: (n, D)."
    probs = torch.sigmoid(logits)
    values = {"logits returned": logits, "mean called a sample": probs, "mean thresholded": (probs > 0.5).double()}
    for name, value in values.items():
        if torch.allclose(x, value, atol=1e-4):
            return name, ""
    if not ((x == 0) | (x == 1)).all():
        return "", "Your pixels are not all 0 or 1; in (12.1) x is drawn from a Bernoulli distribution."
    if not _drawn_from(probs, x):
        laws = {
            "logits as probabilities": logits.clamp(0, 1),
            "sigmoid twice": torch.sigmoid(probs),
            "black and white swapped": 1 - probs,
        }
        found = [name for name, law in laws.items() if _drawn_from(law, x)]
        text = "The frequencies of your pixels are not those of the decoder's p(x|z) in (12.1)."
        return (found[0], "") if len(found) == 1 else ("", text)
    left = (x - probs) / (probs * (1 - probs)).sqrt()
    off = (left.T @ left / len(x)).fill_diagonal_(0).abs().max()
    return ("one draw for all pixels", "") if off > 0.2 else ("", "")


def _drawn_from(probs: Tensor, x: Tensor) -> bool:
    """Whether binary pixels have these probabilities, on average and where these are high or low: 5 standard errors."""
    left, var = x - probs, probs * (1 - probs)
    sides = [torch.ones_like(probs), probs - probs.mean(0)]
    return all(((left * s).sum(0).abs() <= 5 * (var * s**2).sum(0).sqrt() + 1e-9).all() for s in sides)


GENERATION = Exercise(
    id="12.1",
    title="Draw new images",
    equation="(12.1)",
    chapter="chapter 12",
    reference=generate,
    judge=judge,
    seconds=10.0,
    misconceptions=tuple(mistake(name, MESSAGES[name], *WRONG[name]) for name in MESSAGES),
    hints=HINTS["12.1"],
)

EXERCISES = (GENERATION, INTERPOLATION, GRID, RECONSTRUCTION, AGGREGATE)
