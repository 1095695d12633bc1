"""Where stars are seen from a station: their observed directions at any moment.

Proper motion aside, the steps are those of the IAU 2006/2000A models as ERFA has them: annual
and diurnal aberration, precession, nutation, rotation of the Earth (UT1 taken as UTC, no polar
motion), refraction (ERFA's A tan z + B tan^3 z, at 0.55 um). Bending of light by the Sun is left
out: 0.01 arcseconds half a right angle from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..timing.sidereal import TT_MINUS_UTC_D
from .separations import unit_vectors
from .table import with_proper_motion

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..timing.station import Station
    from .table import StarTable

    Numbers = NDArray[np.float64]

_WAVELENGTH_UM = 0.55
_HUMIDITY = 0.3
_LIGHT_AU_D = 173.1446326846693
_AU_M = 149597870.7e3
# As ERFA: the formula of the refraction stops at an altitude of three degrees.
_LEAST_UP = 0.05
_LEAST_SIDE = 1e-6
_INVERSIONS = 4


def standard_pressure_hpa(elevation_m: float) -> float:
    """Mean air pressure at a height: the International Standard Atmosphere."""
    return float(1013.25 * (1.0 - 2.25577e-5 * elevation_m) ** 5.25588)


@dataclass(frozen=True)
class Atmosphere:
    """What bends light: A and B of the refraction A tan z + B tan^3 z, radians."""

    tangent: float
    cubic: float

    @classmethod
    def of(
        cls, station: Station, pressure_hpa: float | None = None, temperature_c: float = 10.0
    ) -> Atmosphere:
        """Air over a station; the standard pressure of its height where none is given."""
        import erfa

        if pressure_hpa is None:
            pressure_hpa = standard_pressure_hpa(station.elevation_m)
        tangent, cubic = erfa.refco(pressure_hpa, temperature_c, _HUMIDITY, _WAVELENGTH_UM)
        return cls(float(tangent), float(cubic))

    def lifted(self, vectors: Numbers) -> Numbers:
        """Observed directions of true ones, (n, 3) north, east, up.

        Below three degrees of altitude the formula is kept from growing, so that stars below
        the horizon stay there.
        """
        side = np.maximum(np.hypot(vectors[:, 0], vectors[:, 1]), _LEAST_SIDE)
        up = np.maximum(vectors[:, 2], _LEAST_UP)
        tangent = side / up
        bend = self.cubic * tangent * tangent
        angle = (self.tangent + bend) * tangent
        angle /= 1.0 + (self.tangent + 3.0 * bend) / (up * up)
        straight = 1.0 - 0.5 * angle * angle
        inward = straight - angle * up / side
        bent = vectors * np.stack([inward, inward, straight], axis=1)
        bent[:, 2] += angle * side
        return _unit(bent)

    def sunk(self, vectors: Numbers) -> Numbers:
        """True directions of observed ones: the inverse of `lifted`."""
        true = vectors
        for _ in range(_INVERSIONS):
            true = _unit(true + vectors - self.lifted(true))
        return true


@dataclass(frozen=True, eq=False)
class LocalSky:
    """The turn from the catalogue's axes to those of a station at one moment.

    Attributes
    ----------
    matrix : ndarray of float64, shape (3, 3)
        From the catalogue's axes to north, east and up.
    velocity : ndarray of float64, shape (3,)
        Of the station in the catalogue's axes, in units of the speed of light.
    sun_au : float
        Distance of the Sun.
    """

    matrix: Numbers
    velocity: Numbers
    sun_au: float

    @classmethod
    def at(
        cls, station: Station, jd: float, *, nutation: bool = True, precession: bool = True
    ) -> LocalSky:
        """The sky of a station at a Julian date (UTC).

        Without `precession`, positions are those of the mean equator of date; without
        `nutation`, the mean equator and mean sidereal time are used.
        """
        import erfa

        tt = (jd, TT_MINUS_UTC_D)
        mean = erfa.pmat06(*tt)
        true = erfa.pnm06a(*tt) if nutation else mean
        axes = true if precession else true @ mean.T
        angle = erfa.gst06a(jd, 0.0, *tt) if nutation else erfa.gmst06(jd, 0.0, *tt)
        (sun, _), (_, earth_v) = _position_velocity(tt)
        velocity = earth_v + true.T @ _spin(station, float(angle))
        if not precession:
            velocity = mean @ velocity
        matrix = _local(station, float(angle)) @ axes
        return cls(matrix, velocity / _LIGHT_AU_D, float(np.linalg.norm(sun)))

    def seen(self, vectors: Numbers) -> Numbers:
        """Directions (n, 3) north, east, up, without refraction, of catalogue directions."""
        import erfa

        shrink = np.sqrt(1.0 - self.velocity @ self.velocity)
        return np.asarray(erfa.ab(vectors, self.velocity, self.sun_au, shrink) @ self.matrix.T)

    def catalogued(self, vectors: Numbers) -> Numbers:
        """Catalogue directions of directions north, east, up: the inverse of `seen`."""
        import erfa

        shrink = np.sqrt(1.0 - self.velocity @ self.velocity)
        wanted = vectors @ self.matrix
        natural = wanted
        for _ in range(_INVERSIONS):
            apparent = erfa.ab(natural, self.velocity, self.sun_au, shrink)
            natural = _unit(natural + wanted - apparent)
        return natural


class Places:
    """Observed directions of the same stars at many moments.

    Parameters
    ----------
    ra_deg, dec_deg : array_like of float64, shape (n,)
        ICRS, of the epoch of the observation: see `of` for a table with proper motions.
    station : Station
    jd : float
        Where nothing else is asked for: Julian date, UTC.
    pressure_hpa : float, optional
        Air pressure; the standard one of the station's height without.
    temperature_c : float
        Of the air.
    nutation, precession, refraction : bool
        Steps that can be left out.
    """

    def __init__(
        self,
        ra_deg: ArrayLike,
        dec_deg: ArrayLike,
        station: Station,
        jd: float,
        pressure_hpa: float | None = None,
        temperature_c: float = 10.0,
        *,
        nutation: bool = True,
        precession: bool = True,
        refraction: bool = True,
    ) -> None:
        self._vectors = unit_vectors(np.atleast_1d(ra_deg), np.atleast_1d(dec_deg))
        self._station = station
        self._jd = float(jd)
        air = Atmosphere.of(station, pressure_hpa, temperature_c)
        self._air = air if refraction else None
        self._steps = {"nutation": nutation, "precession": precession}

    @classmethod
    def of(
        cls,
        table: StarTable,
        station: Station,
        jd: float,
        pressure_hpa: float | None = None,
        temperature_c: float = 10.0,
    ) -> Places:
        """Places of the stars of a table, moved to where they stand at `jd`."""
        moved = with_proper_motion(table, jd)
        return cls(moved.ra_deg, moved.dec_deg, station, jd, pressure_hpa, temperature_c)

    def vectors(self, jd: float | None = None) -> Numbers:
        """Observed directions at a Julian date (UTC): unit vectors (n, 3), north, east, up."""
        moment = self._jd if jd is None else float(jd)
        seen = LocalSky.at(self._station, moment, **self._steps).seen(self._vectors)
        return seen if self._air is None else self._air.lifted(seen)

    def altaz(self, jd: float | None = None) -> tuple[Numbers, Numbers]:
        """Observed altitude and azimuth (north through east), degrees, at a Julian date (UTC)."""
        return altaz_of(self.vectors(jd))

    def catalogue_radec(self, vectors: Numbers, jd: float | None = None) -> tuple[Numbers, Numbers]:
        """ICRS right ascension and declination, degrees, of observed directions (n, 3)."""
        true = vectors if self._air is None else self._air.sunk(vectors)
        moment = self._jd if jd is None else float(jd)
        natural = LocalSky.at(self._station, moment, **self._steps).catalogued(true)
        ra_deg = np.degrees(np.arctan2(natural[:, 1], natural[:, 0])) % 360.0
        return ra_deg, np.degrees(np.arctan2(natural[:, 2], np.hypot(natural[:, 0], natural[:, 1])))


def altaz_of(vectors: Numbers) -> tuple[Numbers, Numbers]:
    """Altitude and azimuth, degrees, of directions (n, 3) north, east, up."""
    alt_deg = np.degrees(np.arctan2(vectors[:, 2], np.hypot(vectors[:, 0], vectors[:, 1])))
    return alt_deg, np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])) % 360.0


def vectors_of(alt_deg: ArrayLike, az_deg: ArrayLike) -> Numbers:
    """Directions (n, 3) north, east, up, of altitudes and azimuths in degrees."""
    return unit_vectors(az_deg, alt_deg)


def _unit(vectors: Numbers) -> Numbers:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1)[:, None])


def _position_velocity(tt: tuple[float, float]) -> tuple[tuple[Numbers, Numbers], ...]:
    """Heliocentric and barycentric position (au) and velocity (au/day) of the Earth."""
    import erfa

    return tuple((body["p"], body["v"]) for body in erfa.epv00(*tt))


def _spin(station: Station, angle: float) -> Numbers:
    """Velocity of a station round the axis of the Earth, axes of date, au/day."""
    import erfa

    place = (np.radians(station.longitude_deg), np.radians(station.latitude_deg))
    moving = erfa.pvtob(*place, station.elevation_m, 0.0, 0.0, 0.0, angle)
    return np.asarray(moving["v"] * (86400.0 / _AU_M), np.float64)


def _local(station: Station, angle: float) -> Numbers:
    """Rotation from the axes of date to north, east and up; `angle` is Greenwich's, radians."""
    lst = angle + np.radians(station.longitude_deg)
    latitude = np.radians(station.latitude_deg)
    sine, cosine = np.sin(latitude), np.cos(latitude)
    return np.array(
        [
            [-sine * np.cos(lst), -sine * np.sin(lst), cosine],
            [-np.sin(lst), np.cos(lst), 0.0],
            [cosine * np.cos(lst), cosine * np.sin(lst), sine],
        ]
    )
