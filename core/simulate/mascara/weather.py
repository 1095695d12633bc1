"""What the air does to light: extinction, clouds, and the brightness of the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...timing.sidereal import BATCH
from ...timing.stations import moon_phase, moon_vectors, sun_altaz

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...timing.station import Station
    from .defects import Faults
    from .settings import NightSettings

    Numbers = NDArray[np.float64]

_OVERCAST_MAG = 9.0
_CLOUD_MAG, _CLOUD_WIDTH, _CLOUD_FIRST, _CLOUD_STEP = 1.5, 0.3, -0.7, 0.03
_LEAST_UP = 0.08
_TWILIGHT_ALT_DEG = -9.0
# Zenith in magnitudes per square arcsecond: 21.5 at night, this at -10 degrees, one fainter for
# every further degree; towards the Sun brighter.
_DARK_MAG, _DUSK_MAG, _DUSK_ALT_DEG, _SUNWARD_MAG = 21.5, 16.8, -10.0, 0.8
_MOON_ADU, _MOON_WIDTH_DEG = 900.0, 25.0
_MOON_BESIDE = np.array([0.12, 0.16, 0.0])


class Moment(NamedTuple):
    """One exposure's time and place in the night."""

    jd: float
    frame: int
    """From 1; the frame of the faults."""
    lstseq: int


def airmass(vectors: Numbers) -> Numbers:
    """Airmass of observed directions (Kasten and Young 1989); large below the horizon."""
    altitude_deg = np.degrees(np.arcsin(np.clip(vectors[..., 2], 0.01, 1.0)))
    below = 0.50572 * (altitude_deg + 6.07995) ** -1.6364
    return np.asarray(1.0 / (np.sin(np.radians(altitude_deg)) + below))


class Weather:
    """Air and sky over a camera.

    Parameters
    ----------
    settings : NightSettings
    station : Station
    faults : Faults
    axis : ndarray, shape (3,)
        Where the camera looks: banks of clouds pass there.
    """

    def __init__(
        self, settings: NightSettings, station: Station, faults: Faults, axis: Numbers
    ) -> None:
        self._settings = settings
        self._station = station
        self._faults = faults
        self._axis = axis

    def transparency(self, vectors: Numbers, moment: Moment) -> Numbers:
        """Part of the light from directions (..., 3) that arrives."""
        lost_mag = self._settings.extinction_mag * airmass(vectors)
        return np.asarray(10.0 ** (-0.4 * (lost_mag + self.clouds_mag(vectors, moment))))

    def clouds_mag(self, vectors: Numbers, moment: Moment) -> Numbers:
        """Magnitudes taken by clouds in directions (..., 3)."""
        lost = np.zeros(vectors.shape[:-1])
        since = self._faults.since("cloud", moment.frame)
        if since is not None:
            lost += self._bank_mag(vectors, since)
        since = self._faults.since("overcast", moment.frame)
        if since is not None and (moment.lstseq - since) // BATCH == moment.lstseq // BATCH:
            lost += _OVERCAST_MAG
        return lost

    def _bank_mag(self, vectors: Numbers, since: int) -> Numbers:
        """A bank that moves to the south-east, with structure; on a plane over the station."""
        plane = vectors[..., :2] / np.maximum(vectors[..., 2:], _LEAST_UP)
        off = plane - self._axis[:2] / max(self._axis[2], _LEAST_UP)
        along = (off[..., 1] - off[..., 0]) / np.sqrt(2.0) - _CLOUD_FIRST - _CLOUD_STEP * since
        across = (off[..., 1] + off[..., 0]) / np.sqrt(2.0)
        texture = 1.0 + 0.3 * np.sin(23.0 * along + 2.0) * np.sin(17.0 * across + 1.0)
        return np.asarray(_CLOUD_MAG * np.exp(-((along / _CLOUD_WIDTH) ** 2)) * texture)

    def sky_adu(self, vectors: Numbers, moment: Moment) -> Numbers:
        """Brightness of the sky in directions (..., 3), counts a pixel, without the lens."""
        base = self._settings.sky_adu
        cover = 1.0 - 10.0 ** (-0.4 * self.clouds_mag(vectors, moment))
        light = base * np.sqrt(airmass(vectors)) + self._moonlight(vectors, moment.jd)
        return np.asarray((light + base * self._twilight(vectors, moment.jd)) * (1.0 + 0.6 * cover))

    def _twilight(self, vectors: Numbers, jd: float) -> Numbers:
        """Twilight over the dark sky."""
        altitude, azimuth = (float(value) for value in sun_altaz(jd, self._station))
        if self._faults.night("twilight"):
            altitude = _TWILIGHT_ALT_DEG
        sunward = vectors[..., 0] * np.cos(np.radians(azimuth))
        sunward = sunward + vectors[..., 1] * np.sin(np.radians(azimuth))
        mag = _DUSK_MAG + (_DUSK_ALT_DEG - altitude) - _SUNWARD_MAG * sunward
        return np.asarray(10.0 ** (0.4 * np.minimum(_DARK_MAG - mag, 10.0)))

    def _moonlight(self, vectors: Numbers, jd: float) -> Numbers:
        """Moonlight scattered over the sky, counts a pixel."""
        towards, phase = self.moon(jd)
        if towards[2] <= 0.0:
            return np.zeros(vectors.shape[:-1])
        apart_deg = np.degrees(np.arccos(np.clip(vectors @ towards, -1.0, 1.0)))
        near = 0.3 + 2.0 * np.exp(-apart_deg / _MOON_WIDTH_DEG)
        return np.asarray(_MOON_ADU * phase**3 * min(1.0, 3.0 * towards[2]) * near)

    def moon(self, jd: float) -> tuple[Numbers, float]:
        """Direction of the Moon, north, east, up, and its illuminated part."""
        if self._faults.night("moon"):
            beside = self._axis + self._settings.scale * _MOON_BESIDE
            return beside / np.linalg.norm(beside), 1.0
        return moon_vectors(jd, self._station), float(moon_phase(jd))
