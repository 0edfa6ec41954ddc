"""Exercises of chapter 6, the ELBO, each in a module of its own."""

from vae_lessons.exercises.ch06_em import EM
from vae_lessons.exercises.ch06_gap import NO_GAP
from vae_lessons.exercises.ch06_lines import FIVE_LINES
from vae_lessons.exercises.ch06_normal import NORMAL_ELBO
from vae_lessons.exercises.ch06_slack import JENSEN

EXERCISES = (NORMAL_ELBO, FIVE_LINES, JENSEN, NO_GAP, EM)
