"""Check of chapter 2, part six: the posterior of the linear model in closed form, (2.7)."""

import torch
from torch import Tensor
from torch.autograd.functional import hessian, jacobian

from vae_lessons.equations.registry import equation
from vae_lessons.likelihoods import gaussian_log_prob, log_prior
from vae_lessons.models import LinearVAE


def linear_model(rng) -> tuple[Tensor, ...]:
    """Draw three x in five dimensions, W (5×2), b and σ."""
    normal = [torch.tensor(rng.normal(size=shape)) for shape in [(3, 5), (5, 2), 5]]
    return *normal, torch.tensor(rng.uniform(0.4, 0.8, size=()))


def precision(weight: Tensor, std: Tensor) -> Tensor:
    """Return M = I + WᵀW/σ², the precision matrix of the posterior."""
    return torch.eye(weight.shape[1], dtype=weight.dtype) + weight.T @ weight / std**2


def posterior(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Return the means M⁻¹Wᵀ(x - b)/σ², one per x, and the covariance M⁻¹ that all x share."""
    m = precision(weight, std)
    return torch.linalg.solve(m, weight.T @ (x - bias).T / std**2).T, torch.linalg.inv(m)


def by_conditioning(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Condition the joint normal of (z, x) on x: WᵀC⁻¹(x - b) and I - WᵀC⁻¹W with C = WWᵀ + σ²I (D×D)."""
    cov = weight @ weight.T + std**2 * torch.eye(len(bias), dtype=weight.dtype)
    gain = torch.linalg.solve(cov, weight).T
    return (x - bias) @ gain.T, torch.eye(weight.shape[1], dtype=weight.dtype) - gain @ weight


def by_one_newton_step(x: Tensor, weight: Tensor, bias: Tensor, std: Tensor) -> tuple[Tensor, Tensor]:
    """Let autograd find the peak and the curvature of log p(x, z), a parabola in z."""

    def log_joint(z):
        z = z.expand(len(x), -1)
        return log_prior(z) + gaussian_log_prob(x, z @ weight.T + bias, 2 * std.log().expand_as(x))

    start = torch.zeros(weight.shape[1], dtype=weight.dtype)
    curvature = hessian(lambda z: log_joint(z)[0], start)
    return torch.linalg.solve(-curvature, jacobian(log_joint, start).T).T, torch.linalg.inv(-curvature)


def linear_vae(weight: Tensor, bias: Tensor, std: Tensor) -> LinearVAE:
    """Build the library's linear VAE with the given decoder."""
    with torch.random.fork_rng(devices=[]):  # its first weights are random, and replaced
        model = LinearVAE(*weight.shape).double()
    state = {"decoder.weight": weight, "decoder.bias": bias, "log_var_x": 2 * std.log()}
    model.load_state_dict(state, strict=False)
    return model


def rows(mean_and_cov) -> Tensor:
    """Put the means and the covariance matrix under each other."""
    return torch.cat(mean_and_cov)


def changed(mean=None, cov=None):
    """Make a mistake in the mean or in the covariance, a function of M and of Wᵀ(x - b)/σ²."""

    def wrong(x, weight, bias, std):
        m, u = precision(weight, std), (x - bias) @ weight / std**2
        right = posterior(x, weight, bias, std)
        return rows((mean(m, u, std) if mean else right[0], cov(m, u, std) if cov else right[1]))

    return wrong


def _std_for_variance(x, weight, bias, std):
    return rows(posterior(x, weight, bias, std.sqrt()))


def _not_centred(x, weight, bias, std):
    return rows(posterior(x, weight, torch.zeros_like(bias), std))


def _no_prior(x, weight, bias, std):
    inverse = torch.linalg.inv(weight.T @ weight)
    return rows(((x - bias) @ weight @ inverse, inverse * std**2))


equation(
    "2.7",
    "The posterior of the linear model is normal",
    method="exact model",
    draw=linear_model,
    lines={
        "M⁻¹Wᵀ(x - b)/σ², M⁻¹": lambda *inputs: rows(posterior(*inputs)),
        "normal of (z, x), given x": lambda *inputs: rows(by_conditioning(*inputs)),
        "LinearVAE.posterior": lambda x, *decoder: rows(linear_vae(*decoder).posterior(x)),
        "autograd: peak, curvature": lambda *inputs: rows(by_one_newton_step(*inputs)),
    },
    mutants={
        "Wᵀ(x - b), no M, no σ²": changed(mean=lambda m, u, std: u * std**2),
        "M forgotten in the mean": changed(mean=lambda m, u, std: u),
        "covariance M": changed(cov=lambda m, u, std: m),
        "covariance σ²M⁻¹": changed(cov=lambda m, u, std: std**2 * torch.linalg.inv(m)),
        "diagonal of M alone": changed(cov=lambda m, u, std: (1 / m.diagonal()).diag()),
        "σ for σ²": _std_for_variance,
        "not centred": _not_centred,
        "no prior: least squares": _no_prior,
    },
)
