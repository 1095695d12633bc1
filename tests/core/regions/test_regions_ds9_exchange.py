"""Our region text in a running SAOImage DS9, and what it answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line, Point, Ruler, Text, Vector
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
from nightglass.core.regions.text.document import parse_document
from nightglass.core.regions.text.writer import write_regions

from .region_skies import COLUMNS, FILES, ROWS, assert_alike, frame, sky_header, told

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.ds9

RINGS = tuple(Annulus(90.5, 60.25, r, r + 3.5) for r in (2.25, 5.75, 9.25))
SHAPES = [
    Circle(40.123456, 20.654321, 3.45678), Ellipse(100.25, 120.5, 8.1, 4.3, 20.5),
    Box(60.5, 70.25, 9.75, 4.5, 333.3), Polygon(((10, 12), (30.5, 14), (20, 40.125))),
    Annulus(140.5, 120.25, 6.5, 9.125), EllipseAnnulus(100, 32, 5, 3, 10, 6, 30),
    BoxAnnulus(80, 42, 5, 3, 10, 6, 130), Rings(RINGS), Point(31, 40.5), Text(112, 113.5),
    Line(10, 20.5, 50, 60.25), Ruler(20, 30, 80.5, 90.25), Vector(100, 102, 30.5, 45.25),
]  # fmt: skip
PROPERTIES = [
    {"color": "red", "text": 'it\'s "x"', "width": "3"}, {"text": "a } b"}, {"text": "µ é 星"},
    {"text": 'a } "b"'}, {"text": "semi; colon # hash"}, {"font": "times 14 bold italic"},
    {"dash": "1", "dashlist": "4 5", "fixed": "1"}, {"select": "0", "edit": "0", "move": "0"},
    {"point": "diamond 20"}, {"textangle": "30", "text": "turned"}, {"line": "1 0"},
    {"ruler": "fk5 arcsec", "format": "%.3f"}, {"vector": "1", "color": "#ff0080"},
]  # fmt: skip
ENTRIES = [
    RegionEntry(
        "drawn", shape, include=number % 5 != 1, background=number % 4 == 2,
        properties={"color": "green", **properties}, tags=(f"group {number}",) * (number % 3),
    )
    for number, (shape, properties) in enumerate(zip(SHAPES, PROPERTIES, strict=True))
]  # fmt: skip
# The galactic poles of DS9 and of astropy, which we follow, are 1 mas apart.
GALACTIC_PX = 1e-6 * 3600 / 0.4
SYSTEMS = ["image", "physical", "fk5", "icrs", "galactic"]


@pytest.fixture(params=["straight", "mirrored"])
def sky_ds9(region_ds9: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A DS9 that shows the frame, turned by 33 degrees, and the surroundings."""
    mirrored = request.param == "mirrored"
    path = region_ds9.folder / f"{request.param}.fits"
    header = sky_header(mirrored=mirrored)
    fits.writeto(path, np.ones((ROWS, COLUMNS), np.float32), header, overwrite=True)
    region_ds9.call("xpaset", "frame", "new")
    try:
        region_ds9.call("xpaset", "fits", path)
        yield region_ds9, frame(mirrored=mirrored)
    finally:
        region_ds9.call("xpaset", "frame", "delete")


def answer(ds9: Any, text: str, *words: str) -> str:
    path = ds9.folder / "ours.reg"
    path.write_text(text)
    ds9.call("xpaset", "regions", "delete", "all")
    ds9.call("xpaset", "regions", "load", path)
    return str(ds9.call("xpaget", "regions", "-format", "ds9", *words))


def with_standard_words(entry: RegionEntry) -> tuple[object, ...]:
    """What DS9 adds or leaves out says nothing."""
    _, include, background, properties, tags = told(entry)
    taken = {"line": "0 0", "vector": "1", "point": "boxcircle", "ruler": "physical physical"}
    bare = {k: v for k, v in dict(properties).items() if taken.get(k) != v}  # type: ignore[call-overload]
    return include, background, bare, tags


@pytest.mark.parametrize("system", SYSTEMS)
def test_ds9_has_the_regions_that_we_wrote(sky_ds9: Any, system: str) -> None:
    ds9, surroundings = sky_ds9
    text = write_regions(ENTRIES, surroundings, system=system)
    theirs = parse_document(answer(ds9, text, "-system", "image"), surroundings).entries
    ours = parse_document(text, surroundings).entries
    assert len(ours) == len(theirs) == len(ENTRIES)
    near = GALACTIC_PX if system == "galactic" else 1e-4
    for entry, mine, twin in zip(ENTRIES, ours, theirs, strict=True):
        # DS9 finds north to 3e-6 degree, and writes eight digits.
        assert_alike(mine.shape, entry.shape, places=1e-4, turns=1e-6, where=twin.raw)
        assert_alike(entry.shape, twin.shape, places=near, turns=5e-5, where=twin.raw)
        if entry.text:
            assert f"text={{{entry.text}}}" in twin.raw
        # DS9 writes a text with a brace so that it could not read it again.
        if "}" not in entry.text:
            assert with_standard_words(mine) == with_standard_words(twin)


@pytest.mark.parametrize("system", SYSTEMS[2:])
def test_ds9_says_the_same_places_on_the_sky(sky_ds9: Any, system: str) -> None:
    ds9, surroundings = sky_ds9
    text = write_regions(ENTRIES, surroundings, system=system)
    words = ("-system", "wcs", "-sky", system, "-skyformat", "degrees")
    theirs = [line for line in answer(ds9, text, *words).splitlines() if "(" in line]
    ours = [line for line in text.splitlines() if "(" in line]
    assert len(theirs) == len(ours)
    for mine, other in zip(ours, theirs, strict=True):
        numbers, expected = (
            [float(word) for word in re.findall(r"-?\d+\.\d+", line.partition("(")[2])[:2]]
            for line in (mine, other)
        )
        np.testing.assert_allclose(numbers, expected, rtol=0, atol=1e-6)


def test_ds9_reads_every_kind_of_its_own_after_a_conversion(sky_ds9: Any) -> None:
    ds9, surroundings = sky_ds9
    # A region that DS9 may not delete would still be there the next time.
    text = (FILES / "image.reg").read_text().replace(" delete=0", "")
    document = parse_document(text, surroundings)
    for system in SYSTEMS:
        text = write_regions(document.entries, surroundings, document=document, system=system)
        theirs = parse_document(answer(ds9, text, "-system", "image"), surroundings).entries
        assert len(theirs) == len(document.entries)
        for one, twin in zip(document.entries, theirs, strict=True):
            near = GALACTIC_PX if system == "galactic" else 1e-4
            assert_alike(one.shape, twin.shape, places=near, turns=5e-5, where=twin.raw)


@pytest.mark.parametrize("system", ["physical", "fk5"])
def test_ds9_reads_our_ciao_files(sky_ds9: Any, system: str) -> None:
    ds9, surroundings = sky_ds9
    plain = [entry for entry in ENTRIES if not isinstance(entry.shape, EllipseAnnulus | BoxAnnulus)]
    text = write_regions(plain, surroundings, style="ciao", system=system)
    ds9.call("xpaset", "regions", "format", "ciao")
    try:
        answered = answer(ds9, text, "-system", "image")
    finally:
        ds9.call("xpaset", "regions", "format", "ds9")
    theirs = parse_document(answered, surroundings).entries
    shapes = [
        shape
        for entry in plain
        if entry.shape is not None
        for shape in (entry.shape.rings if isinstance(entry.shape, Rings) else [entry.shape])
        if not isinstance(shape, Text | Line | Vector)
    ]
    assert len(theirs) == len(shapes)
    for shape, twin in zip(shapes, theirs, strict=True):
        assert_alike(shape, twin.shape, places=1e-4, turns=1e-6, where=twin.raw)
