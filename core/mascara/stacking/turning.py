"""Where the sky of one moment was at another: turns about the pole, with refraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Refraction at 45 degrees at the stations' height (765 hPa, 10 C, visible light), radians. Only
# its change within a batch matters: at sea level it is a third larger, a hundredth of a pixel.
_REFRACTION = np.radians(44.0 / 3600.0)
# Sine of the lowest altitude it is told for.
_LOWEST = 0.1


def unrefracted(vectors: Numbers) -> Numbers:
    """Directions without refraction of observed ones, unit vectors (n, 3): north, east, up."""
    return _lifted(vectors, -_REFRACTION)


def refracted(vectors: Numbers) -> Numbers:
    """Observed directions of those without refraction."""
    return _lifted(vectors, _REFRACTION)


def turned(vectors: Numbers, hours: float, latitude_deg: float) -> Numbers:
    """Directions of the same stars at a sidereal time later by `hours`.

    Parameters
    ----------
    vectors : ndarray of float64, shape (n, 3)
        Directions without refraction: north, east, up.
    hours : float
        Sidereal hours; negative for earlier.
    latitude_deg : float
        Of the station.
    """
    angle, latitude = np.radians(15.0 * hours), np.radians(latitude_deg)
    cosine, sine = np.cos(latitude), np.sin(latitude)
    # Rows: towards the equator on the meridian, west, pole.
    axes = np.array([[-sine, 0.0, cosine], [0.0, -1.0, 0.0], [cosine, 0.0, sine]])
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]]
    )
    moved: Numbers = vectors @ (axes.T @ turn @ axes).T
    return moved


def _lifted(vectors: Numbers, constant: float) -> Numbers:
    """Raise directions by `constant` times the tangent of the zenith distance."""
    north, east, up = vectors.T
    level = north**2 + east**2
    lift = constant / np.maximum(up, _LOWEST)
    level_part = 1.0 - lift * up
    return np.stack([north * level_part, east * level_part, up + lift * level], axis=1)
