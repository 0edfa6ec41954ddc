"""The figures of the book. Each function returns a matplotlib figure that carries its alt text; `show` displays it."""

from vae_lessons.plots.appendices import covering_normals, excess_by_steps, flow_posterior
from vae_lessons.plots.autoencoders import code_map, error_curves, nearest_distances
from vae_lessons.plots.backprop import balanced_pulls, gradient_flow, step_errors
from vae_lessons.plots.collapse import (
    eigenvalues_and_noise,
    exact_rate_distortion,
    kl_over_time,
    latent_kls,
    trained_rate_distortion,
)
from vae_lessons.plots.diagrams import vae_diagram
from vae_lessons.plots.divergences import asymmetry_map, bimodal_fits, kl_bars, kl_integrand, tangent_line
from vae_lessons.plots.elbo import em_bounds, evidence_bars, jensen_hull, restricted_bound
from vae_lessons.plots.evaluation import iw_errors, no_bound, posteriors_and_qs
from vae_lessons.plots.gradients import (
    compare_trainings,
    variance_by_frequency,
    weights_or_points,
    where_gradients_flow,
)
from vae_lessons.plots.images import contact_sheet, image_rows
from vae_lessons.plots.inference import amortized_codes, mean_field_pair, normal_fits, search_path
from vae_lessons.plots.latent import evidence_integrand, evidence_map, grid_posteriors, prior_collapse, two_steps
from vae_lessons.plots.latent_space import halves, latent_ellipses, manifold
from vae_lessons.plots.likelihoods import density_of_a_pixel, grey_pixels, pixel_losses, rate_distortion
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
    "balanced_pulls",
    "bias_staircase",
    "bimodal_fits",
    "code_map",
    "compare_trainings",
    "contact_sheet",
    "covering_normals",
    "density_of_a_pixel",
    "eigenvalues_and_noise",
    "em_bounds",
    "error_against_draws",
    "error_curves",
    "evidence_bars",
    "evidence_integrand",
    "evidence_map",
    "exact_rate_distortion",
    "excess_by_steps",
    "flow_posterior",
    "gradient_flow",
    "grey_pixels",
    "grid_posteriors",
    "halves",
    "image_rows",
    "iw_errors",
    "jensen_hull",
    "kl_bars",
    "kl_integrand",
    "kl_landscape",
    "kl_over_time",
    "kl_slices",
    "latent_ellipses",
    "latent_kls",
    "learning_curves",
    "manifold",
    "mean_field_pair",
    "nearest_distances",
    "no_bound",
    "normal_fits",
    "pixel_losses",
    "posteriors_and_qs",
    "prior_collapse",
    "rate_distortion",
    "restricted_bound",
    "running_means",
    "search_path",
    "show",
    "step_errors",
    "tangent_line",
    "trained_rate_distortion",
    "two_ellipses",
    "two_proposals",
    "two_steps",
    "vae_diagram",
    "variance_by_frequency",
    "weights_or_points",
    "where_gradients_flow",
    "who_varies_less",
]
