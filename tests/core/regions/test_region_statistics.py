"""Numbers of regions on one frame against numpy and closed forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line, Point
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.numbers.statistics import (
    Counts,
    RegionStatistics,
    Values,
    measure,
    rows_needed,
)
from nightglass.core.regions.numbers.summary import Summary
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse, Polygon
from nightglass.core.regions.text.reader import parse_regions

if TYPE_CHECKING:
    from nightglass.core.regions.shapes import Shape

SHAPE = (60, 80)
CAMERA = Counts(199.5, 8.5, 60_000, 0.3)
TEXT = """image
circle(40.3,30.2,11.7)
ellipse(40.3,30.2,15.1,6.3,31.7)
box(40.3,30.2,21.3,9.9,23.4)
polygon(10.3,10.2,30.4,12.7,22.1,30.6)
annulus(40.3,30.2,5.3,9.1,14.2)
ellipse(40.3,30.2,4.1,2.2,12.3,6.6,131)
box(40.3,30.2,8.1,4.2,22.3,12.6,17)
circle(2.3,58.1,6.2)
"""
ENTRIES = dict(enumerate(parse_regions(TEXT).entries))


def entry(shape: Shape | None, **more: Any) -> RegionEntry:
    return RegionEntry(type(shape).__name__.lower(), shape, **more)


def one(image: Any, shape: Shape, counts: Counts | None = CAMERA, **more: Any) -> RegionStatistics:
    return measure(image, {7: entry(shape)}, counts, **more)[7]


@pytest.fixture
def noise() -> Any:
    return np.random.default_rng(3).poisson(700, SHAPE).astype(np.uint16)


@pytest.mark.parametrize("kind", [np.uint16, np.float32, ">i4"])
def test_plain_numbers_are_those_of_numpy(noise: Any, kind: Any) -> None:
    found = measure(noise.astype(kind), ENTRIES, CAMERA)
    assert list(found) == list(ENTRIES)
    for ident, told in found.items():
        values = noise[mask_of(ENTRIES[ident], SHAPE)].astype(float)
        electrons = (values - 199.5) / 8.5
        assert told.kind == ENTRIES[ident].kind
        assert told.npix == values.size
        for name in ("sum", "mean", "median", "std", "min", "max"):
            both = getattr(told, name)
            assert both.adu == pytest.approx(getattr(np, name)(values), rel=1e-12)
            assert both.electrons == pytest.approx(getattr(np, name)(electrons), rel=1e-9)


@pytest.mark.parametrize("method", ["exact", "subpixel"])
def test_parts_of_pixels_count_in_part(noise: Any, method: Any) -> None:
    found = measure(noise, ENTRIES, CAMERA, method=method)
    for ident, told in found.items():
        area = ENTRIES[ident].shape.area_px  # type: ignore[union-attr]
        if ident != 8:  # over the edge of the frame
            assert told.npix == pytest.approx(area, rel=1e-9 if method == "exact" else 0.01)
        assert told.mean.adu == pytest.approx(700, abs=8)
        assert told.sum.adu == pytest.approx(told.npix * told.mean.adu, rel=1e-12)
        assert told.sum.electrons == pytest.approx((told.sum.adu - told.npix * 199.5) / 8.5)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 6)), min_size=1, max_size=20))
def test_weights_are_repetitions(pairs: list[tuple[int, int]]) -> None:
    values, times = np.array(pairs).T
    ours = Summary.of(values, times.astype(float))
    repeated = Summary.of(np.repeat(values, times))
    for name in ("weight", "sum", "mean", "median", "std", "min", "max"):
        assert getattr(ours, name) == pytest.approx(getattr(repeated, name), abs=1e-9)
    assert repeated.median == np.median(np.repeat(values, times))


def test_pixels_without_a_value_are_left_out(noise: Any) -> None:
    image = noise.astype(np.float32)
    image[28:31, 38:42] = np.nan
    image[32, 40] = np.inf
    told = one(image, Circle(40.3, 30.2, 11.7))
    values = image[mask_of(Circle(40.3, 30.2, 11.7), SHAPE)]
    values = values[np.isfinite(values)].astype(float)
    assert told.npix == values.size == mask_of(Circle(40.3, 30.2, 11.7), SHAPE).sum() - 13
    assert told.sum.adu == values.sum()
    assert told.std.adu == pytest.approx(values.std())
    assert one(np.full(SHAPE, np.nan), Circle(40, 30, 5)) == RegionStatistics("circle")


def test_without_a_scale_nothing_is_told_in_electrons(noise: Any) -> None:
    entries = {0: entry(Circle(40, 30, 5)), 1: entry(Annulus(40, 30, 7, 11), background=True)}
    told = measure(noise / 1000.0, entries, None)[0]
    assert told.sum.adu is not None
    assert told.sum.electrons is told.std.electrons is None
    assert (told.flux_e, told.flux_error_e, told.snr, told.saturated) == (None, None, None, 0)


@pytest.mark.parametrize("method", ["center", "exact", "subpixel"])
def test_excluded_regions_are_cut_out_of_all_others(noise: Any, method: Any) -> None:
    hole = Box(44, 30, 6, 6)
    shapes = (Circle(40, 30, 9), Annulus(40, 30, 2, 12), hole)
    entries = {
        0: entry(shapes[0]),
        1: entry(shapes[1], background=True),
        2: entry(hole, include=False),
        3: entry(Circle(12, 12, 5)),
    }
    found = measure(noise, entries, CAMERA, method=method)
    alone = {k: one(noise, shape, method=method) for k, shape in enumerate(shapes)}
    if method == "center":
        for k in (0, 1):
            mask = mask_of([entries[k], entries[2]], SHAPE)
            assert (found[k].npix, found[k].sum.adu) == (mask.sum(), noise[mask].sum())
    assert found[0].npix == pytest.approx(alone[0].npix - 36, abs=1e-9)
    assert found[2].npix == pytest.approx(36, abs=1e-9)
    assert found[2].sum == alone[2].sum
    assert found[3].sum == one(noise, Circle(12, 12, 5), method=method).sum
    assert found[2].flux_e is None
    covered = {0: entry(Circle(40, 30, 4)), 1: entry(Circle(40, 30, 9), include=False)}
    assert measure(noise, covered, CAMERA, method=method)[0] == RegionStatistics("circle")


def test_what_holds_no_pixel_is_told_as_such(noise: Any) -> None:
    shapes = {0: Circle(400, 30, 5), 1: Point(9, 9), 2: Line(1, 1, 9, 9), 3: Circle(9.5, 9.5, 0.3)}
    entries = {k: entry(shape) for k, shape in shapes.items()} | {4: RegionEntry("panda", None)}
    assert measure(noise, entries, CAMERA) == {
        k: RegionStatistics(e.kind, 0.0) for k, e in entries.items()
    }
    assert measure(noise, {}, CAMERA) == {}


def test_saturated_pixels_are_counted(noise: Any) -> None:
    noise[30, 38:41] = (59_999, 60_000, 65_535)
    assert one(noise, Circle(40, 30, 5)).saturated == 2
    assert one(noise, Circle(10, 30, 5)).saturated == 0


@pytest.mark.parametrize("method", ["center", "exact"])
def test_a_part_of_the_frame_is_enough(noise: Any, method: Any) -> None:
    entries = {0: ENTRIES[0], 1: ENTRIES[3], 5: entry(Circle(70, 25, 4), include=False)}
    rows = rows_needed(entries.values(), SHAPE)
    assert rows.start > 0
    assert rows.stop < SHAPE[0]
    part = measure(noise[rows], entries, CAMERA, corner=(0, rows.start), method=method)
    columns = measure(noise[rows, 3:], entries, CAMERA, corner=(3, rows.start), method=method)
    for ident, told in measure(noise, entries, CAMERA, method=method).items():
        for other in (part[ident], columns[ident]):
            assert other.sum == told.sum
            assert other.centroid == pytest.approx(told.centroid, abs=1e-9)


def test_rows_needed_are_none_for_no_region_and_all_at_most() -> None:
    assert rows_needed([], SHAPE) == slice(0, 0)
    assert rows_needed([entry(Point(3, 3)), entry(None), entry(Circle(9, 900, 3))], SHAPE) == slice(
        0, 0
    )
    assert rows_needed([entry(Circle(9, 30, 900))], SHAPE) == slice(0, 60)
    assert rows_needed([entry(Circle(9, 30, 3)), entry(Circle(9, 900, 3))], SHAPE) == slice(22, 37)


def test_the_scale_of_a_capture_becomes_counts() -> None:
    scale = CountScale(9.3, 201.0)
    assert Counts.of(scale, 50_000.0, 0.41) == Counts(201.0, 9.3, 50_000.0, 0.41)
    assert Values() == Values(None, None)


def test_overlapping_skies_count_each_pixel_once() -> None:
    image = np.full(SHAPE, 300, np.uint16)
    image[:, 40:] = 400
    entries = {
        0: entry(Circle(20, 30, 4)),
        1: entry(Box(40.5, 30, 20, 10), background=True),
        2: entry(Box(35.5, 30, 10, 10), background=True),
    }
    told = measure(image, entries, CAMERA)[0]
    assert told.flux_e is not None
    assert told.flux_e == pytest.approx(told.npix * (300 - 350) / 8.5)


def test_polygons_that_cross_themselves_are_measured(noise: Any) -> None:
    bow = Polygon(((10, 10), (30, 10.3), (10.2, 30), (30.4, 30.1)))
    centre, exact = (one(noise, bow, method=method) for method in ("center", "exact"))
    assert exact.npix == pytest.approx(centre.npix, rel=0.05)


def test_many_counts_are_described_as_few_are() -> None:
    values = np.random.default_rng(5).poisson(700, 100_001).astype(np.uint16)
    many, few = Summary.of(values), Summary.of(values.astype(np.int64))
    for name in ("weight", "sum", "mean", "median", "std", "min", "max"):
        assert getattr(many, name) == pytest.approx(getattr(few, name), rel=1e-12)


@pytest.mark.parametrize("method", ["center", "exact", "subpixel"])
@pytest.mark.parametrize("value", [1e200, -1e307, 1.7e308])
def test_numbers_beyond_all_numbers_are_none(method: Any, value: float) -> None:
    image = np.full((12, 16), value)
    image[5, 5] *= 0.5
    text = "circle(8,6,3)\nannulus(8,6,4,5) # background"
    found = measure(image, dict(enumerate(parse_regions(text).entries)), CAMERA, method=method)
    assert found[0].max.adu == max(value, value * 0.5)
    for region in found.values():
        told = [getattr(region, name) for name in ("sum", "mean", "median", "std", "min", "max")]
        numbers = [number for values in told for number in (values.adu, values.electrons)]
        numbers += [region.flux_e, region.flux_error_e, region.snr, *(region.centroid or ())]
        assert all(number is None or np.isfinite(number) for number in numbers)
    assert found[0].std.adu is None


@pytest.mark.parametrize("power", range(-320, 309, 37))
def test_an_ellipse_may_have_any_axes(power: int) -> None:
    x = np.arange(20.0)
    for other in range(-320, 309, 37):
        for angle in (0.0, 30.0):
            held = Ellipse(5.0, 5.0, 10.0**power, 10.0**other, angle).contains(x, x[:, None])
            assert held.all() == (min(power, other) > 3)
            assert held.any() or min(power, other) < 0
