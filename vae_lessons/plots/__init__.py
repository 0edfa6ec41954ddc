"""The figures of the book. Each function returns a matplotlib figure that carries its alt text; `show` displays it."""

from vae_lessons.plots.autoencoders import code_map, error_curves, nearest_distances
from vae_lessons.plots.diagrams import vae_diagram
from vae_lessons.plots.divergences import asymmetry_map, bimodal_fits, kl_bars, kl_integrand, tangent_line
from vae_lessons.plots.elbo import em_bounds, evidence_bars, jensen_hull, restricted_bound
from vae_lessons.plots.images import contact_sheet, image_rows
from vae_lessons.plots.inference import amortized_codes, mean_field_pair, normal_fits, search_path
from vae_lessons.plots.latent import evidence_integrand, evidence_map, grid_posteriors, prior_collapse, two_steps
from vae_lessons.plots.monte_carlo import (
    bias_staircase,
    error_against_draws,
    running_means,
    two_proposals,
    who_varies_less,
)
from vae_lessons.plots.normals import kl_landscape, kl_slices, two_ellipses
from vae_lessons.plots.style import show
from vae_lessons.plots.training import learning_curves

__all__ = [
    "amortized_codes",
    "asymmetry_map",
    "bias_staircase",
    "bimodal_fits",
    "code_map",
    "contact_sheet",
    "em_bounds",
    "error_against_draws",
    "error_curves",
    "evidence_bars",
    "evidence_integrand",
    "evidence_map",
    "grid_posteriors",
    "image_rows",
    "jensen_hull",
    "kl_bars",
    "kl_integrand",
    "kl_landscape",
    "kl_slices",
    "learning_curves",
    "mean_field_pair",
    "nearest_distances",
    "normal_fits",
    "prior_collapse",
    "restricted_bound",
    "running_means",
    "search_path",
    "show",
    "tangent_line",
    "two_ellipses",
    "two_proposals",
    "two_steps",
    "vae_diagram",
    "who_varies_less",
]
