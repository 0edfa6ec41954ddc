"""Draws that gradients can pass through, and two estimates of the gradient of an expectation."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.validation import explain_nan, require_float, require_same_event


def reparameterize(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """The point z = μ + σ ⊙ ε with σ = e^{ℓ/2}, equation (8.4).

    With ε ~ N(0, I) the result is a draw from N(μ, diag e^ℓ), and a differentiable function of μ and ℓ.

    Parameters
    ----------
    mu, log_var : Tensor, shape (M, J)
        Mean and log-variance ℓ = log σ².
    eps : Tensor, shape (L, M, J)
        Standard normal noise, L draws for each of the M examples.

    Returns
    -------
    Tensor, shape (L, M, J)
        Latent points.

    Raises
    ------
    ValueError
        If the shapes do not fit, or if a tensor is empty or holds integers or NaN.
    """
    require_same_event(mu=mu, log_var=log_var, eps=eps)
    return explain_nan(mu + torch.exp(0.5 * log_var) * eps, mu=mu, log_var=log_var, eps=eps)


@torch.no_grad()
def score_function_grad(
    f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor, baseline: float | Tensor | tuple = 0.0
) -> tuple[Tensor, Tensor]:
    """Estimate ∇ E_q[f] by (f(z) - b) ∇ log q(z), one estimate per draw, (8.3) and (8.6); f is not differentiated.

    Parameters
    ----------
    f : function of (..., J) -> (...)
        One value per point.
    mu, log_var : Tensor, shape (M, J) or (J,)
        Mean and log-variance of q.
    eps : Tensor, shape (L, M, J) or (L, J)
        Standard normal noise.
    baseline : float, Tensor, or a pair of them
        b, fixed before the draws are seen; a pair has one for μ and one for ℓ, as from `optimal_baseline`.

    Returns
    -------
    (Tensor, Tensor), each of the shape of eps
        Gradients with respect to μ and ℓ, to be averaged over the draws.

    Raises
    ------
    ValueError
        If a shape does not fit, or if a tensor is empty or holds integers or NaN.
    """
    value, *scores = _value_and_scores(f, mu, log_var, eps)
    baselines = baseline if isinstance(baseline, tuple) else (baseline, baseline)
    if len(baselines) != 2:
        raise ValueError(f"baseline must be one for all, or a pair for mu and log_var, got {len(baselines)} of them")
    return tuple(_centred(value, b, score) * score for b, score in zip(baselines, scores, strict=True))


@torch.no_grad()
def optimal_baseline(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """The baselines b* = E[f s²] / E[s²] of least variance, s = ∇ log q, estimated from the draws, (8.6).

    Use them with other draws: a baseline that has seen the draw it is subtracted from makes the gradient biased.

    Parameters
    ----------
    f, mu, log_var, eps
        As in `score_function_grad`.

    Returns
    -------
    (Tensor, Tensor), each of shape (M, J) or (J,)
        One baseline per entry of μ, and one per entry of ℓ.

    Raises
    ------
    ValueError
        As `score_function_grad` does.
    """
    value, *scores = _value_and_scores(f, mu, log_var, eps)
    return tuple((value * score**2).mean(0) / (score**2).mean(0) for score in scores)


def pathwise_grad(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor]:
    """Estimate ∇ E_q[f] by ∇_z f · ∂z/∂(μ, ℓ) with z = μ + σ ⊙ ε, one estimate per draw, by autograd, (8.5).

    Parameters
    ----------
    f, mu, log_var, eps
        As in `score_function_grad`, but f must be differentiable.

    Returns
    -------
    (Tensor, Tensor), each of the shape of eps
        Gradients with respect to μ and ℓ, to be averaged over the draws.

    Raises
    ------
    ValueError
        As `score_function_grad` does, and if no gradient flows from f(z) to z.
    """
    _draw(mu, log_var, eps)  # refuses what does not fit
    with torch.enable_grad():
        leaves = [t.detach().expand_as(eps).clone().requires_grad_() for t in (mu, log_var)]
        value = _value(f, reparameterize(*leaves, eps.detach()))
        if not value.requires_grad:
            raise ValueError("f must be differentiable: no gradient flows from f(z) to z; (8.3) needs none")
        return torch.autograd.grad(value.sum(), leaves, materialize_grads=True)


def _value_and_scores(f: Callable, mu: Tensor, log_var: Tensor, eps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """f(z), with an axis for J, and ∇ log q(z) with respect to μ and ℓ: ε/σ and (ε² - 1)/2."""
    value = _value(f, _draw(mu, log_var, eps)).unsqueeze(-1)
    return value, eps * torch.exp(-0.5 * log_var), 0.5 * (eps**2 - 1)


def _value(f: Callable, z: Tensor) -> Tensor:
    value = f(z)
    require_float(**{"f(z)": value})
    if value.shape != z.shape[:-1]:
        raise ValueError(f"f(z) must have shape {tuple(z.shape[:-1])}, one value per point, got {tuple(value.shape)}")
    return value


def _draw(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    z = reparameterize(mu, log_var, eps)
    shape = torch.broadcast_shapes(mu.shape, log_var.shape)
    if eps.shape[1:] != shape:
        raise ValueError(f"eps must hold draws of shape {tuple(shape)} on a first axis, got shape {tuple(eps.shape)}")
    return z


def _centred(value: Tensor, baseline: float | Tensor, score: Tensor) -> Tensor:
    try:
        baseline = torch.as_tensor(baseline, dtype=score.dtype, device=score.device).expand_as(score)
    except RuntimeError:
        raise ValueError(f"baseline must fit eps {tuple(score.shape)}, got shape {tuple(baseline.shape)}") from None
    return explain_nan(value - baseline, baseline=baseline)
