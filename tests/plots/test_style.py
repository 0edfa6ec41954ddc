"""How figures reach a page."""

import matplotlib.pyplot as plt
import pytest
from IPython.core.formatters import format_display_data
from IPython.testing.globalipapp import start_ipython
from IPython.utils.capture import capture_output

from vae_lessons.plots import kl_bars, show, tangent_line


@pytest.fixture(scope="module", autouse=True)
def ipython():
    assert start_ipython() is not None or format_display_data is not None


def shown(*args):
    with capture_output() as captured:
        show(*args)
    (output,) = captured.outputs
    return output


def test_bundle_has_picture_html_and_words():
    output = shown(tangent_line())
    assert set(output.data) == {"image/png", "text/html", "text/plain"}
    alt = output.metadata["image/png"]["alt"]
    assert "tangent" in alt or "log t" in alt
    assert output.data["text/plain"] == f"[Figure: {alt}]"
    assert f'alt="{alt}"' in output.data["text/html"]


def test_shown_at_half_its_pixels():
    output = shown(tangent_line())
    assert output.metadata["image/png"]["width"] in (537, 538)  # 5.6 inches of 96 pixels


def test_quotes_in_an_alt_text_do_not_end_it():
    fig, _ = plt.subplots()
    assert 'alt="a &quot;mode&quot; &amp; more"' in shown(fig, 'a "mode" & more').data["text/html"]


def test_no_alt_text_no_figure():
    fig, _ = plt.subplots()
    with pytest.raises(ValueError, match="needs an alt text"):
        show(fig)
    plt.close(fig)


def test_global_style_is_left_alone():
    import torch

    before = dict(plt.rcParams)
    kl_bars(torch.tensor([0.5, 0.5]), torch.tensor([0.3, 0.7]), ["a", "b"])
    assert dict(plt.rcParams) == before
    assert not plt.get_fignums()
