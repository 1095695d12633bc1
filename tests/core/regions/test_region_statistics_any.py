"""Whatever the regions and the pixels, the numbers hang together and nothing is raised."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.numbers.aperture_flux import Counts
from nightglass.core.regions.numbers.centroid import snap
from nightglass.core.regions.numbers.statistics import measure, rows_needed
from nightglass.core.regions.numbers.weights import METHODS
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
    Rings,
)

SHAPE = (24, 30)
CAMERA = Counts(199.5, 8.5, 60_000, 0.3)
PLACES = st.one_of(st.floats(-10, 40), st.integers(-4, 36), st.sampled_from([-1e300, 1e300]))
SIZES = st.one_of(st.floats(1e-6, 50), st.integers(0, 20), st.sampled_from([0.0, 1e9]))
ANGLES = st.one_of(st.floats(-400, 400), st.sampled_from([0, 90, -180, 45]))
POINTS = st.lists(st.tuples(st.floats(-10, 40), st.integers(-5, 40)), min_size=3, max_size=7)
SHAPES = st.one_of(
    st.builds(Circle, PLACES, PLACES, SIZES),
    st.builds(Ellipse, PLACES, PLACES, SIZES, SIZES, ANGLES),
    st.builds(Box, PLACES, PLACES, SIZES, SIZES, ANGLES),
    st.builds(lambda points: Polygon(tuple(points)), POINTS),
    st.builds(Annulus, PLACES, PLACES, SIZES, SIZES),
    st.builds(EllipseAnnulus, PLACES, PLACES, SIZES, SIZES, SIZES, SIZES, ANGLES),
    st.builds(BoxAnnulus, PLACES, PLACES, SIZES, SIZES, SIZES, SIZES, ANGLES),
    st.builds(lambda x, r: Rings((Annulus(x, 9, 0, r), Annulus(x, 9, r, r + 2))), PLACES, SIZES),
    st.builds(Point, PLACES, PLACES),
)
ENTRIES = st.lists(
    st.builds(
        RegionEntry, st.just("any"), SHAPES, include=st.booleans(), background=st.booleans(),
        tags=st.sampled_from([(), ("a",), ("b",)]),
    ),
    max_size=5,
)  # fmt: skip


def picture(seed: int, kind: str) -> Any:
    generator = np.random.default_rng(seed)
    if kind == "counts":
        return generator.integers(0, 65_536, SHAPE).astype(np.uint16)
    image = generator.normal(300, 20, SHAPE).astype(np.float32)
    image[generator.random(SHAPE) < 0.2] = np.nan
    return image


@settings(max_examples=300)
@given(
    ENTRIES,
    st.integers(0, 9),
    st.sampled_from(["counts", "rates"]),
    st.sampled_from(METHODS),
)
def test_numbers_hang_together(
    entries: list[RegionEntry], seed: int, kind: str, method: Any
) -> None:
    image, numbered = picture(seed, kind), dict(enumerate(entries))
    found = measure(image, numbered, CAMERA, method=method)
    assert list(found) == list(numbered)
    rows = rows_needed(entries, SHAPE)
    part = measure(image[rows], numbered, CAMERA, corner=(0, rows.start), method=method)
    for ident, told in found.items():
        assert part[ident].npix == pytest.approx(told.npix, abs=1e-9)
        assert part[ident].median == told.median or method != "center"
        if not told.npix:
            assert told.sum.adu is told.centroid is told.flux_e is None
            continue
        assert told.npix <= image.size + 1e-6
        numbers = [told.min.adu, told.median.adu, told.max.adu, told.mean.adu, told.std.adu]
        assert all(value is not None and math.isfinite(value) for value in numbers)
        low, median, high, mean, std = (value or 0.0 for value in numbers)
        assert low <= median <= high
        assert low - 1e-6 <= mean <= high + 1e-6
        assert 0 <= std <= (high - low) / 2 + 1e-6
        assert (told.flux_e is None) == (told.snr is None)


@settings(max_examples=100)
@given(PLACES, PLACES, st.floats(0.1, 60), st.integers(0, 9), st.sampled_from(["counts", "rates"]))
def test_a_star_found_is_near_and_inside(
    x: float, y: float, radius_px: float, seed: int, kind: str
) -> None:
    found = snap(picture(seed, kind), x, y, radius_px)
    if found is not None:
        assert math.dist(found, (x, y)) <= radius_px + 1e-9
        assert 0.5 <= found[0] <= SHAPE[1] + 0.5
        assert 0.5 <= found[1] <= SHAPE[0] + 0.5
