"""The figures of the book. Each function returns a matplotlib figure that carries its alt text; `show` displays it."""

from vae_lessons.plots.diagrams import vae_diagram
from vae_lessons.plots.divergences import asymmetry_map, bimodal_fits, kl_bars, kl_integrand, tangent_line
from vae_lessons.plots.images import contact_sheet, image_rows
from vae_lessons.plots.style import show
from vae_lessons.plots.training import learning_curves

__all__ = [
    "asymmetry_map",
    "bimodal_fits",
    "contact_sheet",
    "image_rows",
    "kl_bars",
    "kl_integrand",
    "learning_curves",
    "show",
    "tangent_line",
    "vae_diagram",
]
