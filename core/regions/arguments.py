"""The numbers of one region, read one after the other into image pixels."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from .systems import EQUATORIAL
from .words import BadWord, number, sexagesimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .systems import Pair, Plane, Surroundings

_RING_COUNT = re.compile(r"n=(\d{1,4})", re.IGNORECASE)
_PIXEL_UNITS = {"i": "image", "p": "physical"}
_ARCSEC = {'"': 1.0, "'": 60.0, "d": 3600.0, "r": math.degrees(3600.0)}


class Arguments:
    """Words between the brackets of a region.

    Parameters
    ----------
    kind : str
        To be named when there are too few or too many.
    words : sequence of str
    system : str
        That of numbers without a unit.
    surroundings : Surroundings
    """

    def __init__(
        self, kind: str, words: Sequence[str], system: str, surroundings: Surroundings
    ) -> None:
        self.kind, self._system, self._surroundings = kind, system, surroundings
        counts = [match for match in map(_RING_COUNT.fullmatch, words) if match]
        self._words = [word for word in words if not _RING_COUNT.fullmatch(word)]
        self.rings = int(counts[0][1]) if counts else 0
        self._anchor: Pair = (0.0, 0.0)
        self._plane: Plane = surroundings.plane("image", kind)

    @property
    def left(self) -> int:
        """How many words are still to be read."""
        return len(self._words)

    def need(self, *counts: int) -> None:
        """Refuse any other number of words."""
        if self.left not in counts:
            wanted = " or ".join(map(str, counts))
            raise BadWord(self.kind, f"needs {wanted} numbers and has {self.left}")

    def place(self) -> Pair:
        """Read a place."""
        first, second = self._words.pop(0), self._words.pop(0)
        system = self._system_of(first, second)
        x = self._coordinate(first, hours=system in EQUATORIAL)
        y = self._coordinate(second, hours=False)
        self._plane, self._anchor = self._surroundings.plane(system, first), (x, y)
        place = self._plane.place(x, y)
        if not all(map(math.isfinite, place)):
            raise BadWord(f"{first},{second}", "cannot be shown on this frame")
        return place

    def length_px(self) -> float:
        """Read a length that is not negative."""
        word = self._words.pop(0)
        value, unit = number(word)
        if value < 0:
            raise BadWord(word, "is a negative length")
        if unit in _ARCSEC:
            sky = self._surroundings.plane("icrs", word)
            return sky.length_px(value * _ARCSEC[unit] / 3600.0)
        system = _PIXEL_UNITS.get(unit, self._system)
        return self._surroundings.plane(system, word).length_px(value)

    def angle(self) -> float:
        """Read an angle, 0 where there is none, and give it from the image's +x in degrees."""
        word = self._words.pop(0) if self._words else "0"
        value, unit = number(word)
        if unit in {"'", '"'}:
            raise BadWord(word, "is not an angle")
        return self._plane.angle(math.degrees(value) if unit == "r" else value, *self._anchor)

    def straight(self) -> float:
        """Direction of the system's own first axis at the last place, from the image's +x."""
        return self._plane.angle(0.0, *self._anchor)

    def _system_of(self, first: str, second: str) -> str:
        """System of a pair of words: units go before the statement."""
        systems = {self._system_of_word(first), self._system_of_word(second)}
        if len(systems) > 1:
            raise BadWord(f"{first},{second}", "mixes two coordinate systems")
        return systems.pop()

    def _system_of_word(self, word: str) -> str:
        is_sky = self._system in EQUATORIAL | {"galactic"}
        if sexagesimal(word) is not None:
            return self._system if is_sky else "fk5"
        unit = number(word).unit
        if unit in _PIXEL_UNITS:
            return _PIXEL_UNITS[unit]
        return "fk5" if unit in _ARCSEC and not is_sky else self._system

    def _coordinate(self, word: str, *, hours: bool) -> float:
        parts = sexagesimal(word)
        if parts is not None:
            value, is_degrees = parts
            return value * 15.0 if hours and not is_degrees else value
        value, unit = number(word)
        return value * _ARCSEC[unit] / 3600.0 if unit in _ARCSEC else value
