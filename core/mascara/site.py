"""A site with the methods that scripts of the station know, thin over `timing` and `stars`.

Angles are degrees where nothing else is said, azimuths run from north through east. Each
documented name stands beside its name in the style of this library.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..atomic import write_text
from ..errors import NightglassError, translate
from ..timing import sidereal
from ..timing.sidereal import TEXP_S
from ..timing.stations import find_station, read_stations, station_line, sun_altaz
from .site_choice import chosen_station, existing_table, station_at
from .site_reference import SiteReference

if TYPE_CHECKING:
    import os

    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

_HPA = {"bar": 1000.0, "mbar": 1.0, "hpa": 1.0, "pa": 0.01, "kpa": 10.0, "atm": 1013.25,
        "mmhg": 1013.25 / 760.0, "torr": 1013.25 / 760.0}  # fmt: skip
_ABSOLUTE_ZERO_C = -273.15


class Site:
    """A place on the Earth from which stars are seen.

    Parameters
    ----------
    *place : str, or two to four of float and str
        The name, or latitude, longitude, elevation and name.
    name : str, optional
        Of a known station, or a name for the position that is given.
    filename : path-like, optional
        A table of stations, of which `name` is taken, or the only one; a name of a built-in
        station is understood as well.
    latitude, longitude : float, optional
        Degrees, east positive.
    elevation : float
        Metres.

    Attributes
    ----------
    station : Station
    pressure_hpa : float or None
        Of the air, for the refraction; None for the standard one of the height.
    temperature_c : float
        Of the air.

    Raises
    ------
    NightglassError
        If no place, or no known one, is named.
    """

    def __init__(
        self,
        *place: Any,
        name: str | None = None,
        filename: str | os.PathLike[str] | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        elevation: float = 0.0,
    ) -> None:
        if len(place) > 1:
            latitude, longitude = place[:2]
            elevation = place[2] if len(place) > 2 else elevation
        named = place[0] if len(place) == 1 else place[3] if len(place) > 3 else name
        self._table = existing_table(filename)
        if latitude is not None and longitude is not None:
            self.station = station_at(named, latitude, longitude, elevation)
        else:
            self.station = chosen_station(named, filename, self._table)
        self.pressure_hpa: float | None = None
        self.temperature_c = 10.0

    @property
    def name(self) -> str:
        """What the site is called."""
        return self.station.name

    @property
    def latitude(self) -> float:
        """Degrees."""
        return self.station.latitude_deg

    @property
    def longitude(self) -> float:
        """Degrees, east positive."""
        return self.station.longitude_deg

    @property
    def elevation(self) -> float:
        """Metres."""
        return self.station.elevation_m

    def set_pressure(self, value: float, unit: str = "bar") -> None:
        """Set the air pressure for the refraction (the standard one of the height before).

        Raises
        ------
        NightglassError
            If the unit is not known: bar, mbar, hPa, Pa, kPa, atm, mmHg or torr.
        """
        if unit.casefold() not in _HPA:
            raise NightglassError(
                "Unknown unit of pressure", f"'{unit}' is not one.", f"Known are {', '.join(_HPA)}."
            )
        self.pressure_hpa = value * _HPA[unit.casefold()]

    def set_temperature(self, value: float, unit: str = "celsius") -> None:
        """Set the air temperature for the refraction (10 degrees before).

        Raises
        ------
        NightglassError
            If the unit is none of celsius, kelvin and fahrenheit.
        """
        scales = {
            "celsius": value,
            "kelvin": value + _ABSOLUTE_ZERO_C,
            "fahrenheit": (value - 32.0) / 1.8,
        }
        if unit.casefold() not in scales:
            raise NightglassError(
                "Unknown unit of temperature",
                f"'{unit}' is not one.",
                f"Known are {', '.join(scales)}.",
            )
        self.temperature_c = scales[unit.casefold()]

    def apparent_stars(
        self,
        ra: ArrayLike,
        dec: ArrayLike,
        date: Any,
        nutation: bool = True,
        precession: bool = True,
        refraction: bool = True,
    ) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Where stars are seen at a moment.

        Parameters
        ----------
        ra, dec : array_like of float
            ICRS at the epoch of the observation; degrees.
        date : datetime or float
            Moment or Julian date (UTC).
        nutation, precession, refraction : bool
            Steps that can be left out. Aberration always counts.

        Returns
        -------
        alt, az : ndarray of float64
            Of the shape of `ra`.
        visible : ndarray of bool
            Whether they are above the horizon.
        """
        from ..stars.places import Places

        ra, dec = np.broadcast_arrays(np.asarray(ra, np.float64), np.asarray(dec, np.float64))
        places = Places(
            ra.ravel(), dec.ravel(), self.station, float(sidereal.jd_from(date)),
            self.pressure_hpa, self.temperature_c,
            nutation=nutation, precession=precession, refraction=refraction,
        )  # fmt: skip
        alt, az = (values.reshape(ra.shape)[()] for values in places.altaz())
        return alt, az, alt > 0.0

    def sun_altitude(self, utc: Any) -> tuple[Numbers, Numbers]:
        """Altitude and azimuth of the Sun, without refraction."""
        alt, az = sun_altaz(sidereal.jd_from(utc), self.station)
        return alt[()], az[()]

    def local_sidereal_time(
        self,
        date: Any,
        texp: float = TEXP_S,
        lstindex: bool = True,
        lstsequence: bool = True,
        lst: bool = True,
        quick: bool = False,
    ) -> Any:
        """Sidereal time here; slots are counted at the reference site, see `SiteReference`."""
        numbers = SiteReference().local_sidereal_time(
            date, texp, lstindex, lstsequence, lst=False, quick=quick
        )
        if quick or not lst:
            return numbers
        here = sidereal.local_h(sidereal.jd_from(date), self.longitude)[()]
        if not (lstindex or lstsequence):
            return here
        return (here, *numbers) if isinstance(numbers, tuple) else (here, numbers)

    def hadec_to_altaz(
        self, ha: ArrayLike, dec: ArrayLike, degree: bool = True
    ) -> tuple[Numbers, Numbers]:
        """Altitude and azimuth of hour angles and declinations.

        In degrees, or in radians with `degree` off.
        """
        first, second = self._turned(ha, dec, degree)
        return second, first

    def altaz_to_hadec(
        self, alt: ArrayLike, az: ArrayLike, degree: bool = True
    ) -> tuple[Numbers, Numbers]:
        """Hour angle and declination of altitudes and azimuths.

        In degrees, or in radians with `degree` off; hour angles from 0.
        """
        return self._turned(az, alt, degree)

    def _turned(self, around: ArrayLike, up: ArrayLike, degree: bool) -> tuple[Numbers, Numbers]:
        """Angles round and above one circle from those of the other: the turn is its inverse."""
        unit = np.pi / 180.0 if degree else 1.0
        a = np.asarray(around, np.float64) * unit
        h = np.asarray(up, np.float64) * unit
        latitude = np.radians(self.latitude)
        across = -np.sin(a) * np.cos(h)
        along = np.sin(h) * np.cos(latitude) - np.cos(a) * np.cos(h) * np.sin(latitude)
        above = np.cos(a) * np.cos(h) * np.cos(latitude) + np.sin(h) * np.sin(latitude)
        angle = np.arctan2(across, along) % (2.0 * np.pi)
        return angle / unit, np.arctan2(above, np.hypot(across, along)) / unit

    def horizontal_to_equatorial(
        self, alt: ArrayLike, az: ArrayLike, jd: Any
    ) -> tuple[Numbers, Numbers]:
        """ICRS right ascension and declination of what is seen at an altitude and azimuth."""
        from ..stars.places import Places, vectors_of

        alt, az = np.broadcast_arrays(np.asarray(alt, np.float64), np.asarray(az, np.float64))
        places = Places(
            [], [], self.station, float(sidereal.jd_from(jd)), self.pressure_hpa, self.temperature_c
        )
        ra, dec = places.catalogue_radec(vectors_of(alt.ravel(), az.ravel()))
        return ra.reshape(alt.shape)[()], dec.reshape(alt.shape)[()]

    def update_site_info(self) -> None:
        """Take the position again from the table in which the site has its name."""
        known = None if self._table is None else read_stations(self._table)
        self.station = find_station(self.name, known)

    def write_site_info(self, filename: str | os.PathLike[str], ID: str) -> None:  # noqa: N803
        """Write a table of stations with this one alone; `ID` are the letters of its cameras."""
        self.station = replace(self.station, code=ID)
        _write(Path(filename), station_line(self.station))

    def append_site_info(self, filename: str | os.PathLike[str]) -> None:
        """Add this site to a table of stations; a line with its name is replaced."""
        path = Path(filename)
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            raise translate(error, path) from error
        kept = [line for line in lines if line.split("#", 1)[0].split()[:1] != [self.name]]
        _write(path, "".join(f"{line}\n" for line in kept) + station_line(self.station))

    _setPressure = set_pressure
    _setTemperature = set_temperature
    Sunaltitude = sun_altitude
    hadec2altaz = hadec_to_altaz
    altaz2hadec = altaz_to_hadec
    Horizontal2Equatorial = horizontal_to_equatorial
    _updateSiteInfo = update_site_info
    _writeSiteInfo = write_site_info
    _appendSiteInfo = append_site_info


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise translate(error, path) from error
