"""The supporting module of the course: each formula of the book once.

The reader's commands are here: `check`, `grade`, `hint`, `solution` and `progress` for exercises, `verify` for
equations, `versions` for problem reports. The formulas are in modules, to be imported from there:

divergences: kl_discrete, kl_normal, kl_std_normal, kl_multivariate_normal, kl_monte_carlo
likelihoods: bernoulli_log_prob, gaussian_log_prob, continuous_bernoulli_log_prob, log_prior
sampling: reparameterize, score_function_grad, pathwise_grad, optimal_baseline
objectives: elbo_terms, elbo_mc, elbo_analytic_kl, iw_log_lik, log_weights, kl_free_bits, effective_beta
models: Autoencoder, VAE, GaussianVAE, LinearVAE
numpy_vae: init, forward, elbo, backward, complex_step, adam_step, fit
data: load, binarize, upsample
training: fit
evaluation: evaluate_elbo, iw_log_lik_dataset, exact_log_lik, elbo_gaps, elbo_surgery, active_units, bits_per_dim
plots: show, and a function for each figure
live: bound, kl, running_mean
"""

from vae_lessons.equations import verify
from vae_lessons.exercises import check, grade, hint, progress, solution

__version__ = "0.1.0"
__all__ = ["check", "grade", "hint", "progress", "solution", "verify", "versions"]


def versions() -> None:
    """Print the versions that a problem report should name."""
    import platform

    import numpy
    import torch

    print(
        f"vae_lessons {__version__}, Python {platform.python_version()}, "
        f"torch {torch.__version__}, numpy {numpy.__version__}"
    )
