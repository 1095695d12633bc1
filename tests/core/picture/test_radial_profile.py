"""Widths and centres of stars whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from nightglass.core.picture.profile import RadialProfile, radial_profile

NOISE = 5.0


def moffat(x: float, y: float, alpha: float, beta: float, height=2000.0, size=120) -> np.ndarray:
    down, across = np.indices((size, size))
    square = (across - x) ** 2 + (down - y) ** 2
    return height * (1 + square / alpha**2) ** -beta


def gaussian(x: float, y: float, sigma: float, height=2000.0, size=120) -> np.ndarray:
    down, across = np.indices((size, size))
    return height * np.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * sigma**2))


def on_sky(light: np.ndarray, seed: int, sky=500.0) -> np.ndarray:
    return sky + light + np.random.default_rng(seed).normal(0, NOISE, light.shape)


def measured(frame: np.ndarray, x: float, y: float, **how: float) -> RadialProfile:
    profile = radial_profile(frame, x, y, **how)
    assert profile is not None
    return profile


@pytest.mark.parametrize(("alpha", "beta"), [(2.0, 2.5), (3.0, 4.0), (4.0, 3.0), (1.5, 2.0)])
@pytest.mark.parametrize("centre", [(60.0, 60.0), (60.37, 59.61)])
def test_moffat_star_has_its_width_centre_and_height(alpha, beta, centre) -> None:
    frame = on_sky(moffat(*centre, alpha, beta), seed=1)
    profile = measured(frame, centre[0] + 2, centre[1] - 1.5)
    assert (profile.x, profile.y) == pytest.approx(centre, abs=0.03)
    assert profile.fwhm_px == pytest.approx(2 * alpha * math.sqrt(2 ** (1 / beta) - 1), rel=0.02)
    assert profile.beta == pytest.approx(beta, rel=0.1)
    assert profile.height == pytest.approx(2000, rel=0.03)
    assert profile.background == pytest.approx(500, abs=3)
    assert profile.noise == pytest.approx(NOISE, rel=0.2)


@pytest.mark.parametrize("sigma", [1.0, 2.2, 4.0])
def test_gaussian_star_has_its_width(sigma) -> None:
    frame = on_sky(gaussian(60.3, 60.8, sigma), seed=2)
    profile = measured(frame, 60, 60)
    assert profile.fwhm_px == pytest.approx(2 * math.sqrt(2 * math.log(2)) * sigma, rel=0.02)
    assert (profile.x, profile.y) == pytest.approx((60.3, 60.8), abs=0.03)


def test_cosmic_ray_in_the_star_does_not_pull_the_fit() -> None:
    frame = on_sky(gaussian(60.3, 60.8, 2.2), seed=3)
    frame[63, 64] = 60000
    profile = measured(frame, 61, 60)
    assert profile.fwhm_px == pytest.approx(5.18, rel=0.03)
    assert (profile.x, profile.y) == pytest.approx((60.3, 60.8), abs=0.05)


def test_second_star_in_the_outskirts_is_outvoted() -> None:
    light = moffat(60, 60, 3, 3) + moffat(71, 64, 2, 3, height=600)
    profile = measured(on_sky(light, seed=4), 60, 61)
    assert profile.fwhm_px == pytest.approx(2 * 3 * math.sqrt(2 ** (1 / 3) - 1), rel=0.06)


def test_empty_sky_has_no_width() -> None:
    profile = measured(np.full((80, 80), 500.0), 40, 40)
    assert profile.fwhm_px is None
    assert profile.model(np.arange(3.0)) is None
    assert profile.background == 500


def test_star_at_the_edge_of_the_frame_is_measured() -> None:
    frame = on_sky(moffat(4.2, 2.1, 2, 3), seed=5)
    profile = measured(frame, 4, 2)
    assert (profile.x, profile.y) == pytest.approx((4.2, 2.1), abs=0.05)
    assert profile.fwhm_px == pytest.approx(2 * 2 * math.sqrt(2 ** (1 / 3) - 1), rel=0.04)


def test_place_outside_the_frame_has_no_profile() -> None:
    frame = np.ones((50, 50))
    assert radial_profile(frame, 200, 200) is None
    assert radial_profile(frame, -90, 3) is None


def test_holes_are_left_out() -> None:
    frame = on_sky(moffat(60, 60, 3, 3), seed=6).astype(np.float32)
    frame[55:58, 61] = np.nan
    frame[70, 70] = np.inf
    profile = measured(frame, 61, 60)
    assert np.isfinite(profile.values).all()
    assert profile.fwhm_px == pytest.approx(2 * 3 * math.sqrt(2 ** (1 / 3) - 1), rel=0.03)
    assert radial_profile(np.full((50, 50), np.nan), 20, 20) is None


def test_integer_counts_are_taken_as_they_come() -> None:
    frame = np.clip(on_sky(moffat(60, 60, 3, 3), seed=7), 0, 65535).astype(np.uint16)
    assert measured(frame, 60, 60).fwhm_px == pytest.approx(3.06, rel=0.03)


def test_rings_are_the_mean_of_their_pixels_and_near_the_model() -> None:
    profile = measured(on_sky(moffat(60, 60, 4, 3), seed=8), 60, 60, radius_px=12)
    ring = np.floor(profile.radii_px)
    wanted = [profile.values[ring == k].mean() for k in np.unique(ring)]
    np.testing.assert_allclose(profile.means, wanted)
    assert (np.diff(profile.radii_px) >= 0).all()
    assert profile.radii_px[-1] <= 12.5
    model = profile.model(profile.radii_px)
    assert model is not None
    assert np.std(profile.values - model) == pytest.approx(NOISE, rel=0.15)
