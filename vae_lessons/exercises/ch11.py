"""Exercises of chapter 11, the VAE in PyTorch, each in a module of its own."""

from vae_lessons.exercises.ch11_evaluation import TEST_ELBO
from vae_lessons.exercises.ch11_gaussian import GAUSSIAN_DECODER
from vae_lessons.exercises.ch11_loss import VAE_LOSS
from vae_lessons.exercises.ch11_networks import NETWORKS
from vae_lessons.exercises.ch11_training import TRAINING_STEP

EXERCISES = (NETWORKS, VAE_LOSS, TRAINING_STEP, GAUSSIAN_DECODER, TEST_ELBO)
