"""The frame that the region files of the folder ds9 were drawn on in a SAOImage DS9 8.4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.image.star_region import ImageSky
from nightglass.core.regions.marks import Sketch
from nightglass.core.regions.shapes import Rings
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.spelling import items_of

if TYPE_CHECKING:
    from nightglass.core.regions.entries import RegionEntry
    from nightglass.core.regions.shapes import Shape

FILES = Path(__file__).parent / "ds9"
ROWS, COLUMNS = 200, 256


def sky_header(rotation_deg: float = 33.0, *, mirrored: bool = False) -> fits.Header:
    cosine, sine = np.cos(np.radians(rotation_deg)), np.sin(np.radians(rotation_deg))
    scale, up = 0.4 / 3600, -1.0 if mirrored else 1.0
    return fits.Header(
        {
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 83.63, "CRVAL2": -22.01,
            "CRPIX1": 128.5, "CRPIX2": 100.5, "RADESYS": "FK5", "EQUINOX": 2000.0,
            "CD1_1": -scale * cosine, "CD1_2": -scale * sine * up,
            "CD2_1": -scale * sine, "CD2_2": scale * cosine * up,
            "LTV1": -100.0, "LTV2": -50.0, "LTM1_1": 0.5, "LTM2_2": 0.5,
        }
    )  # fmt: skip


def frame(rotation_deg: float = 33.0, *, mirrored: bool = False) -> Surroundings:
    header = sky_header(rotation_deg, mirrored=mirrored)
    return Surroundings(ImageSky.of_header(header, (ROWS, COLUMNS)), header, (40, 60), 2)


def assert_alike(
    one: Shape | None, other: Shape | None, *, places: float, turns: float, where: str = ""
) -> None:
    """Compare shapes to so many pixels and degrees."""
    assert type(one) is type(other), where
    if one is None or other is None:
        return
    if isinstance(one, Sketch) and isinstance(other, Sketch):
        for path, twin in zip(one.paths, other.paths, strict=True):
            np.testing.assert_allclose(path, twin, atol=places, err_msg=where)
        return
    for item, twin in zip(items_of(one), items_of(other), strict=True):
        if item.letter == "a":
            turn = (item.values[0] - twin.values[0] + 180) % 360 - 180
            assert abs(turn) <= turns, where
        else:
            np.testing.assert_allclose(item.values, twin.values, rtol=0, atol=places, err_msg=where)


def told(entry: RegionEntry) -> tuple[object, ...]:
    """All of an entry but where it lies."""
    properties = {name: word for name, word in entry.properties.items() if name != "textangle"}
    kind = "rings" if isinstance(entry.shape, Rings) else entry.kind
    return kind, entry.include, entry.background, properties, entry.tags
