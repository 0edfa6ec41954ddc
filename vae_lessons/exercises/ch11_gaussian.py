"""Exercise 11.4: a decoder for real-valued pixels."""

import math

import torch
from torch import Tensor, nn

from vae_lessons.exercises.exercise import Case, Exercise, Misconception
from vae_lessons.exercises.networks import count, fill, require_module, require_pair, require_tensor
from vae_lessons.likelihoods import gaussian_log_prob


class GaussianDecoder(nn.Module):
    """The decoder of equation (11.3): tanh, and two linear heads for the mean and the log-variance of each pixel."""

    def __init__(self, x_dim: int, h_dim: int, z_dim: int, min_std: float):
        super().__init__()
        self.hidden = nn.Linear(z_dim, h_dim)
        self.mean = nn.Linear(h_dim, x_dim)
        self.log_var = nn.Linear(h_dim, x_dim)
        self.min_log_var = 2 * math.log(min_std)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of every pixel, (..., J) -> (..., D) each."""
        h = torch.tanh(self.hidden(z))
        return self.mean(h), self.log_var(h).clamp(min=self.min_log_var)

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Log p(x|z), (M, D) and (L, M, J) -> (L, M)."""
        return gaussian_log_prob(x, *self.forward(z))


def probe(run, answer, x_dim, h_dim, z_dim, min_std, weight, bias, x: Tensor, z: Tensor) -> tuple:
    """Build the decoder, fill its weights with constants, and run it."""
    decoder = require_module(run(answer, x_dim, h_dim, z_dim, min_std), "GaussianDecoder")
    fill(decoder, weight, bias)
    mean, log_var = require_pair(run(decoder, z.float()), "What forward returns")
    if require_tensor(mean, "The mean").shape != require_tensor(log_var, "log_var").shape:
        return count(decoder), mean, log_var, torch.tensor(torch.nan)
    return count(decoder), mean, log_var, run(decoder.log_likelihood, x.float(), z.float())


def _cases() -> list[Case]:
    """Log-variances far above the floor, and far below it: the way of putting in the floor does not matter."""
    cases = []
    for seed, (min_std, weight, bias) in enumerate([(1e-3, 0.4, 0.1), (0.2, 1.5, -24.0)]):
        generator = torch.Generator().manual_seed(seed)
        z = torch.randn(2, 3, 2, generator=generator, dtype=torch.double)
        x = torch.randn(3, 5, generator=generator, dtype=torch.double) + (weight * 4 + 2 * bias if bias < 0 else 0)
        sizes = {"x_dim": 5, "h_dim": 4, "z_dim": 2, "min_std": min_std}
        cases.append(Case({**sizes, "weight": weight, "bias": bias, "x": x, "z": z}))
    return cases


def _floor(limit) -> type[GaussianDecoder]:
    """Make a decoder with another floor, a function of min_std."""

    class Wrong(GaussianDecoder):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            self.min_log_var = limit(sizes[-1])

    return Wrong


class _Relu(GaussianDecoder):
    def forward(self, z):
        h = torch.relu(self.hidden(z))
        return self.mean(h), self.log_var(h).clamp(min=self.min_log_var)


class _OneLogVar(GaussianDecoder):
    def __init__(self, x_dim, h_dim, z_dim, min_std):
        super().__init__(x_dim, h_dim, z_dim, min_std)
        self.log_var = nn.Linear(h_dim, 1)


class _OneLogVarExpanded(_OneLogVar):
    def forward(self, z):
        mean, log_var = super().forward(z)
        return mean, log_var.expand_as(mean)


class _HeadIsStd(GaussianDecoder):
    def forward(self, z):
        h = torch.tanh(self.hidden(z))
        return self.mean(h), 2 * self.log_var(h).clamp(min=math.exp(self.min_log_var / 2)).log()


def _log_lik(formula) -> type[GaussianDecoder]:
    """Make a decoder with another log-likelihood."""
    body = {"log_likelihood": lambda self, x, z: formula(x, *self.forward(z))}
    return type("Wrong", (GaussianDecoder,), body)


def _no_constant(x, mean, log_var):
    return -0.5 * (log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)


SQUARES = (
    _log_lik(lambda x, m, lv: -((x - m) ** 2).sum(-1)),
    _log_lik(lambda x, m, lv: -0.5 * ((x - m) ** 2).sum(-1)),
    _log_lik(lambda x, m, lv: -((x - m) ** 2).mean(-1)),
)

GAUSSIAN_DECODER = Exercise(
    id="11.4",
    title="The normal decoder",
    equation="(11.3)",
    chapter="chapter 11",
    cases=_cases,
    reference=GaussianDecoder,
    probe=probe,
    flavours=("torch",),
    rtol=1e-5,
    parts=("number of parameters", "mean", "log_var", "log_likelihood"),
    remarks={"number of parameters": "Your decoder does not have the number of parameters of (11.3): a layer or a "
             "bias is missing, is there twice, or has another size."},
    proves="The floor holds.",
    misconceptions=(
        Misconception("ReLU", (_Relu,), "Your hidden layer has a ReLU. In (11.3) it is tanh."),
        Misconception("one log-variance for all pixels", (_OneLogVar, _OneLogVarExpanded), "Your log_var is one "
                      "number for all pixels. In (11.3) every pixel has its own: the head has x_dim outputs."),
        Misconception("no floor", (_floor(lambda s: -math.inf),),
                      "Your log_var has no lower limit. Keep it at 2·log(min_std) or "
                      "above: without a floor the likelihood of (11.3) has no upper bound."),
        Misconception("floor for log σ", (_floor(math.log),), "Your floor is log(min_std). The head of (11.3) is a "
                      "log-variance, log σ² = 2·log σ: its floor is twice that."),
        Misconception("floor without a logarithm", (_floor(float),), "Your floor is min_std itself. The head of "
                      "(11.3) is a log-variance: its floor is 2·log(min_std)."),
        Misconception("head read as σ", (_HeadIsStd,), "Your decoder takes the logarithm of its second head, as "
                      "if the head were σ. In (11.3) the linear head is log σ² itself."),
        Misconception("log_var read as log σ", (_log_lik(lambda x, m, lv: gaussian_log_prob(x, m, 2 * lv)),), "Your "
                      "likelihood takes exp(log_var) for σ. It is σ², see (9.3)."),
        Misconception("no 2π", (_log_lik(_no_constant),), "Your likelihood lacks −½ log 2π a pixel: see (9.3)."),
        Misconception("squared error only", SQUARES, "Your likelihood is a squared error, without the log_var of "
                      "the pixel: (9.3) divides the error by σ² and subtracts ½ log σ²."),
        Misconception("mean over pixels", (_log_lik(lambda x, m, lv: gaussian_log_prob(x, m, lv) / 5),),
                      "Your likelihood is a mean over the pixels. By (9.3) it is their sum."),
    ),
    hints=(
        "Two heads on one hidden layer, as in the encoder of 11.1. Which of their outputs needs a limit, and at "
        "what value?",
        "If σ ≥ min_std, what is the smallest log σ²? Hold the second head at that value or above, and give both "
        "outputs to gaussian_log_prob.",
    ),
)  # fmt: skip
