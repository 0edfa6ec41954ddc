"""What the KL term weighs in a loss: a floor under it, and its weight β, which averages and factors hide, measured."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.likelihoods import bernoulli_log_prob
from vae_lessons.validation import require_batch, require_same_event


def kl_free_bits(mu: Tensor, log_var: Tensor, floor: float) -> Tensor:
    """The KL term with free bits: a dimension pays no less than `floor`, (14.5); Kingma et al. (2016).

    Parameters
    ----------
    mu, log_var : Tensor, shape (M, J)
        Mean and log-variance of q(z|x) for each image.
    floor : float
        λ, nats per dimension that cost nothing, on the average over the batch.

    Returns
    -------
    Tensor, shape ()
        Nats per image: Σ_j max(λ, mean_i KL_ij).

    Raises
    ------
    ValueError
        If `floor` is negative, if a shape does not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(mu=mu, log_var=log_var)
    if mu.ndim != 2:
        raise ValueError(f"mu must have shape (M, J), got {tuple(mu.shape)}")
    if not floor >= 0:
        raise ValueError(f"floor must not be negative, got {floor!r}")
    per_dimension = kl_std_normal(mu.unsqueeze(-1), log_var.unsqueeze(-1)).mean(0)
    return per_dimension.clamp(min=floor).sum()


def effective_beta(
    loss: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor],
    x: Tensor,
    logits: Tensor,
    mu: Tensor,
    log_var: Tensor,
    log_prob: Callable[[Tensor, Tensor], Tensor] = bernoulli_log_prob,
) -> float:
    """The β for which `loss` is a multiple of -log p(x|z) + β KL, (14.1), from its gradients at one point.

    The gradient with respect to the logits is a times that of -log p(x|z), summed over pixels and images; the one
    with respect to (μ, ℓ) is b times that of the KL (4.5), summed alike. Only β = b/a matters to an optimiser.

    Parameters
    ----------
    loss : function of (x, logits, mu, log_var) -> ()
        A loss, to be minimised.
    x, logits : Tensor, shape (M, D)
        Images, and a decoder's output for them. Generic numbers: at a point where a gradient vanishes, or with
        one pixel or one latent dimension alone, less can be told apart.
    mu, log_var : Tensor, shape (M, J)
        Mean and log-variance of q(z|x).
    log_prob : function of (x, logits) -> (M,)
        Log p(x|z). With normal pixels of σ² = 1 for a squared error, the result is the σ² the error stands for, (9.7).

    Returns
    -------
    float
        β: 1 is the ELBO, 0 no KL term at all, less than 0 a KL with the wrong sign.

    Raises
    ------
    ValueError
        If the loss is not of this form, naming the argument in which it is not, or if a shape does not fit.
    """
    require_batch(logits=logits, mu=mu)
    require_same_event(x=x, logits=logits)
    require_same_event(mu=mu, log_var=log_var)
    with torch.enable_grad():
        a_, *q = leaves = [t.detach().clone().requires_grad_() for t in (logits, mu, log_var)]
        d_logits, *d_q = _gradients(loss(x, *leaves), leaves)
        a = _multiple("logits", [d_logits], "-log p(x|z)", _gradients(-log_prob(x, a_).sum(), [a_]))
        b = _multiple("(mu, log_var)", d_q, "the KL divergence", _gradients(kl_std_normal(*q).sum(), q))
    if not a > 0:
        raise ValueError(f"loss must grow with -log p(x|z), it holds {a:g} times that: no reconstruction, or a sign")
    return b / a


def _gradients(value: Tensor, leaves: Sequence[Tensor]) -> Sequence[Tensor]:
    if not isinstance(value, Tensor) or value.numel() != 1 or not value.requires_grad:
        raise ValueError("loss must return one number that depends on logits, mu and log_var by differentiable steps")
    return torch.autograd.grad(value.sum(), leaves, materialize_grads=True)


def _multiple(argument: str, gradients: Sequence[Tensor], what: str, references: Sequence[Tensor]) -> float:
    """The number c with gradient = c · reference."""
    gradient, reference = (torch.cat([t.flatten() for t in ts]).double() for ts in (gradients, references))
    if not reference.any():
        raise ValueError(f"{what} has no gradient at this {argument}: take generic numbers")
    multiple = gradient @ reference / (reference @ reference)
    tolerance = torch.finfo(gradients[0].dtype).eps ** 0.5
    if not (gradient - multiple * reference).norm() <= tolerance * gradient.norm():
        raise ValueError(f"the gradient of loss in {argument} is not proportional to that of {what}")
    return multiple.item()
