"""Nights of a station: their names, and when the Sun crosses an altitude."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ..errors import NightglassError
from .sidereal import datetime_from, jd_from
from .sun_moon import sun_altaz

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .station import Station

BOOKS_ALTITUDE_DEG = 5.0
"""Altitude of the Sun at which a night begins and ends."""
_AHEAD_D = 15.0 / 1440.0
_STEP_D = 20.0 / 1440.0
_BISECTIONS = 24


def night_of(jd: float, station: Station) -> str:
    """Date by which a night is called: UTC day of the last evening, YYYYMMDD.

    The evening is the last moment before `jd` plus 15 minutes when the Sun sank through +5
    degrees: what a camera takes shortly before that belongs to the night as well. Where the Sun
    did not cross that altitude for more than a day (polar summer or winter), it is the UTC day
    of the last local noon.
    """
    until = float(jd) + _AHEAD_D
    today = np.floor(until - 0.5) + 0.5
    for day in (today, today - 1.0):
        evening = _evening(float(day), station)
        if evening is not None and evening <= until:
            return datetime_from(day).strftime("%Y%m%d")
    noon_d = 0.5 - station.longitude_deg / 360.0
    return datetime_from(today + np.floor(until - today - noon_d) + noon_d).strftime("%Y%m%d")


@lru_cache(maxsize=256)
def _evening(day: float, station: Station) -> float | None:
    """When the Sun sinks through the altitude of the books on a UTC day, None if it does not."""
    return _crossing(day, day + 1.0, station, BOOKS_ALTITUDE_DEG, -1, last=True)


def twilight_times(night: str, station: Station, altitude_deg: float) -> tuple[float, float]:
    """Dusk and dawn of a night as Julian dates (UTC); NaN for what does not happen.

    Parameters
    ----------
    night : str
        As `night_of` calls it.
    station : Station
    altitude_deg : float
        Of the Sun, without refraction: -10 where the cameras start and stop, +5 where the books
        are opened and closed.

    Raises
    ------
    NightglassError
        If the night is not a date.
    """
    midnight = _local_midnight(night, station)
    dusk = _crossing(midnight - 0.5, midnight, station, altitude_deg, -1, last=True)
    dawn = _crossing(midnight, midnight + 0.5, station, altitude_deg, +1, last=False)
    return (np.nan if dusk is None else dusk), (np.nan if dawn is None else dawn)


def _local_midnight(night: str, station: Station) -> float:
    """Mean local midnight after the evening that falls on a UTC day."""
    try:
        start = float(jd_from(datetime.strptime(night, "%Y%m%d").replace(tzinfo=UTC)))
    except ValueError as error:
        raise NightglassError(
            "Not a night",
            f"'{night}' is not a date.",
            "Nights are called by their evening, such as 20160130.",
        ) from error
    evening = _evening(start, station)
    if evening is None:
        evening = start + (0.75 - station.longitude_deg / 360.0) % 1.0
    midnight = start - station.longitude_deg / 360.0
    return midnight + float(np.ceil(evening - midnight))


def _crossing(
    start: float, end: float, station: Station, altitude_deg: float, way: int, *, last: bool
) -> float | None:
    """First or last moment when the Sun goes through an altitude, up (+1) or down (-1)."""
    jds = np.linspace(start, end, int(np.ceil((end - start) / _STEP_D)) + 1)

    def above(jd: NDArray[np.float64] | float) -> NDArray[np.bool_]:
        return np.asarray(way * (sun_altaz(jd, station).alt_deg - altitude_deg) > 0.0)

    is_above = above(jds)
    found = np.flatnonzero(~is_above[:-1] & is_above[1:])
    if not found.size:
        return None
    index = found[-1 if last else 0]
    return _bisected(above, float(jds[index]), float(jds[index + 1]))


def _bisected(above: Callable[[float], NDArray[np.bool_]], low: float, high: float) -> float:
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if above(middle) else (middle, high)
    return high
