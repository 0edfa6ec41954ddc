"""Exercises of chapter 3, the Kullback-Leibler divergence, each in a module of its own."""

from vae_lessons.exercises.ch03_chain import CHAIN_RULE
from vae_lessons.exercises.ch03_discrete import KL_DISCRETE
from vae_lessons.exercises.ch03_examples import EXAMPLES
from vae_lessons.exercises.ch03_fits import FIT_NORMALS
from vae_lessons.exercises.ch03_quadrature import KL_QUADRATURE

EXERCISES = (KL_DISCRETE, KL_QUADRATURE, EXAMPLES, FIT_NORMALS, CHAIN_RULE)
