"""Precession as the station's equatorial solutions have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...timing.sidereal import TT_MINUS_UTC_D

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_J2000 = 2451545.0
_CENTURY_D = 36525.0
# Arc seconds by powers of centuries since J2000 (Capitaine, Wallace & Chapront 2003, eq. 40).
_ZETA = (2.650545, 2306.083227, 0.2988499, 0.01801828, -5.971e-6, -3.173e-7)
_Z = (-2.650545, 2306.077181, 1.0927348, 0.01826837, -2.8596e-5, -2.904e-7)
_THETA = (0.0, 2004.191903, -0.4294934, -0.04182264, -7.089e-6, -1.274e-7)


def precession(jd: float) -> Numbers:
    """Matrix (3, 3) from the mean equator and equinox of J2000 to those of a Julian date (UTC)."""
    centuries = (jd + TT_MINUS_UTC_D - _J2000) / _CENTURY_D
    zeta, z, theta = (
        np.radians(np.polynomial.polynomial.polyval(centuries, series) / 3600.0)
        for series in (_ZETA, _Z, _THETA)
    )
    return _about_pole(-z) @ _about_equinox_plus_90(theta) @ _about_pole(-zeta)


def _about_pole(angle: float) -> Numbers:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _about_equinox_plus_90(angle: float) -> Numbers:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
