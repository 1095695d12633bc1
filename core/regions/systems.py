"""Coordinate systems of region files, each turned into 1-based image pixels.

* image: as it is.
* physical: image = LTM x physical + LTV (IRAF's cards); equal to image without them.
* detector: sensor pixels, counted from 1; the frame begins at a corner and may be binned.
* fk5, icrs and galactic: through a projection that somebody else knows. FK5 and ICRS differ by
  less than 0.03 arcsec and are taken as one.

Angles belong to their system: on the sky they run from west over north, as in DS9.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .words import BadWord

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = tuple[float, float]

EQUATORIAL = frozenset({"fk5", "j2000", "icrs"})
SYSTEMS = EQUATORIAL | {"image", "physical", "detector", "galactic"}
OTHER_SYSTEMS = frozenset(
    {"fk4", "b1950", "ecliptic", "linear", "amplifier", "wcs"}
    | {f"wcs{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
)
"""Systems of DS9 that are known and cannot be read."""

# Galactic pole of J2000 and longitude of the celestial pole: Liu, Zhu & Zhang 2011, A&A 526, A16.
_POLE_RA_DEG, _POLE_DEC_DEG = 192.859481208, 27.128251194
_POLE_LONGITUDE_DEG = 122.931918568
_STEP_DEG = 1e-5


class SkyToPixel(Protocol):
    """What is asked about the sky over a frame."""

    @property
    def scale_arcsec(self) -> float:
        """Arcseconds a pixel."""

    def pixel(self, ra_deg: Any, dec_deg: Any) -> tuple[Any, Any]:
        """Give 0-based image coordinates of a place in degrees."""


class Plane(Protocol):
    """One coordinate system over the frame."""

    def place(self, x: float, y: float) -> Pair:
        """Give 1-based image coordinates."""

    def length_px(self, length: float) -> float:
        """Give a length in image pixels."""

    def angle(self, angle_deg: float, x: float, y: float) -> float:
        """Give an angle, stated at a place of this system, from the image's +x."""


@dataclass(frozen=True)
class Pixels:
    """Image pixels by ``matrix @ (x, y) + offset``."""

    matrix: tuple[Pair, Pair] = ((1.0, 0.0), (0.0, 1.0))
    offset: Pair = (0.0, 0.0)

    def place(self, x: float, y: float) -> Pair:  # noqa: D102
        (xx, xy), (yx, yy) = self.matrix
        return xx * x + xy * y + self.offset[0], yx * x + yy * y + self.offset[1]

    def length_px(self, length: float) -> float:
        """Give a length in image pixels; the mean scale where the axes differ."""
        (xx, xy), (yx, yy) = self.matrix
        return length * math.sqrt(abs(xx * yy - xy * yx))

    def angle(self, angle_deg: float, x: float, y: float) -> float:  # noqa: ARG002, D102
        (xx, xy), (yx, yy) = self.matrix
        if not xy and not yx and xx == yy > 0:
            return angle_deg
        cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        return math.degrees(math.atan2(yx * cosine + yy * sine, xx * cosine + xy * sine))


@dataclass(frozen=True)
class Sky:
    """Degrees on the sky; lengths are degrees too."""

    to_pixel: SkyToPixel
    is_galactic: bool = False

    def place(self, x: float, y: float) -> Pair:  # noqa: D102
        ra_deg, dec_deg = _equatorial(x, y) if self.is_galactic else (x, y)
        column, row = self.to_pixel.pixel(ra_deg, dec_deg)
        return float(column) + 1.0, float(row) + 1.0

    def length_px(self, length: float) -> float:  # noqa: D102
        return length * 3600.0 / self.to_pixel.scale_arcsec

    def angle(self, angle_deg: float, x: float, y: float) -> float:  # noqa: D102
        here = self.place(x, y)
        north = self.place(x, y + _STEP_DEG)
        west = self.place(x - _STEP_DEG / math.cos(math.radians(y)), y)
        cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        dx = cosine * (west[0] - here[0]) + sine * (north[0] - here[0])
        dy = cosine * (west[1] - here[1]) + sine * (north[1] - here[1])
        return math.degrees(math.atan2(dy, dx))


@dataclass(frozen=True)
class Surroundings:
    """What is known about the frame that regions were drawn on.

    Attributes
    ----------
    sky : SkyToPixel or None
        Needed for places and lengths on the sky.
    cards : mapping
        Header cards; LTM1_1, LTM1_2, LTM2_1, LTM2_2, LTV1 and LTV2 are looked at.
    corner : (column, row)
        0-based sensor pixel of the frame's first pixel.
    binning : int
        Sensor pixels along one side of an image pixel.
    """

    sky: SkyToPixel | None = None
    cards: Mapping[str, object] = field(default_factory=dict)
    corner: tuple[int, int] = (0, 0)
    binning: int = 1

    def plane(self, system: str, word: str) -> Plane:
        """Find a coordinate system; `word` is to blame where it cannot be had."""
        if system == "image":
            return Pixels()
        if system == "physical":
            return _physical(self.cards)
        if system == "detector":
            return self._detector()
        if self.sky is None:
            raise BadWord(word, "is a place on the sky, which is not known for this frame")
        return Sky(self.sky, system == "galactic")

    def _detector(self) -> Pixels:
        """Centres: sensor pixel s (from 1) of corner c lies at (s - c - 1/2) / binning + 1/2."""
        scale = 1.0 / self.binning
        first, second = ((1.0 - scale) / 2 - corner * scale for corner in self.corner)
        return Pixels(((scale, 0.0), (0.0, scale)), (first, second))


def _physical(cards: Mapping[str, object]) -> Pixels:
    matrix = (
        (_card(cards, "LTM1_1", 1.0), _card(cards, "LTM1_2", 0.0)),
        (_card(cards, "LTM2_1", 0.0), _card(cards, "LTM2_2", 1.0)),
    )
    return Pixels(matrix, (_card(cards, "LTV1", 0.0), _card(cards, "LTV2", 0.0)))


def _card(cards: Mapping[str, object], name: str, default: float) -> float:
    value = cards.get(name, default)
    return float(value) if isinstance(value, (int, float)) else default


def _equatorial(longitude_deg: float, latitude_deg: float) -> Pair:
    """Give J2000 coordinates of galactic ones, by the triangle of pole, pole and place."""
    turn = math.radians(_POLE_LONGITUDE_DEG - longitude_deg)
    latitude, pole = math.radians(latitude_deg), math.radians(_POLE_DEC_DEG)
    along = math.cos(latitude) * math.cos(turn)
    x = math.cos(pole) * math.sin(latitude) - math.sin(pole) * along
    y = math.cos(latitude) * math.sin(turn)
    z = math.sin(pole) * math.sin(latitude) + math.cos(pole) * along
    ra_deg = (_POLE_RA_DEG + math.degrees(math.atan2(y, x))) % 360.0
    return ra_deg, math.degrees(math.atan2(z, math.hypot(x, y)))
