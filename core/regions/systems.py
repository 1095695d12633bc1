"""Coordinate systems of region files, turned into 1-based image pixels and back.

* image: as it is.
* physical: image = LTM x physical + LTV (IRAF's cards); equal to image without them.
* detector: sensor pixels, counted from 1; the frame begins at a corner and may be binned.
* fk5, icrs and galactic: through a projection that somebody else knows.

Angles belong to their system: on the sky they run from west over north. As in DS9 north is the
same everywhere on a frame: that in its middle (half a pixel low and left of it).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from .text.sky_frames import turned
from .text.words import BadWord

if TYPE_CHECKING:
    from collections.abc import Mapping

Pair = tuple[float, float]

EQUATORIAL = frozenset({"fk5", "j2000", "icrs"})
SKY = EQUATORIAL | {"galactic"}
CHOICES = ("image", "physical", "detector", "fk5", "icrs", "galactic")
"""Systems to choose from; j2000 is another word for fk5."""
SYSTEMS = SKY.union(CHOICES)
OTHER_SYSTEMS = frozenset(
    {"fk4", "b1950", "ecliptic", "linear", "amplifier", "wcs"}
    | {f"wcs{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
)
"""Systems of DS9 that are known and cannot be read."""

_STEP_DEG = 1e-5


class SkyToPixel(Protocol):
    """What is asked about the sky over a frame."""

    @property
    def scale_arcsec(self) -> float:
        """Arcseconds a pixel."""

    @property
    def frame(self) -> str:
        """Frame of its degrees: "fk5" (J2000) or "icrs"."""

    @property
    def centre_px(self) -> Pair:
        """0-based image coordinates of the middle of the frame."""

    def pixel(self, ra_deg: Any, dec_deg: Any) -> tuple[Any, Any]:
        """Give 0-based image coordinates of a place in degrees."""

    def sky(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Give the place in degrees of 0-based image coordinates."""


class Plane(Protocol):
    """One coordinate system over the frame."""

    def place(self, x: float, y: float) -> Pair:
        """Give 1-based image coordinates."""

    def length_px(self, length: float) -> float:
        """Give a length in image pixels."""

    def angle(self, angle_deg: float, place: Pair) -> float:
        """Give an angle from the image's +x; `place`, in the image, is where it is stated."""

    def place_of(self, x: float, y: float) -> Pair:
        """Give the place in this system of 1-based image coordinates."""

    def length_of(self, length_px: float) -> float:
        """Give the length in this system of one in image pixels."""

    def angle_of(self, angle_deg: float, place: Pair) -> float:
        """Give the angle in this system of one from the image's +x at a place in the image."""


@dataclass(frozen=True)
class Pixels:
    """Image pixels by ``matrix @ (x, y) + offset``."""

    matrix: tuple[Pair, Pair] = ((1.0, 0.0), (0.0, 1.0))
    offset: Pair = (0.0, 0.0)

    def place(self, x: float, y: float) -> Pair:  # noqa: D102
        (xx, xy), (yx, yy) = self.matrix
        return xx * x + xy * y + self.offset[0], yx * x + yy * y + self.offset[1]

    def place_of(self, x: float, y: float) -> Pair:  # noqa: D102
        (xx, xy), (yx, yy) = self.matrix
        dx, dy = x - self.offset[0], y - self.offset[1]
        if not xy and not yx:
            return dx / xx, dy / yy
        whole = self._determinant
        return (yy * dx - xy * dy) / whole, (xx * dy - yx * dx) / whole

    def length_px(self, length: float) -> float:
        """Give a length in image pixels; the mean scale where the axes differ."""
        return length * self._scale

    def length_of(self, length_px: float) -> float:  # noqa: D102
        return length_px / self._scale

    def angle(self, angle_deg: float, place: Pair) -> float:  # noqa: ARG002, D102
        return angle_deg if self._is_upright else _turned_by(self.matrix, angle_deg)

    def angle_of(self, angle_deg: float, place: Pair) -> float:  # noqa: ARG002, D102
        (xx, xy), (yx, yy) = self.matrix
        sign = math.copysign(1.0, self._determinant)
        inverse = (sign * yy, -sign * xy), (-sign * yx, sign * xx)
        return angle_deg if self._is_upright else _turned_by(inverse, angle_deg)

    @property
    def _is_upright(self) -> bool:
        (xx, xy), (yx, yy) = self.matrix
        return not xy and not yx and xx == yy > 0

    @property
    def _determinant(self) -> float:
        (xx, xy), (yx, yy) = self.matrix
        return xx * yy - xy * yx

    @cached_property
    def _scale(self) -> float:
        return math.sqrt(abs(self._determinant))


def _turned_by(matrix: tuple[Pair, Pair], angle_deg: float) -> float:
    (xx, xy), (yx, yy) = matrix
    cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return math.degrees(math.atan2(yx * cosine + yy * sine, xx * cosine + xy * sine))


@dataclass(frozen=True)
class Sky:
    """Degrees on the sky in one frame (fk5, icrs or galactic); lengths are degrees too."""

    to_pixel: SkyToPixel
    frame: str = "icrs"

    def place(self, x: float, y: float) -> Pair:  # noqa: D102
        column, row = self.to_pixel.pixel(*turned(x, y, self.frame, self.to_pixel.frame))
        return float(column) + 1.0, float(row) + 1.0

    def place_of(self, x: float, y: float) -> Pair:  # noqa: D102
        longitude, latitude = self.to_pixel.sky(x - 1.0, y - 1.0)
        return turned(float(longitude), float(latitude), self.to_pixel.frame, self.frame)

    def length_px(self, length: float) -> float:  # noqa: D102
        return length * 3600.0 / self.to_pixel.scale_arcsec

    def length_of(self, length_px: float) -> float:  # noqa: D102
        return length_px * self.to_pixel.scale_arcsec / 3600.0

    def angle(self, angle_deg: float, place: Pair) -> float:  # noqa: ARG002, D102
        north_deg, sense = self._north
        return north_deg + sense * (angle_deg - 90.0)

    def angle_of(self, angle_deg: float, place: Pair) -> float:  # noqa: ARG002, D102
        north_deg, sense = self._north
        return 90.0 + sense * (angle_deg - north_deg)

    @cached_property
    def _north(self) -> tuple[float, float]:
        """Direction of north from the image's +x in degrees, and -1 where the sky is mirrored."""
        column, row = (middle + 0.5 for middle in self.to_pixel.centre_px)
        longitude, latitude = self.place_of(column, row)
        north = self.place(longitude, latitude + _STEP_DEG)
        west = self.place(longitude - _STEP_DEG / math.cos(math.radians(latitude)), latitude)
        (nx, ny), (wx, wy) = ((x - column, y - row) for x, y in (north, west))
        return math.degrees(math.atan2(ny, nx)), math.copysign(1.0, wx * ny - wy * nx)


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
    _planes: dict[str, Plane] = field(default_factory=dict, init=False, repr=False, compare=False)

    def plane(self, system: str, word: str = "") -> Plane:
        """Find a coordinate system; `word` is to blame where it cannot be had."""
        plane = self._planes.get(system)
        if plane is None:
            plane = self._planes[system] = self._made(system, word)
        return plane

    def _made(self, system: str, word: str) -> Plane:
        if system == "image":
            return Pixels()
        if system == "physical":
            return _physical(self.cards, word)
        if system == "detector":
            return self._detector()
        if system in OTHER_SYSTEMS:
            raise BadWord(system, "is a coordinate system that cannot be read")
        if self.sky is None:
            raise BadWord(word, "is a place on the sky, which is not known for this frame")
        return Sky(self.sky, "fk5" if system == "j2000" else system)

    def _detector(self) -> Pixels:
        """Centres: sensor pixel s (from 1) of corner c lies at (s - c - 1/2) / binning + 1/2."""
        scale = 1.0 / self.binning
        first, second = ((1.0 - scale) / 2 - corner * scale for corner in self.corner)
        return Pixels(((scale, 0.0), (0.0, scale)), (first, second))


NOWHERE = Surroundings()
"""Nothing is known but pixels."""


def _physical(cards: Mapping[str, object], word: str) -> Pixels:
    matrix = (
        (_card(cards, "LTM1_1", 1.0), _card(cards, "LTM1_2", 0.0)),
        (_card(cards, "LTM2_1", 0.0), _card(cards, "LTM2_2", 1.0)),
    )
    plane = Pixels(matrix, (_card(cards, "LTV1", 0.0), _card(cards, "LTV2", 0.0)))
    if not 0.0 < plane.length_px(1.0) < math.inf:
        raise BadWord(word, "is physical, and the header's LTM cards have no inverse")
    return plane


def _card(cards: Mapping[str, object], name: str, default: float) -> float:
    value = cards.get(name, default)
    return float(value) if isinstance(value, (int, float)) else default
