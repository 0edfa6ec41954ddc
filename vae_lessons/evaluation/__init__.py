"""What a trained model is worth, on images it has not seen.

A model is what it is in `vae_lessons.objectives`: an `encoder`, a method `log_likelihood`, and the number `z_dim`.
"""

from vae_lessons.evaluation.aggregate import Surgery, aggregate_log_prob, elbo_surgery
from vae_lessons.evaluation.estimates import (
    Estimate,
    Evaluation,
    active_units,
    bits_per_dim,
    elbo_of_images,
    estimate,
    evaluate_elbo,
)
from vae_lessons.evaluation.evidence import effective_sample_size, exact_log_lik, iw_log_lik_dataset
from vae_lessons.evaluation.gaps import Gaps, elbo_gaps

__all__ = [
    "Estimate",
    "Evaluation",
    "Gaps",
    "Surgery",
    "active_units",
    "aggregate_log_prob",
    "bits_per_dim",
    "effective_sample_size",
    "elbo_gaps",
    "elbo_of_images",
    "elbo_surgery",
    "estimate",
    "evaluate_elbo",
    "exact_log_lik",
    "iw_log_lik_dataset",
]
