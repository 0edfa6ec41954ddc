"""Exercise 6.2: five lines from the divergence to the evidence, on a table."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations import REGISTRY
from vae_lessons.equations.finite_world import evidence, expect, posterior
from vae_lessons.exercises.exercise import Case, Exercise, Misconception, mistake
from vae_lessons.exercises.hints_ch06 import HINTS


def five_lines(p: Tensor, q: Tensor) -> tuple[Tensor, ...]:
    """The right-hand sides of (6.1) to (6.5), one value for each row of the table p(x, z)."""
    p_x = p.sum(1, keepdim=True)
    first = (q * torch.log(q / (p / p_x))).sum(1)
    second = (q * torch.log(q * p_x / p)).sum(1)
    third = (q * torch.log(q / p)).sum(1) + torch.log(p_x[:, 0])
    elbo = (q * (torch.log(p) - torch.log(q))).sum(1)
    return first, second, third, elbo, elbo + first


def random_table(rows: int, columns: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Draw a joint table p(x, z) and a table q(z|x)."""
    p, q = torch.rand(2, rows, columns, generator=generator).double() + 0.1
    return p / p.sum(), q / q.sum(1, keepdim=True)


def cases(seed: int = 0) -> list[Case]:
    """Make tables: two small ones and one of another shape."""
    generator = torch.Generator().manual_seed(seed + 62)
    tables = (random_table(*shape, generator) for shape in [(2, 3), (2, 3), (4, 3)])
    return [Case({"p": p, "q": q}) for p, q in tables]


def _first_wrong(values: list, references: list) -> int:
    """Return the first line that is wrong on some case; 5 if there is none."""
    alike = [[torch.allclose(v, r, atol=1e-4) for v, r in zip(*pair, strict=True)]
             for pair in zip(values, references, strict=True)]  # fmt: skip
    return min((line for row in alike for line, right in enumerate(row) if not right), default=5)


def _in(message: str, name: str, *places: tuple[int, Callable]) -> Misconception:
    """Name a mistake by what it makes of the first wrong line; the lines after it may be right or wrong."""

    def recognise(values, references, cases):
        first = _first_wrong(values, references)
        wrong = [f for line, f in places if line - 1 == first]
        return any(
            all(torch.allclose(v[first], f(**c.args), atol=1e-4) for v, c in zip(values, cases, strict=True))
            for f in wrong
        )

    def answer(line, f):
        return lambda p, q: tuple(f(p, q) if k == line - 1 else v for k, v in enumerate(five_lines(p, q)))

    return mistake(name, message, *(answer(*place) for place in places), recognise=recognise)


def _of(number: str, name: str) -> tuple[int, Callable]:
    """Find a mutant of one of the five equations: the line, and what it computes."""
    return int(number[-1]), REGISTRY[number].mutants[name]


FIVE_LINES = Exercise(
    id="6.2",
    title="Five lines",
    equation="(6.1)–(6.5)",
    chapter="chapter 6",
    cases=cases,
    reference=five_lines,
    parts=tuple(f"value by (6.{line})" for line in range(1, 6)),
    proves="The first three lines are the same number, and the last one is log p(x).",
    misconceptions=(
        _in("Your first line compares q with the row of the table. (6.1) has the posterior: the row divided by its "
            "sum.", "joint, not conditional", _of("6.1", "joint, not conditional")),
        _in("Your first line is KL(p(z|x)‖q). In (6.1) q is the weight, and stands above.", "arguments swapped",
            _of("6.1", "arguments swapped")),
        _in("Your first line averages with the posterior, or without q. The weight in (6.1) is q.",
            "weights of the average", _of("6.1", "expectation under p(z|x)"),
            (1, lambda p, q: (q / posterior(p)).log().sum(1)), (1, lambda p, q: (q / posterior(p)).log().mean(1))),
        _in("Your first line divides by p(x|z) or p(z). (6.1) divides by p(z|x), the posterior.",
            "not the posterior", _of("6.1", "p(x|z) for p(z|x)"), _of("6.1", "p(z) for p(z|x)")),
        _in("Your second line has p(x) on the wrong side of the fraction. In (6.2) it has come to stand above.",
            "p(x) below the line", _of("6.2", "p(x) below the line")),
        _in("Your second line lacks p(x). In (6.2) the posterior has become p(x, z)/p(x).", "no p(x)",
            _of("6.2", "no p(x)")),
        _in("Your line has p(z) where (6.2), (6.3) and (6.4) have p(x, z), the table itself.", "p(z) for p(x, z)",
            _of("6.2", "p(z) for p(x, z)"), _of("6.3", "p(z) for p(x, z)"), _of("6.4", "p(z) for p(x, z)")),
        _in("Your third line has p(x) inside the fraction and outside of it. In (6.3) it has left the fraction.",
            "p(x) left inside", _of("6.3", "p(x) left inside")),
        _in("Your third line counts log p(x) once for each z. In (6.3) it stands outside of the average: the weights q "
            "sum to 1.", "Σ log p(x) without q", _of("6.3", "Σ log p(x) without q")),
        _in("Your third line subtracts log p(x). In (6.3) it is added: p(x) stood above.", "sign of log p(x)",
            _of("6.3", "sign of log p(x)")),
        _in("Your third line adds p(x). In (6.3) it is the logarithm of p(x).", "p(x), not its logarithm",
            _of("6.3", "p(x), not its logarithm")),
        _in("Your third line lacks log p(x), which stands behind the average in (6.3).", "log p(x) lost",
            (3, lambda p, q: expect(q, (q / p).log()))),
        _in("Your fourth line is minus the ELBO. In (6.4) log p(x, z) counts plus.", "sign", _of("6.4", "sign")),
        _in("Your fourth line does not average log q. The bracket of (6.4) is averaged as a whole.",
            "log q not averaged", _of("6.4", "log q not averaged")),
        _in("Your fourth line adds log q. (6.4) subtracts it.", "log q added", _of("6.4", "log q added")),
        _in("Your fourth line lacks log q, which (6.4) subtracts.", "no log q", (4, lambda p, q: expect(q, p.log()))),
        _in("Your fourth line has the posterior. The ELBO (6.4) has the joint p(x, z).", "p(z|x) for p(x, z)",
            _of("6.4", "p(z|x) for p(x, z)")),
        _in("Your fifth line subtracts the divergence. By (6.5) ELBO and divergence add up to log p(x).",
            "sign of the KL", _of("6.5", "sign of the KL")),
        _in("Your fifth line adds another divergence. In (6.5) it is that of q from the posterior, your first line.",
            "another KL", _of("6.5", "KL(p(z|x)‖q)"), _of("6.5", "KL(q‖p(z))")),
        _in("Your fifth line is p(x). By (6.5) ELBO and divergence add up to its logarithm.", "p(x) for log p(x)",
            (5, lambda p, q: evidence(p))),
        mistake("one number for the table", "Your lines are sums over the whole table. (6.1) to (6.5) hold for each x: "
                "return one value for each row.", lambda p, q: tuple(v.sum() for v in five_lines(p, q))),
        mistake("x and z exchanged", "Your sums run over the rows. In (6.1) to (6.5) z is averaged, and z is the "
                "column.", lambda p, q: five_lines(p.T, q.T)),
    ),
    hints=HINTS["6.2"],
)  # fmt: skip
