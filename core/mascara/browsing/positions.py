"""Places in the sky as people type them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_USUAL_RADIUS_DEG = 1.0
_WIDEST_DEG = 180.0
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_RADIUS = re.compile(rf"[\s,;]*\b(?:r|radius|within)\s*[=:]?\s*({_NUMBER})\s*(\S*)\s*$", re.I)
_UNITS_DEG = {
    "": 1 / 60, "'": 1 / 60, "m": 1 / 60, "min": 1 / 60, "arcmin": 1 / 60,
    '"': 1 / 3600, "''": 1 / 3600, "s": 1 / 3600, "arcsec": 1 / 3600,
    "d": 1.0, "deg": 1.0, "°": 1.0,
}  # fmt: skip
# What a word processor makes of signs, and what else may stand for them.
_SIGNS = str.maketrans({"−": "-", "–": "-", "′": "'", "’": "'", "″": '"', "”": '"', "º": "°",
                        "\u00a0": " ", "ʰ": "h", "ᵐ": "m", "ˢ": "s"})  # fmt: skip
_SIGN_WITHIN = re.compile(r"(?<=[^+-])[+-]")
_BETWEEN = re.compile(r"[\s,;:hmsd°'\"]+", re.I)
_SEXAGESIMAL = re.compile(r"[:hd°'\"ms]", re.I)


class NoPlaceError(ValueError):
    """The text is no place in the sky; its message says what is wrong, as a sentence."""


@dataclass(frozen=True)
class SkyPlace:
    """A place and how far around it is meant.

    Attributes
    ----------
    ra_deg, dec_deg : float
        ICRS at J2000.
    radius_deg : float
    """

    ra_deg: float
    dec_deg: float
    radius_deg: float = _USUAL_RADIUS_DEG


def place_of(text: str) -> SkyPlace:
    """Read a place such as ``20:00:43.7 +22:42:39``, ``20h00m43.7s +22d42m39s``,
    ``20 00 43.7 +22 42 39`` or ``300.18 22.71`` (degrees), with or without ``r 30'`` behind it.

    Raises
    ------
    NoPlaceError
        If it is none.
    """  # noqa: D205 - the first sentence is long
    text = text.translate(_SIGNS).strip()
    radius_deg = _USUAL_RADIUS_DEG
    if found := _RADIUS.search(text):
        radius_deg = _radius_deg(float(found[1]), found[2])
        text = text[: found.start()]
    first, second = _halves(text.strip(" ,;"))
    is_sexagesimal = len(first) > 1 or len(second) > 1 or bool(_SEXAGESIMAL.search(text))
    ra_deg = _value(first) * (15.0 if is_sexagesimal else 1.0)
    dec_deg = _value([second[0].lstrip("+-"), *second[1:]])
    if ra_deg > 360.0:
        raise NoPlaceError("A right ascension goes from 0 to 24 hours, or to 360 degrees.")
    if dec_deg > 90.0:
        raise NoPlaceError("A declination goes from -90 to +90 degrees.")
    return SkyPlace(ra_deg % 360.0, -dec_deg if second[0].startswith("-") else dec_deg, radius_deg)


def _radius_deg(number: float, unit: str) -> float:
    if unit.lower() not in _UNITS_DEG:
        raise NoPlaceError("Give the radius as 30', 90\" or 2 deg.")
    return min(number * _UNITS_DEG[unit.lower()], _WIDEST_DEG)


def _halves(text: str) -> tuple[list[str], list[str]]:
    """Parts of the two coordinates, which a sign or a space keeps apart."""
    if found := _SIGN_WITHIN.search(text):
        first, second = _parts(text[: found.start()]), _parts(text[found.start() :])
    else:
        words = re.split(r"[\s,;]+", text)
        if len(words) % 2:
            raise NoPlaceError(_HINT)
        half = len(words) // 2
        first, second = _parts(" ".join(words[:half])), _parts(" ".join(words[half:]))
    if not (0 < len(first) <= 3 and 0 < len(second) <= 3):
        raise NoPlaceError(_HINT)
    return first, second


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]


_HINT = "A place has two coordinates, such as 20:00:43.7 +22:42:39 or 300.18 22.71 (degrees)."


def _value(parts: list[str]) -> float:
    """Degrees or hours of one, two or three parts."""
    if not all(re.fullmatch(_NUMBER, part) for part in parts):
        raise NoPlaceError(_HINT)
    numbers = [float(part) for part in parts]
    if any(number >= 60.0 for number in numbers[1:]):
        raise NoPlaceError("Minutes and seconds go from 0 to below 60.")
    return sum(number / 60.0**place for place, number in enumerate(numbers))
