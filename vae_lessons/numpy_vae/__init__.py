"""The VAE of chapter 10 in NumPy alone: binary pixels, tanh networks, every gradient by hand.

Images are rows. The names are the chapter's: `da` is δa, the gradient of an image's loss, -ELBO, with respect to a.
The parameters are a dictionary of arrays, so that a loop can go through them.
"""

from vae_lessons.numpy_vae.gradients import Deltas, backward, complex_step, deltas
from vae_lessons.numpy_vae.network import Parameters, Values, decode, elbo, forward, init, sigmoid, softplus
from vae_lessons.numpy_vae.training import AdamState, adam_start, adam_step, fit

__all__ = [
    "AdamState",
    "Deltas",
    "Parameters",
    "Values",
    "adam_start",
    "adam_step",
    "backward",
    "complex_step",
    "decode",
    "deltas",
    "elbo",
    "fit",
    "forward",
    "init",
    "sigmoid",
    "softplus",
]
