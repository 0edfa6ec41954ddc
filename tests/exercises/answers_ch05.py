"""Right answers to the exercises of chapter 5, as students write them, and wrong ones, with a name and without."""

import numpy as np
import torch
from scipy.optimize import minimize, minimize_scalar
from torch.distributions import Normal

# 5.1


def top_by_scipy(log_p):
    return minimize_scalar(lambda z: -float(log_p(torch.tensor(z).double())), bounds=(-4, 4), method="bounded").x


def curvature_by_differences(log_p, at, h=1e-3):
    below, here, above = log_p(torch.tensor([at - h, at, at + h]).double()).tolist()
    return -(above - 2 * here + below) / h**2


def laplace_scipy(log_p):
    top = top_by_scipy(log_p)
    return top, curvature_by_differences(log_p, top) ** -0.5


def laplace_autograd(log_p):
    z = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([z], lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        (-log_p(z)).sum().backward()
        optimizer.step()
    bend = torch.autograd.functional.hessian(lambda t: log_p(t).sum(), z.detach())
    return z.item(), float((-bend) ** -0.5)


def laplace_grid(log_p):
    z = np.linspace(-4, 4, 80_001)
    values = log_p(z)
    k = values.argmax()
    return z[k], (-np.gradient(np.gradient(values, z), z)[k]) ** -0.5


def laplace_float32(log_p):
    z = torch.linspace(-3, 3, 6001)
    at = z[log_p(z).argmax()]
    return at, torch.rsqrt(-torch.func.hessian(log_p)(at))


def laplace_with(second):
    """The right peak, and something else of the curvature."""
    return lambda log_p: (laplace_scipy(log_p)[0], second(laplace_scipy(log_p)[1] ** -2))


# 5.2


def on_a_grid(log_p):
    z = np.linspace(-8, 8, 4001)
    return z, log_p(z)


def nearest_scipy(log_p, weight=1.0, back=np.exp):
    """Minimise the KL by SciPy, with the entropy in closed form; `weight` is that of the entropy."""
    z, values = on_a_grid(log_p)

    def objective(phi):
        q = np.exp(-0.5 * ((z - phi[0]) / np.exp(phi[1])) ** 2) / np.sqrt(2 * np.pi) / np.exp(phi[1])
        return -np.trapezoid(q * values, z) - weight * phi[1]

    found = minimize(objective, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9}).x
    return found[0], back(found[1])


def nearest_adam(log_p):
    z = torch.linspace(-8, 8, 801)
    mean, log_var = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([mean, log_var], lr=0.05)
    for _ in range(500):
        optimizer.zero_grad()
        q = Normal(mean, (0.5 * log_var).exp())
        torch.trapezoid(q.log_prob(z).exp() * (q.log_prob(z) - log_p(z)), z).backward()
        optimizer.step()
    return mean[0], (0.5 * log_var[0]).exp()


def nearest_draws(log_p):
    """Fixed, even draws in place of the grid."""
    eps = Normal(0.0, 1.0).icdf((torch.arange(2000) + 0.5) / 2000).double()
    phi = torch.zeros(2, dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([phi], max_iter=100, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = -log_p(phi[0] + phi[1].exp() * eps).mean() - phi[1]
        loss.backward()
        return loss

    optimizer.step(closure)
    return [phi[0].item(), phi[1].exp().item()]


def moments_numpy(log_p):
    z, values = on_a_grid(log_p)
    p = np.exp(values - values.max())
    mean = (p * z).sum() / p.sum()
    return mean, np.sqrt((p * (z - mean) ** 2).sum() / p.sum())


def shrunk(log_p):
    """Descent on -E log p̃ alone, stopped at some small width."""
    return top_by_scipy(log_p) + 0.01, 0.02


# 5.3


def braces_two_terms(log_q, log_p, z):
    q = np.exp(log_q)
    return np.trapezoid(q * log_p, z) - np.trapezoid(q * log_q, z)


def braces_weights(log_q, log_p, z):
    f = torch.exp(log_q) * (log_p - log_q)
    return (0.5 * (f[1:] + f[:-1]) * (z[1:] - z[:-1])).sum()


def braces_by_kl(log_q, log_p, z):
    """Through Z, which cancels."""
    log_z = torch.log(torch.trapezoid(log_p.exp(), z))
    return log_z - torch.trapezoid(log_q.exp() * (log_q - log_p + log_z), z)


# 5.4


def field_conditional(cov):
    out = []
    for j in range(len(cov)):
        rest = [k for k in range(len(cov)) if k != j]
        c = cov[rest, j]
        out.append(cov[j, j] - c @ torch.linalg.inv(cov[rest][:, rest]) @ c)
    return torch.stack(out)


def field_eigen(cov):
    values, axes = np.linalg.eigh(cov)
    return 1 / (axes**2 / values).sum(1)


def field_list(cov):
    return [1 / row[i] for i, row in enumerate(np.linalg.inv(np.asarray(cov)).tolist())]


# 5.5


def encoder_numpy(x, w, b, s):
    m = np.eye(w.shape[1]) + np.transpose(w) @ w / s**2
    mu = (x - b) @ w @ np.linalg.inv(m) / s**2
    return mu, np.tile(-np.log(np.diag(m)), (len(x), 1))


def encoder_rows(x, weight, bias, std):
    """One image after the other, by the other form of the gain: Wᵀ(WWᵀ + σ²I)⁻¹."""
    cov = weight @ weight.T + std**2 * torch.eye(len(bias)).to(weight)
    mu = torch.stack([weight.T @ torch.linalg.solve(cov, row - bias) for row in x])
    variances = [1 / (1 + (column**2).sum() / std**2) for column in weight.T]
    return mu, torch.stack([torch.stack(variances).log()] * len(x))


def encoder_with(mu=None, log_var=None):
    def answer(x, w, b, s):
        right = encoder_rows(x, w, b, s)
        return (mu(x, w, b, s) if mu else right[0]), (log_var(x, w, b, s) if log_var else right[1])

    return answer


def precision(w, s):
    return torch.eye(w.shape[1]).to(w) + w.T @ w / s**2


RIGHT = {
    "5.1": [laplace_scipy, laplace_autograd, laplace_grid, laplace_float32],
    "5.2": [nearest_scipy, nearest_adam, nearest_draws],
    "5.3": [braces_two_terms, braces_weights, braces_by_kl],
    "5.4": [field_conditional, field_eigen, field_list],
    "5.5": [encoder_numpy, encoder_rows],
}

UNNAMED = {
    "5.1": [lambda log_p: (0.0, 1.0), laplace_with(lambda c: c**-0.5 + 0.1)],
    "5.2": [lambda log_p: (0.0, 1.0), lambda log_p: (nearest_scipy(log_p)[0] + 0.3, nearest_scipy(log_p)[1])],
    "5.3": [lambda lq, lp, z: 2 * braces_weights(lq, lp, z), lambda lq, lp, z: torch.trapezoid(lq, z)],
    "5.4": [lambda cov: 0.5 * field_conditional(cov), lambda cov: cov.sum(1)],
    "5.5": [encoder_with(mu=lambda x, w, b, s: x[:, : w.shape[1]]), encoder_with(log_var=lambda x, w, b, s: x @ w)],
}

NAMED = [
    ("5.1", laplace_with(lambda c: 1 / c), "variance"),
    ("5.1", laplace_with(lambda c: c), "curvature"),
    ("5.1", laplace_with(lambda c: c**0.5), "root of the curvature"),
    ("5.1", laplace_with(lambda c: (2 * c) ** -0.5), "½ of the expansion forgotten"),
    ("5.1", laplace_with(lambda c: -0.5 * np.log(c)), "log σ"),
    ("5.1", lambda log_p: laplace_scipy(log_p)[::-1], "exchanged"),
    ("5.1", lambda log_p: (moments_numpy(log_p)[0], laplace_scipy(log_p)[1]), "mean for mode"),
    ("5.1", moments_numpy, "mean and standard deviation of p"),
    ("5.1", nearest_scipy, "nearest normal"),
    ("5.1", lambda log_p: (laplace_scipy(log_p)[0], curvature_by_differences(log_p, 0.0) ** -0.5),
     "curvature elsewhere"),
    ("5.1", lambda log_p: (laplace_scipy(log_p)[0],
                           curvature_by_differences(lambda z: log_p(z).exp(), laplace_scipy(log_p)[0]) ** -0.5),
     "curvature of p̃"),
    ("5.2", moments_numpy, "moments of p"),
    ("5.2", laplace_scipy, "Laplace's approximation"),
    ("5.2", shrunk, "no entropy"),
    ("5.2", lambda log_p: nearest_scipy(log_p, back=lambda s: np.exp(2 * s)), "variance"),
    ("5.2", lambda log_p: nearest_scipy(log_p, back=lambda s: s), "log σ"),
    ("5.2", lambda log_p: nearest_scipy(log_p, back=lambda s: -np.exp(s)), "negative σ"),
    ("5.2", lambda log_p: nearest_scipy(log_p, weight=2.0), "entropy counted twice"),
    ("5.2", lambda log_p: nearest_scipy(log_p, weight=0.5), "entropy counted half"),
    ("5.2", lambda log_p: nearest_scipy(log_p)[::-1], "exchanged"),
    ("5.3", lambda lq, lp, z: np.trapezoid(np.exp(lq) * lp, z), "no entropy"),
    ("5.3", lambda lq, lp, z: -np.trapezoid(np.exp(lq) * lq, z), "entropy alone"),
    ("5.3", lambda lq, lp, z: torch.trapezoid(lq.exp() * (lq - lp), z), "sign"),
    ("5.3", lambda lq, lp, z: np.trapezoid(np.exp(lq) * (lp + lq), z), "entropy subtracted"),
    ("5.3", lambda lq, lp, z: -np.trapezoid(np.exp(lq) * (lq - lp + np.log(np.trapezoid(np.exp(lp), z))), z),
     "normalised first"),
    ("5.3", lambda lq, lp, z: torch.trapezoid(lq.exp() * (lq - lp + torch.trapezoid(lp.exp(), z).log()), z),
     "divergence"),
    ("5.3", lambda lq, lp, z: np.sum(np.exp(lq) * (lp - lq)), "no dz"),
    ("5.3", lambda lq, lp, z: np.trapezoid(np.exp(lq) * (lp - lq), dx=z[1] - z[0]), "constant dz"),
    ("5.3", lambda lq, lp, z: np.trapezoid(np.exp(lp) * (lp - lq), z), "averaged over p̃"),
    ("5.4", torch.diag, "Σ_jj"),
    ("5.4", lambda cov: 1 / torch.diag(cov), "1/Σ_jj"),
    ("5.4", lambda cov: np.diag(np.linalg.inv(cov)), "Λ_jj"),
    ("5.4", lambda cov: np.diag(np.linalg.inv(cov)) ** -0.5, "standard deviation"),
    ("5.4", np.linalg.eigvalsh, "eigenvalues"),
    ("5.4", np.linalg.inv, "precision matrix"),
    ("5.4", lambda cov: np.diag(cov) * (1 - cov[0, 1] ** 2 / cov[0, 0] / cov[1, 1]), "right for two latents only"),
    ("5.4", lambda cov: np.diag(cov) * (1 - cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1])), "1 − ρ for 1 − ρ²"),
    ("5.4", lambda cov: np.diag(np.linalg.cholesky(cov)) ** 2, "variances given the earlier latents"),
    ("5.5", encoder_with(mu=lambda x, w, b, s: x @ w), "Wᵀx"),
    ("5.5", encoder_with(mu=lambda x, w, b, s: (x - b) @ w / s**2), "M forgotten"),
    ("5.5", encoder_with(mu=lambda x, w, b, s: encoder_rows(x, w, 0 * b, s)[0]), "not centred"),
    ("5.5", encoder_with(log_var=lambda x, w, b, s: torch.linalg.inv(precision(w, s)).diagonal().log().repeat(
        len(x), 1)), "marginal variances"),
    ("5.5", lambda x, w, b, s: encoder_numpy(x, w, b, np.sqrt(s)), "σ for σ²"),
    ("5.5", encoder_with(log_var=lambda x, w, b, s: -precision(w, s).diagonal().log()), "log-variances not repeated"),
    ("5.5", encoder_with(log_var=lambda x, w, b, s: (1 / precision(w, s).diagonal()).repeat(len(x), 1)), "variance"),
    ("5.5", encoder_with(mu=lambda x, w, b, s: torch.linalg.lstsq(w, (x - b).T).solution.T,
                         log_var=lambda x, w, b, s: -(w.T @ w / s**2).diagonal().log().repeat(len(x), 1)),
     "M without I"),
    ("5.5", lambda x, w, b, s: encoder_rows(x, w, b, s)[::-1], "exchanged"),
]  # fmt: skip
