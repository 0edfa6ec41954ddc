"""What live figures compute in the browser is what the library computes."""

import math
from itertools import product

import numpy as np
import pytest
import torch
from live_page import numbers, opened
from scipy import stats

from vae_lessons import live
from vae_lessons.divergences import kl_normal
from vae_lessons.equations import linear_gaussian as model
from vae_lessons.live import random_numbers
from vae_lessons.live.running_mean import run


def tensors(*values):
    return [torch.tensor(float(value), dtype=torch.float64) for value in values]


@pytest.fixture(scope="module")
def page_of(browser):
    def open_page(figure):
        return opened(browser, figure.html)

    return open_page


def test_kl_both_ways(page_of):
    with page_of(live.kl()) as page:
        for mu, sigma in product(np.linspace(-3, 3, 9), np.linspace(0.3, 3, 9)):
            q, p = tensors(mu, sigma), tensors(0, 1)
            there = numbers(page, mu=mu, sigma=sigma)
            assert there["qp"] == pytest.approx(kl_normal(*q, *p).item(), abs=1e-12)
            assert there["pq"] == pytest.approx(kl_normal(*p, *q).item(), abs=1e-12)


def test_bound_and_gap(page_of):
    with page_of(live.bound()) as page:
        for mean, std in product(np.linspace(-1.5, 2.5, 9), np.linspace(0.3, 1.5, 9)):
            args = tensors(1, 0.5, mean, std**2)
            there = numbers(page, mean=mean, std=std)
            assert there["elbo"] == pytest.approx(model.elbo_in_closed_form(*args).item(), abs=1e-12)
            assert there["gap"] == pytest.approx(model.kl_from_posterior(*args).item(), abs=1e-12)
            assert there["elbo"] + there["gap"] == pytest.approx(model.log_evidence(*args[:2]).item(), abs=1e-12)


def test_gap_closes_at_the_posterior(page_of):
    with page_of(live.bound()) as page:
        there = numbers(page, mean=2 / 3, std=math.sqrt(1 / 3))
        assert there["gap"] == pytest.approx(0, abs=1e-12)
        assert page.locator(".low").get_attribute("y") == page.locator(".gap").get_attribute("y")


def test_means_and_standard_errors_of_the_same_draws(page_of):
    with page_of(live.running_mean()) as page:
        for power in np.arange(10, 41) / 10:
            draws, there = round(10**power), numbers(page, log10L=power)
            f = stats.norm.pdf(1, random_numbers.normal(1, np.arange(draws)), math.sqrt(0.5))
            assert there["mean"] == pytest.approx(f.mean(), abs=1e-12)
            assert there["se"] == pytest.approx(f.std(ddof=1) / math.sqrt(draws), abs=1e-12)


def test_runs_that_hold_the_true_value_are_counted(page_of):
    with page_of(live.running_mean()) as page:
        page.get_by_role("button", name="100 more runs").click()
        truth = stats.norm.pdf(1, 0, math.sqrt(1.5))
        ends = np.array([[series[-1] for series in run(seed, 100)] for seed in range(1, 102)])
        far = np.abs(ends[:, 0] - truth) / ends[:, 1]
        there = numbers(page, log10L=2)
        assert (there["runs"], there["within1"], there["within2"]) == (101, (far < 1).sum(), (far < 2).sum())
        assert there["mean"] == pytest.approx(ends[-1, 0], abs=1e-12)


def test_counts_that_chapter_7_tells(page_of):
    with page_of(live.running_mean()) as page:
        page.get_by_role("button", name="100 more runs").click()
        counts = [[numbers(page, log10L=power)[f"within{se}"] for se in (1, 2)] for power in (3, 1)]
        assert counts == [[74, 97], [66, 88]]
