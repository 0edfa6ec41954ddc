"""The checker against right answers, catalogued mistakes and uncatalogued ones, for all exercises."""

import re

import answers
import pytest
import torch
from answers import IDS

from vae_lessons.exercises import find, grade
from vae_lessons.exercises.session import solution_source

MISTAKES = [(id, m, k) for id in IDS for m in find(id).misconceptions for k in range(len(m.wrong))]
BY_VALUE = [id for id in IDS if not find(id).judge]


COUNTS = dict.fromkeys(["recognised", "mistakes", "false", "unnamed", "rejected", "right"], 0)


def judged_right(id, answer):
    """Grade a right answer, and count."""
    verdict = grade(id, answer)
    COUNTS["right"] += 1
    COUNTS["rejected"] += verdict.status != "correct"
    COUNTS["false"] += verdict.misconception is not None
    return verdict


def mistake_name(value):
    return value.name if hasattr(value, "name") else str(value)


def with_inputs(function, convert):
    """The function, fed with converted tensors; a whole number stays one."""
    return lambda *args: function(*(a if isinstance(a, int) else convert(torch.as_tensor(a)) for a in args))


@pytest.mark.parametrize("id", IDS)
def test_the_reference_is_right(id):
    verdict = judged_right(id, find(id).reference)
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize("id", [id for id in BY_VALUE if "numpy" in find(id).flavours])
@pytest.mark.parametrize("convert", [torch.Tensor.float, torch.Tensor.double], ids=["float32", "float64"])
def test_the_reference_is_right_in_each_precision(id, convert):
    assert judged_right(id, with_inputs(find(id).reference, convert)).status == "correct"


@pytest.mark.parametrize(("id", "k"), [(id, k) for id in IDS for k in range(len(answers.RIGHT[id]))])
def test_other_right_answers_pass(id, k):
    verdict = judged_right(id, answers.RIGHT[id][k])
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize(("id", "mistake", "k"), MISTAKES, ids=mistake_name)
def test_each_mistake_is_named(id, mistake, k):
    verdict = grade(id, mistake.wrong[k])
    COUNTS["mistakes"] += 1
    COUNTS["recognised"] += verdict.misconception == mistake.name
    assert (verdict.status, verdict.misconception) == ("incorrect", mistake.name), verdict
    assert verdict.message == mistake.message
    assert re.search(r"\(\d+\.\d+\)", verdict.message)
    assert verdict.case
    assert "!" not in verdict.message


@pytest.mark.parametrize(("id", "k"), [(id, k) for id in IDS for k in range(len(answers.UNNAMED[id]))])
def test_other_mistakes_get_no_name(id, k):
    verdict = grade(id, answers.UNNAMED[id][k])
    COUNTS["unnamed"] += 1
    COUNTS["false"] += verdict.misconception is not None
    assert (verdict.status, verdict.misconception) == ("incorrect", None), verdict
    assert verdict.message


@pytest.mark.parametrize("id", IDS)
def test_hints_do_not_give_the_solution_away(id):
    exercise = find(id)
    lines = [line.strip() for line in solution_source(exercise).splitlines()]
    code = [line for line in lines if len(line) > 12 and not line.startswith(("def ", "class ", "@"))]
    assert len(exercise.hints) >= 2
    assert not [line for line in code for hint in exercise.hints if line in hint]


@pytest.mark.parametrize("id", ["3.1", "4.2", "11.2", "11.3"])
def test_ten_seeds_give_one_verdict(id):
    verdicts = set()
    for seed in range(10):
        torch.manual_seed(seed)
        verdicts.add(grade(id, answers.UNNAMED[id][0]))
        verdicts.add(grade(id, answers.RIGHT[id][0]))
    assert len(verdicts) == 2


def test_totals(capsys):
    """The tests above have counted; where they ran elsewhere, there is nothing to say."""
    with capsys.disabled():
        print(
            f"\n{len(IDS)} exercises: {COUNTS['recognised']}/{COUNTS['mistakes']} mistakes recognised"
            f" ({sum(len(find(id).misconceptions) for id in IDS)} names), {COUNTS['false']} false diagnoses of"
            f" {COUNTS['unnamed'] + COUNTS['right']}, {COUNTS['rejected']} right answers rejected of {COUNTS['right']}"
        )
    assert COUNTS["recognised"] == COUNTS["mistakes"]
    assert COUNTS["false"] == COUNTS["rejected"] == 0
