"""What the student sees: words first, colour only on top of them."""

import sys
from html import escape

from vae_lessons.exercises.exercise import Exercise, Verdict

STYLE = (
    "<style>.vae-check{border-left:.3em solid #888;padding:.3em .9em;margin:.4em 0;color:inherit}"
    ".vae-check p{margin:.25em 0}.vae-check code{color:inherit;background:none;white-space:pre-wrap}"
    ".vae-check.correct{border-color:#2b8a5a}.vae-check.incorrect{border-color:#b8740a}"
    ".vae-check.error{border-color:#c0433f}</style>"
)


def rows(exercise: Exercise, verdict: Verdict) -> list[tuple[str, str]]:
    """Split a verdict into lines: a label, or nothing, and a text."""
    name = f" ({verdict.misconception})" if verdict.misconception else ""
    lines = [("", f"Exercise {exercise.id}, {exercise.title}: {verdict.status}{name}"), ("", verdict.message)]
    lines += [
        ("Input", verdict.case),
        ("Your value", verdict.yours),
        ("Your function printed", verdict.printed.strip()),
    ]
    if verdict.status in ("incorrect", "error"):
        lines.append(("Read again", exercise.see))
    return [(label, text) for label, text in lines if text]


def as_text(lines: list[tuple[str, str]]) -> str:
    """Write the verdict in plain text."""
    return "\n".join(f"{label}: {text}" if label else text for label, text in lines)


def as_html(lines: list[tuple[str, str]], status: str) -> str:
    """Write the verdict as a small block of HTML, announced by screen readers, in the page's own colours."""
    (_, head), *rest = lines
    body = "".join(_paragraph(label, escape(text)) for label, text in rest)
    head = f"<p><strong>{escape(head)}</strong></p>"
    return f'{STYLE}<div class="vae-check {status.split()[0]}" role="status">{head}{body}</div>'


def _paragraph(label: str, text: str) -> str:
    if label.startswith("Read"):
        return f"<p>{label}: {text}.</p>"
    return f"<p>{label}: <code>{text}</code></p>" if label else f"<p>{text}</p>"


def show(text: str, html: str | None = None) -> None:
    """Display in a notebook, print elsewhere."""
    _show(text, {"text/html": html} if html else {})


def show_markdown(text: str) -> None:
    """Display a text with formulas and code in a notebook, print it elsewhere."""
    _show(text, {"text/markdown": text})


def _show(text: str, rich: dict[str, str]) -> None:
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or not rich:
        print(text)
        return
    from IPython.display import display

    display({"text/plain": text, **rich}, raw=True)
