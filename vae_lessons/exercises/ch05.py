"""Exercises of chapter 5, variational inference, each in a module of its own."""

from vae_lessons.exercises.ch05_amortized import ENCODER
from vae_lessons.exercises.ch05_braces import BRACES
from vae_lessons.exercises.ch05_laplace import LAPLACE
from vae_lessons.exercises.ch05_mean_field import MEAN_FIELD
from vae_lessons.exercises.ch05_nearest import NEAREST

EXERCISES = (LAPLACE, NEAREST, BRACES, MEAN_FIELD, ENCODER)
