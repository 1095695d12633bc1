"""Blind solutions, detections, and how a camera moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.mascara.astrometry.detect import stars
from nightglass.core.mascara.astrometry.solve import (
    Solution,
    blind,
    chip_sky,
    detect,
    drift,
    pointing_of,
)
from nightglass.core.mascara.camera.model import CameraModel, Distortion, nominal

from .mascara_star_field import Lens, Sky, Weather, draw, moved, rms_px, sky_of, true_lens

SMALL = (1002, 668)


def field(seed: int, lens: Lens) -> tuple[Sky, np.ndarray]:
    rng = np.random.default_rng(seed)
    sky = sky_of(lens, rng, 1.0 if lens.nx > 2000 else 1.3)
    return sky, draw(lens, sky, rng, Weather(hot_share=0.001))


def solved(sky: Sky, image: np.ndarray, start: CameraModel) -> Solution | None:
    isolated = sky.isolated
    return blind(image, sky.vectors[isolated], sky.vmag[isolated], start)


@pytest.mark.parametrize(
    ("camera", "askew"),
    [
        ("LSE", {"alt": 2.0, "az": -2.0, "turn": 5.0, "x": 50.0, "y": -50.0}),
        ("LPC", {"alt": -1.5, "turn": -4.0, "x": -50.0, "y": 30.0}),
        ("SAW", {"alt": -2.0, "az": 2.0, "turn": -5.0, "x": -50.0, "y": 50.0}),
    ],
)
def test_a_camera_is_found_degrees_from_where_it_should_look(
    camera: str, askew: dict[str, float]
) -> None:
    lens = true_lens(camera, SMALL, stretch=1.02, **askew)
    sky, image = field(1, lens)
    solution = solved(sky, image, nominal(camera, *SMALL))
    assert solution is not None
    assert solution.is_solved
    assert rms_px(solution.model, lens, sky)[0] < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_camera_of_full_size_is_found(sign: float) -> None:
    askew = {"alt": 2.0 * sign, "az": 2.0, "turn": -5.0 * sign, "x": 50.0, "y": 50.0 * sign}
    lens = true_lens("LSN", stretch=1.0 + 0.02 * sign, **askew)
    sky, image = field(2, lens)
    solution = solved(sky, image, nominal("LSN"))
    assert solution is not None
    assert solution.is_solved
    assert rms_px(solution.model, lens, sky)[0] < 0.05


def test_no_pointing_is_found_in_noise_in_another_sky_or_in_twilight() -> None:
    lens = true_lens("LSE", SMALL)
    sky, image = field(3, lens)
    start = nominal("LSE", *SMALL)
    noise = np.random.default_rng(4).normal(300.0, 25.0, image.shape).astype(np.float32)
    assert solved(sky, noise, start) is None
    assert solved(sky_of(lens, np.random.default_rng(5), 1.3), image, start) is None
    assert solved(sky, image + np.float32(21000.0), start) is None


def test_detections_are_the_brightest_stars_and_no_hot_pixels() -> None:
    lens = true_lens("LSE", SMALL)
    sky, image = field(6, lens)
    found = stars(image, 12.0, 3.5, 40)
    assert (np.diff(found.height_adu) <= 0).all()
    assert len(found.x) == 40
    bright = sky.vmag < 7.5
    near = np.hypot(found.x[:, None] - sky.x[bright], found.y[:, None] - sky.y[bright]).min(axis=1)
    assert (near < 1.0).mean() > 0.95


def test_a_lone_gaussian_is_found_with_its_height_and_a_hot_pixel_is_sharp() -> None:
    y, x = np.indices((80, 100))
    image = 500.0 + 0.5 * x + 1000.0 * np.exp(-((x - 40.3) ** 2 + (y - 30.8) ** 2) / 2 / 1.486**2)
    image[60, 70] += 4000.0
    found = detect(image.astype(np.float32), 200.0)
    star, pixel = np.argmin(np.abs(found.x - 40.3)), np.argmin(np.abs(found.x - 70))
    assert (found.x[star], found.y[star]) == pytest.approx((40.3, 30.8), abs=0.05)
    assert found.height_adu[star] == pytest.approx(1000.0, rel=0.06)
    assert abs(found.roundness[star]) < 0.1
    assert found.sharpness[star] < 1.0 < found.sharpness[pixel]
    assert len(detect(np.full((50, 60), 100.0, np.float32), 10.0).x) == 0


def test_a_moved_camera_drifts_by_as_many_pixels_at_five_places() -> None:
    model = nominal("LSE")
    assert chip_sky(model, -29.26).shape == (5, 2)
    moves = drift(moved(model, 1.0, 0.0), model, -29.26)
    lengths = np.hypot(*moves.T)
    assert lengths[2] == pytest.approx(np.degrees(9e-3 / 24) * 60.0, rel=1e-3)
    assert (lengths[[0, 1, 3, 4]] < lengths[2]).all()
    np.testing.assert_array_equal(drift(model, model, -29.26), 0.0)


@pytest.mark.parametrize("camera", ["LPC", "LSN", "SAW"])
def test_the_pointing_of_a_model_is_that_of_its_plane_and_follows_its_polynomials(
    camera: str,
) -> None:
    model = nominal(camera)
    found = pointing_of(model)
    assert found["alt0"] == pytest.approx(model.pointing.alt_deg, abs=1e-5)
    assert (found["x0"], found["y0"]) == (2004.0, 1336.0)
    if camera != "LPC":
        assert found["az0"] == pytest.approx(model.pointing.az_deg, abs=1e-6)
        assert found["th0"] == pytest.approx(model.pointing.rotation_deg, abs=1e-6)
    turned = replace(model.pointing, rotation_deg=model.pointing.rotation_deg + 0.1)
    turned_model = CameraModel(turned, Distortion.identity(4008, 2672))
    turn = pointing_of(turned_model)["th0"] - found["th0"]
    assert turn == pytest.approx(0.1, abs=1e-5)
