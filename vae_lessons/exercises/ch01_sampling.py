"""Exercise 1.4: draw new images from an autoencoder, by a distribution for its codes."""

from functools import cache
from typing import Any

import torch
from torch import Tensor

from vae_lessons.exercises.ch01_sampling_mistakes import MESSAGES, WRONG
from vae_lessons.exercises.ch01_sampling_world import World, make_world
from vae_lessons.exercises.exercise import Exercise, Verdict, mistake
from vae_lessons.exercises.hints_ch01 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.values import Unusable, to_values

N_IMAGES = 500


def sample_images(decode, codes: Tensor, n: int) -> Tensor:
    """Draw n images: a mixture of normals for the codes, then the decoder of equation (1.1)."""
    from sklearn.mixture import GaussianMixture  # here, because it takes a second

    mixture = GaussianMixture(8, random_state=0).fit(codes.double().numpy())
    new_codes, _ = mixture.sample(n)
    return decode(torch.tensor(new_codes, dtype=codes.dtype))


@cache
def _world() -> World:
    return make_world()


def judge(answer: Any) -> Verdict:
    """Draw images from a known autoencoder, and look at the codes that they come from."""
    if not callable(answer):
        return Verdict("incorrect", None, "Pass the function itself to check, by its name, without calling it.")
    world = _world()
    case = f"{len(world.codes)} codes of {world.z_dim} numbers, n = {N_IMAGES}"
    try:
        (images,) = to_values(Runner()(answer, world.decode, world.codes, N_IMAGES))
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message, case)
    except Unusable as stop:
        return Verdict("incorrect", None, str(stop), case)
    name, text = _fault(world, images)
    if name or text:
        return Verdict("incorrect", name, MESSAGES.get(name, text), case, _show(world, images))
    return Verdict("correct", message="Your images are new, as close to the data as unseen ones, and of every kind.")


def _show(world: World, images: Tensor) -> str:
    shape = f"images of shape {tuple(images.shape)}"
    if images.shape != (N_IMAGES, world.x_dim) or not images.isfinite().all():
        return shape
    near, unseen = world.distances(world.codes_of(images)).mean(), world.distances(world.unseen).mean()
    return f"{shape}; their codes lie {near:.3g} from the nearest training code, those of unseen images {unseen:.3g}"


def _fault(world: World, images: Tensor) -> tuple[str | None, str]:
    """Name what is wrong, or say it in general terms; None and nothing if all is well."""
    if images.shape == (N_IMAGES, world.z_dim):
        return "codes, not images", ""
    if images.shape != (N_IMAGES, world.x_dim):
        return None, f"Your images have shape {tuple(images.shape)}; ({N_IMAGES}, {world.x_dim}) is expected: (n, D)."
    if not images.isfinite().all():
        return None, "Your images hold nan or infinite numbers."
    z = world.codes_of(images)
    if (world.decode(z).double() - images).abs().max() > 1e-2:
        return "images mixed, not codes", ""
    return _fault_of_codes(world, z)


def _fault_of_codes(world: World, z: Tensor) -> tuple[str | None, str]:
    distance, different = world.distances(z), len(torch.unique(z.round(decimals=3), dim=0))
    if different == 1:
        return "the same image again", ""
    if (distance < 1e-3).double().mean() > 0.5:
        return "training codes again", ""
    if different < N_IMAGES / 10:
        return "no spread", ""
    if distance.mean() > 1.6 * world.distances(world.unseen).mean():
        text = "Your codes lie much farther from the training codes than codes of unseen images do, see (1.2)."
        return world.law_of(z), text
    if (world.shares(z) < 0.4 * world.shares(world.codes)).any():
        return "part left out", ""
    return None, ""


SAMPLING = Exercise(
    id="1.4",
    title="New images",
    equation="(1.1)",
    chapter="chapter 1",
    reference=sample_images,
    judge=judge,
    seconds=20.0,
    misconceptions=tuple(mistake(name, MESSAGES[name], *WRONG[name]) for name in MESSAGES),
    hints=HINTS["1.4"],
)
