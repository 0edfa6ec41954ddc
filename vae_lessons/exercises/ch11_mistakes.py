"""Mistakes that exercise 11.2 knows, besides the mutants of (11.1)."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import mistake


def _nll(x: Tensor, logits: Tensor) -> Tensor:
    return bce(logits, x, reduction="none").sum(-1)


def _with_kl(kl: Callable) -> Callable:
    """Make a wrong answer that differs in the KL only."""
    return lambda x, logits, mu, log_var: (_nll(x, logits) + kl(mu, log_var)).mean()


def _by_term(one: float = 1, log_var: float = 1, mu: float = 1, exp: float = 1) -> Callable:
    """Make a KL whose terms have other factors."""
    return _with_kl(lambda m, v: -0.5 * (one + log_var * v - mu * m**2 - exp * v.exp()).sum(-1))


WRONG_KL = (
    mistake(
        "KL without ½",
        "Your KL lacks the ½ of (4.2), so that (11.1) counts it twice.",
        _with_kl(lambda m, v: 2 * kl_std_normal(m, v)),
    ),
    mistake(
        "log_var read as log σ",
        "Your KL reads log_var as log σ. In (11.1) it is log σ², see (4.2).",
        _with_kl(lambda m, v: kl_std_normal(m, 2 * v)),
    ),
    mistake(
        "σ for σ²",
        "Your KL has the standard deviation e^(ℓ/2) where that of (11.1) has the variance e^ℓ, see (4.2).",
        _with_kl(lambda m, v: -0.5 * (1 + v - m**2 - (v / 2).exp()).sum(-1)),
    ),
    mistake(
        "KL without the 1",
        "Your KL lacks the 1 in the bracket of (4.2), so that (11.1) is J/2 too large.",
        _by_term(one=0),
    ),
    mistake(
        "KL without exponential",
        "Your KL lacks the exponential of log_var: see (4.2), which (11.1) adds.",
        _with_kl(lambda m, v: -0.5 * (1 + v - m**2 - v).sum(-1)),
    ),
    mistake(
        "μ not squared",
        "The mean in your KL is not squared: see (4.2), which (11.1) adds.",
        _with_kl(lambda m, v: -0.5 * (1 + v - m - v.exp()).sum(-1)),
    ),
    mistake(
        "KL swapped",
        "Your KL is that of the prior from q. In (11.1) q comes first.",
        _with_kl(lambda m, v: 0.5 * (v + (1 + m**2) * (-v).exp() - 1).sum(-1)),
    ),
    mistake(
        "KL alone",
        "Your value is the KL alone. Equation (11.1) has −log p(x|z) too.",
        lambda x, a, m, v: kl_std_normal(m, v).mean(),
    ),
    mistake(
        "mean BCE, KL summed over everything",
        "Your reconstruction term is a mean over pixels and images, your KL a sum over latents and images. The KL then "
        "weighs M·D times too much. In (11.1) both are sums for each image, and means over the images.",
        lambda x, a, m, v: bce(a, x) + kl_std_normal(m, v).sum(),
    ),
    mistake(
        "per pixel",
        "Your loss is divided by the number of pixels too. That of (11.1) is in nats per image: divide by M alone.",
        lambda x, a, m, v: (_nll(x, a) + kl_std_normal(m, v)).mean() / x.shape[1],
    ),
    mistake(
        "KL summed over the batch",
        "Your KL is the sum over the images, your reconstruction term is not. In (11.1) both are averaged over them.",
        lambda x, a, m, v: _nll(x, a).mean() + kl_std_normal(m, v).sum(),
    ),
)

WRONG_RECONSTRUCTION = (
    mistake("sign of the reconstruction", "Your reconstruction term has the wrong sign: the loss (11.1) has "
            "−log p(x|z), which is never negative.", lambda x, a, m, v: (kl_std_normal(m, v) - _nll(x, a)).mean()),
    mistake("reconstruction summed over the batch", "Your reconstruction term is the sum over the images, your KL is "
            "not. In (11.1) both are averaged over them.",
            lambda x, a, m, v: _nll(x, a).sum() + kl_std_normal(m, v).mean()),
    mistake("squared error", "Your reconstruction term is a squared error. The one of (11.1) is −log p(x|z) of binary "
            "pixels, see (9.2).",
            *(lambda x, a, m, v, f=f, s=s: (s * ((x - f(a)) ** 2).sum(-1) + kl_std_normal(m, v)).mean()
              for f in (torch.sigmoid, torch.clone) for s in (1, 0.5))),
    mistake("only the pixels that are 1", "Your reconstruction term counts the pixels that are 1 only. That of (11.1) "
            "has (1 − x) log(1 − p) too, see (9.2).",
            lambda x, a, m, v: (-(x * torch.nn.functional.logsigmoid(a)).sum(-1) + kl_std_normal(m, v)).mean()),
    mistake("images and logits exchanged", "Your images stand where the logits belong, and the logits where the images "
            "belong: look up the order of the arguments. The x of (11.1) is what is predicted.",
            lambda x, a, m, v: (_nll(a, x) + kl_std_normal(m, v)).mean()),
    mistake("not averaged", "You return one value for each image. The loss (11.1) is their mean.",
            lambda x, a, m, v: _nll(x, a) + kl_std_normal(m, v)),
)  # fmt: skip
