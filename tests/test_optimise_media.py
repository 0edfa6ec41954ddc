"""Fonts and figures of the built pages: no more than what is shown."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from tools.site import fonts, images, social

MATH_FONT = Path(__file__).parents[1] / "book/_static/fonts/stix-two-math.woff"
SLANTED = {"x": 0x1D465, "h": 0x210E, "θ": 0x1D703, "ϕ": 0x1D719, "Σ": 0x1D6F4}


@pytest.mark.parametrize(("letter", "code"), SLANTED.items())
def test_letters_alone_are_shown_slanted(letter, code):
    assert code in fonts.math_characters(f"<math><mi>{letter}</mi></math>")
    assert code not in fonts.math_characters(f'<math><mi mathvariant="normal">{letter}</mi></math>')


def test_roots_need_a_glyph_that_no_text_names():
    assert 0x221A in fonts.math_characters("<math><msqrt><mi>x</mi></msqrt></math>")
    assert 0x221A not in fonts.math_characters("<math><mi>x</mi></math>")


def test_font_has_what_the_pages_show_and_no_more():
    data = fonts.subset(MATH_FONT, fonts.math_characters("<math><mi>x</mi><mo>∑</mo></math>"), [])
    font = TTFont(BytesIO(data))
    assert set(font.getBestCmap()) == {ord("x"), 0x1D465, ord("∑")}
    assert "MATH" in font
    assert len(data) < MATH_FONT.stat().st_size / 20


def test_symbol_that_the_font_does_not_have_is_an_error():
    css = '@font-face{font-family:"STIX Two Math";src:url(stix-two-math.woff)}math{font-family:"STIX Two Math"}'
    with pytest.raises(ValueError, match=r"stix-two-math.woff must have every symbol of one.html, is without \['漢'\]"):
        fonts.inline(css, MATH_FONT.parent, {"one.html": "<math><mi>漢</mi></math>"})


def test_font_that_no_rule_names_is_left_out():
    css = '@font-face{font-family:"STIX Two Math";src:url(stix-two-math.woff)}a{top:0}'
    assert fonts.inline(css, MATH_FONT.parent, {}) == "a{top:0}"


def picture(file, mode="RGB"):
    """Write a picture with more than 256 colours, which is large as a PNG of full colour; return it."""
    noise = np.random.default_rng(0).integers(0, 9, (200, 200, 3))
    image = Image.fromarray((np.arange(200)[:, None, None] + noise).astype(np.uint8)).convert(mode)
    image.save(file)
    return image


def test_large_figures_get_light_and_keep_their_look(tmp_path):
    before = picture(tmp_path / "a.png")
    size = (tmp_path / "a.png").stat().st_size
    images.lighten(tmp_path, tmp_path / "cache")
    after = Image.open(tmp_path / "a.png").convert("RGB")
    assert (tmp_path / "a.png").stat().st_size < size / 2
    assert np.abs(np.asarray(before, int) - np.asarray(after, int)).mean() < 4
    kept = (tmp_path / "a.png").read_bytes()
    images.lighten(tmp_path, tmp_path / "cache")
    assert (tmp_path / "a.png").read_bytes() == kept


def test_light_figures_come_from_the_cache(tmp_path):
    picture(tmp_path / "a.png")
    images.lighten(tmp_path, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"kept")
    picture(tmp_path / "a.png")
    images.lighten(tmp_path, tmp_path / "cache")
    assert (tmp_path / "a.png").read_bytes() == b"kept"


def test_picture_that_can_be_seen_through_is_left_alone(tmp_path):
    image = picture(tmp_path / "a.png", "RGBA")
    image.putalpha(100)
    image.save(tmp_path / "a.png")
    before = (tmp_path / "a.png").read_bytes()
    images.lighten(tmp_path, tmp_path / "cache")
    assert (tmp_path / "a.png").read_bytes() == before


def test_picture_of_links_is_the_committed_one(tmp_path):
    social.draw().savefig(tmp_path / "drawn.png", facecolor=social.PAPER)
    pictures = (tmp_path / "drawn.png", social.PICTURE)
    drawn, committed = (np.asarray(Image.open(file).convert("L"), float) for file in pictures)
    assert committed.shape == (630, 1200)
    assert np.abs(drawn - committed).mean() < 1
