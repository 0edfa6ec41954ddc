"""The ratio of the variances of two gradient estimators, and how exercise 8.3 can go wrong."""

from collections.abc import Callable

import torch
from torch import Tensor

from vae_lessons.equations.gradient_estimates import square
from vae_lessons.sampling import pathwise_grad, score_function_grad

# The mistakes that exercise 8.3 knows by name: of draws of both estimators to a ratio of variances


def _ratio_of_means(score, path):
    return score.mean() / path.mean()


def _ratio_of_standard_deviations(score, path):
    return score.std() / path.std()


def _different_n(score, path):
    return (score.var() / len(score)) / (path[::10].var() / len(path[::10]))


def is_seven_and_a_half(ratio: Callable) -> Callable:
    """State that a ratio, for z² and μ = 1, is 7.5 to within 5 %, on 20,001 evenly spaced quantiles of ε."""

    def statement(*_) -> Tensor:
        eps = torch.special.ndtri((torch.arange(20001).double() + 0.5) / 20001)[:, None]
        draws = (
            g(square, torch.ones(1).double(), torch.zeros(1).double(), eps)[0]
            for g in (score_function_grad, pathwise_grad)
        )
        return (ratio(*draws) / 7.5 - 1).abs() < 0.05

    return statement
