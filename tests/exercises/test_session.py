"""What the reader sees: check, progress, hint, solution."""

import answers
import pytest

from vae_lessons.exercises import check, display, find, grade, hint, progress, session, solution

right = answers.kl_where
solution_3_3 = answers.examples_numpy()


def stub(*args): ...


def raising(p, q):
    return p.nope()


def loud(p, q):
    print("p is", p.shape)
    return right(p, q) + 1


def test_check_prints_and_never_raises(capsys, monkeypatch):
    monkeypatch.setattr(session, "_seen", {})
    progress()
    for answer in [stub, right, raising, loud, lambda p, q: right(q, p)]:
        assert check("3.1", answer) is None
    out = capsys.readouterr().out
    assert out.startswith("Nothing has been checked in this session.\nExercise 3.1, Write the divergence: not")
    assert "incorrect (arguments swapped)\nYour value is KL(q‖p)." in out
    assert "Your function printed: p is torch.Size([3])" in out
    assert "Read again: equation (3.1), chapter 3" in out


def test_progress_counts_the_readers_answers_only(capsys, monkeypatch):
    monkeypatch.setattr(session, "_seen", {})

    def solution(p, q):
        return right(p, q)

    check("3.1", solution)
    check("3.3", solution_3_3)
    check("3.2", answers.quad_weights)
    check("3.2", stub)
    capsys.readouterr()
    progress()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["3.1", "not", "attempted"]
    assert lines[1].split()[:2] == ["3.2", "correct"]
    assert lines[2].split()[:3] == ["3.3", "not", "attempted"]
    assert lines[-1] == "1 of 5 done"


def test_html_is_announced_and_escaped():
    verdict = grade("3.1", lambda p, q: (_ for _ in ()).throw(ValueError("<b> & co")))
    html = display.as_html(display.rows(find("3.1"), verdict), verdict.status)
    assert 'role="status"' in html
    assert "&lt;b&gt; &amp; co" in html
    assert "http" not in html


def test_hint_and_solution(capsys):
    hint("3.1"), hint("3.1", 2)
    solution("11.3")
    out = capsys.readouterr().out
    assert out.startswith("Hint 1 of 2: ")
    assert "optimizer.zero_grad()" in out
    with pytest.raises(ValueError, match="hints 1 to 2"):
        hint("3.1", 3)


@pytest.mark.parametrize("id", ["9.9", "3.9", "x", "", "3"])
def test_unknown_exercise(id):
    with pytest.raises(ValueError, match="there is no exercise"):
        grade(id, right)
