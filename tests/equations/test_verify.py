"""What `verify` prints."""

import dataclasses

import pytest

from vae_lessons.equations import REGISTRY, verify

PRINTED = """\
Equation (3.1): The KL divergence of two discrete distributions
Kind of check: finite world, on 20 random inputs; shown is the first.
  Σ p log(p/q)                 0.39778
  kl_discrete                  0.39778
  torch.distributions          0.39778
THE CHECK PASSES ✓  All lines agree to within 1e-09.

The same with one mistake in it:
  arguments swapped           0.384505   caught
  log base 2                  0.573875   caught
  cross-entropy                1.91372   caught
  mean instead of sum         0.079556   caught
  sign                        -0.39778   caught
  difference of entropies   -0.0850402   caught
  absolute value              0.743057   caught
  unweighted                  0.621926   caught
8 of 8 mistakes are caught.
"""

MISTAKEN = """\
Equation (3.1) with a mistake in it: arguments swapped
Kind of check: finite world, on 20 random inputs; shown is the first.
  Σ p log(p/q)           0.39778
  kl_discrete            0.39778
  torch.distributions    0.39778
  arguments swapped     0.384505   does not agree
THE CHECK FAILS ✗  The line with the mistake differs on 20 of 20 inputs.
It is off by 0.0132755 here; 1e-09 is allowed.
"""


def test_a_check_in_words(capsys):
    assert verify("3.1") is None
    assert capsys.readouterr().out == PRINTED


def test_a_check_with_a_mistake_in_it(capsys):
    verify("3.1", mutant="arguments swapped")
    assert capsys.readouterr().out == MISTAKEN


def test_the_source_follows_on_request(capsys):
    verify("3.1", source=True)
    out = capsys.readouterr().out
    assert out.startswith(PRINTED)
    assert '"kl_discrete": kl_discrete,' in out
    assert "def _unweighted(p, q):" in out


def values_in(out):
    """Return what a check prints of its inputs and lines, without the title and the blanks between columns."""
    return [" ".join(line.split()) for line in out.partition("THE CHECK")[0].splitlines()[1:]]


@pytest.mark.parametrize("number", REGISTRY)
def test_check_passes_and_prints_narrow_and_the_same_twice(number, capsys):
    verify(number)
    first = capsys.readouterr().out
    assert "THE CHECK PASSES ✓" in first
    assert "NOT CAUGHT" not in first
    verify(number, mutant=max(REGISTRY[number].mutants, key=len))
    out = capsys.readouterr().out
    assert "THE CHECK FAILS ✗" in out
    assert values_in(out)[:-1] == values_in(first)
    assert max(map(len, [*first.splitlines(), *out.splitlines()])) <= 80


def test_a_wrong_line_and_a_surviving_mutant_are_shown(capsys, monkeypatch):
    check = REGISTRY["3.1"]
    lines, mutants = check.lines | {"wrong": check.mutants["sign"]}, {"right": check.lines["kl_discrete"]}
    monkeypatch.setitem(REGISTRY, "3.1", dataclasses.replace(check, lines=lines, mutants=mutants))
    verify("3.1")
    out = capsys.readouterr().out
    assert "wrong                 -0.39778   does not agree" in out
    assert "THE CHECK FAILS ✗  1 of 4 lines do not agree with the first." in out
    assert "NOT CAUGHT\n0 of 1 mistakes are caught." in out
    verify("3.1", mutant="right")
    assert "THE MISTAKE IS NOT CAUGHT" in capsys.readouterr().out


def test_unknown_names_are_errors_that_list_what_there_is():
    with pytest.raises(ValueError, match=r"number must be one of 0.1, 1.1, .*; got '99.1'"):
        verify("99.1")
    with pytest.raises(ValueError, match=r"mutant must be one of arguments swapped, .*; got 'typo'"):
        verify("3.1", mutant="typo")
