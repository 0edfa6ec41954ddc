"""What every objective begins with: draws of z from q(z|x), and how likely they make the images."""

from torch import Tensor

from vae_lessons.sampling import reparameterize
from vae_lessons.validation import explain_nan, require_batch


def draw(model, x: Tensor, eps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Encode x (M, D) and draw z = μ + σ ⊙ ε with ε of shape (L, M, J): μ, ℓ and z, or a ValueError."""
    require_batch(x=x, eps=eps)
    mu, log_var = model.encoder(x)
    explain_nan(mu, x=x)
    z = reparameterize(mu, log_var, eps)
    if z.shape[1:] != mu.shape:
        expected = ", ".join(str(size) for size in mu.shape)
        raise ValueError(f"eps must have shape (L, M, J) = (L, {expected}), got {tuple(eps.shape)}")
    return mu, log_var, z


def log_likelihood(model, x: Tensor, z: Tensor) -> Tensor:
    """Log p(x|z) of the model, one value per draw and image, (L, M), or a ValueError."""
    value = model.log_likelihood(x, z)
    if value.shape != z.shape[:-1]:
        expected = f"shape (L, M) = {tuple(z.shape[:-1])}"
        raise ValueError(
            f"log_likelihood must return one value per draw and image, {expected}, got {tuple(value.shape)}"
        )
    return value
