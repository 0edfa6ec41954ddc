"""Exercise 12.5: draw codes from the aggregate posterior."""

import math
from typing import Any

import torch
from torch import Generator, Tensor

from vae_lessons.exercises.ch12_aggregate_mistakes import MESSAGES, WRONG
from vae_lessons.exercises.exercise import Exercise, Verdict, mistake
from vae_lessons.exercises.hints_ch12 import HINTS
from vae_lessons.exercises.running import CallFailed, Runner
from vae_lessons.exercises.values import Unusable, to_values

N_CODES = 3000
# μ and σ of five images, two latents: wide apart, so that each code tells which image it is from
MU = ((-5.0, 4.0), (3.5, 6.0), (2.0, -5.0), (6.5, -4.0), (-7.0, -6.0))
STD = ((0.15, 0.4), (0.5, 0.2), (0.3, 0.15), (0.2, 0.5), (0.4, 0.3))


def sample_aggregate(mu: Tensor, log_var: Tensor, n: int, generator: Generator) -> Tensor:
    """Draw n codes by (12.5): an image for each, all equally likely, then a code from its q."""
    i = torch.randint(len(mu), (n,), generator=generator)
    return mu[i] + torch.exp(0.5 * log_var[i]) * torch.randn(n, mu.shape[1], generator=generator)


def judge(answer: Any) -> Verdict:
    """Draw codes from five encodings that are wide apart, and look which images they are from."""
    if not callable(answer):
        return Verdict("incorrect", None, "Pass the function itself to check, by its name, without calling it.")
    mu, std = torch.tensor(MU), torch.tensor(STD)
    case = f"{len(mu)} encodings of {mu.shape[1]} numbers, n = {N_CODES}"
    try:
        run = Runner(("mu", "log_var"))
        (z,) = to_values(run(answer, mu, 2 * std.log(), N_CODES, Generator().manual_seed(125)))
    except CallFailed as stop:
        return Verdict(stop.failure.status, None, stop.failure.message, case)
    except Unusable as stop:
        return Verdict("incorrect", None, str(stop), case)
    if run.changed:
        return Verdict("incorrect", None, "Your function changes its arguments: work on new tensors instead.", case)
    name, text = _fault(z, mu.double(), std.double())
    if name or text:
        shown = f"codes of shape {tuple(z.shape)}"
        if z.ndim == 2 and len(z) > 1:
            means, stds = (" ".join(f"{v:.2f}" for v in values) for values in (z.mean(0), z.std(0)))
            shown += f", means {means}, standard deviations {stds}"
        return Verdict("incorrect", name or None, MESSAGES.get(name, text), case, shown)
    return Verdict("correct", message="All images are drawn equally often, and the codes of each follow its q.")


def _fault(z: Tensor, mu: Tensor, std: Tensor) -> tuple[str, str]:
    """Name what is wrong, or say it in general terms."""
    if z.shape != (N_CODES, mu.shape[1]):
        return "", f"Your codes have shape {tuple(z.shape)}; ({N_CODES}, {mu.shape[1]}) is expected: (n, J)."
    if not z.isfinite().all():
        return "", "Your codes hold nan or infinite numbers."
    steps = (z[:, None] - mu) / std  # from each mean, in standard deviations
    own = torch.cdist(z, mu).argmin(1)
    eps = steps[torch.arange(len(z)), own]
    if ((z - mu[own]).std(0) - 1).abs().max() < 0.1:
        return "no spread of q", ""
    if (eps.abs().amax(1) > 6).double().mean() > 0.05:
        return _fault_of_far_codes(z, steps, mu, std)
    if (own == own[0]).all():
        return "always the same image", ""
    if (eps.abs() < 1e-3).all():
        return "means only", ""
    return _fault_of_noise(eps, own, std)


def _fault_of_far_codes(z: Tensor, steps: Tensor, mu: Tensor, std: Tensor) -> tuple[str, str]:
    """Name the law of codes that do not lie where those of the images do."""
    if (steps.abs().amin(1) < 5).double().mean() > 0.99:
        return "dimensions from different images", ""
    if _drawn_with_log_variances(z, mu, std):
        return "log-variance for σ", ""
    spread, centred = z.std(0), (z.mean(0) - mu.mean(0)).abs() < 0.25
    if (z.mean(0).abs() < 0.15).all() and ((spread - 1).abs() < 0.1).all():
        return "prior", ""
    total = (mu.var(0, correction=0) + std.square().mean(0)).sqrt()
    laws = {
        "parameters averaged": (std.square().mean(0).sqrt(), std.mean(0), std.log().mean(0).exp()),
        "draws averaged": (std.square().sum(0).sqrt() / len(std),),
        "one normal": (total, (mu.var(0)).sqrt(), mu.std(0, correction=0)),
    }
    for name, stds in laws.items():
        if centred.all() and any(((spread / s - 1).abs() < 0.04 + 0.02 * (name == "one normal")).all() for s in stds):
            return name, ""
    return "", "Your codes do not lie where those of (12.5) do: near one of the means, each time."


def _drawn_with_log_variances(z: Tensor, mu: Tensor, std: Tensor) -> bool:
    """Whether codes spread like μ + ℓε, and fit that mixture better than any single normal."""
    ell = 2 * std.log().abs()
    total = (mu.var(0, correction=0) + ell.square().mean(0)).sqrt()
    one = torch.distributions.Normal(z.mean(0), z.std(0)).log_prob(z).sum(-1).mean()
    mixture = torch.distributions.Normal(mu, ell).log_prob(z[:, None]).sum(-1).logsumexp(1).mean() - math.log(len(mu))
    return bool(mixture > one) and bool(((z.std(0) / total - 1).abs() < 0.04).all())


def _fault_of_noise(eps: Tensor, own: Tensor, std: Tensor) -> tuple[str, str]:
    """Name what is wrong with codes that lie near the means; eps is their distance in standard deviations."""
    found = {
        k: (eps[own == k].std(0), eps[own == k].mean(0), (own == k).double().mean()) for k in own.unique().tolist()
    }
    if len(found) < len(std):
        return "", f"Codes of {len(found)} images are drawn, of {len(std)}; (12.5) has a term for each."
    stds, means, shares = (torch.stack([found[k][i] for k in range(len(std))]) for i in range(3))
    if (stds < 1e-3).all():
        return "one ε for all codes", ""
    if torch.corrcoef(eps.T)[0, 1].abs() > 0.99:
        return "one ε for all dimensions", ""
    if ((stds / std - 1).abs() < 0.15).all():
        return "variance for σ", ""
    if ((stds - 1).abs() > 0.2).any() or (means.abs() > 0.25).any():
        return "", "Your codes lie around the right means, but not with the σ of their q in (12.5)."
    if ((shares - 1 / len(std)).abs() > 0.05).any():
        return "", "Some images are drawn more often than others. In (12.5) all have the same weight 1/N."
    return "", ""


AGGREGATE = Exercise(
    id="12.5",
    title="Draw from the aggregate posterior",
    equation="(12.5)",
    chapter="chapter 12",
    reference=sample_aggregate,
    judge=judge,
    seconds=10.0,
    misconceptions=tuple(mistake(name, MESSAGES[name], *WRONG[name]) for name in MESSAGES),
    hints=HINTS["12.5"],
)
