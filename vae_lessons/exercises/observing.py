"""One answer on one case: all that is done with the answer is done here, under guard."""

from dataclasses import dataclass
from typing import Any

import torch

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.converting import honest, is_a
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.running import CallFailed, Failure, Runner, protected
from vae_lessons.exercises.values import Unusable, flavoured, to_values


@dataclass(frozen=True)
class Observation:
    """What an answer did on one case: values, or a failure.

    Attributes
    ----------
    values : tuple of tensors, or None
    failure : Failure or None
    changed : tuple of str
        The arguments that the answer changed.
    is_tensor : bool
        Whether the answer returned a tensor, through which a gradient can flow.
    dtype : torch.dtype or None
        What it returned, before the conversion to float64.
    printed : str
    """

    values: diagnosis.Values | None = None
    failure: Failure | None = None
    changed: tuple[str, ...] = ()
    is_tensor: bool = False
    dtype: torch.dtype | None = None
    printed: str = ""


def observe(exercise: Exercise, answer: Any, case: Case, flavour: str) -> Observation:
    """Run an answer on one case."""
    like = diagnosis.structure_of(exercise)

    def look() -> tuple:
        args = flavoured(case.args, flavour)
        run = Runner(tuple(args))
        raw = exercise.probe(run, answer, **args)
        is_tensor = is_a(raw, torch.Tensor)
        return to_values(raw, like), None, run.changed, is_tensor, honest(raw).dtype if is_tensor else None

    try:
        found, printed = protected(lambda: _or_failure(look), exercise.seconds)
    except CallFailed as stop:
        return Observation(failure=stop.failure)
    return Observation(*found, printed=printed)


def _or_failure(look) -> tuple:
    """Turn what is known to go wrong into a failure here, so that what was printed is not lost."""
    try:
        return look()
    except CallFailed as stop:
        return None, stop.failure, (), False, None
    except Unusable as stop:
        return None, Failure("incorrect", str(stop)), (), False, None


def gradients(exercise: Exercise, answer: Any, case: Case) -> dict[str, torch.Tensor | None]:
    """Differentiate the sum of what an answer returns by each argument that asks for it; None where nothing flows."""

    def differentiate() -> dict[str, torch.Tensor | None]:
        leaves = {n: case.args[n].float().requires_grad_() for n in exercise.gradients}
        value = exercise.probe(Runner(), answer, **(flavoured(case.args, "torch") | leaves))
        if not (is_a(value, torch.Tensor) and value.requires_grad):
            return dict.fromkeys(leaves)
        return {n: _derivative(value, leaf) for n, leaf in leaves.items()}

    return protected(differentiate, exercise.seconds)[0]


def _derivative(value: torch.Tensor, leaf: torch.Tensor) -> torch.Tensor | None:
    (grad,) = torch.autograd.grad(value.sum(), leaf, allow_unused=True, retain_graph=True)
    return None if grad is None else to_values(grad)[0]
