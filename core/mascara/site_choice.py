"""Which place is meant by the many ways to name a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError
from ..timing.stations import Station, find_station, read_stations

if TYPE_CHECKING:
    import os


def existing_table(filename: str | os.PathLike[str] | None) -> Path | None:
    """The table of stations of that name, None where there is no such file."""
    path = None if filename is None else Path(filename)
    return path if path is not None and path.is_file() else None


def station_at(name: str | None, latitude: float, longitude: float, elevation: float) -> Station:
    """A place by its position; its coordinates are its name where it has none."""
    name = name or f"{latitude:g},{longitude:g}"
    return Station(name, name[:2].upper(), float(latitude), float(longitude), float(elevation))


def chosen_station(
    name: str | None, filename: str | os.PathLike[str] | None, table: Path | None
) -> Station:
    """A station of a table, or a built-in one by the name that was given as either.

    Raises
    ------
    NightglassError
        If none is named, or none has that name.
    """
    if table is not None:
        return _of_table(table, name)
    wanted = name or filename
    if wanted is None:
        raise NightglassError(
            "No site was named",
            "Neither a name nor latitude and longitude were given.",
            "Give one, such as Site('LaPalma').",
        )
    return find_station(str(wanted))


def _of_table(table: Path, name: str | None) -> Station:
    known = read_stations(table)
    if name is None and len(known) != 1:
        raise NightglassError(
            "No station was chosen",
            f"{table.name} has {len(known)} of them.",
            "Give the name of one as well.",
            table,
        )
    return known[0] if name is None else find_station(name, known)
