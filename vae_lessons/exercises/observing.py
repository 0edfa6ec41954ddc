"""One answer on one case."""

from dataclasses import dataclass
from typing import Any

from vae_lessons.exercises import diagnosis
from vae_lessons.exercises.exercise import Case, Exercise
from vae_lessons.exercises.running import CallFailed, Failure, Runner, describe
from vae_lessons.exercises.values import Unusable, flavoured, to_values


@dataclass(frozen=True)
class Observation:
    """What an answer did on one case: values, or a failure."""

    values: diagnosis.Values | None
    failure: Failure | None
    raw: Any
    printed: str
    changed: tuple[str, ...]


def observe(exercise: Exercise, answer: Any, case: Case, flavour: str) -> Observation:
    """Run an answer on one case."""
    args, like = flavoured(case.args, flavour), diagnosis.structure_of(exercise)
    run, values, failure, raw = Runner(tuple(args)), None, None, None
    try:
        raw = exercise.probe(run, answer, **args)
        values = to_values(raw, like)
    except CallFailed as stop:
        failure = stop.failure
    except Unusable as stop:
        failure = Failure("incorrect", str(stop))
    except Exception as error:  # the answer's networks, in the hands of the probe
        failure = Failure("error", describe(error))
    return Observation(values, failure, raw, run.printed, run.changed)
