"""Exercises 14.3 and 14.4: a weight on the KL, fixed and rising."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.exercises.exercise import Case, Exercise, known, mistake
from vae_lessons.exercises.hints_ch14 import HINTS
from vae_lessons.likelihoods import bernoulli_log_prob


def beta_elbo(x: Tensor, logits: Tensor, mu: Tensor, log_var: Tensor, beta: float) -> tuple[Tensor, Tensor]:
    """What is trained, 𝓛_β of (14.1), and what is reported, 𝓛, for each image."""
    log_lik, kl = bernoulli_log_prob(x, logits), kl_std_normal(mu, log_var)
    return log_lik - beta * kl, log_lik - kl


def _beta_cases(seed: int = 0) -> list[Case]:
    generator, cases = torch.Generator().manual_seed(seed + 143), []
    for m, d, j, beta in [(2, 4, 3, 3.0), (3, 5, 2, 0.4), (4, 6, 3, 2.5)]:
        logits, mu, log_var = (torch.randn(m, k, generator=generator).double() for k in (d, j, j))
        x = (torch.rand(m, d, generator=generator) < 0.5).double()
        args = {"x": x, "logits": 2 * logits, "mu": mu, "log_var": 0.8 * log_var, "beta": beta}
        cases.append(Case(args))
    return cases


def _from_terms(combine):
    """Make a wrong answer from a function of the two terms and β."""
    return lambda x, a, mu, log_var, beta: combine(bernoulli_log_prob(x, a), kl_std_normal(mu, log_var), beta)


BETA_ELBO = Exercise(
    id="14.3",
    title="Train one, report the other",
    equation="(14.1)",
    chapter="chapter 14",
    cases=_beta_cases,
    reference=beta_elbo,
    parts=("weighted ELBO", "ELBO"),
    misconceptions=(
        *known("14.1", {
            "β on the reconstruction": "Your β stands on the reconstruction. In (14.1) it weighs the KL.",
            "1/β": "Your KL is divided by β. In (14.1) it is multiplied by it.",
            "β in the ELBO reported": "Your second value still has β in it. The ELBO that is reported is (14.1) with "
            "β = 1, or networks trained with different β cannot be compared.",
            "β²": "Your KL is multiplied by the square of β. In (14.1) it is β itself.",
            "no β": "Your two values are the same: β is missing in the first. See (14.1).",
        }),
        mistake("the two exchanged", "Your two values are exchanged: first (14.1) with β, then with β = 1.",
                _from_terms(lambda rec, kl, beta: (rec - kl, rec - beta * kl))),
        mistake("β on both terms", "Your β multiplies the whole ELBO, which changes the size of the gradient and not "
                "its direction. In (14.1) it weighs the KL alone.",
                _from_terms(lambda rec, kl, beta: (beta * (rec - kl), rec - kl))),
        mistake("losses", "Your values are losses. (14.1) is to be maximised: reconstruction minus the weighted KL.",
                _from_terms(lambda rec, kl, beta: (beta * kl - rec, kl - rec))),
        mistake("KL added", "Your KL is added. (14.1) subtracts it.",
                _from_terms(lambda rec, kl, beta: (rec + beta * kl, rec + kl))),
        mistake("1 − β on the reconstruction", "Your weights add up to 1. In (14.1) the reconstruction has the weight "
                "1, whatever β is.", _from_terms(lambda rec, kl, beta: ((1 - beta) * rec - beta * kl, rec - kl))),
        mistake("β − 1", "Your KL has the weight β − 1. In (14.1) it has β.",
                _from_terms(lambda rec, kl, beta: (rec - (beta - 1) * kl, rec - kl))),
        mistake("mean over the images", "Your values are means over the images. One of each per image is asked for, "
                "see (14.1).",
                _from_terms(lambda rec, kl, beta: ((rec - beta * kl).mean(), (rec - kl).mean()))),
        mistake("mean over the pixels", "Your reconstruction is a mean over the pixels. In (14.1) it is a sum, or β is "
                "not what it says.",
                lambda x, a, mu, v, beta: tuple(
                    bernoulli_log_prob(x, a) / x.shape[1] - b * kl_std_normal(mu, v) for b in (beta, 1))),
        mistake("KL without ½", "Your KL lacks the ½ of (4.2), which doubles the β of (14.1).",
                _from_terms(lambda rec, kl, beta: (rec - 2 * beta * kl, rec - 2 * kl))),
        mistake("one reconstruction for the batch", "Your reconstruction is one number for the whole batch. (14.1) has "
                "one for each image: reduce over the pixels alone.",
                _from_terms(lambda rec, kl, beta: (rec.sum() - beta * kl, rec.sum() - kl)),
                lambda x, a, mu, v, beta: tuple(
                    bernoulli_log_prob(x, a).mean() / x.shape[1] - b * kl_std_normal(mu, v) for b in (beta, 1))),
        mistake("mean over the latents", "Your KL is a mean over the latents. (4.2) sums over them, or β is not what "
                "it says.",
                lambda x, a, mu, v, beta: tuple(
                    bernoulli_log_prob(x, a) - b * kl_std_normal(mu, v) / mu.shape[1] for b in (beta, 1))),
        mistake("ℓ read as log σ", "Your KL reads log_var as log σ. In (4.2) ℓ is log σ².",
                lambda x, a, mu, v, beta: beta_elbo(x, a, mu, 2 * v, beta)),
        mistake("two sigmoids", "Your logits go through a sigmoid before a function that applies one itself. (9.2) "
                "takes the logits as they are.",
                lambda x, a, mu, v, beta: beta_elbo(x, torch.sigmoid(a), mu, v, beta)),
        mistake("cross-entropy for log p(x|z)", "Your reconstruction has the wrong sign: log p(x|z) in (14.1) is minus "
                "the binary cross-entropy.",
                _from_terms(lambda rec, kl, beta: (-rec - beta * kl, -rec - kl))),
        mistake("no KL in the report", "Your second value is the reconstruction alone. The ELBO is (14.1) with β = 1, "
                "not with β = 0.",
                _from_terms(lambda rec, kl, beta: (rec - beta * kl, rec))),
    ),
    hints=HINTS["14.3"],
)  # fmt: skip


def warm_up(step: Tensor, warmup: int, per_epoch: int) -> Tensor:
    """β of a step, (14.4): from 0 to 1 in a straight line, then 1."""
    return (step / warmup).clamp(max=1)


def every_step(run, answer, steps: Tensor, warmup: int, per_epoch: int) -> list:
    """Ask for β at each of the steps."""
    return [run(answer, step, warmup, per_epoch) for step in steps]


def _step_cases(seed: int = 0) -> list[Case]:
    cases = []
    for warmup, per_epoch in [(12 + seed, 5), (20 + seed, 7), (15 + seed, 4)]:
        steps = torch.tensor([0, 1, 3, per_epoch + 1, warmup - 1, warmup, warmup + 2, 3 * warmup])
        cases.append(Case({"steps": steps, "warmup": warmup, "per_epoch": per_epoch}))
    return cases


WARM_UP = Exercise(
    id="14.4",
    title="A schedule for β",
    equation="(14.4)",
    chapter="chapter 14",
    cases=_step_cases,
    reference=warm_up,
    probe=every_step,
    flavours=("torch",),
    misconceptions=(
        *known("14.4", {
            "starts at 1": "Your β falls from 1. In (14.4) it begins with 0, so that the code can form first.",
            "unbounded": "Your β grows beyond 1. In (14.4) it stays there: training has to end with the ELBO itself.",
            "epochs over steps": "You divide a number of epochs by a number of steps. Both t and T of (14.4) are "
            "counted in steps.",
            "once per epoch": "Your β changes once per epoch. In (14.4) it changes at every step.",
            "one step early": "Your β is one step ahead: in (14.4) it is 0 at step 0 and reaches 1 at step T.",
        }),
        mistake("one step late", "Your β reaches 1 after step T. In (14.4) it is 1 at T.",
                lambda t, n, _: (t / (n + 1)).clamp(max=1)),
        mistake("T counted in epochs", "Your warm-up lasts T epochs. T is counted in steps, as t is in (14.4).",
                lambda t, n, per_epoch: (t / (n * per_epoch)).clamp(max=1)),
        mistake("one epoch", "Your warm-up lasts one epoch, whatever T is. In (14.4) t is divided by T.",
                lambda t, _, per_epoch: (t / per_epoch).clamp(max=1)),
        mistake("epochs over epochs", "You count whole epochs, so that your β stands still within each. In (14.4) it "
                "changes at every step.",
                lambda t, n, per_epoch: (t // per_epoch / (n // per_epoch)).clamp(max=1)),
        mistake("T − 1", "Your β reaches 1 one step before T. In (14.4) it is 1 at T.",
                lambda t, n, _: (t / (n - 1)).clamp(max=1)),
        mistake("max for min", "You take the larger of the two numbers in (14.4), so that β is never below 1.",
                lambda t, n, _: (t / n).clamp(min=1)),
        mistake("a jump", "Your β jumps from 0 to 1. In (14.4) it is a fraction on the way: mind the whole-number "
                "division.", lambda t, n, _: (t // n).clamp(max=1).double(), lambda t, n, _: (t >= n).double()),
        mistake("falls after T", "Your β falls back after step T. In (14.4) it stays at 1.",
                lambda t, n, _: torch.where(t <= n, t / n, n / t.clamp(min=1)),
                lambda t, n, _: torch.where(t <= n, t / n, 0.0)),
        mistake("starts again", "Your β starts again from 0 after each T steps. In (14.4) it stays at 1.",
                lambda t, n, _: (t % n) / n),
        mistake("T over t", "Your fraction is upside down. In (14.4) it is t/T.",
                lambda t, n, _: (n / t.clamp(min=1)).clamp(max=1), lambda t, n, _: (n / t).clamp(max=1)),
    ),
    hints=HINTS["14.4"],
)  # fmt: skip
