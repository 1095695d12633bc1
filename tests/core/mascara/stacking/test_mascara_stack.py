"""The binned image: the light of the stars, the cover, the noise, and the turn of the sky."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.photometry.apertures import measure
from nightglass.core.mascara.stacking.stack import NODE_STEP_PX, Stack
from nightglass.core.mascara.stacking.turning import refracted, turned, unrefracted

from .plane_camera import PlaneCamera, equatorial, looks, with_stars

LATITUDE, LST, SLOT_H = 28.76, 5.0, 6.4 / 3600.0
SHAPE = (200, 300)
RADII = (2.5, 3.5, 4.5, 5.5)


def noise(seed: int, shape: tuple[int, int] = SHAPE) -> Any:
    return np.random.default_rng(seed).normal(150.0, 25.0, shape).astype(np.float32)


@pytest.mark.parametrize("latitude", [28.76, -29.26, 0.0])
def test_the_sky_turns_about_the_pole(latitude: float) -> None:
    generator = np.random.default_rng(1)
    hour_angle, dec = generator.uniform(-6, 6, 50), generator.uniform(-89, 89, 50)
    later = turned(looks(hour_angle, dec, latitude), 0.7, latitude)
    np.testing.assert_allclose(later, looks(hour_angle + 0.7, dec, latitude), atol=1e-12)


def test_refraction_lifts_by_the_tangent_of_the_zenith_distance_and_comes_off_again() -> None:
    zenith = np.radians([0.0, 30.0, 60.0, 75.0])
    vectors = np.stack([np.sin(zenith), np.zeros(4), np.cos(zenith)], axis=1)
    lifted = refracted(vectors)
    moved = np.degrees(zenith - np.arctan2(lifted[:, 0], lifted[:, 2])) * 3600.0
    np.testing.assert_allclose(moved, 44.0 * np.tan(zenith), rtol=2e-3)
    np.testing.assert_allclose(unrefracted(lifted), vectors, atol=3e-6)


def test_a_frame_of_the_reference_time_stays_as_it_is() -> None:
    image = noise(2)
    stack = Stack(PlaneCamera(), LATITUDE, LST, SHAPE)
    stack.add(image, LST)
    stack.add(image, LST + 24.0)
    binned = stack.average()
    assert (binned.coverage[2:-2, 2:-2] == 2).all()
    np.testing.assert_allclose(binned.image[2:-2, 2:-2], image[2:-2, 2:-2], rtol=2e-3)
    assert binned.image.dtype == np.float32


def test_a_frame_far_away_in_time_covers_nothing_and_leaves_no_light() -> None:
    stack = Stack(PlaneCamera(), LATITUDE, LST, SHAPE)
    stack.add(noise(3), LST + 12.0)
    binned = stack.average()
    assert not binned.coverage.any()
    assert not binned.image.any()


def inside(x: Any, y: Any, margin: float) -> Any:
    ny, nx = SHAPE
    return (x >= margin) & (x < nx - 1 - margin) & (y >= margin) & (y < ny - 1 - margin)


def test_the_cover_counts_the_frames_that_saw_a_pixel() -> None:
    camera = PlaneCamera()
    stack = Stack(camera, LATITUDE, LST, SHAPE)
    times = LST + np.arange(-20, 21, 10) * SLOT_H * 10
    for lst_h in times:
        stack.add(np.full(SHAPE, 7.0, np.float32), lst_h)
    binned = stack.average()
    rows, columns = (part.ravel().astype(float) for part in np.indices(SHAPE))
    hour_angle, dec = equatorial(unrefracted(camera.directions(columns, rows)), LATITUDE)
    low, high = np.zeros(rows.size, int), np.zeros(rows.size, int)
    for lst_h in times:
        vectors = refracted(looks(hour_angle + lst_h - LST, dec, LATITUDE))
        x, y, _ = camera.pixels(vectors)
        # Eight times as coarse as the real ones, this camera bends the way between nodes by 0.1 px.
        low += inside(x, y, 1.1)
        high += inside(x, y, 0.9)
    assert (binned.coverage.ravel() >= low).all()
    assert (binned.coverage.ravel() <= high).all()
    seen = binned.coverage > 0
    np.testing.assert_allclose(binned.image[seen], 7.0, rtol=0.1)
    np.testing.assert_array_equal(
        binned.frames_at([150.2, -9.0], [100.4, 999.0]),
        [binned.coverage[100, 150], binned.coverage[-1, 0]],
    )


@pytest.mark.parametrize("camera", [PlaneCamera(), PlaneCamera(49.0, 0.0), PlaneCamera(90.0, 0.0)])
def test_a_star_keeps_its_light_and_its_width(camera: PlaneCamera) -> None:
    generator = np.random.default_rng(4)
    x, y = (
        grid.ravel() for grid in np.meshgrid(np.arange(55.0, 260, 48), np.arange(55.0, 160, 44))
    )
    x, y = x + generator.uniform(-0.5, 0.5, x.size), y + generator.uniform(-0.5, 0.5, x.size)
    hour_angle, dec = equatorial(unrefracted(camera.directions(x, y)), LATITUDE)
    stack = Stack(camera, LATITUDE, LST, SHAPE)
    in_frames = []
    # At the scale of this camera a frame is moved by an eighth of the real one's drift.
    for frame in range(-12, 13):
        hours = frame * SLOT_H * 8.0
        there = camera.pixels(refracted(looks(hour_angle + hours, dec, LATITUDE)))[:2]
        image = with_stars(np.full(SHAPE, 150.0), *there, np.full(x.size, 1e5), 1.3)
        in_frames.append(measure(image, *there, RADII).flux)
        stack.add(image, LST + hours)
    found = measure(stack.average().image, x, y, RADII)
    assert not found.pflag.any()
    ratio = found.flux / np.mean(in_frames, axis=0)
    np.testing.assert_allclose(ratio[:, 1:], 1.0, atol=3e-3)
    np.testing.assert_allclose(ratio[:, 0], 1.0, atol=1e-2)
    np.testing.assert_allclose(ratio.mean(axis=0), 1.0, atol=3e-3)


def test_the_noise_ratio_makes_the_scatter_the_noise_of_a_sum() -> None:
    camera, sums, scatters = PlaneCamera(), [], []
    places = np.arange(30, 170, 10)
    for trial in range(6):
        stack = Stack(camera, LATITUDE, LST, SHAPE)
        for frame in range(-6, 6):
            stack.add(noise(100 + 20 * trial + frame), LST + frame * SLOT_H * 8.3)
        binned = stack.average()
        boxes = [binned.image[i : i + 10, j : j + 10] for i in places for j in places]
        sums.append([box.sum() for box in boxes])
        scatters.append(binned.image[30:170, 30:170].std())
    real = np.std(np.array(sums) - np.mean(sums, axis=1, keepdims=True))
    ratio = binned.noise_ratio_at(places, places)
    assert (ratio > 1.05).all()
    assert np.median(ratio) == pytest.approx(binned.noise_ratio, rel=0.05)
    assert real / (10.0 * np.mean(scatters)) == pytest.approx(binned.noise_ratio, rel=0.08)


def test_interpolation_is_that_of_cubic_convolution() -> None:
    camera, image, hours = PlaneCamera(), noise(5), 9.7 * SLOT_H
    stack = Stack(camera, LATITUDE, LST, SHAPE)
    stack.add(image, LST + hours)
    found = stack.average().image
    for row, column in ((96, 96), (96, 160), (64, 224), (128, 128)):
        # At nodes the way from pixel to pixel is exact.
        assert row % NODE_STEP_PX == column % NODE_STEP_PX == 0
        hour_angle, dec = equatorial(
            unrefracted(camera.directions(np.array([column]), np.array([row]))), LATITUDE
        )
        x, y, _ = camera.pixels(refracted(looks(hour_angle + hours, dec, LATITUDE)))
        value = 0.0
        for i in range(4):
            for j in range(4):
                at = int(np.floor(y[0])) - 1 + i, int(np.floor(x[0])) - 1 + j
                value += image[at] * keys(y[0] - at[0]) * keys(x[0] - at[1])
        assert found[row, column] == pytest.approx(value, rel=0.01)


def keys(away: float) -> float:
    """Cubic convolution with the parameter -1/2."""
    t = abs(away)
    if t < 1:
        return 1.5 * t**3 - 2.5 * t**2 + 1.0
    return -0.5 * t**3 + 2.5 * t**2 - 4.0 * t + 2.0 if t < 2 else 0.0


def test_what_is_behind_the_camera_is_left_out() -> None:
    camera = PlaneCamera(alt_deg=30.0, az_deg=180.0, scale_px=15.0, bend=0.0)
    stack = Stack(camera, LATITUDE, LST, SHAPE)
    stack.add(noise(6), LST + 3.0)
    binned = stack.average()
    assert 0 < (binned.coverage > 0).mean() < 1
    assert np.isfinite(binned.image).all()
    assert np.isfinite(binned.variance).all()


def test_the_same_frames_make_the_same_bits_and_a_small_chip_will_do() -> None:
    made = []
    for _ in range(2):
        stack = Stack(PlaneCamera(middle=(20.0, 10.0)), LATITUDE, LST, (23, 41))
        for frame in range(3):
            stack.add(noise(frame, (23, 41)), LST + frame * SLOT_H)
        made.append(stack.average())
    np.testing.assert_array_equal(made[0].image, made[1].image)
    assert made[0].image.shape == (23, 41)
    assert made[0].coverage.max() == 3


def test_frames_of_another_kind_are_refused_and_nothing_has_no_average() -> None:
    stack = Stack(PlaneCamera(), LATITUDE, LST, SHAPE)
    with pytest.raises(NightglassError, match="None was added"):
        stack.average()
    with pytest.raises(NightglassError, match="one size"):
        stack.add(noise(7, (100, 300)), LST)
    with pytest.raises(NightglassError, match="float64"):
        stack.add(noise(7).astype(np.float64), LST)
