"""Where the ELBO falls short of log p(x): the encoder's part, and that of the family of q."""

from types import SimpleNamespace
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.distributions import Normal
from torch.optim import Adam
from torch.quasirandom import SobolEngine

from vae_lessons.evaluation.evidence import exact_log_lik
from vae_lessons.objectives import elbo_analytic_kl


class Gaps(NamedTuple):
    """The gap of each image, taken apart as in (13.3), in nats, and the q that took it apart.

    Of shape (N,): `elbo`, that of the encoder's q; `best_elbo`, that of the best normal q with independent dimensions;
    and `log_p`, log p(x). Of shape (N, J): `mu` and `log_var` of the best q.
    """

    elbo: Tensor
    best_elbo: Tensor
    log_p: Tensor
    mu: Tensor
    log_var: Tensor

    @property
    def amortization(self) -> Tensor:
        """What a search for each image gains over the encoder, 𝓛* - 𝓛."""
        return self.best_elbo - self.elbo

    @property
    def approximation(self) -> Tensor:
        """What no q of the family reaches, log p(x) - 𝓛*."""
        return self.log_p - self.best_elbo


def elbo_gaps(
    model: nn.Module,
    x: Tensor,
    log_p: Tensor | None = None,
    *,
    n_samples: int = 1024,
    steps: int = 200,
    lr: float = 0.1,
    points: int = 16,
    seed: int = 0,
    rows: int = 500_000,
) -> Gaps:
    """Take the gap log p(x) - 𝓛 of every image apart by a search for its best q, (13.3); Cremer et al. (2018).

    The model is frozen. Adam starts at the encoder's answer and moves μ and ℓ of each image; each step has new values
    of ε, and the steps shrink to 0. Then both ELBOs are computed with the same ε. In place of random ε stand scrambled
    Sobol points, which leave less noise. A search that ends in a local maximum leaves some of the amortization gap to
    the other one.

    Parameters
    ----------
    model : Module
        A trained VAE whose q is normal with independent dimensions.
    x : Tensor, shape (N, D)
        Images.
    log_p : Tensor, shape (N,), optional
        Log p(x). By default exact, by `exact_log_lik`, which needs J ≤ 3.
    n_samples : int
        Values of ε for the two ELBOs, L.
    steps, lr : int, float
        Steps of Adam, and the size of the first.
    points : int
        Values of ε in each step.
    seed : int
        Of all ε.
    rows : int
        The decoder sees at most about this many latent points at once.

    Returns
    -------
    Gaps
        Of every image 𝓛, 𝓛*, log p(x) and the best q, with the two gaps as properties, in nats.

    Raises
    ------
    ValueError
        If `log_p` is missing and J is more than 3, or if it has not one value per image.
    """
    log_p = exact_log_lik(model, x) if log_p is None else log_p
    if log_p.shape != x.shape[:1]:
        raise ValueError(f"log_p must have one value per image, shape ({len(x)},), got {tuple(log_p.shape)}")
    parts = []
    for chunk in x.split(max(1, rows // n_samples)):
        with torch.no_grad():
            q = model.encoder(chunk)
        best = _search(model, chunk, q, steps, lr, points, seed)
        eps = _sobol(chunk, model.z_dim, n_samples, seed + steps)
        with torch.no_grad():
            parts.append((*(elbo_analytic_kl(_with_q(model, each), chunk, eps) for each in (q, best)), *best))
    elbo, best_elbo, mu, log_var = (torch.cat(part) for part in zip(*parts, strict=True))
    return Gaps(elbo, best_elbo, log_p, mu, log_var)


@torch.enable_grad()
def _search(model, x: Tensor, start: tuple, steps: int, lr: float, points: int, seed: int) -> tuple[Tensor, Tensor]:
    """Climb the ELBO of each image over its own μ and ℓ; the parameters of the model get no gradient."""
    q = tuple(value.detach().clone().requires_grad_() for value in start)
    optimizer = Adam(q, lr=lr)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = lr * (1 - step / steps)
        elbo = elbo_analytic_kl(_with_q(model, q), x, _sobol(x, q[0].shape[1], points, seed + step))
        q[0].grad, q[1].grad = torch.autograd.grad(-elbo.sum(), q)
        optimizer.step()
    return tuple(value.detach() for value in q)


def _with_q(model, q: tuple[Tensor, Tensor]) -> SimpleNamespace:
    """The model, with an encoder that has looked up its answer."""
    return SimpleNamespace(encoder=lambda x: q, log_likelihood=model.log_likelihood)


def _sobol(like: Tensor, z_dim: int, n: int, seed: int) -> Tensor:
    """Points that fill N(0, I) more evenly than draws, each of them with that law: (n, 1, J)."""
    uniform = SobolEngine(z_dim, scramble=True, seed=seed).draw(n, dtype=torch.float64)
    return Normal(0.0, 1.0).icdf(uniform.clamp(1e-9, 1 - 1e-9))[:, None].to(like)
