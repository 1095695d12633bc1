"""The sky without a frame: regions turned from one frame of the sky into another.

Image pixels stand for degrees of ICRS here, right ascension and declination, and +x points west.
Unlike on a frame, north is that of each region.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..systems import SKY, Pair, Plane, Surroundings
from .sky_frames import turned
from .words import BadWord

_STEP_DEG = 1e-5


@dataclass(frozen=True)
class GlobePlane:
    """One frame of the sky (fk5, icrs or galactic)."""

    frame: str

    def place(self, x: float, y: float) -> Pair:  # noqa: D102
        return turned(x, y, self.frame, "icrs")

    def place_of(self, x: float, y: float) -> Pair:  # noqa: D102
        return turned(x, y, "icrs", self.frame)

    def length_px(self, length: float) -> float:  # noqa: D102
        return length

    def length_of(self, length_px: float) -> float:  # noqa: D102
        return length_px

    def angle(self, angle_deg: float, place: Pair) -> float:  # noqa: D102
        return angle_deg + self._turn_deg(place)

    def angle_of(self, angle_deg: float, place: Pair) -> float:  # noqa: D102
        return angle_deg - self._turn_deg(place)

    def _turn_deg(self, place: Pair) -> float:
        """Angle from north of ICRS to north of this frame, from west over north to east."""
        longitude, latitude = self.place_of(*place)
        step = math.copysign(_STEP_DEG, -latitude)
        ra_deg, dec_deg = self.place(longitude, latitude + step)
        east = (ra_deg - place[0] + 180.0) % 360.0 - 180.0
        across, up = east * math.cos(math.radians(place[1])) / step, (dec_deg - place[1]) / step
        return math.degrees(math.atan2(across, up))


@dataclass(frozen=True)
class Globe(Surroundings):
    """Surroundings of which nothing is known but the sky."""

    def _made(self, system: str, word: str) -> Plane:
        if system not in SKY:
            raise BadWord(word, "is no place on the sky, and no frame is known")
        return GlobePlane("fk5" if system == "j2000" else system)


GLOBE = Globe()
