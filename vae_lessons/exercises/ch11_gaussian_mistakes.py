"""The decoder of exercise 11.4, and the mistakes that are made with it."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from vae_lessons.exercises.exercise import Misconception, mistake
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


def _head(change) -> type[GaussianDecoder]:
    """Make a decoder whose log-variance is another function of the second head and of the floor."""

    class Wrong(GaussianDecoder):
        def forward(self, z):
            h = torch.tanh(self.hidden(z))
            return self.mean(h), change(self.log_var(h), self.min_log_var)

    return Wrong


class _ReturnsStd(GaussianDecoder):
    def forward(self, z):
        mean, log_var = super().forward(z)
        return mean, torch.exp(0.5 * log_var)

    def log_likelihood(self, x, z):
        return gaussian_log_prob(x, *super().forward(z))


class _ReturnsVariance(_ReturnsStd):
    def forward(self, z):
        mean, std = super().forward(z)
        return mean, std**2


class _SigmoidMean(GaussianDecoder):
    def forward(self, z):
        mean, log_var = super().forward(z)
        return mean.sigmoid(), log_var


class _Ceiling(GaussianDecoder):
    def forward(self, z):
        h = torch.tanh(self.hidden(z))
        return self.mean(h), self.log_var(h).clamp(max=self.min_log_var)


def _log_lik(formula) -> type[GaussianDecoder]:
    """Make a decoder with another log-likelihood."""
    body = {"log_likelihood": lambda self, x, z: formula(x, *self.forward(z))}
    return type("Wrong", (GaussianDecoder,), body)


def _no_constant(x, mean, log_var):
    return -0.5 * (log_var + (x - mean) ** 2 * torch.exp(-log_var)).sum(-1)


LOG_2PI = math.log(2 * math.pi)
SQUARES = (
    _log_lik(lambda x, m, lv: -((x - m) ** 2).sum(-1)),
    _log_lik(lambda x, m, lv: -0.5 * ((x - m) ** 2).sum(-1)),
    _log_lik(lambda x, m, lv: -((x - m) ** 2).mean(-1)),
)

MISTAKES = (
        Misconception("ReLU", (_Relu,), "Your hidden layer has a ReLU. In (11.3) it is tanh."),
        Misconception("one log-variance for all pixels", (_OneLogVar, _OneLogVarExpanded), "Your log_var is one "
                      "number for all pixels. In (11.3) every pixel has its own: the head has x_dim outputs."),
        Misconception("no floor", (_floor(lambda s: -math.inf),),
                      "Your log_var has no lower limit. Keep it at 2·log(min_std) or "
                      "above: without a floor the likelihood of (11.3) has no upper bound."),
        Misconception("floor for log σ", (_floor(math.log),), "Your floor is log(min_std). The head of (11.3) is a "
                      "log-variance, log σ² = 2·log σ: its floor is twice that."),
        Misconception("floor without a logarithm", (_floor(float), _floor(lambda s: s**2)), "Your floor "
                      "is min_std itself, or its square. The head of (11.3) is a log-variance: its floor is "
                      "2·log(min_std)."),
        mistake("floor added", "You add the floor to the head. The log_var of (11.3) is the head itself wherever that "
                "is above the floor.", _head(lambda v, least: v + least), _head(lambda v, least: softplus(v) + least)),
        mistake("softplus for σ", "Your σ is a softplus of the second head. In (11.3) the head is log σ² itself.",
                _head(lambda v, least: 2 * (softplus(v) + math.exp(least / 2)).log()),
                _head(lambda v, least: 2 * softplus(v).clamp(min=math.exp(least / 2)).log())),
        mistake("σ for log_var", "Your forward returns σ, or σ². The second thing asked for is log_var, log σ², the "
                "head of (11.3).", _ReturnsStd, _ReturnsVariance),
        Misconception("head read as σ", (_HeadIsStd,), "Your decoder takes the logarithm of its second head, as "
                      "if the head were σ. In (11.3) the linear head is log σ² itself."),
        Misconception("log_var read as log σ", (_log_lik(lambda x, m, lv: gaussian_log_prob(x, m, 2 * lv)),), "Your "
                      "likelihood takes exp(log_var) for σ. It is σ², see (9.3)."),
        Misconception("no 2π", (_log_lik(_no_constant),), "Your likelihood lacks −½ log 2π a pixel: see (9.3)."),
        Misconception("squared error only", SQUARES, "Your likelihood is a squared error, without the log_var of "
                      "the pixel: (9.3) divides the error by σ² and subtracts ½ log σ²."),
        mistake("sign of the likelihood", "Your log_likelihood has its sign reversed: (9.3) is the log-density, not "
                "minus it.", _log_lik(lambda x, m, lv: -gaussian_log_prob(x, m, lv))),
        mistake("σ for σ²", "Your likelihood divides the error by σ, not by σ² as (9.3) does.", _log_lik(
            lambda x, m, lv: (-0.5 * (LOG_2PI + lv + (x - m) ** 2 / (lv / 2).exp())).sum(-1))),
        mistake("no ½ log σ²", "Your likelihood lacks −½ log σ² a pixel: see (9.3).", _log_lik(
            lambda x, m, lv: (-0.5 * (LOG_2PI + (x - m) ** 2 / lv.exp())).sum(-1))),
        mistake("pixels not summed", "Your log_likelihood has one value for each pixel. By (9.3) that of an image is "
                "their sum.", _log_lik(lambda x, m, lv: -0.5 * (LOG_2PI + lv + (x - m) ** 2 / lv.exp()))),
        mistake("sigmoid on the mean", "Your mean passes through a sigmoid. Its head in (11.3) is linear.",
                _SigmoidMean),
        mistake("ceiling", "Your log_var is held below 2·log(min_std). The σ of (11.3) is to stay above min_std.",
                _Ceiling),
        Misconception("mean over pixels", (_log_lik(lambda x, m, lv: gaussian_log_prob(x, m, lv) / 5),),
                      "Your likelihood is a mean over the pixels. By (9.3) it is their sum."),
)  # fmt: skip
