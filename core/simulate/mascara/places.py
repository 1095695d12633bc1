"""Observed directions of stars, by ERFA's own chain from the celestial to the observed place.

Written for the simulator alone, so that it does not share an error with what is tested on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...timing.sidereal import TT_MINUS_UTC_D

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...timing.station import Station

    Numbers = NDArray[np.float64]

_TEMPERATURE_C, _HUMIDITY, _WAVELENGTH_UM = 10.0, 0.3, 0.55


class StarPlaces:
    """Directions of the same stars at many moments of a night.

    Parameters
    ----------
    ra_deg, dec_deg : ndarray of float64, shape (n,)
        ICRS.
    station : Station
    jd : float
        A moment of the night; apparent places are those of then, their change within a night
        (half an arcsecond) being less than a hundredth of a pixel.
    """

    def __init__(self, ra_deg: Numbers, dec_deg: Numbers, station: Station, jd: float) -> None:
        import erfa

        self._context = _context(station, jd)
        none = np.zeros(ra_deg.size)
        ra, dec = np.radians(ra_deg), np.radians(dec_deg)
        self._ra, self._dec = erfa.atciq(ra, dec, none, none, none, none, self._context)

    def vectors(self, jd: float) -> Numbers:
        """Unit vectors (n, 3), north, east, up, with refraction, at a Julian date (UTC)."""
        import erfa

        turned = erfa.aper13(jd, 0.0, self._context.copy())
        azimuth, zenith, *_ = erfa.atioq(self._ra, self._dec, turned)
        side = np.sin(zenith)
        return np.stack([side * np.cos(azimuth), side * np.sin(azimuth), np.cos(zenith)], axis=-1)


def _context(station: Station, jd: float) -> Numbers:
    """Star-independent quantities, with UT1 taken as UTC and no motion of the pole."""
    import erfa

    tt = jd + TT_MINUS_UTC_D
    heliocentric, barycentric = erfa.epv00(tt, 0.0)
    x, y, locator = erfa.xys06a(tt, 0.0)
    earth = np.array((barycentric["p"], barycentric["v"]), dtype=erfa.dt_pv)
    place = np.radians(station.longitude_deg), np.radians(station.latitude_deg)
    pressure_hpa = 1013.25 * (1.0 - 0.0065 * station.elevation_m / 288.15) ** 5.2559
    air = erfa.refco(pressure_hpa, _TEMPERATURE_C, _HUMIDITY, _WAVELENGTH_UM)
    return np.asarray(
        erfa.apco(
            tt, 0.0, earth, heliocentric["p"], x, y, locator, erfa.era00(jd, 0.0), *place,
            station.elevation_m, 0.0, 0.0, erfa.sp00(tt, 0.0), *air,
        )
    )  # fmt: skip


def drift(vectors: Numbers, latitude_deg: float, seconds: float) -> Numbers:
    """Directions `seconds` later (or earlier): turned about the celestial pole."""
    latitude = np.radians(latitude_deg)
    pole = np.array([np.cos(latitude), 0.0, np.sin(latitude)])
    angle = 2.0 * np.pi * seconds * 1.00273790935 / 86400.0
    along = vectors @ pole
    across = np.cross(np.broadcast_to(pole, vectors.shape), vectors)
    turned = vectors * np.cos(angle) + across * np.sin(angle)
    return np.asarray(turned + np.outer(along, pole) * (1.0 - np.cos(angle)), np.float64)
