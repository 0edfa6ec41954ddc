"""The model of exercise 13.3: a linear VAE, whose best q is known, with an encoder that is not the best."""

import torch

from vae_lessons.equations import worlds
from vae_lessons.models import LinearVAE


def model_of(seed: int) -> LinearVAE:
    """Build a linear VAE of five pixels whose encoder is not the best one, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng():  # its first weights are random, and replaced
        model = LinearVAE(5, 2, var=0.5).double()
    draw = lambda *shape: torch.randn(*shape, generator=generator).double()  # noqa: E731
    model.load_state_dict({
        "decoder.weight": 0.8 * draw(5, 2), "decoder.bias": draw(5), "mu.weight": 0.3 * draw(2, 5),
        "mu.bias": 0.3 * draw(2), "log_var": 0.5 * draw(2) - 0.6, "log_var_x": torch.tensor(0.5).log().double(),
    })  # fmt: skip
    return model


def decoder_of(model) -> worlds.LinearGaussian:
    """The decoder as a world of the equations, which knows the best q; its images are x - b."""
    return worlds.LinearGaussian(model.decoder.weight.detach(), model.log_var_x.detach().exp())
