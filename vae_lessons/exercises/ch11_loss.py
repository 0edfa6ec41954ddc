"""Exercise 11.2: the loss."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.ch11_mistakes import WRONG_KL, WRONG_RECONSTRUCTION
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, known
from vae_lessons.exercises.hints_ch11 import HINTS
from vae_lessons.likelihoods import bernoulli_log_prob


def vae_loss(x: Tensor, logits: Tensor, mu: Tensor, log_var: Tensor) -> Tensor:
    """Compute the loss of a minibatch in nats per image, equation (11.1)."""
    return (-bernoulli_log_prob(x, logits) + kl_std_normal(mu, log_var)).mean()


def _cases(seed: int = 0) -> list[Case]:
    cases = [_case(2, 3, 1, seed=1 + 10 * seed), _case(4, 6, 3, seed=2 + 10 * seed), _case(3, 5, 2, seed=3 + 10 * seed)]
    sure = _case(2, 3, 1, seed=4).args
    sure["x"] = torch.tensor([[0, 1, 0], [1, 0, 1]]).double()
    sure["logits"] = torch.tensor([[800, 0.5, -1], [-800, 2, 0.3]]).double()
    return [*cases, Case(sure, edge=True)]


def _case(m: int, d: int, j: int, seed: int) -> Case:
    generator = torch.Generator().manual_seed(seed)
    logits, mu, log_var = (torch.randn(m, k, generator=generator, dtype=torch.double) for k in (d, j, j))
    x = (torch.rand(m, d, generator=generator) < 0.5).double()
    return Case({"x": x, "logits": 2 * logits, "mu": mu, "log_var": 0.8 * log_var})


def _with_nll(nll):
    """Make a wrong answer that differs in the reconstruction term only."""
    return lambda x, logits, mu, log_var: (nll(x, logits).sum(-1) + kl_std_normal(mu, log_var)).mean()


def _log_of_sigmoid(x: Tensor, a: Tensor) -> Tensor:
    return -x * a.sigmoid().log() - (1 - x) * (1 - a.sigmoid()).log()


def _chosen(x: Tensor, a: Tensor) -> Tensor:
    return -torch.where(x == 1, a.sigmoid(), 1 - a.sigmoid()).log()


def _clamped(x: Tensor, a: Tensor) -> Tensor:
    return binary_cross_entropy(a.sigmoid(), x, reduction="none")


def _sigmoid_twice(x: Tensor, a: Tensor) -> Tensor:
    return binary_cross_entropy_with_logits(a.sigmoid(), x, reduction="none")


VAE_LOSS = Exercise(
    id="11.2",
    title="The loss",
    equation="(11.1)",
    chapter="chapter 11",
    cases=_cases,
    reference=vae_loss,
    gradients=("logits", "mu", "log_var"),
    proves="Logits of ±800 do no harm.",
    misconceptions=(
        *known("11.1", {
            "mean BCE, sum KL": "Your reconstruction term is a mean over the pixels, your KL a sum over the "
            "latents. The KL then weighs D times too much, and training switches it off. In (11.1) both are sums, "
            "per image.",
            "mean BCE, mean KL": "Both your terms are means over their own axis, so that they are scaled by 1/D "
            "and 1/J. In (11.1) both are sums over that axis, and only the images are averaged.",
            "KL divided by the data": "Your KL is divided by the number of images a second time: its weight "
            "depends on the batch size. In (11.1) both terms are averaged over the images once.",
            "minus KL": "Your KL has the wrong sign. The loss (11.1) is minus the ELBO, and so it adds the KL.",
            "ELBO, not its negative": "Your value is the ELBO. The loss (11.1) is minus the ELBO: an optimiser "
            "minimises.",
            "sum over the batch": "Your value is summed over the images. Equation (11.1) has 1/M in front: nats "
            "per image, whatever the batch size.",
            "no KL": "Your value is the reconstruction term alone. Equation (11.1) adds the KL of each image.",
            "KL mean over the latents": "Your KL is a mean over the latents, so that it weighs J times too "
            "little. In (11.1) the KL of an image is the sum (4.2) over its latents.",
        }),
        *WRONG_KL,
        *WRONG_RECONSTRUCTION,
        Misconception("log of a sigmoid", (_with_nll(_log_of_sigmoid), _with_nll(_chosen), _with_nll(_clamped)),
                      "At logits of ±800 the sigmoid is exactly 0 or 1, and its logarithm infinite, nan or "
                      "clamped. Compute the first term of (11.1) from the logits directly, as in (9.2)."),
        Misconception("sigmoid twice", (_with_nll(_sigmoid_twice),), "Your reconstruction term takes the sigmoid "
                      "twice: the function you use expects logits. See (11.1) and (9.2)."),
    ),
    hints=HINTS["11.2"],
)  # fmt: skip
