"""Live figures made of trained networks: a decoder that runs in the browser, and VAEs with different weights β."""

import copy
import re

import numpy as np
import pytest
import torch
from live_page import drag, middle, numbers, opened, said, swipe, values

from tests.live_figures import digits, trained
from vae_lessons import live
from vae_lessons.evaluation import active_units, evaluate_elbo
from vae_lessons.models import Decoder, DeepVAE, LinearVAE

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WEIGHTS = (0.3, 1, 4)


def deep():
    """Return an untrained VAE with tanh layers and large weights, so that its images are of all greys."""
    torch.manual_seed(0)
    model = DeepVAE(x_dim=64, h_dim=24, z_dim=2)
    for layer in model.decoder:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.normal_(layer.weight, std=0.3)
    return model.requires_grad_(False)


def tiny():
    """Return a linear VAE with weights so small that a number of 16 bits has few digits left for them."""
    torch.manual_seed(0)
    model = LinearVAE(x_dim=64, z_dim=2).requires_grad_(False)
    model.decoder.weight *= 1e-4
    return model


def sigmoid_inside():
    """Return a VAE whose decoder ends in the logistic function, and whose mean is what it returns."""
    model = copy.deepcopy(trained())
    model.decoder = Decoder(*model.decoder, torch.nn.Sigmoid())
    model.mean = model.decoder.forward
    return model


def greys(page, number):
    """Return how many pixels of a picture are painted in each grey, from the lightest that is not white to black."""
    paths = page.locator("g[role=img]").nth(number).locator("path")
    return [d.count("M") for d in paths.evaluate_all("all => all.map(path => path.getAttribute('d'))")[1:]]


@pytest.fixture(scope="module")
def decoder():
    return live.decoder(trained(), *digits()[1:])


@pytest.fixture(scope="module")
def vaes():
    return {beta: trained(z_dim=8, beta=beta, epochs=4) for beta in WEIGHTS}


@pytest.fixture(scope="module")
def beta(vaes):
    return live.beta(vaes, digits()[1])


@pytest.mark.parametrize("make", [trained, deep, sigmoid_inside, tiny])
def test_decoded_in_the_browser_as_in_torch(browser, make):
    model = make()
    z = torch.cartesian_prod(torch.linspace(-3, 3, 9), torch.linspace(-3, 3, 9))
    rounded = copy.deepcopy(model.decoder).half().float()(z)
    script = """places => places.map(([z1, z2]) => {
      const { live } = document.querySelector(".vae-live");
      live.set({ z1, z2 });
      return live.numbers.image;
    })"""
    with opened(browser, live.decoder(model, *digits()[1:]).html) as page:
        there = torch.tensor(page.evaluate(script, z.tolist()))
    assert there.std() > 0.1
    assert (there - (rounded if make in (sigmoid_inside, tiny) else torch.sigmoid(rounded))).abs().max() < 2e-6
    assert 0 < (there - model.mean(z)).abs().max() < 1e-3


def test_nearest_code_and_its_image(browser, decoder):
    _, x, labels = digits()
    mu, _ = trained().encoder(x[:60])
    with opened(browser, decoder.html) as page:
        for i in (0, 7, 59):
            place = dict(zip(("z1", "z2"), mu[i].tolist(), strict=True))
            assert numbers(page, **place)["nearest"] == (mu - mu[i]).norm(dim=1).argmin() == i
            assert page.get_by_role("img", name=f"Test image of the digit {labels[i]}").count() == 1
            paths = (
                page.locator("g[role=img]")
                .nth(1)
                .locator("path")
                .evaluate_all("all => all.map(p => p.getAttribute('d') ?? '')")
            )
            assert paths[-1].count("M") == x[i].sum()
            assert sum(path.count("M") for path in paths[1:-1]) == 0


def test_every_test_image_is_an_ellipse_with_its_label(browser, decoder):
    _, x, labels = digits()
    mu, log_var = trained().encoder(x[:60])
    with opened(browser, decoder.html) as page:
        drawn = page.locator("ellipse").evaluate_all(
            "all => all.map(e => ['cx', 'cy', 'rx', 'ry'].map(k => +e.getAttribute(k)))"
        )
        extent = decoder.data["extent"]
        unit = 126 / extent
        expected = torch.cat([mu * torch.tensor([1, -1]) * unit, torch.exp(0.5 * log_var) * unit], 1)
        assert np.abs(np.array(drawn) - [174, 134, 0, 0] - expected.numpy()).max() < 0.05
        words = page.locator("ellipse + text").all_text_contents()
        assert words == [str(label) for label in labels[:60].tolist()]
        assert (
            len(page.locator("ellipse").evaluate_all("all => [...new Set(all.map(e => getComputedStyle(e).stroke))]"))
            == 10
        )


def test_mouse_and_keys_move_the_code(browser, decoder):
    with opened(browser, decoder.html) as page:
        numbers(page, z1=0, z2=0)
        unit = 528 / 440 * 126 / decoder.data["extent"]
        before = page.locator("g[role=img]").first.inner_html()
        drag(page, page.locator(".handle"), unit, -unit / 2)
        assert values(page) == pytest.approx({"z1": 1, "z2": 0.5}, abs=0.051)
        assert page.locator("g[role=img]").first.inner_html() != before
        numbers(page, z1=1, z2=0.5)
        for key in ("ArrowRight", "Shift+ArrowUp", "ArrowDown"):
            page.locator(".handle").press(key)
        assert values(page) == pytest.approx({"z1": 1.05, "z2": 0.95})
        assert page.locator(".handle").get_attribute("aria-valuetext") == "z₁ 1.05, z₂ 0.95"
        assert page.get_by_role("img", name="Image decoded at z = (1.05, 0.95)").count() == 1
        page.wait_for_function(
            "document.querySelector('[role=status]').textContent.startsWith('Decoded at 1.05, 0.95.')"
        )


def test_finger_drags_the_code_and_taps(browser, decoder):
    with opened(browser, decoder.html, **PHONE) as page:
        numbers(page, z1=0, z2=0)
        unit = page.locator(".vae-live svg").bounding_box()["width"] / 440 * 126 / decoder.data["extent"]
        start = middle(page.locator(".handle"))
        swipe(page, start, unit, unit / 2)
        assert values(page) == pytest.approx({"z1": 1, "z2": -0.5}, abs=0.051)
        page.touchscreen.tap(start[0] - unit, start[1] - unit)
        assert values(page) == pytest.approx({"z1": -1, "z2": 1}, abs=0.051)


def test_beta_shows_what_the_library_measures(browser, beta, vaes):
    with opened(browser, beta.html) as page:
        for step, weight in enumerate(WEIGHTS):
            there, here = numbers(page, step=step), evaluate_elbo(vaes[weight], digits()[1])
            assert there["beta"] == weight
            assert there["rate"] == pytest.approx(here.kl.mean, abs=1e-4)
            assert there["distortion"] == pytest.approx(-here.log_lik.mean, abs=1e-4)
            assert there["elbo"] == pytest.approx(here.elbo.mean, abs=2e-4)
            assert there["trained"] == pytest.approx(here.log_lik.mean - weight * here.kl.mean, abs=1e-3)
            assert there["units"] == active_units(vaes[weight], digits()[1])


def test_lines_through_the_point_have_the_slopes_they_say(browser, beta):
    script = "all => all.map(p => p.getAttribute('d').match(/[-\\d.]+/g).map(Number))"
    x, y = [beta.data[axis][-1] - beta.data[axis][0] for axis in "xy"]
    with opened(browser, beta.html) as page:
        for step, weight in enumerate(WEIGHTS):
            numbers(page, step=step)
            for lines, slope in (".plot path.truth", 1), (".plot path.q", weight):
                across, up, right, down = page.locator(lines).evaluate_all(script)[0]
                assert (down - up) / 170 * y / ((right - across) / 384 * x) == pytest.approx(slope, rel=0.03)
                transform = page.locator(".handle").get_attribute("transform")
                px, py = (float(number) for number in re.findall(r"[-\d.]+", transform))
                assert (px - across) * (down - up) == pytest.approx((py - up) * (right - across), abs=60)


def test_rows_of_images_are_those_of_the_weight(browser, beta, vaes):
    x = digits()[1][:10]
    with opened(browser, beta.html) as page:
        for step, weight in enumerate(WEIGHTS):
            numbers(page, step=step)
            names = [group.get_attribute("aria-label") for group in page.locator("g[role=img]").all()]
            assert names[1:] == [
                f"Test images reconstructed with β = {weight}",
                f"Images decoded from the prior with β = {weight}",
            ]
            noise = torch.randn(2, 10, 8, generator=torch.Generator().manual_seed(0))
            mu, log_var = vaes[weight].encoder(x)
            images = [x, vaes[weight].mean(mu + torch.exp(0.5 * log_var) * noise[0]), vaes[weight].mean(noise[1])]
            for number, image in enumerate(images):
                counts = greys(page, number)
                levels = torch.round(32 * torch.round(255 * image) / 255).int().flatten() - 1
                expected = torch.bincount(levels[levels >= 0], minlength=32)
                assert (torch.tensor(counts) - expected).abs().sum() <= 4  # halves may be rounded either way


def test_beta_is_dragged_along_the_curve(browser, beta):
    with opened(browser, beta.html) as page:
        assert values(page)["step"] == 1
        handle, places = page.locator(".handle"), []
        for step in range(3):
            numbers(page, step=step)
            places.append(middle(handle))
        numbers(page, step=0)
        drag(page, handle, places[2][0] - places[0][0], places[2][1] - places[0][1])
        assert values(page)["step"] == 2
        handle.press("ArrowLeft")
        assert values(page)["step"] == 1
        assert handle.get_attribute("aria-valuetext") == "weight β 1"
        page.get_by_role("slider", name="weight β").last.press("Home")
        assert values(page)["step"] == 0
        said(page, "β = 0.3: rate ")


def test_finger_taps_a_point_of_the_curve(browser, beta):
    with opened(browser, beta.html, **PHONE) as page:
        numbers(page, step=2)
        place = middle(page.locator(".handle"))
        numbers(page, step=0)
        page.touchscreen.tap(*place)
        assert values(page)["step"] == 2
