"""The exercises of the book and their checker: `check("3.1", kl_discrete)` says what is right and what is wrong."""

from vae_lessons.exercises.exercise import Case, Exercise, Misconception, Verdict
from vae_lessons.exercises.session import check, find, grade, hint, progress, solution

__all__ = ["Case", "Exercise", "Misconception", "Verdict", "check", "find", "grade", "hint", "progress", "solution"]
