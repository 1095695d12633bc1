"""Snapping to simulated stars."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.regions.numbers.centroid import settled_star, snap

SHAPE = (100, 120)


def sky(seed: int = 4, level: float = 300.0, noise: float = 5.0) -> Any:
    return np.random.default_rng(seed).normal(level, noise, SHAPE)


def star(x: float, y: float, height: float = 300.0, sigma_px: float = 1.4) -> Any:
    rows, columns = np.mgrid[1 : SHAPE[0] + 1, 1 : SHAPE[1] + 1]
    return height * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma_px**2))


@pytest.mark.parametrize("sigma_px", [0.7, 1.4, 3.0])
@pytest.mark.parametrize("away", [(0, 0), (3, -2), (-5, 4), (6, 6)])
def test_the_star_is_found_from_beside_it(sigma_px: float, away: tuple[int, int]) -> None:
    image = sky() + star(60.3, 50.8, 300, sigma_px)
    found = snap(image, 60.3 + away[0], 50.8 + away[1], 10.0)
    assert found == pytest.approx((60.3, 50.8), abs=0.1)


def test_places_are_as_exact_as_the_noise_allows() -> None:
    found = [
        snap(np.round(sky(seed) + star(60.3, 50.8)).astype(np.uint16), 58, 52, 8)
        for seed in range(80)
    ]
    x, y = np.array(found, float).T
    # sigma / S/N of the light under the window: 5 * sqrt(4 pi) * 1.4 / (2 pi 1.4**2 * 300 / 2).
    expected = 1.4 * 5 * np.sqrt(4 * np.pi) * 1.4 / (2 * np.pi * 1.4**2 * 300)
    assert (x.mean(), y.mean()) == pytest.approx((60.3, 50.8), abs=0.02)
    assert max(x.std(), y.std()) < 2.5 * expected


def test_of_two_stars_the_nearer_one_is_taken_even_if_it_is_fainter() -> None:
    image = sky() + star(50, 50, 8000) + star(62, 50, 200)
    assert snap(image, 60.5, 51, 15) == pytest.approx((62, 50), abs=0.2)
    assert snap(image, 52, 51, 15) == pytest.approx((50, 50), abs=0.05)


def test_the_wings_of_a_bright_star_hold_no_other() -> None:
    generator = np.random.default_rng(6)
    for _ in range(20):
        image = generator.poisson(300 + star(60, 50, 20_000, 2.5)).astype(np.uint16)
        assert snap(image, 66, 50, 9) == pytest.approx((60, 50), abs=0.05)


def test_nothing_is_found_on_blank_sky() -> None:
    assert [snap(sky(seed), 60, 50, 10) for seed in range(200)] == [None] * 200
    assert snap(np.full(SHAPE, 300, np.uint16), 60, 50, 10) is None
    assert snap(np.full(SHAPE, np.nan), 60, 50, 10) is None


def test_a_star_farther_than_the_radius_is_left_alone() -> None:
    image = sky() + star(70, 50)
    assert snap(image, 60, 50, 8) is None
    assert snap(image, 63, 50, 8) is not None


def test_a_faint_star_counts_from_five_times_its_noise() -> None:
    assert snap(sky() + star(60, 50, 30), 60, 50, 5) is not None
    assert snap(sky() + star(60, 50, 4), 60, 50, 5) is None


def test_a_hot_pixel_and_a_lost_one_are_no_star() -> None:
    image = sky()
    image[49, 59] = 9000
    assert snap(image, 60, 50, 6) is None
    image[49, 59] = np.nan
    assert snap(image, 60, 50, 6) is None
    lost = sky() + star(60, 50)
    lost[46, 61] = np.nan
    assert snap(lost, 61, 51, 6) == pytest.approx((60, 50), abs=0.15)


@pytest.mark.parametrize("place", [(3.2, 50.0), (60.0, 98.4), (119.0, 2.0)])
def test_a_star_at_the_edge_of_the_frame(place: tuple[float, float]) -> None:
    found = snap(sky() + star(*place), place[0] + 1, place[1] - 1, 6)
    assert found == pytest.approx(place, abs=0.35)


def test_outside_the_frame_there_is_no_star() -> None:
    image = sky() + star(-4.0, 50.0, 3000)
    assert snap(image, -4, 50, 3) is None
    assert snap(image, 900, 900, 10) is None


def test_a_saturated_star_has_its_centre() -> None:
    image = np.minimum(sky() + star(60.3, 50.8, 400_000, 2.0), 65_535).astype(np.uint16)
    assert snap(image, 57, 52, 9) == pytest.approx((60.3, 50.8), abs=0.1)


def test_a_part_of_the_frame_gives_the_same_place() -> None:
    image = sky() + star(60.3, 50.8)
    part = image[20:90, 30:110]
    assert snap(part, 58, 52, 8, corner=(30, 20)) == pytest.approx(snap(image, 58, 52, 8))


@pytest.mark.parametrize("sigma_px", [0.6, 1.0, 2.0, 4.0, 7.0])
def test_a_perfect_star_settles_at_its_place_and_width(sigma_px: float) -> None:
    found = settled_star(star(60.3, 50.8, 1.0, sigma_px), 0.0, 58.0, 48.0)
    assert found is not None
    tolerance = 0.02 if sigma_px < 1 else 1e-3
    assert (found.x + 1, found.y + 1) == pytest.approx((60.3, 50.8), abs=tolerance)
    assert found.sigma_px == pytest.approx(sigma_px, rel=tolerance)


def test_a_slope_is_no_star() -> None:
    rows, columns = np.mgrid[:40, :40]
    assert settled_star(columns + 0.0 * rows, 0.0, 20.0, 20.0) is None
    assert settled_star(np.ones((40, 40)), 0.0, 20.0, 20.0) is None
    assert settled_star(-np.ones((40, 40)), 0.0, 20.0, 20.0) is None
