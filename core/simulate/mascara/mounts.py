"""How the cameras are mounted: the directions of their pixel axes in the local sky.

Vectors are (north, east, up). An orientation is a matrix whose rows are the directions in which
x and y grow and the axis of the lens. The numbers are those of the two stations; every simulated
camera is a little off them, as real ones are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..hashing import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# La Palma: altitude and azimuth, degrees; x runs with the azimuth, y downwards.
_LA_PALMA = {"C": (90.0, 0.0), "N": (49.0, 0.0), "E": (49.0, 90.0), "S": (49.0, 180.0),
             "W": (49.0, 270.0)}  # fmt: skip
# La Silla: hour angle, declination, and the angle from celestial east to x, degrees.
_LA_SILLA = {"C": (-0.1, -32.5, 183.2), "N": (1.4, 12.1, 1.7), "E": (-45.1, -19.8, 291.6),
             "S": (-3.6, -69.7, 184.7), "W": (45.0, -23.9, 72.6)}  # fmt: skip
_TILT_DEG, _ROLL_DEG = 0.4, 0.6
_DRIFT_PERIOD_D = 0.3
_BUMP_DEG = 0.2


def nominal(site: str, letter: str, latitude_deg: float) -> Numbers:
    """Orientation (3, 3) by the tables."""
    if site == "LaPalma":
        return _by_horizon(*_LA_PALMA[letter])
    return _by_equator(*_LA_SILLA[letter], latitude_deg)


def _by_horizon(alt_deg: float, az_deg: float) -> Numbers:
    alt, az = np.radians(alt_deg), np.radians(az_deg)
    along = np.array([-np.sin(az), np.cos(az), 0.0])
    axis = np.array([np.cos(alt) * np.cos(az), np.cos(alt) * np.sin(az), np.sin(alt)])
    return np.array([along, np.cross(along, axis), axis])


def _by_equator(ha_deg: float, dec_deg: float, turn_deg: float, latitude_deg: float) -> Numbers:
    ha, dec, turn, lat = np.radians([ha_deg, dec_deg, turn_deg, latitude_deg])
    pole = np.array([np.cos(lat), 0.0, np.sin(lat)])
    meridian = np.array([-np.sin(lat), 0.0, np.cos(lat)])
    east = np.array([0.0, 1.0, 0.0])
    towards = meridian * np.cos(ha) - east * np.sin(ha)
    axis = towards * np.cos(dec) + pole * np.sin(dec)
    north = pole * np.cos(dec) - towards * np.sin(dec)
    eastwards = east * np.cos(ha) + meridian * np.sin(ha)
    along_x = eastwards * np.cos(turn) + north * np.sin(turn)
    along_y = north * np.cos(turn) - eastwards * np.sin(turn)
    return np.array([along_x, along_y, axis])


class Mount:
    """One camera's true orientation at any time.

    Parameters
    ----------
    orientation : ndarray, shape (3, 3)
        By the tables.
    seed : int
    camera : str
        Camera id; every camera has its own errors.
    drift_arcmin : float
        Amplitude of a slow nodding, with a period of 7 hours.
    """

    def __init__(self, orientation: Numbers, seed: int, camera: str, drift_arcmin: float) -> None:
        stream = Stream(seed, f"mount of {camera}")
        tilt_x, tilt_y = (stream.between(-_TILT_DEG, _TILT_DEG) for _ in range(2))
        self._still = _turn(tilt_x, tilt_y, stream.between(-_ROLL_DEG, _ROLL_DEG)) @ orientation
        self._phases = [stream.between(0.0, 2.0 * np.pi) for _ in range(2)]
        self._drift_deg = drift_arcmin / 60.0

    def orientation(self, jd: float, *, bumped: bool = False) -> Numbers:
        """Orientation (3, 3) at a Julian date."""
        angle = 2.0 * np.pi * (jd % 1.0) / _DRIFT_PERIOD_D
        nod_x, nod_y = (self._drift_deg * np.sin(angle + phase) for phase in self._phases)
        if bumped:
            nod_x += _BUMP_DEG
        return _turn(nod_x, nod_y, 0.0) @ self._still


def _turn(x_deg: float, y_deg: float, roll_deg: float) -> Numbers:
    """Rotation (3, 3) that moves the axis by these angles towards x and y, then rolls."""
    a, b, roll = np.radians([x_deg, y_deg, roll_deg])
    about_y = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    about_z = np.array(
        [[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(about_z @ about_x @ about_y, np.float64)


def alt_az_turn(orientation: Numbers) -> tuple[float, float, float]:
    """Altitude and azimuth of the axis, and the angle from up to x, over azimuth; degrees."""
    along_x, _, axis = orientation
    az = np.arctan2(axis[1], axis[0])
    alt = np.arctan2(axis[2], np.hypot(axis[0], axis[1]))
    level = np.array([-np.sin(az), np.cos(az), 0.0])
    upward = np.array([-np.sin(alt) * np.cos(az), -np.sin(alt) * np.sin(az), np.cos(alt)])
    turn = np.arctan2(-(along_x @ level), along_x @ upward)
    return float(np.degrees(alt)), float(np.degrees(az) % 360.0), float(np.degrees(turn) % 360.0)
