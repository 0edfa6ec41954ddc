"""Covariance matrices as Σ = L Lᵀ with L lower triangular: no matrix is inverted."""

import torch
from torch import Tensor

from vae_lessons.validation import refuse_nan


def cholesky(**covs: Tensor) -> Tensor:
    """The lower triangular L with L Lᵀ = Σ, of one covariance, given by its name.

    Parameters
    ----------
    **covs : Tensor, shape (..., J, J)
        One covariance; its name is used in messages.

    Returns
    -------
    Tensor, shape (..., J, J)
        L, with a positive diagonal.

    Raises
    ------
    ValueError
        If the matrix is not square, not symmetric, or not positive definite.
    """
    ((name, cov),) = covs.items()
    if cov.ndim < 2 or cov.shape[-1] != cov.shape[-2]:
        raise ValueError(f"{name} must be a square matrix, got shape {tuple(cov.shape)}")
    asymmetry = (cov - cov.mT).abs().amax()
    if not asymmetry <= torch.finfo(cov.dtype).eps ** 0.5 * cov.abs().amax():
        refuse_nan(name, cov)
        raise ValueError(f"{name} must be symmetric, two entries across its diagonal differ by {asymmetry.item():g}")
    root, failed = torch.linalg.cholesky_ex(cov)
    if failed.any():
        raise ValueError(f"{name} must be positive definite, its Cholesky factorisation fails")
    return root


def log_det(root: Tensor) -> Tensor:
    """Log-determinant of Σ = L Lᵀ: twice the sum of the logarithms on the diagonal of L.

    Parameters
    ----------
    root : Tensor, shape (..., J, J)
        L.

    Returns
    -------
    Tensor, shape (...)
        log det Σ.
    """
    return 2 * root.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def solve(root: Tensor, vectors: Tensor) -> Tensor:
    """The vectors L⁻¹ v, whose squared length is vᵀ Σ⁻¹ v.

    Parameters
    ----------
    root : Tensor, shape (..., J, J)
        L.
    vectors : Tensor, shape (..., J)
        One vector per row.

    Returns
    -------
    Tensor, shape (..., J)
        One vector per row.
    """
    return torch.linalg.solve_triangular(root, vectors.unsqueeze(-1), upper=False).squeeze(-1)
