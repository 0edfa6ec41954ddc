"""Exercise 6.5: one E-step and one M-step."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.ch06_data import bound_and_target, e_step, elbo_of_data, log_evidence_of_data, m_step
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch06 import HINTS


def em(x: Tensor, theta: Tensor, mu: Tensor, var: Tensor) -> Tensor:
    """ELBO and log p(x) of all data, (6.10): at the start, after the E-step, after the M-step. Shape (3, 2)."""
    new_mu, new_var = theta * x / (1 + theta**2), 1 / (1 + theta**2)
    new_theta = (x * new_mu).sum() / (new_mu**2 + new_var).sum()
    states = (theta, mu, var), (theta, new_mu, new_var), (new_theta, new_mu, new_var)
    return torch.stack([torch.stack([elbo_of_data(x, *s), log_evidence_of_data(x, s[0])]) for s in states])


def _cases(seed: int = 0) -> list[Case]:
    generator = torch.Generator().manual_seed(seed + 65)
    cases = []
    for n, theta, var in [(4, 0.7, 0.5), (6, 1.3, 0.7)]:
        x, mu = 2 * torch.randn(n, generator=generator), torch.randn(n, generator=generator)
        theta, var = (torch.tensor(value + 0.05 * seed) for value in (theta, var))
        args = {"x": x, "theta": theta, "mu": mu, "var": var}
        cases.append(Case({name: value.double() for name, value in args.items()}))
    return cases


def _steps(e: Callable = e_step, m: Callable = m_step) -> Callable:
    """Make a wrong answer with another E-step or another M-step."""

    def wrong(x, theta, mu, var):
        q = e(x, theta)
        return bound_and_target(x, (theta, mu, var), (theta, *q), (m(x, *q), *q))

    return wrong


def _other_m(of: Callable) -> Callable:
    return _steps(m=of)


def _never_e(x, theta, mu, var):
    return bound_and_target(x, (theta, mu, var), (theta, mu, var), (m_step(x, mu, var), mu, var))


def _e_again(x, theta, mu, var):
    q = e_step(x, theta)
    new = m_step(x, *q)
    return bound_and_target(x, (theta, mu, var), (theta, *q), (new, *e_step(x, new)))


def _m_first(x, theta, mu, var):
    new = m_step(x, mu, var)
    return bound_and_target(x, (theta, mu, var), (new, mu, var), (new, *e_step(x, new)))


EM = Exercise(
    id="6.5",
    title="One step of each",
    equation="(6.10)",
    chapter="chapter 6",
    cases=_cases,
    reference=em,
    shows=(elbo_of_data, log_evidence_of_data),
    proves="The E-step leaves log p(x) as it was and closes the gap; the M-step does not lower log p(x).",
    misconceptions=(
        *known(
            "6.10",
            {
                "θ moves in the E-step": "Your θ moves in the E-step already. In (6.10) the E-step moves q alone, so "
                "that log p(x) stays where it was.",
                "log p said to rise": "Your log p(x) rises in the E-step. It does not depend on q: in (6.10) only the "
                "bound rises there.",
                "M-step with the stale q": "Your M-step uses the q of the start. In (6.10) it follows the E-step and "
                "uses the new one.",
                "mean over the data": "Your values are means over the data. (6.10) is a sum.",
            },
        ),
        mistake(
            "M-step without the variance",
            "Your M-step leaves the variance out, or counts it once for all data. (6.10) is a sum of averages over q, "
            "and every x has an E z² of its own.",
            _other_m(lambda x, mu, var: (x * mu).sum() / (mu**2).sum()),
            _other_m(lambda x, mu, var: (x * mu).sum() / ((mu**2).sum() + var)),
        ),
        mistake(
            "likeliest θ at once",
            "Your M-step maximises log p(x). In (6.10) it maximises the bound, with q held still.",
            _other_m(lambda x, mu, var: ((x**2).mean() - 1).clamp(min=0).sqrt()),
        ),
        mistake(
            "regression the wrong way",
            "Your M-step divides by Σ x². In the bound (6.10) it is z, not x, that θ multiplies.",
            _other_m(lambda x, mu, var: (x * mu).sum() / (x**2).sum()),
        ),
        mistake(
            "θ not moved",
            "Your last row is that of the E-step. The M-step of (6.10) moves θ.",
            lambda x, theta, mu, var: bound_and_target(x, (theta, mu, var), *[(theta, *e_step(x, theta))] * 2),
        ),
        mistake(
            "q not moved",
            "Your E-step leaves q where it was. In (6.10) it closes the gap.",
            _never_e,
        ),
        mistake(
            "E-step after the M-step",
            "Your last row has a q that was chosen after the M-step. That is the next E-step of (6.10).",
            _e_again,
        ),
        mistake(
            "M-step first",
            "Your M-step comes before your E-step. The rows of (6.10) are asked for in the order start, E, M.",
            _m_first,
        ),
        mistake(
            "mean of the posterior",
            "Your E-step has a wrong mean, so the gap in (6.10) stays open: here z is θx seen through noise, and the "
            "posterior mean has θ in it twice.",
            _steps(lambda x, t: (x / (1 + t**2), 1 / (1 + t**2))),
            _steps(lambda x, t: (t * x, 1 / (1 + t**2))),
            _steps(lambda x, t: (x / t, 1 / (1 + t**2))),
        ),
        mistake(
            "variance of the posterior",
            "Your E-step has the right mean and a wrong variance, so the gap in (6.10) stays open.",
            _steps(lambda x, t: (t * x / (1 + t**2), 1 / (1 + t**2).sqrt())),
            _steps(lambda x, t: (t * x / (1 + t**2), t**2 / (1 + t**2))),
            _steps(lambda x, t: (t * x / (1 + t**2), 1 + t**2)),
            _steps(lambda x, t: (t * x / (1 + t**2), torch.ones_like(t))),
        ),
        mistake(
            "columns exchanged",
            "Your columns are exchanged, or they are your rows. A row of the table is one moment of (6.10): the bound, "
            "then what it bounds.",
            lambda *args: em(*args).flip(1),
            lambda *args: em(*args).T,
        ),
        mistake("sign", "Your values are minus those of (6.10), which is to be maximised.", lambda *args: -em(*args)),
    ),
    hints=HINTS["6.5"],
)
