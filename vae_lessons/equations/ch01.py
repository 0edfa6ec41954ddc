"""Checks of chapter 1, part one: encode and decode, with principal components as the example, (1.1) and (1.3)."""

import numpy as np
import torch
from torch import Tensor

from vae_lessons.equations.registry import equation


def correlated_data(rng) -> tuple[Tensor, int]:
    """Draw twelve points in five dimensions, correlated and far from the origin, and J = 2."""
    x = rng.normal(size=(12, 5)) @ (np.diag([3, 2, 1, 0.6, 0.3]) @ rng.normal(size=(5, 5))) + rng.normal(2, 1, size=5)
    return torch.tensor(x), 2


def directions(x: Tensor) -> Tensor:
    """Return the principal directions as the rows of Vᵀ in x - mean = U S Vᵀ, that of the largest variance first."""
    return torch.linalg.svd(x - x.mean(0), full_matrices=False).Vh


def reconstruct(x: Tensor, z_dim: int) -> Tensor:
    """Encode z = f(x) = Vᵀ(x - mean), decode g(z) = mean + V z: the linear autoencoder of the chapter."""
    v = directions(x)[:z_dim].T
    z = (x - x.mean(0)) @ v
    return x.mean(0) + z @ v.T


def project(x: Tensor, z_dim: int) -> Tensor:
    """Project on the eigenvectors of the covariance matrix in one step."""
    v = torch.linalg.eigh(x.T.cov()).eigenvectors[:, -z_dim:]
    return x.mean(0) + (x - x.mean(0)) @ (v @ v.T)


def by_scikit_learn(x: Tensor, z_dim: int) -> Tensor:
    """Let scikit-learn encode and decode."""
    from sklearn.decomposition import PCA  # here, because it takes a second

    pca = PCA(z_dim).fit(x.numpy())
    return torch.tensor(pca.inverse_transform(pca.transform(x.numpy())))


# The mistakes that exercise 1.1 knows by name


def _not_centred(x, z_dim):
    v = torch.linalg.svd(x, full_matrices=False).Vh[:z_dim].T
    return x @ v @ v.T


def _mean_not_added_back(x, z_dim):
    return reconstruct(x, z_dim) - x.mean(0)


def _smallest_components(x, z_dim):
    v = directions(x)[-z_dim:].T
    return x.mean(0) + (x - x.mean(0)) @ v @ v.T


def _columns_of_vh(x, z_dim):
    v = directions(x)[:, :z_dim]
    return x.mean(0) + (x - x.mean(0)) @ v @ v.T


def _u_for_the_codes(x, z_dim):
    u, _, vh = torch.linalg.svd(x - x.mean(0), full_matrices=False)
    return x.mean(0) + u[:, :z_dim] @ vh[:z_dim]


def _divided_by_the_std(x, z_dim):
    return x.mean(0) + x.std(0) * reconstruct((x - x.mean(0)) / x.std(0), z_dim)


equation(
    "1.1",
    "An autoencoder encodes, then decodes",
    method="exact model",
    draw=correlated_data,
    lines={
        "g(f(x)), f and g by SVD": reconstruct,
        "projection by eigenvectors": project,
        "scikit-learn's PCA": by_scikit_learn,
    },
    mutants={
        "not centred": _not_centred,
        "mean not added back": _mean_not_added_back,
        "smallest components": _smallest_components,
        "columns of Vᵀ for rows": _columns_of_vh,
        "U for the codes": _u_for_the_codes,
        "divided by the std": _divided_by_the_std,
    },
)


# (1.3) How well the best linear autoencoder does


def error(x: Tensor, x_hat: Tensor) -> Tensor:
    """Sum the squared differences over pixels, average over images."""
    return ((x - x_hat) ** 2).sum(-1).mean()


def variances(x: Tensor) -> Tensor:
    """Return the eigenvalues λ of the covariance matrix (1/N) Σ (x - mean)(x - mean)ᵀ, the largest first."""
    return torch.linalg.eigvalsh(x.T.cov(correction=0)).flip(0)


def by_alternating_least_squares(x: Tensor, z_dim: int) -> Tensor:
    """Fit decoder to encoder and encoder to decoder in turn, from a bad start: no eigenvalue is computed."""
    centred = x - x.mean(0)
    encoder = torch.linspace(-1, 2, x.shape[1] * z_dim, dtype=x.dtype).reshape(-1, z_dim).cos()
    for _ in range(150):
        decoder = torch.linalg.lstsq(centred @ encoder, centred).solution
        encoder = torch.linalg.pinv(decoder)
    return error(centred, centred @ encoder @ decoder)


def random_encoders_are_worse(x: Tensor, z_dim: int) -> bool:
    """Tell whether ten random linear encoders, each with the decoder that suits it best, do worse."""
    centred = x - x.mean(0)
    codes = [centred @ centred[i : i + z_dim].T for i in range(10)]
    errors = [error(centred, z @ torch.linalg.lstsq(z, centred).solution) for z in codes]
    return bool(min(errors) > error(x, reconstruct(x, z_dim)))


equation(
    "1.3",
    "The best linear autoencoder leaves the small variances",
    method="exact model",
    draw=correlated_data,
    lines={
        "Σ of λ_j over j > J": lambda x, z_dim: variances(x)[z_dim:].sum(),
        "error of principal components": lambda x, z_dim: error(x, reconstruct(x, z_dim)),
        "error after alternating fits": by_alternating_least_squares,
        "other linear encoders do worse": random_encoders_are_worse,
    },
    mutants={
        "Σ over j ≤ J": lambda x, z_dim: variances(x)[:z_dim].sum(),
        "Σ over j > J + 1": lambda x, z_dim: variances(x)[z_dim + 1 :].sum(),
        "standard deviations added": lambda x, z_dim: variances(x)[z_dim:].sqrt().sum(),
        "covariance with 1/(N - 1)": lambda x, z_dim: variances(x)[z_dim:].sum() * len(x) / (len(x) - 1),
        "mean over pixels": lambda x, z_dim: variances(x)[z_dim:].sum() / x.shape[1],
        "data not centred": lambda x, z_dim: error(x, _not_centred(x, z_dim)),
    },
)
