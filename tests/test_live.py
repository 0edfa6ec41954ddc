"""Live figures, before they reach a browser."""

import base64
import fnmatch
import gzip
import io
import json
import math
import re
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image
from scipy import stats

from tests.live_figures import EVERY, HEAVY, make
from vae_lessons import live
from vae_lessons.live import random_numbers
from vae_lessons.live.figure import WIDTH
from vae_lessons.live.running_mean import run

ROOT = Path(__file__).resolve().parents[1]


def still(alt="A picture of nothing."):
    fig, _ = plt.subplots(figsize=(4, 2))
    plt.close(fig)
    fig.alt = alt
    return fig


@EVERY
def test_bundle_for_page_paper_and_terminal(figure):
    data, metadata = figure._repr_mimebundle_()
    assert set(data) == {"text/html", "image/jpeg", "text/plain"}  # a PNG would take the place of the HTML
    assert data["text/plain"] == f"[Live figure: {figure.still.alt}]" == repr(figure)
    assert metadata["image/jpeg"]["alt"] == figure.still.alt
    paper = Image.open(io.BytesIO(base64.b64decode(data["image/jpeg"])))
    assert paper.width >= 4 * WIDTH - 1


@EVERY
def test_page_carries_all_of_it_and_little(figure):
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|\bimport\b|\bfetch\b", figure.html)
    most = HEAVY.get(figure.name, 22_000)
    assert len(figure.html) < most
    assert len(gzip.compress(figure.html.encode())) < 0.68 * most


@EVERY
def test_picture_has_the_shape_of_the_drawing(figure):
    picture = re.search(r'src="data:image/webp;base64,([^"]+)"', figure.html)[1]
    width, height = Image.open(io.BytesIO(base64.b64decode(picture))).size
    assert height / width == pytest.approx(figure.height / WIDTH, rel=0.01)
    assert f'width="{WIDTH}" height="{figure.height}"' in figure.html


@EVERY
def test_same_call_same_bytes(figure):
    assert make(figure.name).html == figure.html


def test_data_cannot_end_the_script():
    page = live.LiveFigure("kl", "A title", still(), data={"word": "</script>"}).html
    assert page.count("</script>") == 1
    assert json.loads(re.search(r'start\("\w+", (.*), figure\)', page)[1]) == {"word": "</script>"}


def test_quotes_in_title_and_alt_end_nothing():
    page = live.LiveFigure("kl", 'A "title"', still('a "mode" & more')).html
    assert 'aria-label="A &quot;title&quot;"' in page
    assert 'alt="a &quot;mode&quot; &amp; more"' in page


def test_picture_without_alt_text_is_refused():
    with pytest.raises(ValueError, match="still, the picture of the live figure 'kl', must carry its alt text"):
        live.LiveFigure("kl", "A title", still(""))


def test_number_that_json_does_not_know_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        _ = live.LiveFigure("kl", "A title", still(), data={"x": math.nan}).html


def test_wheel_takes_the_scripts_along():
    with (ROOT / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["package-data"]["vae_lessons.live"]
    names = [path.name for path in (ROOT / "vae_lessons" / "live").iterdir() if path.is_file() and path.suffix != ".py"]
    assert "common.js" in names
    assert [name for name in names if not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)] == []


def test_random_numbers_are_uniform_and_normal():
    n = np.arange(50_000)
    assert stats.kstest(random_numbers.uniform(3, n), "uniform").pvalue > 1e-3
    assert stats.kstest(random_numbers.normal(3, n), "norm").pvalue > 1e-3


def test_seeds_and_neighbours_are_independent():
    n = np.arange(20_000)
    rows = np.stack([random_numbers.normal(seed, n) for seed in range(6)] + [random_numbers.normal(0, n + 1)])
    assert np.abs(np.corrcoef(rows) - np.eye(7)).max() < 4 / math.sqrt(len(n))


@pytest.mark.parametrize("seed", [-1, 2**32 - 1])
def test_seed_out_of_range(seed):
    with pytest.raises(ValueError, match=f"seed must be from 0 to .* got {seed}"):
        random_numbers.uniform(seed, np.arange(2))


def test_run_has_means_and_standard_errors_of_all_beginnings():
    z = torch.from_numpy(random_numbers.normal(5, np.arange(40)))
    f = torch.distributions.Normal(z, math.sqrt(0.5)).log_prob(torch.tensor(1.0)).exp()
    mean, se = run(5, 40)
    for draws in (2, 3, 17, 40):
        assert mean[draws - 2] == pytest.approx(f[:draws].mean().item(), abs=1e-12)
        assert se[draws - 2] == pytest.approx(f[:draws].std().item() / math.sqrt(draws), abs=1e-12)


def test_draws_must_be_on_the_slider():
    with pytest.raises(ValueError, match="draws must be 10, 100, 1000 or 10000, got 7"):
        live.running_mean(draws=7)
