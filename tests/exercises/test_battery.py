"""The checker against right answers, catalogued mistakes and uncatalogued ones, for all exercises."""

import re

import answers
import pytest
import torch

from vae_lessons.exercises import find, grade
from vae_lessons.exercises.session import chapter_of, solution_source

IDS = [id for chapter in ("0", "3", "4", "11") for id in chapter_of(chapter)]
MISTAKES = [(id, m, k) for id in IDS for m in find(id).misconceptions for k in range(len(m.wrong))]
BY_VALUE = [id for id in IDS if not find(id).judge]


def mistake_name(value):
    return value.name if hasattr(value, "name") else str(value)


def with_inputs(function, convert):
    """The function, fed with converted tensors."""
    return lambda *args: function(*(convert(torch.as_tensor(a)) for a in args))


@pytest.mark.parametrize("id", IDS)
def test_the_reference_is_right(id):
    verdict = grade(id, find(id).reference)
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize("id", [id for id in BY_VALUE if "numpy" in find(id).flavours])
@pytest.mark.parametrize("convert", [torch.Tensor.float, torch.Tensor.double], ids=["float32", "float64"])
def test_the_reference_is_right_in_each_precision(id, convert):
    assert grade(id, with_inputs(find(id).reference, convert)).status == "correct"


@pytest.mark.parametrize(("id", "k"), [(id, k) for id in IDS for k in range(len(answers.RIGHT[id]))])
def test_other_right_answers_pass(id, k):
    verdict = grade(id, answers.RIGHT[id][k])
    assert verdict.status == "correct", verdict


@pytest.mark.parametrize(("id", "mistake", "k"), MISTAKES, ids=mistake_name)
def test_each_mistake_is_named(id, mistake, k):
    verdict = grade(id, mistake.wrong[k])
    assert (verdict.status, verdict.misconception) == ("incorrect", mistake.name), verdict
    assert verdict.message == mistake.message
    assert re.search(r"\(\d+\.\d+\)", verdict.message)
    assert verdict.case
    assert "!" not in verdict.message


@pytest.mark.parametrize(("id", "k"), [(id, k) for id in IDS for k in range(len(answers.UNNAMED[id]))])
def test_other_mistakes_get_no_name(id, k):
    verdict = grade(id, answers.UNNAMED[id][k])
    assert (verdict.status, verdict.misconception) == ("incorrect", None), verdict
    assert verdict.message


@pytest.mark.parametrize("id", IDS)
def test_hints_do_not_give_the_solution_away(id):
    exercise = find(id)
    lines = [line.strip() for line in solution_source(exercise).splitlines()]
    code = [line for line in lines if len(line) > 12 and not line.startswith(("def ", "class ", "@"))]
    assert len(exercise.hints) >= 2
    assert not [line for line in code for hint in exercise.hints if line in hint]


@pytest.mark.parametrize("id", ["3.1", "11.2", "11.5"])
def test_ten_seeds_give_one_verdict(id):
    verdicts = set()
    for seed in range(10):
        torch.manual_seed(seed)
        verdicts.add(grade(id, answers.UNNAMED[id][0]))
        verdicts.add(grade(id, answers.RIGHT[id][0]))
    assert len(verdicts) == 2


def test_totals(capsys):
    recognised = sum(grade(id, m.wrong[k]).misconception == m.name for id, m, k in MISTAKES)
    named = [grade(id, a).misconception for id in IDS for a in answers.UNNAMED[id] + answers.RIGHT[id]]
    right = [grade(id, a).status for id in IDS for a in [find(id).reference, *answers.RIGHT[id]]]
    false, rejected = sum(name is not None for name in named), sum(status != "correct" for status in right)
    with capsys.disabled():
        print(
            f"\n{len(IDS)} exercises: {recognised}/{len(MISTAKES)} mistakes recognised"
            f" ({sum(len(find(id).misconceptions) for id in IDS)} names), {false} false diagnoses of {len(named)},"
            f" {rejected} right answers rejected of {len(right)}"
        )
    assert (recognised, false, rejected) == (len(MISTAKES), 0, 0)
