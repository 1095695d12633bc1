"""Places on the sky turned between FK5 (J2000), ICRS and galactic coordinates.

FK5 is turned from ICRS by the three angles of Mignard & Froeschlé (2000, A&A 354, 732), galactic
coordinates from FK5 by the pole and the longitude of the celestial pole of Liu, Zhu & Zhang (2011,
A&A 526, A16).
"""

from __future__ import annotations

import math
from functools import cache

Matrix = tuple[tuple[float, float, float], ...]

_MAS_DEG = 1.0 / 3_600_000.0
_FK5_TURNS_DEG = (19.9 * _MAS_DEG, 9.1 * _MAS_DEG, -22.9 * _MAS_DEG)
_POLE_RA_DEG, _POLE_DEC_DEG = 192.8594812065348, 27.12825118085622
_POLE_LONGITUDE_DEG = 122.9319185680026


def turned(longitude_deg: float, latitude_deg: float, start: str, end: str) -> tuple[float, float]:
    """Give a place in another frame.

    Parameters
    ----------
    longitude_deg, latitude_deg : float
        Degrees.
    start, end : {"fk5", "icrs", "galactic"}

    Returns
    -------
    longitude_deg, latitude_deg : float
        Degrees; the longitude in [0, 360) where the frames differ.
    """
    if start == end:
        return longitude_deg, latitude_deg
    longitude, latitude = math.radians(longitude_deg), math.radians(latitude_deg)
    flat = math.cos(latitude)
    u, v, w = flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)
    (xu, xv, xw), (yu, yv, yw), (zu, zv, zw) = _matrix(start, end)
    x = xu * u + xv * v + xw * w
    y = yu * u + yv * v + yw * w
    z = zu * u + zv * v + zw * w
    return math.degrees(math.atan2(y, x)) % 360.0, math.degrees(math.atan2(z, math.hypot(x, y)))


@cache
def _matrix(start: str, end: str) -> Matrix:
    return _product(_from_fk5(end), _transposed(_from_fk5(start)))


def _from_fk5(frame: str) -> Matrix:
    if frame == "icrs":
        about_x, about_y, about_z = _FK5_TURNS_DEG
        to_fk5 = _product(_about(0, about_x), _product(_about(1, about_y), _about(2, about_z)))
        return _transposed(to_fk5)
    if frame == "galactic":
        tilted = _product(_about(1, 90.0 - _POLE_DEC_DEG), _about(2, _POLE_RA_DEG))
        return _product(_about(2, 180.0 - _POLE_LONGITUDE_DEG), tilted)
    return ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def _about(axis: int, angle_deg: float) -> Matrix:
    """Turn the axes about one of them."""
    cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    rows = [[float(row == column) for column in range(3)] for row in range(3)]
    first, second = (axis + 1) % 3, (axis + 2) % 3
    rows[first][first] = rows[second][second] = cosine
    rows[first][second], rows[second][first] = sine, -sine
    return tuple((row[0], row[1], row[2]) for row in rows)


def _product(first: Matrix, second: Matrix) -> Matrix:
    columns = _transposed(second)
    rows = [[sum(map(float.__mul__, row, column)) for column in columns] for row in first]
    return tuple((row[0], row[1], row[2]) for row in rows)


def _transposed(matrix: Matrix) -> Matrix:
    return tuple((row[0], row[1], row[2]) for row in zip(*matrix, strict=True))
