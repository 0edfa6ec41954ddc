"""Exercises of chapter 8, gradients through randomness."""

from vae_lessons.exercises.ch08_baseline import BASELINE
from vae_lessons.exercises.ch08_exponential import EXPONENTIAL
from vae_lessons.exercises.ch08_ratio import RATIO
from vae_lessons.exercises.ch08_reparameterize import REPARAMETERIZE
from vae_lessons.exercises.ch08_rough import ROUGH
from vae_lessons.exercises.ch08_score import SCORE

EXERCISES = (REPARAMETERIZE, SCORE, RATIO, BASELINE, ROUGH, EXPONENTIAL)
