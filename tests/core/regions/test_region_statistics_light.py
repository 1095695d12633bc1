"""Place, width, flux and errors of simulated stars."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.statistics import measure
from nightglass.core.regions.shapes import Annulus, Box, Circle

SHAPE = (60, 80)
CAMERA = Counts(199.5, 8.5, 60_000, 0.3)
SOURCE = RegionEntry("circle", Circle(40, 30, 10))
SKY = RegionEntry("annulus", Annulus(40, 30, 14, 20), background=True)


def gauss(x: float, y: float, fwhm_px: float, flux_e: float) -> Any:
    """Star in electrons, 1-based place."""
    sigma = fwhm_px / np.sqrt(8 * np.log(2))
    rows, columns = np.mgrid[1 : SHAPE[0] + 1, 1 : SHAPE[1] + 1]
    light = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
    return flux_e * light / (2 * np.pi * sigma**2)


def counts(light_e: Any) -> Any:
    return light_e * 8.5 + 199.5


def exposed(light_e: Any, generator: Any) -> Any:
    """Whole counts of Poisson light and read noise."""
    electrons = generator.poisson(light_e) + generator.normal(0, 0.3, light_e.shape)
    return np.clip(np.round(counts(electrons)), 0, 65_535).astype(np.uint16)


@pytest.mark.parametrize("fwhm_px", [1.5, 2.5, 4.0, 7.0])
@pytest.mark.parametrize("has_sky", [True, False])
@pytest.mark.parametrize("method", ["center", "exact"])
def test_a_perfect_star(fwhm_px: float, has_sky: bool, method: Any) -> None:
    image = counts(gauss(40.3, 29.6, fwhm_px, 5000) + 20)
    # Half a pixel more than 3 times the width, so that nothing is lost.
    source = RegionEntry("circle", Circle(40, 30, 3 * fwhm_px + 0.5))
    sky = RegionEntry("annulus", Annulus(40, 30, 24, 28), background=True)
    entries = {0: source, 1: sky} if has_sky else {0: source}
    told = measure(image, entries, CAMERA, method=method)[0]
    assert told.centroid == pytest.approx((40.3, 29.6), abs=0.01)
    # A star of 1.5 pixels is more narrow than pixels can tell.
    assert told.fwhm_px == pytest.approx(fwhm_px, rel=0.015 if fwhm_px < 2 else 2e-3)
    if has_sky:
        assert told.flux_e == pytest.approx(5000, rel=1e-3)


def test_a_tight_aperture_does_not_make_the_star_narrow() -> None:
    image = counts(gauss(40.3, 29.6, 4.0, 5000) + 20)
    told = measure(image, {0: RegionEntry("circle", Circle(40.3, 29.6, 4.0))}, CAMERA)[0]
    assert told.fwhm_px == pytest.approx(4.0, rel=0.06)


@pytest.mark.parametrize("fwhm_px", [2.0, 3.5, 6.0])
def test_noise_hardly_moves_place_and_width(fwhm_px: float) -> None:
    generator = np.random.default_rng(8)
    found = []
    for _ in range(60):
        image = exposed(gauss(40.3, 29.6, fwhm_px, 3000) + 5, generator)
        told = measure(image, {0: SOURCE, 1: SKY}, CAMERA)[0]
        assert told.centroid is not None
        found.append((*told.centroid, told.fwhm_px))
    x, y, width = np.array(found, float).T
    assert (x.mean(), y.mean()) == pytest.approx((40.3, 29.6), abs=0.08)
    assert max(x.std(), y.std()) < 0.15
    assert width.mean() == pytest.approx(fwhm_px, rel=0.02)
    assert width.std() < 0.05 * fwhm_px


def test_an_oval_star_has_its_mean_width() -> None:
    rows, columns = np.mgrid[1:61, 1:81]
    light = np.exp(-((columns - 40) ** 2 / (2 * 2.2**2) + (rows - 30) ** 2 / (2 * 1.8**2)))
    told = measure(counts(200 * light), {0: SOURCE}, CAMERA)[0]
    assert told.fwhm_px == pytest.approx(2.3548 * 2.0, rel=0.02)


@pytest.mark.parametrize("kind", [np.uint16, np.float64])
def test_blank_sky_has_neither_place_nor_width(kind: Any) -> None:
    generator = np.random.default_rng(9)
    told = [
        measure(exposed(np.full(SHAPE, 30.0), generator).astype(kind), {0: SOURCE, 1: SKY}, CAMERA)
        for _ in range(60)
    ]
    assert sum(found[0].centroid is not None for found in told) <= 1
    assert all(found[0].fwhm_px is None for found in told)
    flat = measure(np.full(SHAPE, 300, kind), {0: SOURCE, 1: SKY}, CAMERA)[0]
    assert (flat.centroid, flat.fwhm_px, flat.flux_e) == (None, None, 0.0)
    assert all(found[1].centroid is None for found in told)


def test_saturated_star_has_a_place() -> None:
    image = np.minimum(counts(gauss(40.3, 29.6, 4.0, 400_000) + 20), 65_535).astype(np.uint16)
    told = measure(image, {0: SOURCE, 1: SKY}, CAMERA)[0]
    assert told.saturated > 15
    assert told.centroid == pytest.approx((40.3, 29.6), abs=0.05)


@pytest.mark.parametrize(
    ("flux_e", "sky_e", "method"),
    [(0.0, 0.4, "center"), (200.0, 0.05, "center"), (900.0, 6.0, "center"), (900.0, 6.0, "exact")],
)
def test_errors_are_the_scatter_of_the_flux(flux_e: float, sky_e: float, method: Any) -> None:
    generator = np.random.default_rng(10)
    source = RegionEntry("circle", Circle(40, 30, 7.3))
    light = gauss(40.2, 30.1, 3.0, flux_e) + sky_e
    pulls = []
    for _ in range(1200):
        told = measure(exposed(light, generator), {0: source, 1: SKY}, CAMERA, method=method)[0]
        assert told.flux_e is not None
        assert told.flux_error_e is not None
        assert told.snr == told.flux_e / told.flux_error_e
        pulls.append((told.flux_e - flux_e) / told.flux_error_e)
    assert 0.9 < np.std(pulls) < 1.1
    assert abs(np.mean(pulls)) < 0.15


def test_error_by_hand() -> None:
    image = np.zeros(SHAPE)
    image[29, 35:45] = counts(50.0)
    image[9, 20:60] = counts(2.0)
    entries = {
        0: RegionEntry("box", Box(40.5, 30, 10, 1)),
        1: RegionEntry("box", Box(40.5, 10, 40, 1), background=True),
    }
    told = measure(image, entries, CAMERA)[0]
    assert told.flux_e == pytest.approx(10 * 50 - 10 * 2)
    variance = 500 + 10 * 0.09 + 100 * (80 + 40 * 0.09) / 1600
    assert told.flux_error_e == pytest.approx(np.sqrt(variance))
    # Counts below the offset are noise: they make no error smaller than that of reading.
    image[:] = counts(-3.0)
    told = measure(image, entries, CAMERA)[0]
    assert told.flux_error_e == pytest.approx(np.sqrt(10 * 0.09 + 100 * 40 * 0.09 / 1600))
    silent = measure(image, entries, Counts(199.5, 8.5, 60_000, 0.0))[0]
    assert (silent.flux_error_e, silent.snr) == (0.0, None)


def test_a_source_takes_the_sky_that_shares_its_tag() -> None:
    image = np.full(SHAPE, 300, np.uint16)
    image[:, :30] = 400
    entries = {
        0: RegionEntry("box", Box(60, 30, 5, 5), tags=("a",)),
        1: RegionEntry("box", Box(15, 30, 9, 9), background=True, tags=("a",)),
        2: RegionEntry("box", Box(50, 30, 9, 9), background=True),
    }
    told = measure(image, entries, CAMERA)[0]
    assert told.flux_e == pytest.approx(-25 * 100 / 8.5)


def test_sky_outside_the_frame_is_none() -> None:
    entries = {0: SOURCE, 1: RegionEntry("circle", Circle(500, 30, 9), background=True)}
    told = measure(counts(gauss(40, 30, 3, 500)), entries, CAMERA)[0]
    assert told.flux_e is None
    assert told.centroid == pytest.approx((40, 30), abs=0.01)


def test_a_region_over_the_whole_frame_has_its_own_median_as_sky() -> None:
    image = counts(gauss(33.3, 21.4, 3, 5000) + 10)
    told = measure(image, {0: RegionEntry("box", Box(40, 30, 500, 500))}, CAMERA)[0]
    assert told.npix == 4800
    assert told.centroid == pytest.approx((33.3, 21.4), abs=0.01)
