"""Where the Sun and the Moon stand, from series alone: no ephemeris file, no Earth rotation table.

The Sun is good to 10 arcseconds (its parallax is left out), the Moon to 20 (Meeus' series, seen
from the station and not from the centre of the Earth). Altitudes are without refraction, as in the
definitions of twilight. UT1 is taken as UTC, see `sidereal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .sidereal import TT_MINUS_UTC_D, greenwich_h, local_h

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .station import Station

    Numbers = NDArray[np.float64]

_AU_M = 149597870.7e3
_LIGHT_AU_D = 173.1446326846693
_FULL_MOON_VMAG = -12.73


class AltAz(NamedTuple):
    """Altitude and azimuth (from north through east), degrees."""

    alt_deg: Numbers
    az_deg: Numbers


class RaDec(NamedTuple):
    """Right ascension and declination by the equator and equinox of date, degrees."""

    ra_deg: Numbers
    dec_deg: Numbers


def sun_radec_deg(jd: ArrayLike) -> RaDec:
    """Apparent place of the Sun at Julian dates (UTC)."""
    return _radec(_sun(np.asarray(jd, np.float64)))


def moon_radec_deg(jd: ArrayLike, station: Station) -> RaDec:
    """Apparent place of the Moon at Julian dates (UTC), seen from a station."""
    return _radec(_moon(np.asarray(jd, np.float64), station))


def sun_altaz(jd: ArrayLike, station: Station) -> AltAz:
    """Altitude and azimuth of the middle of the Sun at Julian dates (UTC)."""
    jd = np.asarray(jd, np.float64)
    return _altaz(_local(_sun(jd), jd, station))


def moon_altaz(jd: ArrayLike, station: Station) -> AltAz:
    """Altitude and azimuth of the middle of the Moon at Julian dates (UTC)."""
    return _altaz(moon_vectors(jd, station))


def moon_vectors(jd: ArrayLike, station: Station) -> Numbers:
    """Direction of the Moon at Julian dates (UTC): unit vectors (..., 3), north, east, up."""
    jd = np.asarray(jd, np.float64)
    return _local(_moon(jd, station), jd, station)


def moon_phase(jd: ArrayLike) -> Numbers:
    """Illuminated part of the Moon at Julian dates (UTC), 0 to 1."""
    return np.asarray((1.0 + np.cos(_phase_angle(np.asarray(jd, np.float64)))) / 2.0)


def moon_magnitude(jd: ArrayLike) -> Numbers:
    """V magnitude of the Moon at Julian dates (UTC).

    Allen (Astrophysical Quantities): -12.73 + 0.026 |a| + 4e-9 a**4 with the phase angle a in
    degrees.
    """
    angle_deg = np.degrees(_phase_angle(np.asarray(jd, np.float64)))
    return np.asarray(_FULL_MOON_VMAG + 0.026 * angle_deg + 4e-9 * angle_deg**4)


def _phase_angle(jd: Numbers) -> Numbers:
    """Angle at the Moon between the Sun and the Earth, radians."""
    import erfa

    moon_au, (earth, _) = erfa.moon98(jd, TT_MINUS_UTC_D)["p"], erfa.epv00(jd, TT_MINUS_UTC_D)
    return np.asarray(erfa.sepp(-(earth["p"] + moon_au), -moon_au), np.float64)


def _sun(jd: Numbers) -> Numbers:
    """Unit vectors to the Sun, axes of date, with annual aberration."""
    import erfa

    heliocentric, barycentric = erfa.epv00(jd, TT_MINUS_UTC_D)
    distance_au = np.linalg.norm(heliocentric["p"], axis=-1)
    velocity = barycentric["v"] / _LIGHT_AU_D
    shrink = np.sqrt(1.0 - np.sum(velocity**2, axis=-1))
    natural = -heliocentric["p"] / distance_au[..., None]
    return _of_date(erfa.ab(natural, velocity, distance_au, shrink), jd)


def _moon(jd: Numbers, station: Station) -> Numbers:
    """Unit vectors from a station to the Moon, axes of date."""
    import erfa

    moon_au = _of_date(erfa.moon98(jd, TT_MINUS_UTC_D)["p"], jd)
    seen = moon_au - _geocentric_m(station, local_h(jd, station.longitude_deg)) / _AU_M
    return np.asarray(seen / np.linalg.norm(seen, axis=-1)[..., None], np.float64)


def _of_date(vectors: Numbers, jd: Numbers) -> Numbers:
    """Turn vectors (..., 3) to the true equator and equinox of date."""
    import erfa

    matrix = erfa.pnm06a(jd, TT_MINUS_UTC_D)
    return np.asarray(np.einsum("...ij,...j->...i", matrix, vectors), np.float64)


def _geocentric_m(station: Station, lst_h: Numbers) -> Numbers:
    """Position of a station by the equator and equinox of date, metres, shape (..., 3)."""
    import erfa

    x, _, z = erfa.gd2gc(1, 0.0, np.radians(station.latitude_deg), station.elevation_m)
    angle = lst_h * (np.pi / 12.0)
    return np.stack([x * np.cos(angle), x * np.sin(angle), np.full_like(angle, z)], axis=-1)


def _local(vectors: Numbers, jd: Numbers, station: Station) -> Numbers:
    """Turn vectors of date to north, east and up at a station."""
    lst = (greenwich_h(jd) * 15.0 + station.longitude_deg) * (np.pi / 180.0)
    sine, cosine = (
        np.sin(np.radians(station.latitude_deg)),
        np.cos(np.radians(station.latitude_deg)),
    )
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    meridian = x * np.cos(lst) + y * np.sin(lst)
    east = y * np.cos(lst) - x * np.sin(lst)
    north, up = z * cosine - meridian * sine, z * sine + meridian * cosine
    return np.stack([north, east, up], axis=-1)


def _altaz(vectors: Numbers) -> AltAz:
    north, east, up = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    az_deg = np.degrees(np.arctan2(east, north)) % 360.0
    return AltAz(np.degrees(np.arctan2(up, np.hypot(north, east))), az_deg)


def _radec(vectors: Numbers) -> RaDec:
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    ra_deg = np.degrees(np.arctan2(y, x)) % 360.0
    return RaDec(ra_deg, np.degrees(np.arctan2(z, np.hypot(x, y))))
