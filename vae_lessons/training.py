"""One training loop for all models."""

import sys
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from tqdm import tqdm

from vae_lessons.objectives import elbo_terms


class History(NamedTuple):
    """What training printed: the two terms of the objective, in nats per image, averaged over each epoch."""

    log_lik: list[float]
    kl: list[float]

    @property
    def elbo(self) -> list[float]:
        """Reconstruction minus KL, one value per epoch."""
        return [log_lik - kl for log_lik, kl in zip(self.log_lik, self.kl, strict=True)]


def fit(
    model: nn.Module,
    x: Tensor,
    *,
    epochs: int = 20,
    batch_size: int = 64,
    lr: float = 1e-3,
    beta: float = 1.0,
    seed: int = 0,
    objective: Callable[[nn.Module, Tensor, Tensor], tuple[Tensor, Tensor]] = elbo_terms,
    progress: bool | None = None,
) -> History:
    """Train `model` in place by Adam on the loss (11.1), with one draw of z per image (L = 1).

    Parameters
    ----------
    model : Module
        Has `z_dim`, and what `objective` asks of it.
    x : Tensor, shape (N, D)
        Training images.
    epochs, batch_size, lr
        Passes over the data, images per step, step size of Adam.
    beta : float
        Weight of the KL term.
    seed : int
        Of the order of the images and of the noise. The model's first weights are the caller's.
    objective : function of (model, x, eps)
        Returns log-likelihood and KL per image, each of shape (M,); the loss is the mean of beta·KL - log-likelihood.
    progress : bool, optional
        Show a progress bar. By default one is shown when a person watches.

    Returns
    -------
    History
        The two terms, epoch by epoch.

    Raises
    ------
    ValueError
        If `x` holds no images, or if `epochs`, `batch_size` or `lr` is not positive.
    """
    _check(x, epochs=epochs, batch_size=batch_size, lr=lr)
    generator = torch.Generator(device=x.device).manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = History([], [])
    hidden = not (_watched() if progress is None else progress)
    for _ in (bar := tqdm(range(epochs), desc="fit", unit="epoch", file=sys.stdout, leave=False, disable=hidden)):
        totals = torch.zeros(2, device=x.device)
        for rows in torch.randperm(len(x), generator=generator, device=x.device).split(batch_size):
            eps = torch.randn(1, len(rows), model.z_dim, generator=generator, device=x.device)
            log_lik, kl = objective(model, x[rows], eps)
            loss = (beta * kl - log_lik).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            totals += torch.stack([log_lik.detach().sum(), kl.detach().sum()])
        for values, total in zip(history, (totals / len(x)).tolist(), strict=True):
            values.append(total)
        bar.set_postfix(elbo=f"{history.elbo[-1]:.2f}")
    return history


def _check(x: Tensor, **positive: float) -> None:
    if x.ndim != 2 or len(x) == 0:
        raise ValueError(f"x must have shape (N, D) with at least one image, got {tuple(x.shape)}")
    for name, value in positive.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive, got {value!r}")


def _watched() -> bool:
    """Whether a person watches: a terminal, or a notebook front end that could answer a question."""
    kernel = getattr(sys.modules.get("IPython") and sys.modules["IPython"].get_ipython(), "kernel", None)
    return sys.stdout.isatty() if kernel is None else bool(getattr(kernel, "_allow_stdin", False))
