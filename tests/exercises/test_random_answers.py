"""No random wrong answer is accepted, none gets a name that is not its own: on inputs the checker never saw."""

import random

import answers
import pytest
import torch
from mutating import mutants
from torch.nn import functional as F

from vae_lessons.exercises import diagnosis, find, grade
from vae_lessons.exercises.observing import observe

SOURCES = answers.SOURCES | {
    "0.1": ["m = a.max(-1, keepdim=True).values\nreturn m.squeeze(-1) + torch.log(torch.exp(a - m).sum(-1))"],
    "2.1": ["return eps_z, eps_z @ weight.T + bias + std * eps_x"],
    "2.3": [
        "c, d = weight @ weight.T + std**2 * torch.eye(len(bias)).to(x), x - bias\n"
        "q = (d * torch.linalg.solve(c, d.T).T).sum(-1)\n"
        "return -0.5 * (len(bias) * 1.8378770664093453 + torch.logdet(c) + q)"
    ],
    "2.4": [
        "a = log_lik + log_prior\np = torch.exp(a - a.max(-1, keepdim=True).values)\n"
        "return p / torch.trapezoid(p, z)[:, None]"
    ],
    "2.5": ["w = torch.exp(log_lik - log_lik.max(-1, keepdim=True).values)\nreturn w.sum(-1) ** 2 / (w**2).sum(-1)"],
    "3.1": [
        "return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(-1)",
        "return torch.where(p > 0, p * torch.log(p / q), 0.0).sum(-1)",
    ],
    "3.2": ["f = torch.exp(log_p) * (log_p - log_q)\nreturn (0.5 * (f[1:] + f[:-1]) * (x[1:] - x[:-1])).sum()"],
    "3.5": [
        "r, s = p.sum(1), q.sum(1)\nc, d = p / r[:, None], q / s[:, None]\n"
        "return (r * torch.log(r / s)).sum(), (r * (c * torch.log(c / d)).sum(1)).sum()"
    ],
    "4.1": [
        "return torch.log(std_p / std_q) + (std_q**2 + (mu_q - mu_p) ** 2) / (2 * std_p**2) - 0.5",
        "v, w = std_q**2, std_p**2\nreturn 0.5 * (torch.log(w / v) + v / w + (mu_q - mu_p) ** 2 / w - 1)",
    ],
    "4.2": [
        "return -0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(-1)",
        "std = torch.exp(0.5 * log_var)\nreturn (0.5 * (std**2 + mu**2 - 1) - torch.log(std)).sum(-1)",
    ],
    "4.3": [
        "r, d = torch.linalg.inv(cov_p), mu_p - mu_q\n"
        "return 0.5 * (torch.trace(r @ cov_q) + d @ r @ d - len(d) + torch.logdet(cov_p) - torch.logdet(cov_q))"
    ],
    "4.4": ["return 0.5 * (log_var.exp() - 1).T @ x"],
    "4.5": ["d = m - n\nreturn torch.trace(a @ cov) + d @ a @ d"],
    "5.3": ["return torch.trapezoid(torch.exp(log_q) * (log_p - log_q), z)"],
    "5.4": ["return 1 / torch.diagonal(torch.linalg.inv(cov))"],
    "5.5": [
        "m = torch.eye(weight.shape[1]).to(x) + weight.T @ weight / std**2\n"
        "return torch.linalg.solve(m, weight.T @ (x - bias).T / std**2).T, -torch.log(m.diagonal()).repeat(len(x), 1)"
    ],
    "11.2": [
        "r = F.binary_cross_entropy_with_logits(logits, x, reduction='none').sum(1)\n"
        "return (r - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(1)).mean()"
    ],
}
SEEDS = (2, 3, 4)  # the checker itself uses 0 and 1
TOTALS = {"wrong answers": 0, "named": 0, "right after all": 0}


def functions(id):
    """The right answers to an exercise, as source code."""
    arguments = ", ".join(diagnosis.cases_of(find(id))[0].args)
    for body in SOURCES[id]:
        yield f"def answer({arguments}):\n    " + body.replace("\n", "\n    ")


def values_on(id, answer, seed):
    """What an answer gives on fresh inputs; float64 first, arrays if it needs them."""
    seen = []
    for case in diagnosis.cases_of(find(id), seed):
        tries = (observe(find(id), answer, case, flavour).values for flavour in ("torch64", "torch", "numpy"))
        seen.append(next((v for v in tries if v is not None), None))
    return seen


def holds(id, answer, verdict, seed):
    """Whether a verdict is true of fresh inputs as well."""
    exercise, values = find(id), values_on(id, answer, seed)
    if None in values:
        return False
    if verdict.status == "correct":
        pairs = zip(values, diagnosis.references_of(exercise, seed), strict=True)
        return all(diagnosis.agree(exercise, v, r) for v, r in pairs)
    (named,) = [m for m in exercise.misconceptions if m.name == verdict.misconception]
    return diagnosis.explains(exercise, named, values, seed)


@pytest.mark.parametrize("id", SOURCES)
def test_no_false_verdict(id):
    rng, scope = random.Random(id), {"torch": torch, "F": F}
    for source in functions(id):
        for answer, text in mutants(source, rng, 60, scope):
            verdict = grade(id, answer)
            TOTALS["wrong answers"] += verdict.status != "correct"
            TOTALS["right after all"] += verdict.status == "correct"
            TOTALS["named"] += verdict.misconception is not None
            if verdict.status == "correct" or verdict.misconception:
                assert all(holds(id, answer, verdict, seed) for seed in SEEDS), (verdict, text)


def test_totals(capsys):
    with capsys.disabled():
        print("\nrandom edits: " + ", ".join(f"{n} {what}" for what, n in TOTALS.items()) + ", 0 false verdicts")
