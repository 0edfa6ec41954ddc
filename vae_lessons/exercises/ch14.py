"""Exercises of chapter 14, what goes wrong."""

from vae_lessons.exercises.ch14_beta import BETA_ELBO, WARM_UP
from vae_lessons.exercises.ch14_free_bits import FREE_BITS
from vae_lessons.exercises.ch14_linear import UNITS
from vae_lessons.exercises.ch14_logs import DIAGNOSES
from vae_lessons.exercises.ch14_units import ACTIVE

EXERCISES = (ACTIVE, UNITS, BETA_ELBO, WARM_UP, FREE_BITS, DIAGNOSES)
