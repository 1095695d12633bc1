"""What a clear sky would give: zero points by camera, airmass and place on the chip.

The transparency of a batch is held against this model, so that neither the lens nor the height
of a star above the horizon passes for a cloud. The zero points of the cameras are those measured
in a clear night at La Silla (scatter 0.05 to 0.14 mag); extinction and vignetting are nominal.
All three are settings: a camera whose clear nights come out at 0.9 has its zero point set by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..settings import ReductionSettings

    Numbers = NDArray[np.float64]

_CORNER_PX = 2408.5
"""From the middle of the full chip to its corner."""
_USUAL_AIRMASS, _USUAL_FIELD = 1.2, 0.5
"""Where the zero points hold: half way to the corner, at a usual height."""
_LOWEST_DEG = 1.0


def airmass(alt_deg: Numbers) -> Numbers:
    """Airmass at observed altitudes (Pickering 2002), that of 1 degree below it."""
    alt = np.maximum(alt_deg, _LOWEST_DEG)
    return np.asarray(1.0 / np.sin(np.radians(alt + 244.0 / (165.0 + 47.0 * alt**1.1))))


def clear_zero_points(
    rules: ReductionSettings,
    camera: str,
    alt_deg: Numbers,
    x: Numbers,
    y: Numbers,
    shape: tuple[int, int],
) -> Numbers:
    """Magnitude of a star that gives one count an exposure under a clear sky.

    Parameters
    ----------
    rules : ReductionSettings
        Zero points, extinction and vignetting.
    camera : str
        Camera id.
    alt_deg : ndarray of float64, shape (n,)
        Altitudes of stars.
    x, y : ndarray of float64, shape (n,)
        Their pixels; a smaller chip is the middle of the full one.
    shape : tuple of int
        (ny, nx).

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    field = np.hypot(x - shape[1] / 2.0, y - shape[0] / 2.0) / _CORNER_PX
    lost = rules.extinction_mag * (airmass(alt_deg) - _USUAL_AIRMASS)
    lost = lost + rules.vignetting_mag * (field**2 - _USUAL_FIELD**2)
    return np.asarray(rules.clear_zero_points_mag[camera[-1]] - lost)
