"""Exercise 13.3: the best q of each image, by a search."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations import worlds
from vae_lessons.exercises.ch13_search_mistakes import MISTAKES
from vae_lessons.exercises.ch13_search_world import model_of
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.hints_ch13 import HINTS
from vae_lessons.sampling import reparameterize


def best_elbo(model, x: Tensor, eps: Tensor) -> Tensor:
    """The ELBO 𝓛* of each image's best q, as in (13.3); the model is not touched."""
    mu, log_var = (value.detach().clone().requires_grad_() for value in model.encoder(x))
    optimizer = torch.optim.Adam([mu, log_var], lr=0.05)
    for _ in range(300):
        elbo = model.log_likelihood(x, reparameterize(mu, log_var, eps)).mean(0) - kl_std_normal(mu, log_var)
        optimizer.zero_grad()
        (-elbo.sum()).backward()
        optimizer.step()
    return elbo.detach()


def probe(run, answer, model_seed: int, x: Tensor, eps: Tensor) -> tuple:
    """Let the answer search, and see whether the model is what it was."""
    model = model_of(model_seed)
    before = [p.detach().clone() for p in model.parameters()]
    value = run(answer, model, x.double(), eps.double())
    changed = any(not torch.equal(p, b) for p, b in zip(model.parameters(), before, strict=True))
    return value, float(changed)


def _cases(seed: int = 0) -> list[Case]:
    generator, eps = torch.Generator().manual_seed(seed + 133), worlds.sigma_points(2)
    rows = [(133, 2), (134, 3)]
    return [Case({"model_seed": s, "x": torch.randn(n, 5, generator=generator).double(), "eps": eps}) for s, n in rows]


BEST_ELBO = Exercise(
    id="13.3",
    title="The best q of each image",
    equation="(13.3)",
    chapter="chapter 13",
    cases=_cases,
    confirm=False,
    reference=best_elbo,
    probe=probe,
    flavours=("torch",),
    atol=4e-3,
    seconds=20.0,
    parts=("best ELBO", "model"),
    remarks={
        "best ELBO": "Your value is not the maximum of (13.3). It should lie between the encoder's ELBO and log p(x), "
        "and not rise any more when the search goes on. Is every step an average over all the values of eps that "
        "came in, and no others?"
    },
    proves="The maximum is known here: the decoder is linear.",
    misconceptions=MISTAKES,
    hints=HINTS["13.3"],
)
