"""When a night is dark."""

from __future__ import annotations

from functools import lru_cache

from ...errors import NightglassError
from .snapshot import Twilight

_DARK_DEG = -10.0


@lru_cache(maxsize=16)
def twilight_of(night: str, site: str) -> Twilight:
    """Moments of a night of a station; NaN where night or station are not known."""
    from ...timing.nights import BOOKS_ALTITUDE_DEG
    from ...timing.stations import find_station, twilight_times

    try:
        station = find_station(site)
        dusk_jd, dawn_jd = twilight_times(night, station, _DARK_DEG)
        sunset_jd, sunrise_jd = twilight_times(night, station, BOOKS_ALTITUDE_DEG)
    except NightglassError:
        return Twilight()
    return Twilight(float(dusk_jd), float(dawn_jd), float(sunset_jd), float(sunrise_jd))
