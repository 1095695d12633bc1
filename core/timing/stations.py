"""Stations by name, code or camera id; tables of them; their nights.

A table has a line for each station, `name latitude longitude height code` between blanks;
what follows a ``#`` is a comment. The built-in one is `resources/data/stations.txt`.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ..errors import NightglassError, translate
from .nights import night_of, twilight_times
from .station import Station
from .sun_moon import (
    moon_altaz,
    moon_magnitude,
    moon_phase,
    moon_radec_deg,
    moon_vectors,
    sun_altaz,
    sun_radec_deg,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

__all__ = [
    "Station",
    "find_station",
    "moon_altaz",
    "moon_magnitude",
    "moon_phase",
    "moon_radec_deg",
    "moon_vectors",
    "night_of",
    "read_stations",
    "station_line",
    "station_names",
    "sun_altaz",
    "sun_radec_deg",
    "twilight_times",
]

_COLUMNS = 5


def find_station(name: str, stations: Sequence[Station] | None = None) -> Station:
    """Look a station up by its name, its code, or the id of one of its cameras.

    Parameters
    ----------
    name : str
        Such as LaSilla, "La Silla", LS or LSC; case, blanks and underscores do not matter.
    stations : sequence of Station, optional
        Where to look; the built-in table without.

    Raises
    ------
    NightglassError
        If there is none; close names are suggested.
    """
    known = _builtin() if stations is None else tuple(stations)
    wanted = _plain(name)
    for station in known:
        if wanted in (_plain(station.name), station.code.casefold()):
            return station
    for station in known:
        if len(wanted) == 3 and wanted[:2] == station.code.casefold():
            return station
    raise _unknown(name, known)


def station_names() -> tuple[str, ...]:
    """Names of the built-in stations."""
    return tuple(station.name for station in _builtin())


def read_stations(path: str | os.PathLike[str]) -> tuple[Station, ...]:
    """Read a table of stations.

    Raises
    ------
    NightglassError
        If the file cannot be read or a line is not understood; the line is told.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return tuple(_parsed(file.read(), path))
    except (OSError, UnicodeDecodeError) as error:
        raise translate(error, path) from error


def station_line(station: Station) -> str:
    """The line of a station in a table, exact, with its end of line."""
    place = f"{station.latitude_deg!r}  {station.longitude_deg!r}  {station.elevation_m!r}"
    return f"{station.name}  {place}  {station.code}\n"


@cache
def _builtin() -> tuple[Station, ...]:
    source = files("nightglass.resources.data").joinpath("stations.txt")
    return tuple(_parsed(source.read_text(encoding="utf-8"), None))


def _parsed(text: str, path: str | os.PathLike[str] | None) -> Iterator[Station]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        try:
            yield _station(words)
        except ValueError as error:
            raise NightglassError(
                "The table of stations is not usable",
                f"Line {number} is not understood: {error}.",
                "A line reads: name, latitude, longitude (degrees), height (m), two letters.",
                path,
            ) from error


def _station(words: list[str]) -> Station:
    if len(words) != _COLUMNS:
        raise ValueError(f"it has {len(words)} words instead of {_COLUMNS}")
    latitude_deg, longitude_deg, elevation_m = map(float, words[1:4])
    if not abs(latitude_deg) <= 90.0:
        raise ValueError(f"{words[1]} is no latitude")
    if not abs(longitude_deg) <= 360.0:
        raise ValueError(f"{words[2]} is no longitude")
    return Station(words[0], words[4].upper(), latitude_deg, longitude_deg, elevation_m)


def _plain(name: str) -> str:
    """Fold what people type differently: case, blanks, hyphens and underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _unknown(name: str, stations: Sequence[Station]) -> NightglassError:
    by_plain = {_plain(station.name): station.name for station in stations}
    close = [by_plain[key] for key in get_close_matches(_plain(name), by_plain, n=3)]
    known = ", ".join(f"{station.name} ({station.code})" for station in stations)
    hint = f"Did you mean {' or '.join(close)}?" if close else f"Known stations are {known}."
    return NightglassError("Unknown station", f"There is no station called '{name}'.", hint)
