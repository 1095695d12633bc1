"""Pixels of regions against counts by hand, areas and the published masks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.regions.marks import Point
from nightglass.core.regions.masks import mask_of, source_and_background
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Shape,
)
from nightglass.core.regions.text.reader import parse_regions

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME = (64, 90)


def columns(mask: NDArray[np.bool_]) -> tuple[int, int]:
    found = np.flatnonzero(mask.any(axis=0))
    return int(found[0]), int(found[-1])


@pytest.mark.parametrize(
    ("shape", "pixels"),
    [(Circle(10, 10, 3.5), 37), (Ellipse(10, 10, 6, 2, 30), 41), (Box(10, 10, 8, 4, 20), 33)],
)
def test_counts_of_either_base_and_where_they_lie(shape: Shape, pixels: int) -> None:
    published, ours = (mask_of(shape, (24, 24), base=base) for base in (0, 1))
    assert published.sum() == ours.sum() == pixels
    np.testing.assert_array_equal(published[1:, 1:], ours[:-1, :-1])
    if isinstance(shape, Circle):
        assert (columns(published), columns(ours)) == ((7, 13), (6, 12))


@pytest.mark.parametrize(
    ("shape", "as_ds9", "strict"),
    [
        (Circle(41, 31, 8), 197, 193),
        (Annulus(41, 31, 4, 9), 204, 200),
        (Box(10, 10, 4, 4), 16, 9),
        (Box(10, 10, 4, 4, 90), 16, 9),
        (BoxAnnulus(10, 10, 4, 4, 8, 6), 32, 35 - 16),
        (EllipseAnnulus(10, 10, 1, 1, 2, 2, 0), 8, 4),
    ],
)
def test_outlines_are_held_as_in_ds9_and_not_by_the_published_rule(
    shape: Shape, as_ds9: int, strict: int
) -> None:
    assert mask_of(shape, FRAME).sum() == as_ds9
    assert mask_of(shape, FRAME, base=0).sum() == strict


def test_polygons_are_exact_and_share_no_pixel_with_their_neighbours() -> None:
    assert mask_of(Polygon(((10.3, 10.2), (30.4, 12.7), (22.1, 30.6))), FRAME).sum() == 190
    left, right = (Polygon(((x, 5), (x + 9, 5), (x + 9, 14), (x, 14))) for x in (5, 14))
    assert mask_of(left, FRAME).sum() == mask_of(right, FRAME).sum() == 81
    assert not (mask_of(left, FRAME) & mask_of(right, FRAME)).any()
    concave = Polygon(((1, 1), (9, 1), (9, 9), (5, 3), (1, 9)))
    assert not concave.contains(5.0, 6.0)
    assert concave.contains(2.0, 6.0)


NUMBERS = st.floats(-20, 110, allow_nan=False)
SIZES = st.floats(0.6, 60)


@given(NUMBERS, NUMBERS, SIZES, SIZES, st.floats(-720, 720), st.sampled_from([0, 1]))
def test_only_the_bounding_box_is_looked_at_and_nothing_is_missed(
    x: float, y: float, a: float, b: float, angle: float, base: int
) -> None:
    rows, cols = np.mgrid[: FRAME[0], : FRAME[1]].astype(float) + base
    triangle = Polygon(((x, y), (x + a, y + b / 3), (x - b / 2, y + a)))
    for shape in (Circle(x, y, a), Ellipse(x, y, a, b, angle), Box(x, y, a, b, angle), triangle):
        expected = shape.contains(cols, rows, strict=base == 0)
        if expected.any():
            np.testing.assert_array_equal(mask_of(shape, FRAME, base=base), expected)
        else:
            with pytest.raises(NightglassError, match="holds no pixel"):
                mask_of(shape, FRAME, base=base)


@pytest.mark.parametrize(
    "shape",
    [
        Circle(500.3, 500.1, 200.2),
        Ellipse(500, 500, 300.1, 120.7, 33),
        Box(500, 500, 400.3, 250.1, 12),
        Polygon(((100.2, 120.1), (800.3, 200.2), (400.1, 900.7))),
        Annulus(500, 500, 100.2, 300.1),
        EllipseAnnulus(500, 500, 100, 50, 300, 150, 20),
        BoxAnnulus(500.2, 500.2, 100, 50, 300, 150, 20),
    ],
)
def test_areas_are_those_of_many_pixels(shape: Shape) -> None:
    assert mask_of(shape, (1000, 1000)).sum() == pytest.approx(shape.area_px, rel=2e-3)


def test_union_of_included_without_excluded() -> None:
    entries = parse_regions(
        "circle(20,20,5)\n-circle(20,20,2)\ncircle(40,20,3)\npoint(1,1)"
    ).entries
    expected = (mask_of(Circle(20, 20, 5), FRAME) | mask_of(Circle(40, 20, 3), FRAME)) & ~mask_of(
        Circle(20, 20, 2), FRAME
    )
    np.testing.assert_array_equal(mask_of(entries, FRAME), expected)


def test_a_cropped_frame_shows_its_part_of_the_mask() -> None:
    whole = mask_of(Circle(20.2, 30.4, 7), FRAME)
    part = mask_of(Circle(20.2, 30.4, 7), (20, 10), corner=(15, 25))
    np.testing.assert_array_equal(part, whole[25:45, 15:25])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("circle(200,20,5) # text={far}", r"'far' circle\(200,20,5\) .*line 1 .*90 x 64 pixels"),
        ("circle(20.5,20.5,0.4)", r"circle\(20.5,20.5,0.4\)"),
        ("circle(20,20,5)\n-circle(20,20,6)", "excluded regions leave no pixel"),
        ("circle(20,20,5)\ncircle(20,-20,5)", "line 2"),
        ("point(20,20)", "No included region has an area: point"),
        ("-circle(20,20,5)", "No included region"),
        ("panda(1,2,3,4,5,6,7,8)", "panda"),
    ],
)
def test_regions_without_pixels_are_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(NightglassError, match=words):
        mask_of(parse_regions(text).entries, FRAME)


def test_points_hold_nothing() -> None:
    assert not Point(3, 4).contains(3.0, 4.0)
    assert Point(3, 4).area_px == 0
    assert math.isclose(Polygon(((0, 0), (4, 0), (4, 3))).area_px, 6)


def test_excluded_regions_cut_sources_and_sky() -> None:
    file = parse_regions(
        "circle(20,20,5)\nannulus(20,20,8,12) # background\n-circle(20,29,3)\ncircle(50,20,5)"
    )
    sources, sky = source_and_background(file)
    assert [entry.line for entry in sources] == [1, 3, 4]
    assert [entry.line for entry in sky] == [2, 3]
    ring = mask_of(Annulus(20, 20, 8, 12), FRAME) & ~mask_of(Circle(20, 29, 3), FRAME)
    np.testing.assert_array_equal(mask_of(sky, FRAME), ring)
