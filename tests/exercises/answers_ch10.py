"""Answers to the exercises of chapter 10, as students write them: right, wrong without a name, wrong with one."""

import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# 10.1


def elbo_where(x, a, mu, log_var):
    log_lik = -np.logaddexp(0, np.where(x == 1, -a, a)).sum(axis=1)
    std = np.exp(0.5 * log_var)
    return log_lik - (0.5 * (std**2 + mu**2 - 1) - np.log(std)).sum(axis=1)


def elbo_stable(x, a, mu, log_var):
    softplus = np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))
    return np.sum(x * a - softplus, 1) + 0.5 * np.sum(1 + log_var - mu**2 - np.exp(log_var), 1)


def elbo_torch(x, a, mu, log_var):
    kl = kl_divergence(Normal(mu, (log_var / 2).exp()), Normal(0.0, 1.0)).sum(-1)
    return -F.binary_cross_entropy_with_logits(a, x, reduction="none").sum(-1) - kl


def elbo_loop(x, a, mu, log_var):
    rows = zip(x, a, mu, log_var, strict=True)
    return [sum(p * b - np.logaddexp(0, b)) + 0.5 * sum(1 + v - m**2 - np.exp(v)) for p, b, m, v in rows]


def kl_of(mu, log_var):
    return -0.5 * (1 + log_var - mu**2 - np.exp(log_var)).sum(1)


def elbo_probs(x, a, mu, log_var):
    p = sigmoid(a)
    return (x * np.log(p) + (1 - x) * np.log(1 - p)).sum(1) - kl_of(mu, log_var)


def elbo_naive(x, a, mu, log_var):
    return (x * a - np.log(1 + np.exp(a))).sum(1) - kl_of(mu, log_var)


# 10.2 and 10.3


def delta_tanh(x, a):
    return 0.5 * (1 + np.tanh(a / 2)) - x


def delta_autograd(x, a):
    a = torch.as_tensor(a).clone().requires_grad_()
    return torch.autograd.grad(F.binary_cross_entropy_with_logits(a, torch.as_tensor(x), reduction="sum"), a)[0]


def log_var_std(dz, eps, log_var):
    std = np.sqrt(np.exp(log_var))
    return (dz * eps * std + std * std - 1) / 2


def log_var_torch(dz, eps, log_var):
    v = log_var.clone().requires_grad_()
    loss = (dz * eps * (v / 2).exp()).sum() + 0.5 * (v.exp() - 1 - v).sum()
    return torch.autograd.grad(loss, v)[0]


# 10.4


def weights_loop(dmu, dlog_var, W_mu, W_log_var, h, x):
    total = 0
    for i in range(len(x)):
        dh = (W_mu.T @ dmu[i] + W_log_var.T @ dlog_var[i]) * (1 - h[i] ** 2)
        total = total + np.outer(dh, x[i])
    return total


def weights_einsum(dmu, dlog_var, W_mu, W_log_var, h, x):
    dh = np.einsum("mj,jh->mh", dmu, W_mu) + np.einsum("mj,jh->mh", dlog_var, W_log_var)
    return np.einsum("mh,md->hd", dh * (1 - h * h), x)


def dh_of(dmu, dlog_var, W_mu, W_log_var, h):
    return (dmu @ W_mu + dlog_var @ W_log_var) * (1 - h**2)


# 10.5


def checker(h=1e-5, divisor=2.0, error=None, reset=True, move=None):
    """A checker by central differences, with things that may be changed."""

    def check(loss, w, eps, grad):
        numeric, flat = np.zeros(w.size), w.flatten()
        for k in range(w.size):
            up, down = (flat.copy() if reset else flat for _ in range(2))
            up[k] += h
            high = loss(up.reshape(w.shape), eps)
            down[k] -= h if reset else 2 * h
            numeric[k] = (high - loss(down.reshape(w.shape), eps)) / (divisor * h)
        n = numeric.reshape(w.shape)
        return n, (error or largest)(n, grad)

    return check


def largest(n, g):
    return max(abs(a - b) / max(1, abs(a)) for a, b in zip(n.ravel(), g.ravel(), strict=True))


def checker_complex(loss, w, eps, grad):
    n = np.empty_like(w)
    for k in np.ndindex(*w.shape):
        step = np.zeros(w.shape, dtype=complex)
        step[k] = 1e-20j
        n[k] = np.imag(loss(w + step, eps)) / 1e-20
    return n, largest(n, grad)


def checker_new_noise(loss, w, eps, grad):
    n = np.empty_like(w)
    for k in np.ndindex(*w.shape):
        step = np.zeros_like(w)
        step[k] = 1e-5
        high, low = (loss(w + s * step, np.random.normal(size=eps.shape)) for s in (1, -1))  # noqa: NPY002
        n[k] = (high - low) / 2e-5
    return n, largest(n, grad)


def checker_float32(loss, w, eps, grad):
    return checker(1e-3)(lambda w, eps: loss(w.astype(np.float32), eps), w, eps, grad)


def checker_one_sided(h):
    def check(loss, w, eps, grad):
        n = np.empty_like(w)
        for k in np.ndindex(*w.shape):
            moved = w.copy()
            moved[k] = moved[k] + h
            n[k] = (loss(moved, eps) - loss(w, eps)) / h
        return n, largest(n, grad)

    return check


def checker_undivided(loss, w, eps, grad):
    n = checker_complex(loss, w, eps, grad)[0] * 1e-20
    return n, largest(n, grad)


# 10.6


def adam(b1=0.9, b2=0.999, sign=-1, correct=True, inside=False, forget=False, squared=True):
    """Adam in a loop over the names, with things that may be changed."""

    def step(params, grads, state, lr, tiny):
        t, m, v = state
        t += 1
        new_params, new_m, new_v = {}, {}, {}
        for name in params:
            g = grads[name]
            new_m[name] = b1 * m[name] + (1 - b1) * g
            new_v[name] = b2 * v[name] + (1 - b2) * (g * g if squared else abs(g))
            c1, c2 = (1 - b1**t, 1 - b2**t) if correct else (1, 1)
            scale = (new_v[name] / c2 + tiny) ** 0.5 if inside else (new_v[name] / c2) ** 0.5 + tiny
            new_params[name] = params[name] + sign * lr * new_m[name] / c1 / scale
        return new_params, (0 if forget else t, new_m, new_v)

    return step


def adam_torch(params, grads, state, lr, tiny):
    """torch's own, from a state that holds all gradients so far."""
    start, past = (params, []) if isinstance(state[0], int) else state
    past = [*past, grads]
    tensors = {k: torch.tensor(p, requires_grad=True) for k, p in start.items()}
    optimizer = torch.optim.Adam(tensors.values(), lr=lr, eps=tiny)
    for g in past:
        for k, p in tensors.items():
            p.grad = torch.tensor(g[k])
        optimizer.step()
    return {k: p.detach().numpy() for k, p in tensors.items()}, (start, past)


def adam_in_place(params, grads, state, lr, tiny):
    t, m, v = state
    for k in params:
        m[k] += 0.1 * (grads[k] - m[k])
        v[k] += 0.001 * (grads[k] ** 2 - v[k])
        params[k] -= lr * m[k] / (1 - 0.9 ** (t + 1)) / (np.sqrt(v[k] / (1 - 0.999 ** (t + 1))) + tiny)
    return params, [t + 1, m, v]


RIGHT = {
    "10.1": [elbo_where, elbo_stable, elbo_torch, elbo_loop],
    "10.2": [delta_tanh, delta_autograd, lambda x, a: sigmoid(a) - x, lambda x, a: torch.sigmoid(a) - x],
    "10.3": [log_var_std, log_var_torch, lambda d, e, v: 0.5 * (np.expm1(v) + d * e * np.exp(0.5 * v))],
    "10.4": [weights_loop, weights_einsum, lambda *args: (args[5].T @ dh_of(*args[:5])).T],
    "10.5": [checker(), checker(1e-6), checker_complex],
    "10.6": [adam(), adam_torch, adam_in_place],
}

UNNAMED = {
    "10.1": [lambda x, a, m, v: elbo_where(x, a, m, v) + 1, lambda x, a, m, v: 0 * a[:, 0], lambda x, a, m, v: a[0]],
    "10.2": [lambda x, a: 0.3 * (sigmoid(a) - x), lambda x, a: 0 * a, lambda x, a: sigmoid(a) * x],
    "10.3": [lambda d, e, v: d + v, lambda d, e, v: 0 * v, lambda d, e, v: 0.7 * log_var_std(d, e, v)],
    "10.4": [lambda *a: 0.5 * weights_loop(*a), lambda *a: 0 * weights_loop(*a), lambda *a: a[2].T @ a[2]],
    "10.5": [
        lambda f, w, e, g: (g, 0.0),
        lambda f, w, e, g: w,
        lambda f, w, e, g: (3 * checker_complex(f, w, e, g)[0], 1.0),
    ],
    "10.6": [lambda p, g, s, lr, tiny: (p, s), lambda p, g, s, lr, tiny: p, adam(b1=0.5)],
}

NAMED = [
    ("10.3", lambda dz, eps, v: dz + (np.exp(v) - 1) / 2, "δz passed on"),
    ("10.1", elbo_probs, "log of the sigmoid"),
    ("10.1", elbo_naive, "overflow"),
    ("10.1", lambda *args: -elbo_stable(*args), "ELBO, not its negative"),
    ("10.1", lambda x, a, m, v: elbo_stable(x, a, m, v) + 2 * kl_of(m, v), "minus KL"),
    ("10.1", lambda x, a, m, v: (x * a - np.logaddexp(0, a)).sum(1), "no KL"),
    ("10.1", lambda x, a, m, v: (x * a - np.logaddexp(0, a)).mean(1) - kl_of(m, v), "mean BCE, sum KL"),
    ("10.1", lambda *args: elbo_stable(*args).mean(), "mean over the batch"),
    ("10.1", lambda x, a, m, v: elbo_stable(x, a, m, v) - kl_of(m, v), "KL without ½"),
    ("10.1", lambda x, a, m, v: elbo_stable(x, a, m, v) + kl_of(m, v) - kl_of(m, 2 * v), "ℓ as log σ"),
    ("10.1", lambda x, a, m, v: -((x - sigmoid(a)) ** 2).sum(1) - kl_of(m, v), "squared error"),
    ("10.1", lambda x, a, m, v: elbo_stable(x, sigmoid(a), m, v), "sigmoid twice"),
    ("10.2", lambda x, a: x - sigmoid(a), "x - σ(a)"),
    ("10.2", lambda x, a: (sigmoid(a) - x) * sigmoid(a) * (1 - sigmoid(a)), "times σ′"),
    ("10.2", lambda x, a: (sigmoid(a) - x) / x.shape[1], "mean over the pixels"),
    ("10.2", lambda x, a: (sigmoid(a) - x) / x.shape[0], "mean over the batch"),
    ("10.2", lambda x, a: sigmoid(sigmoid(a)) - x, "probs as logits"),
    ("10.2", lambda x, a: -x / sigmoid(a) + (1 - x) / (1 - sigmoid(a)), "gradient for the probability"),
    ("10.2", lambda x, a: -x * (1 - sigmoid(a)), "pixels that are 1 only"),
    ("10.2", lambda x, a: np.logaddexp(0, a) - x * a, "the loss itself"),
    ("10.3", lambda d, e, v: d * e * np.exp(v / 2) + 0.5 * (np.exp(v) - 1), "path no ½"),
    ("10.3", lambda d, e, v: 0.5 * d * e + 0.5 * (np.exp(v) - 1), "no σ"),
    ("10.3", lambda d, e, v: 0.5 * d * np.exp(v / 2) + 0.5 * (np.exp(v) - 1), "no ε"),
    ("10.3", lambda d, e, v: 0.5 * d * e * np.exp(v / 2), "no KL"),
    ("10.3", lambda d, e, v: 0.5 * (np.exp(v) - 1), "no path"),
    ("10.3", lambda d, e, v: 0.5 * d * e * np.exp(v) + 0.5 * (np.exp(v) - 1), "σ²"),
    ("10.3", lambda d, e, v: 0.5 * d * e * np.exp(v / 2) - 0.5 * (np.exp(v) - 1), "KL sign"),
    ("10.3", lambda d, e, v: 0.5 * d * e * np.exp(v / 2) + np.exp(v) - 1, "KL no ½"),
    ("10.3", lambda d, e, v: 2 * log_var_std(d, e, v), "gradient for log σ"),
    ("10.3", lambda d, e, v: log_var_std(d, e, v) + 0.5, "no −1"),
    ("10.3", lambda d, e, v: log_var_std(d, e, v) / d.shape[0], "mean over the batch"),
    ("10.4", lambda *a: weights_loop(*a).T, "transposed"),
    ("10.4", lambda *a: weights_loop(*a) / len(a[0]), "batch mean"),
    ("10.4", lambda dm, dv, W, V, h, x: (dm @ W + dv @ V).T @ x, "forgot 1 - h²"),
    ("10.4", lambda dm, dv, W, V, h, x: (dm @ W * (1 - h**2)).T @ x, "only μ path"),
    ("10.4", lambda dm, dv, W, V, h, x: (dv @ V * (1 - h**2)).T @ x, "only ℓ path"),
    ("10.4", lambda dm, dv, W, V, h, x: ((dm @ W + dv @ V) * h * (1 - h)).T @ x, "slope of a sigmoid"),
    ("10.4", lambda dm, dv, W, V, h, x: ((dm @ W + dv @ V) * (1 - np.tanh(h) ** 2)).T @ x, "tanh twice"),
    ("10.4", lambda dm, dv, W, V, h, x: ((dm @ V + dv @ W) * (1 - h**2)).T @ x, "heads exchanged"),
    ("10.4", lambda dm, dv, W, V, h, x: dh_of(dm, dv, W, V, h), "δh itself"),
    ("10.4", lambda dm, dv, W, V, h, x: dh_of(dm, dv, W, V, h).sum(0), "gradient for the bias"),
    ("10.5", checker_new_noise, "resamples ε"),
    ("10.5", checker_float32, "float32"),
    ("10.5", checker_one_sided(1e-12), "step too small for a difference"),
    ("10.5", checker_one_sided(1e-3), "one-sided, step too large"),
    ("10.5", checker(0.1), "step too large"),
    ("10.5", checker(divisor=1.0), "divided by h"),
    ("10.5", checker_undivided, "nothing left"),
    ("10.5", checker(1e-30), "nothing left"),
    ("10.5", checker(error=lambda n, g: np.max(np.abs(n - g) / (np.abs(n) + 1e-12))), "no floor"),
    ("10.5", checker(error=lambda n, g: np.abs(g - n).max()), "absolute"),
    ("10.5", checker(error=lambda n, g: np.mean(np.abs(n - g) / np.maximum(1, np.abs(n)))), "mean for maximum"),
    ("10.5", checker(error=lambda n, g: np.linalg.norm(n - g) / np.linalg.norm(n)), "ratio of norms"),
    ("10.6", adam(correct=False), "no bias correction"),
    ("10.6", adam(sign=1), "sign"),
    ("10.6", adam(inside=True), "ε inside the root"),
    ("10.6", adam(b1=0.999, b2=0.9), "β exchanged"),
    ("10.6", adam(b1=0.1, b2=0.001), "weights exchanged"),
    ("10.6", adam(b1=0.0), "no momentum"),
    ("10.6", adam(squared=False), "gradient not squared"),
    ("10.6", adam(forget=True), "t stays at 1"),
    ("10.6", lambda p, g, s, lr, tiny: ({k: p[k] - lr * g[k] for k in p}, s), "gradient descent"),
    ("10.6", lambda p, g, s, lr, tiny: (adam()(p, g, s, lr, tiny)[0], s), "state not kept"),
]

SOURCES = {
    "10.1": [
        "log_lik = (x * a - F.softplus(a)).sum(1)\nreturn log_lik + 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum(1)"
    ],
    "10.2": ["return torch.sigmoid(a) - x"],
    "10.3": ["return 0.5 * dz * eps * torch.exp(log_var / 2) + 0.5 * (torch.exp(log_var) - 1)"],
    "10.4": ["dh = (dmu @ W_mu + dlog_var @ W_log_var) * (1 - h**2)\nreturn dh.T @ x"],
}
