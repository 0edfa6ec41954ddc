"""One training loop for all models."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.optim import Adam
from tqdm import tqdm

from vae_lessons import checkpoints, processes
from vae_lessons.data import draw_pixels
from vae_lessons.objectives import elbo_terms
from vae_lessons.validation import require_pixels


class History(NamedTuple):
    """What training printed: the two terms of the objective, in nats per image, averaged over each epoch."""

    log_lik: list[float]
    kl: list[float]

    @property
    def elbo(self) -> list[float]:
        """Reconstruction minus KL, one value per epoch."""
        return [log_lik - kl for log_lik, kl in zip(self.log_lik, self.kl, strict=True)]


class Terms(nn.Module):
    """A model together with the objective it is trained on: (x, ε) ↦ log-likelihood and KL, one value per image."""

    def __init__(self, model: nn.Module, objective: Callable):
        super().__init__()
        self.model, self.objective = model, objective

    def forward(self, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
        """Both terms, each of shape (M,)."""
        return self.objective(self.model, x, eps)


def fit(
    model: nn.Module,
    x: Tensor,
    *,
    epochs: int = 20,
    batch_size: int = 64,
    lr: float | Callable[[int], float] = 1e-3,
    beta: float = 1.0,
    seed: int = 0,
    objective: Callable[[nn.Module, Tensor, Tensor], tuple[Tensor, Tensor]] = elbo_terms,
    binarize: bool = False,
    device: str | None = None,
    adam_eps: float = 1e-8,
    n_samples: int = 1,
    compile: bool = False,
    checkpoint: Path | str | None = None,
    after_epoch: Callable[[History], None] | None = None,
    progress: bool | None = None,
) -> History:
    """Train `model` in place by Adam on the loss (11.1).

    Ctrl-C ends the training early and keeps what has been learned. Under torchrun every process calls `fit` with the
    same arguments, takes its part of each batch, and all end with the same weights.

    Parameters
    ----------
    model : Module
        Has `z_dim`, and what `objective` asks of it.
    x : Tensor, shape (N, D)
        Training images.
    epochs, batch_size
        Passes over the data, images per step (over all processes).
    lr : float or function of the epoch
        Step size of Adam; a function is given the epoch's number, from 0.
    beta : float
        Weight of the KL term.
    seed : int
        Of the order of the images, of the noise and of the binarisation. The model's first weights are the caller's.
    objective : function of (model, x, eps)
        Returns log-likelihood and KL per image, each of shape (M,); the loss is the mean of beta·KL - log-likelihood.
    binarize : bool
        Draw the pixels of every batch anew, 1 with probability x (dynamic binarisation).
    device : str, optional
        "cpu", "cuda" or "mps"; by default where x is. The model and the images are moved there.
    adam_eps : float
        The ε in Adam's denominator, equation (10.10).
    n_samples : int
        Draws of z per image, L.
    compile : bool
        Hand the model and the objective to `torch.compile`: a wait of some seconds, then faster steps on a GPU.
    checkpoint : path, optional
        A file that is written after each epoch. If it is there already, training goes on from it, and ends with the
        weights that a run without a break would have.
    after_epoch : function of the history, optional
        Called after each epoch.
    progress : bool, optional
        Show a progress bar. By default one is shown when a person watches.

    Returns
    -------
    History
        The two terms, epoch by epoch.

    Raises
    ------
    ValueError
        If `x` holds no images, or is to be binarised and has pixels outside [0, 1], if `epochs`, `batch_size` or a step
        size is not positive, if the checkpoint belongs to another run, or if the objective becomes NaN.
    """
    lr_of = lr if callable(lr) else lambda epoch: lr
    _check(x, epochs=epochs, batch_size=batch_size, lr=lr_of(0), adam_eps=adam_eps)
    if binarize:
        require_pixels(x=x)
    x, model = x.to(device), model.to(device or x.device)
    generator = Generator(device=x.device).manual_seed(seed)
    optimizer = Adam(model.parameters(), eps=adam_eps, fused=True)
    terms = processes.wrap(Terms(model, objective))
    history = History([], [])
    run = {"images": len(x), "batch_size": batch_size, "lr": lr_of(0), "beta": beta, "seed": seed, "binarize": binarize}
    parts = {"model": model, "optimizer": optimizer, "generator": generator}
    if checkpoint and Path(checkpoint).exists():
        history = History(**checkpoints.resume(checkpoint, run, **parts))
    hidden = not (processes.is_first() and (_watched() if progress is None else progress))
    bar = tqdm(
        total=epochs, initial=len(history.kl), desc="fit", unit="epoch", file=sys.stdout, leave=False, disable=hidden
    )
    step = torch.compile(terms) if compile else terms
    try:
        for epoch in range(len(history.kl), epochs):
            optimizer.param_groups[0]["lr"] = lr_of(epoch)
            log_lik, kl = train_epoch(
                step, x, optimizer, generator, (n_samples, model.z_dim), batch_size, beta, binarize
            )
            if math.isnan(log_lik - kl):
                raise ValueError(f"the objective became NaN in epoch {epoch + 1}: try a smaller lr than {lr_of(epoch)}")
            history.log_lik.append(log_lik)
            history.kl.append(kl)
            bar.update()
            bar.set_postfix(loss=f"{beta * kl - log_lik:.2f}", elbo=f"{log_lik - kl:.2f}")
            if checkpoint and processes.is_first():
                checkpoints.save_run(checkpoint, run, history._asdict(), **parts)
            if after_epoch:
                after_epoch(history)
    except KeyboardInterrupt:
        print(f"stopped after {len(history.kl)} of {epochs} epochs")
    bar.close()
    return history


def train_epoch(
    terms: nn.Module,
    x: Tensor,
    optimizer: Adam,
    generator: Generator,
    draws: tuple[int, int],
    batch_size: int,
    beta: float = 1.0,
    binarize: bool = False,
) -> list[float]:
    """Pass once over the images and return the epoch's log-likelihood and KL, in nats per image."""
    n_samples, z_dim = draws
    totals = torch.zeros(2, device=x.device)
    for rows in torch.randperm(len(x), generator=generator, device=x.device).split(batch_size):
        batch = draw_pixels(x[rows], generator) if binarize else x[rows]
        eps = torch.randn(n_samples, len(rows), z_dim, generator=generator, device=x.device)
        mine = processes.part_of(len(rows))
        log_lik, kl = terms(batch[mine], eps[:, mine])
        loss = (beta * kl - log_lik).sum() * processes.count() / len(rows)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        totals += torch.stack([log_lik.detach().sum(), kl.detach().sum()])
    return (processes.total(totals) / len(x)).tolist()


def _check(x: Tensor, **positive: float) -> None:
    if x.ndim != 2 or len(x) == 0:
        raise ValueError(f"x must have shape (N, D) with at least one image, got {tuple(x.shape)}")
    for name, value in positive.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive, got {value!r}")
    if (last := (len(x) - 1) % positive["batch_size"] + 1) < processes.count():
        raise ValueError(
            f"the last batch has {last} images for {processes.count()} processes: choose another batch_size"
        )


def _watched() -> bool:
    """Whether a person watches: a terminal, or a notebook front end that could answer a question."""
    kernel = getattr(sys.modules.get("IPython") and sys.modules["IPython"].get_ipython(), "kernel", None)
    return sys.stdout.isatty() if kernel is None else bool(getattr(kernel, "_allow_stdin", False))
