"""Exercise 8.2: the score function estimator."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.distributions import Normal

from vae_lessons.exercises.ch08_functions import averaged, cases, rewrapped
from vae_lessons.exercises.exercise import Exercise, known, mistake
from vae_lessons.exercises.hints_ch08 import HINTS
from vae_lessons.sampling import pathwise_grad, score_function_grad


def score_gradient(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Mean over the draws of f(z) times the score (8.3), for μ and for ℓ."""
    std = torch.exp(0.5 * log_var)
    value = f(mu + std * eps)[:, None]
    return (value * eps / std).mean(0), (value * (eps**2 - 1) / 2).mean(0)


def _parts(change: Callable) -> Callable:
    """Make a wrong answer from f(z), ε and σ."""

    def wrong(f, mu, log_var, eps):
        std = torch.exp(0.5 * log_var)
        return tuple(part.mean(0) for part in change(f(mu + std * eps)[:, None], eps, std))

    return wrong


def _f_differentiated(f, mu, log_var, eps):
    """Differentiate f(z) log q(z) where only the z of log q is held fixed."""
    std = torch.exp(0.5 * log_var)
    log_q = Normal(mu, std).log_prob(mu + std * eps).sum(-1, keepdim=True)
    pairs = zip(score_function_grad(f, mu, log_var, eps), pathwise_grad(f, mu, log_var, eps), strict=True)
    return tuple((score + log_q * path).mean(0) for score, path in pairs)


def _both(f, mu, log_var, eps):
    pairs = zip(score_function_grad(f, mu, log_var, eps), pathwise_grad(f, mu, log_var, eps), strict=True)
    return tuple((score + path).mean(0) for score, path in pairs)


SCORE = Exercise(
    id="8.2",
    title="The score function estimator",
    equation="(8.3)",
    chapter="chapter 8",
    cases=lambda seed=0: cases(seed, [(5, 2), (7, 3), (4, 4)]),
    reference=score_gradient,
    parts=("gradient by mu", "gradient by log_var"),
    flavours=("torch",),
    rtol=1e-5,
    proves="It asks for no derivative of f: your f had jumps.",
    misconceptions=(
        *rewrapped(
            known(
                "8.3",
                {
                    "no f": "Your value is the mean score, which is near 0 by (8.2) and says nothing of f. In (8.3) "
                    "each score is multiplied by f(z).",
                    "∇ log p": "Your score is that of the prior N(0, I). In (8.3) it is that of q, with its mean and "
                    "its variance.",
                    "z not detached": "Your z moves with the parameters while log q is differentiated. In (8.3) the "
                    "draws are held fixed.",
                    "no 1/σ²": "Your score lacks the division by the variance. In (8.3) it is (z − μ)/σ² for μ.",
                    "sign": "Your gradient has the opposite sign: that of a loss −f. (8.3) is the gradient of E f.",
                    "∇q for ∇ log q": "Your factor is ∇q. The draws bring the factor q already, so that (8.3) has "
                    "∇ log q.",
                },
            ),
            averaged,
        ),
        mistake(
            "along the path",
            "Your value is the pathwise estimator (8.5), which follows the slope of f and overlooks its jumps. (8.3) "
            "uses values of f alone.",
            averaged(pathwise_grad),
        ),
        mistake(
            "f differentiated too",
            "Your f is differentiated too, so that the slope of f enters. In (8.3) f(z) is a number, held fixed like "
            "z.",
            _f_differentiated,
            _both,
        ),
        mistake(
            "log q of a moving z",
            "Your f(z) is held fixed, but the z in log q moves with the parameters. In (8.3) the draws are held fixed "
            "there too.",
            _parts(lambda f, eps, std: (0 * f * eps, -0.5 * f * torch.ones_like(eps))),
        ),
        mistake(
            "no 1/σ",
            "Your score for μ is ε. By (8.3) it is (z − μ)/σ², which is ε/σ.",
            _parts(lambda f, eps, std: (f * eps, f * (eps**2 - 1) / 2)),
        ),
        mistake(
            "no ½",
            "Your second score is twice that of (8.3), as if ℓ were log σ. Here ℓ = log σ².",
            _parts(lambda f, eps, std: (f * eps / std, f * (eps**2 - 1))),
        ),
        mistake(
            "gradient by σ or σ²",
            "Your second gradient is that with respect to σ, or to σ². In (8.3) differentiate by ℓ = log σ².",
            _parts(lambda f, eps, std: (f * eps / std, f * (eps**2 - 1) / std)),
            _parts(lambda f, eps, std: (f * eps / std, f * (eps**2 - 1) / (2 * std**2))),
        ),
        mistake(
            "no −1",
            "Your second score lacks the −1, which comes from the normalising constant of q. Without it (8.2) fails, "
            "and (8.3) with it.",
            _parts(lambda f, eps, std: (f * eps / std, f * eps**2 / 2)),
        ),
        mistake(
            "distance not divided",
            "Your second score has (z − μ)² where that of (8.3) has (z − μ)²/σ², which is ε².",
            _parts(lambda f, eps, std: (f * eps / std, f * ((std * eps) ** 2 - 1) / 2)),
            _parts(lambda f, eps, std: (f * eps, f * ((std * eps) ** 2 - 1) / 2)),
        ),
        mistake(
            "multiplied by σ²",
            "Your score for μ is (z − μ) σ². In (8.3) it is (z − μ)/σ²: a narrow q changes fast.",
            _parts(lambda f, eps, std: (f * eps * std**3, f * (eps**2 - 1) / 2)),
        ),
        mistake(
            "mean over the latents",
            "Your value is divided by J: log q is a mean over the latent dimensions. In (8.3) it is the logarithm of a "
            "product of densities, a sum.",
            lambda f, mu, v, eps: tuple(g / len(mu) for g in score_gradient(f, mu, v, eps)),
        ),
        mistake(
            "e^ℓ as scale",
            "Your standard deviation is e^ℓ, which is the variance. For the q of (8.3) it is e^(ℓ/2).",
            lambda f, mu, v, eps: score_gradient(f, mu, 2 * v, eps),
            lambda f, mu, v, eps: tuple(c * g for c, g in zip((1, 2), score_gradient(f, mu, 2 * v, eps), strict=True)),
        ),
        mistake(
            "f at the noise",
            "Your f is taken at ε. In (8.3) it is taken at z, a draw from q.",
            lambda f, mu, v, eps: averaged(score_function_grad)(lambda z: f(eps), mu, v, eps),
        ),
        mistake(
            "own mean subtracted",
            "You subtract the mean of f over the same draws. A baseline that has seen its own draw makes (8.3) biased: "
            "see (8.6).",
            lambda f, mu, v, eps: averaged(score_function_grad)(lambda z: f(z) - f(z).mean(), mu, v, eps),
        ),
        mistake(
            "mean of f times mean score",
            "Your averages are taken before the product. (8.3) is the average of products, and the product of averages "
            "is near 0.",
            lambda f, mu, v, eps: averaged(score_function_grad)(lambda z: f(z).mean().expand(len(z)), mu, v, eps),
        ),
        mistake(
            "sum over the draws",
            "Your value is a sum over the draws. The expectation in (8.3) is estimated by their mean.",
            lambda f, mu, v, eps: tuple(g.sum(0) for g in score_function_grad(f, mu, v, eps)),
        ),
        mistake(
            "not averaged",
            "You return one value for each draw. The expectation in (8.3) is estimated by their mean.",
            score_function_grad,
        ),
        mistake(
            "exchanged",
            "Your two gradients are exchanged: that of (8.3) with respect to μ comes first.",
            lambda f, mu, v, eps: score_gradient(f, mu, v, eps)[::-1],
        ),
    ),
    hints=HINTS["8.2"],
)
