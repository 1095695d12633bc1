"""Which sky belongs to which source."""

from __future__ import annotations

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.pairing import backgrounds
from nightglass.core.regions.shapes import Annulus, Circle

CIRCLE, RING = Circle(9, 9, 3), Annulus(9, 9, 4, 6)


def source(*tags: str) -> RegionEntry:
    return RegionEntry("circle", CIRCLE, tags=tags)


def sky(*tags: str) -> RegionEntry:
    return RegionEntry("annulus", RING, background=True, tags=tags)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([source()], ()),
        ([source(), sky(), sky()], (1, 2)),
        ([source("a"), sky("a"), sky()], (1,)),
        ([source("a", "b"), sky("c"), sky("b"), sky("a")], (2, 3)),
        ([source("a"), source("b"), sky("b"), sky()], (3,)),
        ([source(), source("b"), sky("b"), sky("c")], (3,)),
        ([source(), source("b"), sky("b")], (2,)),
        ([source("a"), source("b"), sky("b"), sky("b", "x")], (2, 3)),
        ([sky(), source()], ()),
        ([RegionEntry("circle", CIRCLE, include=False), sky()], ()),
        ([RegionEntry("point", Point(3, 3)), sky()], ()),
        ([source(), RegionEntry("circle", RING, include=False, background=True)], ()),
        ([source(), RegionEntry("panda", None, background=True)], ()),
    ],
)
def test_sky_of_the_first_region(entries: list[RegionEntry], expected: tuple[int, ...]) -> None:
    assert backgrounds(dict(enumerate(entries))).get(0, ()) == expected


def test_idents_are_those_of_the_mapping_and_in_its_order() -> None:
    entries = {70: sky("a"), 3: source("a"), 9: sky("a"), 1: source()}
    assert backgrounds(entries) == {3: (70, 9), 1: (70, 9)}


def test_a_thousand_pairs_are_found() -> None:
    entries = {2 * k: source(f"{k}") for k in range(1000)}
    entries |= {2 * k + 1: sky(f"{k}") for k in range(1000)}
    assert backgrounds(entries) == {2 * k: (2 * k + 1,) for k in range(1000)}
