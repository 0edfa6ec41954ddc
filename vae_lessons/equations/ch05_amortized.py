"""Check of chapter 5, part five: one encoder for all images instead of a search for each, (5.5)."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_std_normal
from vae_lessons.equations.ch02_linear_posterior import posterior, precision
from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob


def images_and_decoder(rng) -> tuple[Tensor, ...]:
    """Draw eight x in four dimensions, W (4×2), b and σ of a linear decoder."""
    normal = [torch.tensor(rng.normal(size=shape)) for shape in [(8, 4), (4, 2), 4]]
    return *normal, torch.tensor(rng.uniform(0.5, 0.8, size=()))


def amortized(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    """Encode all x by one formula: μ = M⁻¹Wᵀ(x - b)/σ² as in (2.7), and ℓ_j = -log M_jj as in (5.4)."""
    log_var = -precision(weight, std).diagonal().log()
    return torch.stack([posterior(x, weight, bias, std)[0], log_var.expand(len(x), -1)])


def elbo(mu: Tensor, log_var: Tensor, x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> Tensor:
    """Compute the ELBO of each x: log p(x|μ) - tr(W diag e^ℓ Wᵀ)/2σ² - KL."""
    log_lik = gaussian_log_prob(x, mu @ weight.T + bias, 2 * std.log().expand_as(x))
    return log_lik - (log_var.exp() @ weight.T**2).sum(-1) / (2 * std**2) - kl_std_normal(mu, log_var)


def newton_step(fit: Tensor, *inputs: Tensor) -> Tensor:
    """Differentiate the ELBO of each x twice in its own (μ, ℓ), a row of `fit`, and go to the top of the parabola."""
    fit = fit.detach().requires_grad_()
    (slope,) = torch.autograd.grad(elbo(fit[:, :2], fit[:, 2:], *inputs).sum(), fit, create_graph=True)
    columns = [torch.autograd.grad(slope[:, k].sum(), fit, retain_graph=True)[0] for k in range(4)]
    return (fit - torch.linalg.solve(torch.stack(columns, -1), slope).clamp(-1, 1)).detach()


def per_datum(x: Tensor, *decoder: Tensor) -> Tensor:
    """Search for the best (μ, ℓ) of each x alone, by Newton steps from the prior."""
    fit = x.new_zeros(len(x), 4)
    for _ in range(15):
        fit = newton_step(fit, x, *decoder)
    return torch.stack([fit[:, :2], fit[:, 2:]])


def fitted_to_searches(x: Tensor, *decoder: Tensor) -> Tensor:
    """Fit an affine encoder to the searches of six x by least squares, and read it at all eight."""
    found = per_datum(x, *decoder)
    inputs = torch.cat([x, torch.ones_like(x[:, :1])], 1)
    return torch.stack([inputs @ torch.linalg.lstsq(inputs[:6], codes[:6]).solution for codes in found])


def search_is_never_worse(x: Tensor, *decoder: Tensor) -> Tensor:
    """Tell whether other encoders, of too few parameters, have smaller ELBOs: the amortization gap."""
    best, no_bias = amortized(x, *decoder), amortized(x, decoder[0], torch.zeros_like(decoder[1]), decoder[2])
    mean_code = torch.stack([best[0].mean(0).expand_as(best[0]), best[1]])
    elbos = [elbo(*codes, x, *decoder) for codes in (best, no_bias, mean_code)]
    return torch.stack([elbos[0] > other for other in elbos[1:]])


# The mistakes that exercise 5.5 knows by name


def _transposed_decoder(x, weight, bias, std):
    right = amortized(x, weight, bias, std)
    return torch.stack([x @ weight, right[1]])


def _m_forgotten(x, weight, bias, std):
    right = amortized(x, weight, bias, std)
    return torch.stack([(x - bias) @ weight / std**2, right[1]])


def _codes_of_other_images(x, weight, bias, std):
    return per_datum(x.roll(1, 0), weight, bias, std)


def _variance_of_the_posterior(x, weight, bias, std):
    mean, cov = posterior(x, weight, bias, std)
    return torch.stack([mean, cov.diagonal().log().expand_as(mean)])


def _log_std_for_log_var(x, weight, bias, std):
    mean, log_var = amortized(x, weight, bias, std)
    return torch.stack([mean, 0.5 * log_var])


def _not_centred(x, weight, bias, std):
    return amortized(x, weight, torch.zeros_like(bias), std)


equation(
    "5.5",
    "One encoder instead of a search for each image",
    method="exact model",
    draw=images_and_decoder,
    lines={
        "μ, ℓ by one encoder": amortized,
        "a search for each x": per_datum,
        "encoder fitted to six": fitted_to_searches,
        "others: smaller ELBO": search_is_never_worse,
    },
    mutants={
        "Wᵀx": _transposed_decoder,
        "M forgotten": _m_forgotten,
        "codes of other images": _codes_of_other_images,
        "marginal variances": _variance_of_the_posterior,
        "log σ for ℓ": _log_std_for_log_var,
        "not centred": _not_centred,
    },
    draws=5,
)
