"""The numbers of one region, read one after the other into image pixels."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ..shapes import FARTHEST_PX
from ..systems import EQUATORIAL, SKY
from .words import BadWord, number, sexagesimal, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..systems import Pair, Plane, Surroundings

_RING_COUNT = re.compile(r"n=(\d{1,4})", re.IGNORECASE)
_LAST_OF_PLAIN = frozenset("0123456789.")
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
        counts = [word for word in words if word[0] in "nN"]
        self._words = [word for word in words if word not in counts] if counts else list(words)
        self.rings = _rings_of(counts) if counts else 0
        self._plane: Plane | None = None
        self._place: Pair = (0.0, 0.0)

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
        system, x, y = coordinates(first, second, self._system)
        self._plane = self._surroundings.plane(system, first)
        place = self._plane.place(x, y)
        # Numbers that are none fail as well.
        if not (abs(place[0]) <= FARTHEST_PX and abs(place[1]) <= FARTHEST_PX):
            raise BadWord(f"{first},{second}", "cannot be shown on this frame")
        self._place = place
        return place

    def length_px(self) -> float:
        """Read a length that is not negative."""
        word = self._words.pop(0)
        value, unit = (value_of(word), "") if word[-1] in _LAST_OF_PLAIN else number(word)
        if value < 0:
            raise BadWord(word, "is a negative length")
        if unit in _ARCSEC:
            value *= _ARCSEC[unit] / 3600.0
        plane = self._surroundings.plane(system_of_length(unit, self._system), word)
        length_px = plane.length_px(value)
        if not length_px <= FARTHEST_PX:
            raise BadWord(word, "is longer than anything on a frame")
        return length_px

    def angle(self) -> float:
        """Read an angle, 0 where there is none, and give it from the image's +x in degrees."""
        word = self._words.pop(0) if self._words else "0"
        value, unit = (value_of(word), "") if word[-1] in _LAST_OF_PLAIN else number(word)
        if unit in {"'", '"'}:
            raise BadWord(word, "is not an angle")
        return self._turned(math.degrees(value) if unit == "r" else value)

    def straight(self) -> float:
        """Direction of the system's own first axis at the last place, from the image's +x."""
        return self._turned(0.0)

    def _turned(self, angle_deg: float) -> float:
        assert self._plane is not None  # for the type checker; every region begins with a place
        return self._plane.angle(angle_deg, self._place)

    def whole(self) -> float:
        """Read a whole number from 1 that counts parts."""
        word = self._words.pop(0)
        if not re.fullmatch(r"\d{1,4}", word) or not int(word):
            raise BadWord(word, "is not a count of parts")
        return float(word)


def _rings_of(counts: Sequence[str]) -> int:
    """Read ``n=3``."""
    matches = list(map(_RING_COUNT.fullmatch, counts))
    if None in matches:
        raise BadWord(counts[matches.index(None)], "is not a number")
    return int(matches[0][1]) if matches[0] else 0


def coordinates(first: str, second: str, system: str) -> tuple[str, float, float]:
    """Read the numbers of a place under a system; gives the system they are in, and them."""
    if ":" not in first and ":" not in second:
        x, y = first[-1], second[-1]
        if x in _LAST_OF_PLAIN and y in _LAST_OF_PLAIN:
            return system, value_of(first), value_of(second)
    system = system_of_place(first, second, system)
    hours = system in EQUATORIAL
    return system, _coordinate(first, hours=hours), _coordinate(second, hours=False)


def system_of_place(first: str, second: str, system: str) -> str:
    """System of a pair of words: units go before the statement."""
    systems = {_system_of_word(first, system), _system_of_word(second, system)}
    if len(systems) > 1:
        raise BadWord(f"{first},{second}", "mixes two coordinate systems")
    return systems.pop()


def system_of_length(unit: str, system: str) -> str:
    """System of a length with this unit."""
    return "icrs" if unit in _ARCSEC else _PIXEL_UNITS.get(unit, system)


def arcsec_of_unit(unit: str) -> float | None:
    """Arcseconds in a unit; None for pixels."""
    return _ARCSEC.get(unit)


def _system_of_word(word: str, system: str) -> str:
    if sexagesimal(word) is not None:
        return system if system in SKY else "fk5"
    unit = number(word).unit
    if unit in _PIXEL_UNITS:
        return _PIXEL_UNITS[unit]
    return "fk5" if unit in _ARCSEC and system not in SKY else system


def _coordinate(word: str, *, hours: bool) -> float:
    parts = sexagesimal(word)
    if parts is not None:
        value, is_degrees = parts
        return value * 15.0 if hours and not is_degrees else value
    value, unit = number(word)
    return value * _ARCSEC[unit] / 3600.0 if unit in _ARCSEC else value
