"""Numbers of regions over all frames against numpy on the whole cube."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.frames.fits_image import FitsImageSource
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.numbers import many_frames
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.many_frames import measure_all
from nightglass.core.regions.numbers.statistics import RegionStatistics, measure
from nightglass.core.regions.numbers.weights import weights
from nightglass.core.regions.shapes import Annulus, Box, Circle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SHAPE = (30, 40)
CAMERA = Counts(199.5, 8.5, 60_000, 0.3)
NAMES = ("sum", "mean", "median", "std", "min", "max")
ENTRIES = {
    3: RegionEntry("circle", Circle(20.2, 15.1, 5.3)),
    1: RegionEntry("annulus", Annulus(20.2, 15.1, 7.2, 11.4), background=True),
    2: RegionEntry("box", Box(24, 15, 3, 3), include=False),
    0: RegionEntry("point", Point(9, 9)),
    4: RegionEntry("circle", Circle(900, 9, 3)),
}


@pytest.fixture
def save(tmp_path: Path) -> Callable[[NDArray[Any]], FitsImageSource]:
    def save(cube: NDArray[Any]) -> FitsImageSource:
        fits.writeto(tmp_path / "cube.fits", cube)
        return FitsImageSource(tmp_path / "cube.fits")

    return save


def counts(kind: Any = np.uint16) -> Any:
    cube = np.random.default_rng(2).poisson(240, (50, *SHAPE))
    cube[7, 15, 20] = 255 if kind == np.uint8 else 65_535
    cube[:, 10:20, 15:25] += 5
    return np.minimum(cube, 255 if kind == np.uint8 else 65_535).astype(kind)


@pytest.mark.parametrize("kind", [np.uint16, np.uint8, np.float32, np.int32])
def test_numbers_are_those_of_all_pixels_at_once(save: Any, kind: Any) -> None:
    cube = counts(kind)
    found = measure_all(save(cube), ENTRIES, CAMERA, JobContext())
    assert list(found) == list(ENTRIES)
    for ident in (3, 1, 2):
        entry = ENTRIES[ident]
        mask = mask_of([entry, ENTRIES[2]] if entry.include else entry.shape, SHAPE)
        values = cube[:, mask].astype(float)
        assert found[ident].npix == mask.sum()
        for name in NAMES:
            both = getattr(found[ident], name)
            if name == "median" and kind in (np.float32, np.int32):
                assert both.adu is both.electrons is None
                continue
            assert both.adu == pytest.approx(getattr(np, name)(values), rel=1e-12)
            electrons = getattr(np, name)((values - 199.5) / 8.5)
            assert both.electrons == pytest.approx(electrons, rel=1e-9)
    assert found[3].saturated == (kind != np.uint8)
    for ident in (0, 4):
        assert found[ident] == RegionStatistics(ENTRIES[ident].kind)


@pytest.mark.parametrize("kind", [np.uint16, np.float64])
def test_parts_of_pixels_count_in_part(save: Any, kind: Any) -> None:
    cube = counts(kind)
    entries = {0: ENTRIES[3]}
    found = measure_all(save(cube), entries, CAMERA, JobContext(), method="exact")[0]
    part = weights(Circle(20.2, 15.1, 5.3), SHAPE, "exact")
    values = cube[:, part.rows, part.columns].astype(float)
    parts = np.broadcast_to(part.values, values.shape)
    mean = np.average(values, weights=parts)
    assert found.npix == pytest.approx(part.values.sum())
    assert found.sum.adu == pytest.approx((values * parts).sum())
    assert found.std.adu == pytest.approx(np.sqrt(np.average((values - mean) ** 2, weights=parts)))
    assert found.sum.electrons == pytest.approx(((values - 199.5) / 8.5 * parts).sum())


def test_the_flux_is_that_of_all_frames(save: Any) -> None:
    cube = counts()
    found = measure_all(save(cube), ENTRIES, CAMERA, JobContext())[3]
    single = [measure(frame, ENTRIES, CAMERA)[3] for frame in cube]
    assert found.flux_e == pytest.approx(sum(told.flux_e or 0 for told in single))
    assert found.flux_error_e == pytest.approx(
        np.sqrt(sum((told.flux_error_e or 0) ** 2 for told in single))
    )
    assert found.snr == pytest.approx(found.flux_e / found.flux_error_e)


def test_place_and_width_are_those_of_the_mean_frame(save: Any) -> None:
    rows, columns = np.mgrid[1:31, 1:41]
    light = 40 * np.exp(-((columns - 20.4) ** 2 + (rows - 15.3) ** 2) / 4.5)
    cube = np.random.default_rng(2).poisson(300 + light, (60, *SHAPE)).astype(np.uint16)
    entries = {3: ENTRIES[3], 1: ENTRIES[1]}
    found = measure_all(save(cube), entries, CAMERA, JobContext())[3]
    assert found.centroid == pytest.approx((20.4, 15.3), abs=0.15)
    assert found.fwhm_px == pytest.approx(2.3548 * 1.5, rel=0.05)
    assert found.centroid == pytest.approx(measure(cube.mean(axis=0), entries, CAMERA)[3].centroid)


def test_pixels_without_a_value_are_left_out(save: Any) -> None:
    cube = counts(np.float32)
    cube[3] = np.nan
    cube[:, 15, 21] = np.nan
    cube[5:9, 13:16, 18:22] = np.nan
    found = measure_all(save(cube), ENTRIES, None, JobContext())[3]
    mask = mask_of([ENTRIES[3], ENTRIES[2]], SHAPE)
    values = cube[:, mask].astype(float)
    assert found.npix == mask.sum() - 1
    assert found.sum.adu == pytest.approx(np.nansum(values))
    assert found.std.adu == pytest.approx(np.nanstd(values))
    assert found.sum.electrons is None


def test_one_frame_has_all_its_numbers(save: Any) -> None:
    image = counts(np.float32)[0]
    assert measure_all(save(image), ENTRIES, CAMERA, JobContext()) == measure(
        image, ENTRIES, CAMERA
    )


def test_no_region_with_pixels_needs_no_pixels(save: Any) -> None:
    entries = {0: ENTRIES[0], 4: ENTRIES[4]}
    assert measure_all(save(counts()), entries, CAMERA, JobContext())[4].npix == 0


def test_histograms_grow_both_ways_and_are_counted_in_between(
    save: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_frames, "_GATHERED", 100)
    cube = np.random.default_rng(5).integers(0, 65_536, (20, *SHAPE)).astype(np.uint16)
    found = measure_all(save(cube), {0: ENTRIES[3]}, CAMERA, JobContext())[0]
    values = cube[:, mask_of(ENTRIES[3], SHAPE)]
    assert found.median.adu == np.median(values)
    assert (found.min.adu, found.max.adu) == (values.min(), values.max())
    assert found.sum.adu == values.sum()
    assert found.saturated == np.count_nonzero(values >= 60_000)


def test_progress_is_told_and_a_cancel_stops(save: Any) -> None:
    source, ctx = save(counts()), JobContext()
    measure_all(source, ENTRIES, CAMERA, ctx)
    assert (ctx.last_progress.done, ctx.last_progress.total) == (50, 50)
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        measure_all(source, ENTRIES, CAMERA, ctx)
