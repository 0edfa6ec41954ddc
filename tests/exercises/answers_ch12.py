"""Answers to the exercises of chapter 12, as students write them: right, wrong without a name, wrong with one."""

import numpy as np
import torch
from scipy.stats import norm
from torch.distributions import Bernoulli, Categorical, Independent, MixtureSameFamily, Normal

# 12.1


def generate_library(model, n, generator):
    z = torch.randn(n, model.z_dim, generator=generator)
    return model.sample(z, generator)


def generate_distributions(model, n, generator):
    with torch.no_grad():
        z = Normal(0.0, 1.0).sample((n, model.z_dim))
        return Bernoulli(logits=model.decoder(z)).sample()


def generate_compared(model, n, generator):
    probs = model.mean(torch.normal(0.0, 1.0, (n, model.z_dim), generator=generator))
    return torch.rand(probs.shape, generator=generator) < probs


def generate_one_by_one(model, n, generator):
    return torch.stack([model.sample(torch.randn(model.z_dim, generator=generator)) for _ in range(n)])


def generate_means(model, n, generator):
    return torch.sigmoid(model.decoder(torch.randn(n, model.z_dim)))


def generate_round_trip(model, n, generator):
    mu, log_var = model.encoder(torch.ones(n, 6))
    return model.sample(mu + (log_var / 2).exp() * torch.randn_like(mu))


def generate_wide(model, n, generator):
    return model.sample(3 + torch.randn(n, model.z_dim))


# 12.2


def path_loop(decoder, z_0, z_1, n_frames):
    return torch.stack([decoder(z_0 + k / (n_frames - 1) * (z_1 - z_0)) for k in range(n_frames)])


def path_torch(decoder, z_0, z_1, n_frames):
    return decoder(torch.lerp(z_0, z_1, torch.linspace(0, 1, n_frames).to(z_0)[:, None]))


def path_numpy(decoder, z_0, z_1, n_frames):
    return decoder(np.linspace(z_0.numpy(), z_1.numpy(), n_frames))


def path_pixels(decoder, z_0, z_1, n_frames):
    x_0, x_1 = decoder(z_0), decoder(z_1)
    return torch.stack([x_0 + t * (x_1 - x_0) for t in np.linspace(0, 1, n_frames)])


def path_short(decoder, z_0, z_1, n_frames):
    return decoder(torch.stack([z_0 + k * (z_1 - z_0) / n_frames for k in range(n_frames)]))


# 12.3


def grid_numpy(n):
    z = norm.ppf((np.arange(n) + 0.5) / n)
    return np.dstack(np.meshgrid(z, z[::-1]))


def grid_loop(n):
    z = Normal(0.0, 1.0).icdf((torch.arange(n) + 0.5) / n)
    return torch.stack([torch.stack([torch.stack([a, b]) for a in z]) for b in z.flip(0)])


def grid_of(levels, turn=False):
    def answer(n):
        z = norm.ppf(levels(n)) if levels else np.linspace(-2.5, 2.5, n)
        return np.stack(np.meshgrid(z, z if turn else z[::-1]), -1)

    return answer


# 12.4


def reconstruct_loop(decoder, mu, log_var, eps):
    std = torch.sqrt(log_var.exp())
    images = torch.stack([decoder(mu + std * e) for e in eps])
    mean = images.sum(0) / len(eps)
    return mean, (((images - mean) ** 2).sum(0) / (len(eps) - 1)).sqrt()


def reconstruct_numpy(decoder, mu, log_var, eps):
    images = np.asarray(decoder(mu + torch.exp(log_var / 2) * eps))
    return [images.mean(axis=0), images.std(axis=0, ddof=1)]


def reconstruct_numpy_default(decoder, mu, log_var, eps):
    images = np.asarray(decoder(mu + torch.exp(log_var / 2) * eps))
    return images.mean(axis=0), images.std(axis=0)


# 12.5


def mixture_torch(mu, log_var, n, generator):
    q = Independent(Normal(mu, torch.exp(0.5 * log_var)), 1)
    return MixtureSameFamily(Categorical(torch.ones(len(mu))), q).sample((n,))


def mixture_choice(mu, log_var, n, generator):
    i = np.random.default_rng(0).choice(len(mu), size=n)
    return torch.normal(mu[i], (log_var[i] / 2).exp(), generator=generator)


def mixture_loop(mu, log_var, n, generator):
    picks = torch.multinomial(torch.ones(len(mu)), n, replacement=True, generator=generator)
    return torch.stack([torch.normal(mu[i], torch.exp(0.5 * log_var[i]), generator=generator) for i in picks])


def mixture_log_var(mu, log_var, n, generator):
    i = torch.randint(len(mu), (n,), generator=generator)
    return torch.normal(mu[i], log_var[i].exp(), generator=generator)


def mixture_first_half(mu, log_var, n, generator):
    i = torch.randint(len(mu) // 2, (n,), generator=generator)
    return torch.normal(mu[i], (log_var[i] / 2).exp(), generator=generator)


def mixture_moment_fit(mu, log_var, n, generator):
    cov = torch.cov(mu.T) + torch.diag(log_var.exp().mean(0))
    return torch.distributions.MultivariateNormal(mu.mean(0), cov).sample((n,))


RIGHT = {
    "12.1": [generate_library, generate_distributions, generate_compared, generate_one_by_one],
    "12.2": [path_loop, path_torch, path_numpy],
    "12.3": [grid_numpy, grid_loop],
    "12.4": [reconstruct_loop, reconstruct_numpy],
    "12.5": [mixture_torch, mixture_choice, mixture_loop],
}

UNNAMED = {
    "12.1": [generate_wide, lambda m, n, g: generate_library(m, n, g)[: n - 1],
             lambda m, n, g: 2 * generate_means(m, n, g)],
    "12.2": [lambda d, a, b, n: 0.5 * path_loop(d, a, b, n), lambda d, a, b, n: path_loop(d, 2 * a, b, n)],
    "12.3": [lambda n: 2 * grid_numpy(n), lambda n: grid_numpy(n)[..., :1], lambda n: np.zeros((n, n, 2))],
    "12.4": [lambda d, m, v, e: [2 * p for p in reconstruct_numpy(d, m, v, e)], lambda d, m, v, e: d(m),
             lambda d, m, v, e: reconstruct_numpy(d, m + 1, v, e)],
    "12.5": [mixture_first_half, lambda m, v, n, g: mixture_torch(m + 1, v, n, g), lambda m, v, n, g: m.mean(),
             lambda m, v, n, g: torch.randn(n, 2) * 9],
}  # fmt: skip

NAMED = [
    ("12.1", generate_means, "mean called a sample"),
    ("12.1", generate_round_trip, "z of encoded data"),
    ("12.1", lambda m, n, g: m.decoder(torch.randn(n, m.z_dim, generator=g)), "logits returned"),
    ("12.1", lambda m, n, g: (generate_means(m, n, g) >= 0.5).float(), "mean thresholded"),
    ("12.1", lambda m, n, g: m.sample(torch.rand(n, m.z_dim, generator=g) * 6 - 3, g), "uniform z"),
    ("12.1", lambda m, n, g: m.sample(2 * torch.randn(n, m.z_dim, generator=g), g), "z scaled by σ"),
    ("12.1", lambda m, n, g: torch.stack([m.sample(torch.zeros(3)) for _ in range(n)]), "one z for all images"),
    ("12.1", lambda m, n, g: Bernoulli(logits=m.mean(torch.randn(n, 3))).sample(), "sigmoid twice"),
    ("12.2", path_pixels, "in pixel space"),
    ("12.2", path_short, "last frame missing"),
    ("12.2", lambda d, a, b, n: path_loop(d, b, a, n), "endpoints swapped"),
    ("12.2", lambda d, a, b, n: path_loop(d, a, b, n).flip(0), "endpoints swapped"),
    ("12.2", lambda d, a, b, n: path_loop(d, a, b, n + 1), "one frame too many"),
    ("12.2", lambda d, a, b, n: path_torch(lambda z: z, a, b, n), "codes, not images"),
    ("12.3", grid_of(None), "equal steps in z"),
    ("12.3", grid_of(lambda n: np.linspace(0, 1, n)), "0 and 1 among the u"),
    ("12.3", grid_of(lambda n: np.linspace(0, 1, n + 2)[1:-1]), "u = k/(n + 1)"),
    ("12.3", grid_of(lambda n: np.linspace(0.02, 0.98, n)), "other ends"),
    ("12.3", grid_of(lambda n: (np.arange(n) + 0.5) / n, turn=True), "upside down"),
    ("12.3", lambda n: np.swapaxes(grid_numpy(n), 0, 1), "axes swapped"),
    ("12.4", reconstruct_numpy_default, "S for S − 1"),
    ("12.4", lambda d, m, v, e: (d(m), d(m) * 0), "image of the mean"),
    ("12.4", lambda d, m, v, e: reconstruct_loop(d, m, 2 * v, e), "variance for σ"),
    ("12.4", lambda d, m, v, e: reconstruct_loop(d, m, 0 * v, e), "no spread of q"),
    ("12.4", lambda d, m, v, e: (reconstruct_loop(d, m, v, e)[0], reconstruct_loop(d, m, v, e)[1] ** 2),
     "variance for sd"),
    ("12.5", mixture_log_var, "variance for σ"),
    ("12.5", mixture_moment_fit, "one normal"),
    ("12.5", lambda m, v, n, g: m[torch.randint(len(m), (n,))], "means only"),
    ("12.5", lambda m, v, n, g: torch.normal(torch.zeros(n, 2), 1.0), "prior"),
    ("12.5", lambda m, v, n, g: mixture_torch(m.mean(0, keepdim=True), v.mean(0, keepdim=True), n, g),
     "parameters averaged"),
]  # fmt: skip

SOURCES = {  # the decoder comes in the place of its weights
    "12.2": ["t = torch.arange(n_frames)[:, None] / (n_frames - 1)\nreturn weight(z_0 + t * (z_1 - z_0))"],
    "12.3": [
        "z = torch.special.ndtri((torch.arange(n) + 0.5) / n)\n"
        "return torch.stack([z.expand(n, n), z.flip(0)[:, None].expand(n, n)], -1)"
    ],
    "12.4": [
        "images = weight(mu + torch.exp(0.5 * log_var) * eps)\nreturn images.mean(0), images.std(0)",
        "p = weight(mu + torch.sqrt(torch.exp(log_var)) * eps)\nd = p - p.mean(0)\n"
        "return p.mean(0), torch.sqrt((d**2).sum(0) / (len(eps) - 1))",
    ],
}
