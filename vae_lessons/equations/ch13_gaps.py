"""Check of chapter 13, part three: approximation gap and amortization gap, on an exactly solvable model, (13.3)."""

import torch
from torch import Tensor

from vae_lessons.divergences import kl_multivariate_normal
from vae_lessons.equations.ch13_grid import weights_variance_images
from vae_lessons.equations.registry import equation
from vae_lessons.equations.worlds import LinearGaussian, sigma_points
from vae_lessons.objectives import elbo_analytic_kl


def model_images_encodings(rng) -> tuple[Tensor, ...]:
    """Draw a linear-Gaussian model, two images, and what an imperfect encoder returns: μ and ℓ."""
    w, var, x = weights_variance_images(rng)
    mean, cov = LinearGaussian(w, var).posterior(x)
    off = [torch.tensor(rng.normal(0, 0.3, size=(2, 2))) for _ in range(2)]
    return w, var, x, mean + off[0], cov.diagonal().log() + off[1]


def elbo(model: LinearGaussian, x: Tensor, *q: Tensor, points: slice = slice(None)) -> Tensor:
    """Compute 𝓛 of the library; its average over the sigma points is exact, since log p(x|z) is quadratic in z."""
    model = LinearGaussian(model.w, model.var, q=q)
    return elbo_analytic_kl(model, x, sigma_points(2)[points].expand(-1, len(x), -1))


def best_q(model: LinearGaussian, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return μ and ℓ of the best factorised q of each image: the posterior's mean, and one over its precisions."""
    mean, cov = model.posterior(x)
    return mean, -torch.linalg.inv(cov).diagonal().log().expand_as(mean)


def best_elbo(model: LinearGaussian, x: Tensor) -> Tensor:
    """Compute 𝓛* of each image."""
    return elbo(model, x, *best_q(model, x))


def gaps(w, var, x, mu, log_var, best=best_elbo) -> Tensor:
    """Stack log p - 𝓛, log p - 𝓛* and 𝓛* - 𝓛; a mistake has its own idea of 𝓛*."""
    model = LinearGaussian(w, var)
    log_p, bound, top = model.log_evidence(x), elbo(model, x, mu, log_var), best(model, x)
    return torch.stack([log_p - bound, log_p - top, top - bound])


def gaps_as_divergences(w, var, x, mu, log_var) -> Tensor:
    """Stack KL(q‖p(z|x)), KL(q*‖p(z|x)) and their difference."""
    model = LinearGaussian(w, var)
    posterior, star = model.posterior(x), best_q(model, x)
    total, approximation = (
        torch.stack([kl_multivariate_normal(m, v.exp().diag(), mean, posterior[1]) for m, v, mean in rows])
        for rows in (zip(mu, log_var, posterior[0], strict=True), zip(*star, posterior[0], strict=True))
    )
    return torch.stack([total, approximation, total - approximation])


def nothing_is_better(w, var, x, mu, log_var) -> Tensor:
    """Tell whether the gradient of 𝓛 with respect to μ and ℓ is 0 at q*, by autograd, and both gaps are positive."""
    model = LinearGaussian(w, var)
    q = [value.clone().requires_grad_() for value in best_q(model, x)]
    gradients = torch.autograd.grad(elbo(model, x, *q).sum(), q)
    return (torch.cat(gradients).abs() < 1e-12).all() & (gaps(w, var, x, mu, log_var) > 0).all()


# The mistakes of exercise 13.3: what they take for 𝓛*, from a model and images


def with_decoder_fed_the_mean(model: LinearGaussian, x: Tensor) -> Tensor:
    """Maximise log p(x|z = μ) - KL: μ is the posterior's mean, and the best σ is 1. It is no bound."""
    mean = model.posterior(x)[0]
    return model.log_likelihood(x, mean[None])[0] - 0.5 * (mean**2).sum(-1)


def with_decoder_optimised_too(model: LinearGaussian, x: Tensor) -> Tensor:
    """Fit σ² to each image together with q: the model, and with it log p(x), is another one for every image."""
    return torch.cat([_with_own_variance(model, image[None]) for image in x])


def _with_own_variance(model: LinearGaussian, x: Tensor) -> Tensor:
    for _ in range(50):
        z = torch.stack(best_q(model, x))
        z = z[0] + torch.exp(0.5 * z[1]) * sigma_points(2)
        model = LinearGaussian(model.w, ((x - z @ model.w.T) ** 2).mean())
    return best_elbo(model, x)


def with_other_noise(model: LinearGaussian, x: Tensor) -> Tensor:
    """Estimate 𝓛* with other draws of ε than 𝓛: here the first one alone."""
    return elbo(model, x, *best_q(model, x), points=slice(1))


def with_the_posterior_s_variances(model: LinearGaussian, x: Tensor) -> Tensor:
    """Take the marginal variances of the posterior: the best q is narrower."""
    mean, cov = model.posterior(x)
    return elbo(model, x, mean, cov.diagonal().log().expand_as(mean))


equation(
    "13.3",
    "The gap is approximation plus amortization",
    method="exact model",
    draw=model_images_encodings,
    lines={
        "log p - 𝓛, its two parts": gaps,
        "as divergences": gaps_as_divergences,
        "the first is the sum": lambda *inputs: torch.cat(
            [gaps(*inputs)[1:].sum(0)[None], gaps_as_divergences(*inputs)[1:]]
        ),
        "no q is better than q*": nothing_is_better,
    },
    mutants={
        "decoder fed the mean": lambda *inputs: gaps(*inputs, best=with_decoder_fed_the_mean),
        "decoder optimised too": lambda *inputs: gaps(*inputs, best=with_decoder_optimised_too),
        "other noise for 𝓛*": lambda *inputs: gaps(*inputs, best=with_other_noise),
        "the posterior's variances": lambda *inputs: gaps(*inputs, best=with_the_posterior_s_variances),
        "the two gaps swapped": lambda *inputs: gaps(*inputs)[[0, 2, 1]],
        "𝓛* is log p": lambda *inputs: gaps(*inputs, best=lambda model, x: model.log_evidence(x)),
    },
)
