"""Answers to the exercises of chapter 13, as students write them: right, wrong without a name, wrong with one."""

import math

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import logsumexp
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

# 13.1


def iw_numpy(log_lik, log_p, log_q):
    w = np.asarray(log_lik) + np.asarray(log_p) - np.asarray(log_q)
    return logsumexp(w, axis=0, b=1 / w.shape[0])


def iw_shift(log_lik, log_p, log_q):
    w = log_lik + log_p - log_q
    top = w.max(0).values
    return top + torch.log(torch.exp(w - top).mean(0))


def iw_loop(log_lik, log_p, log_q):
    columns = [logsumexp(np.asarray(c)) for c in (log_lik - log_q + log_p).T]
    return torch.tensor(np.array(columns)) - math.log(log_lik.shape[0])


# 13.2


def grid_expanded(model, x):
    a = torch.arange(-5, 5, 0.1, dtype=torch.float64)
    z = torch.stack(torch.meshgrid(a, a, indexing="ij"), -1).reshape(-1, 1, 2).expand(-1, len(x), -1)
    log_joint = model.log_likelihood(x, z) + Normal(0.0, 1.0).log_prob(z).sum(-1)
    return log_joint.logsumexp(0) + math.log(0.01)


def grid_numpy(model, x):
    a = np.linspace(-6, 6, 151)
    z = np.array([[u, v] for u in a for v in a])
    log_lik = np.asarray(model.log_likelihood(x, torch.tensor(z)[:, None]))
    log_joint = log_lik - 0.5 * (z**2).sum(1)[:, None] - np.log(2 * np.pi)
    return logsumexp(log_joint, axis=0) + 2 * np.log(a[1] - a[0])


def grid_image_by_image(model, x):
    a = torch.linspace(-5, 5, 101)
    z = torch.cartesian_prod(a, a)
    p_z = torch.exp(-0.5 * z.pow(2).sum(1)) / (2 * math.pi)
    return [torch.log((model.log_likelihood(i[None], z[:, None])[:, 0].exp() * p_z).sum() * 0.01) for i in x]


def grid_trapezoid(model, x):
    a = torch.linspace(-6, 6, 121).double()
    z = torch.cartesian_prod(a, a)[:, None]
    log_joint = model.log_likelihood(x, z) + Normal(0.0, 1.0).log_prob(z).sum(-1)
    square = log_joint.exp().reshape(121, 121, -1)
    return torch.trapezoid(torch.trapezoid(square, a, dim=0), a, dim=0).log()


def on_grid(reach, then, steps=121):
    """A wrong answer from log p(x|z), log p(z), both on a grid, and its step."""

    def answer(model, x):
        a = torch.linspace(-reach, reach, steps).double()
        z = torch.cartesian_prod(a, a)[:, None]
        return then(model.log_likelihood(x, z), Normal(0.0, 1.0).log_prob(z).sum(-1), a[1] - a[0])

    return answer


# 13.3


def elbo_at(model, x, eps, mu, log_var):
    z = mu + torch.exp(log_var / 2) * eps
    kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum(-1)
    return model.log_likelihood(x, z).mean(0) - kl


def search_lbfgs(model, x, eps):
    q = [t.detach().clone().requires_grad_(True) for t in model.encoder(x)]
    optimizer = torch.optim.LBFGS(q, max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = -elbo_at(model, x, eps, *q).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        return elbo_at(model, x, eps, *q)


def search_from_the_prior(model, x, eps):
    mu = torch.zeros(len(x), 2, dtype=x.dtype, requires_grad=True)
    log_std = torch.zeros(len(x), 2, dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([mu, log_std], lr=0.1)
    for _ in range(250):
        q = torch.distributions.Normal(mu, log_std.exp())
        kl = torch.distributions.kl_divergence(q, Normal(0.0, 1.0)).sum(1)
        loss = kl - model.log_likelihood(x, mu + log_std.exp() * eps).mean(0)
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
    return -loss.detach().numpy()


def search_scipy(model, x, eps):
    best = []
    for image in x:
        start = torch.cat(model.encoder(image[None]), 1).detach()[0].numpy()

        def loss(v, image=image):
            v = torch.tensor(v, requires_grad=True)
            value = -elbo_at(model, image[None], eps[:, :1], v[None, :2], v[None, 2:]).sum()
            return value.item(), torch.autograd.grad(value, v)[0].numpy()

        best.append(-minimize(loss, start, jac=True).fun)
    return best


def searched(objective, which=(0, 1), start=None, then=lambda v: v):
    """A wrong answer: Adam on another objective of (model, x, eps, mu, log_var), or on less than everything."""

    def answer(model, x, eps):
        q = [t.detach().clone() for t in (start or model.encoder)(x)]
        optimizer = torch.optim.Adam([q[i].requires_grad_() for i in which], lr=0.05)
        for _ in range(400):
            value = objective(model, x, eps, *q)
            optimizer.zero_grad()
            (-value.sum()).backward()
            optimizer.step()
        return then(value.detach())

    return answer


def search_with_everything(model, x, eps):
    mu, log_var = (t.detach().clone().requires_grad_() for t in model.encoder(x))
    optimizer = torch.optim.SGD([mu, log_var, *model.decoder.parameters()], lr=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        elbo = elbo_at(model, x, eps, mu, log_var)
        (-elbo).sum().backward()
        optimizer.step()
    return elbo.detach()


def at_mean(model, x, eps, mu, log_var):
    return elbo_at(model, x, 0 * eps, mu, log_var)


# 13.4


def surgery_torch(z, mu, log_var):
    q_i = Independent(Normal(mu, torch.exp(0.5 * log_var)), 1)
    q = MixtureSameFamily(Categorical(torch.ones(len(mu), dtype=mu.dtype)), q_i)
    p = Independent(Normal(torch.zeros_like(mu[0]), torch.ones_like(mu[0])), 1)
    return (q_i.log_prob(z) - q.log_prob(z)).mean(), (q.log_prob(z) - p.log_prob(z)).mean()


def surgery_loop(z, mu, log_var):
    information, marginal, count = 0.0, 0.0, 0
    for draw in z:
        for i, point in enumerate(draw):
            log_q_i = Normal(mu, torch.exp(0.5 * log_var)).log_prob(point).sum(1)
            log_q = torch.log(log_q_i.exp().mean())
            information += log_q_i[i] - log_q
            marginal += log_q + 0.5 * (point**2).sum() + len(point) / 2 * math.log(2 * math.pi)
            count += 1
    return information / count, marginal / count


def surgery_numpy(z, mu, log_var):
    z, mu, log_var = (np.asarray(t) for t in (z, mu, log_var))
    pairs = -0.5 * ((z[:, :, None] - mu) ** 2 / np.exp(log_var) + log_var).sum(-1)
    log_q = logsumexp(pairs, axis=2) - np.log(mu.shape[0])
    own = np.diagonal(pairs, axis1=1, axis2=2)
    return (own - log_q).mean(), (log_q + 0.5 * (z**2).sum(-1)).mean()


def densities(z, mu, log_var):
    """Log q_i(z) of all pairs, (L, N, N), of its own, (L, N), and the log-prior."""
    pairs = Normal(mu, torch.exp(0.5 * log_var)).log_prob(z[:, :, None]).sum(-1)
    return pairs, pairs.diagonal(dim1=1, dim2=2), Normal(0.0, 1.0).log_prob(z).sum(-1)


def cut(then):
    """A wrong answer from the log-densities."""
    return lambda z, mu, log_var: then(*densities(z, mu, log_var))


def mixed(pairs):
    return torch.logsumexp(pairs, -1) - math.log(pairs.shape[-1])


RIGHT = {
    "13.1": [iw_numpy, iw_shift, iw_loop],
    "13.2": [grid_expanded, grid_numpy, grid_image_by_image, grid_trapezoid],
    "13.3": [search_lbfgs, search_from_the_prior, search_scipy],
    "13.4": [surgery_torch, surgery_loop, surgery_numpy],
    "13.5": [
        lambda a, d: -np.asarray(a) / np.log(2) / d,
        lambda a, d: -a * math.log2(math.e) / d,
        lambda a, d: [-math.log2(math.e) * float(v) / d for v in a],
    ],
}

UNNAMED = {
    "13.1": [lambda a, p, q: iw_shift(a, p, q) + 0.4, lambda a, p, q: a[0], lambda a, p, q: iw_shift(a, p, 2 * q)],
    "13.2": [
        lambda model, x: 0.9 * grid_trapezoid(model, x),
        on_grid(6, lambda a, p, d: torch.logsumexp(a + p, 0) + 2 * d.log(), steps=9),
        lambda model, x: x.sum(1),
    ],
    "13.3": [
        lambda model, x, eps: search_lbfgs(model, x, eps) - 0.1,
        searched(lambda model, x, eps, mu, log_var: elbo_at(model, x, eps[:1], mu, log_var)),
        lambda model, x, eps: x.sum(1),
    ],
    "13.4": [
        lambda z, mu, log_var: (0.3, 0.2),
        cut(lambda pairs, own, p: (own.mean(), p.mean())),
        cut(lambda pairs, own, p: (0.5 * (own - mixed(pairs)).mean(), (mixed(pairs) - p).mean())),
    ],
    "13.5": [lambda a, d: a / a, lambda a, d: -a / d + 1, lambda a, d: -a / (d * math.log(3))],
}

NAMED = [
    ("13.1", lambda a, p, q: (a + p - q).mean(0), "mean of the logarithms"),
    ("13.1", lambda a, p, q: logsumexp(np.asarray(a + p - q), axis=0), "no log L"),
    ("13.1", lambda a, p, q: logsumexp(np.asarray(a), axis=0) - np.log(len(a)), "neither prior nor q"),
    ("13.1", lambda a, p, q: iw_shift(a, p, -q), "plus log q"),
    ("13.1", lambda a, p, q: iw_shift(a, p, 0 * q), "no q"),
    ("13.1", lambda a, p, q: iw_shift(a, 0 * p, q), "no prior"),
    ("13.1", lambda a, p, q: iw_shift(a.T, p.T, q.T), "wrong axis"),
    ("13.1", lambda a, p, q: torch.log(torch.mean(torch.exp(a) * torch.exp(p) / torch.exp(q), 0)), "no logsumexp"),
    ("13.1", lambda a, p, q: -iw_shift(a, p, q), "sign"),
    ("13.1", lambda a, p, q: torch.max(a + p - q, dim=0).values, "largest weight"),
    ("13.1", lambda a, p, q: iw_shift(a, p, q).mean(), "all images in one mean"),
    ("13.2", on_grid(6, lambda a, p, d: torch.logsumexp(a + p, 0)), "no cell area"),
    ("13.2", on_grid(5, lambda a, p, d: torch.logsumexp(a + p, 0) + d.log(), 80), "no cell area"),
    ("13.2", on_grid(6, lambda a, p, d: (a + p).exp().mean(0).log(), 100), "average over the grid"),
    ("13.2", on_grid(8, lambda a, p, d: torch.logsumexp(a, 0) + 2 * d.log(), 161), "no prior"),
    ("13.2", on_grid(8, lambda a, p, d: a.exp().mean(0).log(), 161), "no prior"),
    ("13.2", on_grid(2, lambda a, p, d: torch.logsumexp(a + p, 0) + 2 * d.log()), "grid ends too soon"),
    ("13.2", on_grid(3, lambda a, p, d: torch.logsumexp(a + p, 0) + 2 * d.log(), 400), "grid ends too soon"),
    ("13.2", on_grid(6, lambda a, p, d: (a + p).max(0).values), "maximum"),
    ("13.2", on_grid(5, lambda a, p, d: (a + p).amax(0), 201), "maximum"),
    ("13.2", on_grid(6, lambda a, p, d: -(torch.logsumexp(a + p, 0) + 2 * d.log())), "sign"),
    ("13.2", on_grid(6, lambda a, p, d: (a + p).exp().sum(0) * d**2), "no logarithm"),
    ("13.2", on_grid(6, lambda a, p, d: (torch.logsumexp(a + p, 0) + 2 * d.log()).mean()), "one number for all images"),
    ("13.3", searched(at_mean), "decoder fed the mean"),
    ("13.3", search_with_everything, "decoder optimised too"),
    ("13.3", lambda model, x, eps: elbo_at(model, x, eps, *model.encoder(x)).detach(), "no search"),
    ("13.3", searched(elbo_at, which=[0]), "only the means"),
    ("13.3", searched(elbo_at, which=[1]), "only the variances"),
    ("13.3", searched(lambda m, x, e, mu, v: m.log_likelihood(x, mu + (v / 2).exp() * e).mean(0)), "no KL"),
    ("13.3", searched(elbo_at, then=lambda v: -v), "loss returned"),
    ("13.3", searched(elbo_at, then=torch.mean), "one number for all images"),
    ("13.3", lambda model, x, eps: model.log_evidence(x).detach(), "𝓛* is log p"),
    (
        "13.3",
        searched(
            lambda m, x, e, mu, v: (
                m.log_likelihood(x, mu + v.exp() * e).mean(0)
                + elbo_at(m, x, e, mu, v)
                - m.log_likelihood(x, mu + (v / 2).exp() * e).mean(0)
            )
        ),
        "variance for σ",
    ),
    (
        "13.4",
        cut(lambda pairs, own, p: ((own - pairs.logsumexp(2)).mean(), (pairs.logsumexp(2) - p).mean())),
        "no log N",
    ),
    (
        "13.4",
        cut(lambda pairs, own, p: ((own - pairs.mean(2)).mean(), (pairs.mean(2) - p).mean())),
        "mean of the logarithms",
    ),
    ("13.4", cut(lambda pairs, own, p: ((own - p).mean(), (mixed(pairs) - p).mean())), "prior for aggregate"),
    ("13.4", cut(lambda pairs, own, p: ((own - mixed(pairs)).mean(), (own - p).mean())), "own q for aggregate"),
    ("13.4", lambda z, mu, log_var: surgery_torch(z, mu, log_var)[::-1], "the two terms swapped"),
    ("13.4", cut(lambda pairs, own, p: ((mixed(pairs) - own).mean(), (mixed(pairs) - p).mean())), "sign"),
    (
        "13.4",
        cut(lambda pairs, own, p: ((own - mixed(pairs)).mean(0).sum(), (mixed(pairs) - p).mean(0).sum())),
        "sums",
    ),
    ("13.4", lambda z, mu, log_var: surgery_torch(z, mu, 2 * log_var), "ℓ as log σ"),
    ("13.5", lambda a, d: -a / d, "nats"),
    ("13.5", lambda a, d: a / d / math.log(2), "sign"),
    ("13.5", lambda a, d: -a / math.log(2), "no D"),
    ("13.5", lambda a, d: -a * math.log(2) / d, "times log 2"),
    ("13.5", lambda a, d: -a / (d * np.log(10)), "base 10"),
    ("13.5", lambda a, d: -a / d / 2, "divided by 2"),
    ("13.5", lambda a, d: (-a / (d * math.log(2))).mean(), "mean over the images"),
    ("13.5", lambda a, d: -a / (len(a) * math.log(2)), "divided by the number of images"),
]

SOURCES = {
    "13.1": ["w = log_lik + log_p - log_q\nreturn torch.logsumexp(w, 0) - torch.log(torch.tensor(float(len(w))))"],
    "13.4": [
        "d = z[:, :, None] - mu\nv = torch.exp(log_var)\n"
        "pairs = -0.5 * (d**2 / v + log_var + 1.8378770664093453).sum(-1)\n"
        "log_q = torch.logsumexp(pairs, 2) - torch.log(torch.tensor(float(len(mu))))\n"
        "own = -0.5 * ((z - mu) ** 2 / v + log_var + 1.8378770664093453).sum(-1)\n"
        "prior = -0.5 * (z**2 + 1.8378770664093453).sum(-1)\n"
        "return (own - log_q).mean(), (log_q - prior).mean()"
    ],
    "13.5": ["return -log_p / (x_dim * 0.6931471805599453)"],
}
