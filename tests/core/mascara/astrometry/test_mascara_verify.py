"""Verified solutions against the truth, in good and bad weather."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from nightglass.core.mascara.astrometry.solve import AstrometrySettings, Solution, verify
from nightglass.core.mascara.camera.model import CameraModel, Distortion

from .mascara_star_field import (
    Lens,
    Sky,
    Weather,
    draw,
    moved,
    rms_px,
    sky_of,
    small_lens,
    start_of,
    true_lens,
)

BAR_PX = 0.1


class Night(NamedTuple):
    lens: Lens
    sky: Sky
    start: CameraModel


@cache
def small_night() -> Night:
    """A third of the chip in each direction, its stars nearly as many."""
    lens = small_lens()
    sky = sky_of(lens, np.random.default_rng(1), 0.25)
    return Night(lens, sky, start_of(lens, sky))


@cache
def small_frame() -> np.ndarray:
    night = small_night()
    return draw(night.lens, night.sky, np.random.default_rng(2))


def solved(
    night: Night, image: np.ndarray, start: CameraModel, settings: AstrometrySettings | None = None
) -> Solution:
    isolated = night.sky.isolated
    return verify(image, night.sky.vectors[isolated], night.sky.vmag[isolated], start, settings)


def weather_of(name: str, nx: int) -> Weather:
    return {
        "clear": Weather(),
        "mistaken stars": Weather(wrong_share=0.03),
        "hot pixels": Weather(hot_share=0.001),
        "cloud": Weather(cloud_below_x=nx / 3),
        "everything": Weather(cloud_below_x=nx / 3, wrong_share=0.03, hot_share=0.001),
    }[name]


@pytest.mark.parametrize("name", ["clear", "mistaken stars", "hot pixels", "cloud", "everything"])
def test_places_are_true_to_a_tenth_of_a_pixel_from_a_start_three_pixels_off(name: str) -> None:
    night = small_night()
    image = draw(night.lens, night.sky, np.random.default_rng(3), weather_of(name, night.lens.nx))
    solution = solved(night, image, moved(night.start, 2.0, -2.2, 0.3))
    assert solution.aflag == 0
    assert rms_px(solution.model, night.lens, night.sky)[0] < BAR_PX
    assert solution.dr < 0.25
    assert solution.median_shift == pytest.approx((-2.0, 2.2), abs=0.3)
    assert 0.5 * solution.stars_expected < solution.stars_used <= solution.stars_expected


def test_under_a_cloud_the_shape_of_the_start_is_kept() -> None:
    night = small_night()
    weather = Weather(cloud_below_x=night.lens.nx / 3)
    image = draw(night.lens, night.sky, np.random.default_rng(10), weather)
    solution = solved(night, image, moved(night.start, 1.0, -1.0))
    assert solution.order <= 2 < solution.model.distortion.order
    # What is added to the start is a polynomial of low degree: the higher terms are the same.
    added = solution.model.distortion.tables_px - night.start.distortion.tables_px
    degree = np.add.outer(np.arange(added.shape[1]), np.arange(added.shape[1]))
    np.testing.assert_allclose(added[:, degree > 2], 0.0, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clear", "everything"])
def test_places_are_true_over_a_whole_chip_of_full_size(name: str) -> None:
    lens = true_lens("LSW")
    sky = sky_of(lens, np.random.default_rng(4))
    night = Night(lens, sky, start_of(lens, sky, 5))
    image = draw(lens, sky, np.random.default_rng(5), weather_of(name, lens.nx))
    solution = solved(night, image, moved(night.start, -2.1, 2.1))
    rms, largest = rms_px(solution.model, lens, sky)
    assert solution.aflag == 0
    assert solution.stars_used > 900
    assert rms < 0.05
    assert largest < 0.5


def test_starts_a_part_of_a_pixel_apart_give_the_same_bits() -> None:
    night = small_night()
    one = solved(night, small_frame(), night.start)
    rng = np.random.default_rng(6)
    for _ in range(3):
        other = solved(night, small_frame(), moved(night.start, *rng.uniform(-0.5, 0.5, 2), 0.2))
        assert other.model == one.model
        assert (other.dx, other.dy, other.stars_used) == (one.dx, one.dy, one.stars_used)


def test_the_lens_is_found_from_a_start_without_distortion() -> None:
    night = small_night()
    flat = CameraModel(night.lens.pointing, Distortion.identity(night.lens.nx, night.lens.ny))
    nearly = replace(flat, distortion=start_of(night.lens, night.sky, 2).distortion)
    solution = solved(night, small_frame(), nearly)
    assert solution.aflag == 0
    assert rms_px(solution.model, night.lens, night.sky)[0] < BAR_PX


def test_residuals_are_of_the_used_stars_and_the_pointing_stays() -> None:
    night = small_night()
    solution = solved(night, small_frame(), moved(night.start, 1.0, 1.0))
    assert solution.model.pointing == night.start.pointing
    assert len(solution.residuals.x) == solution.stars_used
    assert np.std(solution.residuals.dx) == pytest.approx(solution.dx, rel=0.02)
    assert solution.dr == pytest.approx(np.hypot(solution.dx, solution.dy))


def test_too_few_stars_give_the_start_back() -> None:
    night = small_night()
    weather = Weather(cloud_below_x=0.65 * night.lens.nx)
    image = draw(night.lens, night.sky, np.random.default_rng(7), weather)
    solution = solved(night, image, night.start)
    assert solution.aflag == 4
    assert not solution.is_solved
    assert solution.model == night.start
    assert solution.stars_used < 0.6 * solution.stars_expected


def test_a_frame_without_any_star_gives_the_start_back() -> None:
    night = small_night()
    noise = np.random.default_rng(8).normal(300.0, 25.0, (night.lens.ny, night.lens.nx))
    solution = solved(night, noise.astype(np.float32), night.start)
    assert (solution.aflag, solution.stars_used) == (4, 0)
    assert solution.stars_expected > 300
    assert np.isnan(solution.dr)
    none = verify(small_frame(), np.zeros((0, 3)), np.zeros(0), night.start)
    assert (none.aflag, none.stars_expected) == (4, 0)


def test_bright_frames_are_not_tried_and_those_with_bright_parts_are_flagged() -> None:
    night = small_night()
    twilight = solved(night, small_frame() + np.float32(21000.0), night.start)
    assert twilight.aflag == 2
    assert twilight.model == night.start
    moonlit = small_frame().copy()
    moonlit[:, 1200:] += 12000.0
    solution = solved(night, moonlit, night.start)
    assert solution.aflag == 1
    assert solution.is_solved


def test_under_a_bright_sky_the_brightest_third_of_the_stars_is_enough() -> None:
    night = small_night()
    image = draw(night.lens, night.sky, np.random.default_rng(9), Weather(sky_adu=6000.0))
    solution = solved(night, image, night.start)
    assert solution.is_solved
    assert solution.stars_used < 0.75 * solution.stars_expected


def test_stars_behind_a_mask_are_not_expected() -> None:
    night = small_night()
    image = small_frame().copy()
    image[600:, :400] = 20.0
    mask = ((0.0, 400.0, 600.0, 889.0),)
    masked = solved(night, image, night.start, AstrometrySettings(masks=mask))
    unmasked = solved(night, image, night.start)
    assert masked.stars_expected < unmasked.stars_expected - 20
    assert masked.is_solved
    assert unmasked.is_solved


def test_a_solution_survives_json_to_the_bit() -> None:
    import json

    night = small_night()
    solution = solved(night, small_frame(), night.start)
    assert Solution.from_json(json.loads(json.dumps(solution.as_json()))) == solution
    failed = Solution(night.start, 4, 3, 100)
    text = json.dumps(failed.as_json(), allow_nan=False)
    again = Solution.from_json(json.loads(text))
    assert (again.aflag, again.stars_used, again.stars_expected) == (4, 3, 100)
    assert np.isnan(again.dr)
    assert again.model == night.start
