"""Where the stars of the astrometry are on a frame, against where its solution has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..astrometry.centroids import measure, sky_slopes
from ..astrometry.settings import AstrometrySettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .overlay import FieldOverlay

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_ROUNDS = 8
_RAYLEIGH = 1.1774
"""Median distance of points that scatter by 1 along each axis."""
_LEAST_SCALE = 0.5


@dataclass(frozen=True, eq=False)
class StarResiduals:
    """Measured minus computed places of stars, pixels.

    Attributes
    ----------
    lstseq : int
        Slot of the frame.
    ascc : ndarray of int64, shape (n,)
    x, y : ndarray of float64
        Computed places.
    dx, dy : ndarray of float64
        Measured minus computed.
    expected : int
        Stars that were looked for.
    rms_px : float
        Root of the mean of dx^2 + dy^2; NaN without stars.
    """

    lstseq: int
    ascc: NDArray[np.int64]
    x: Numbers
    y: Numbers
    dx: Numbers
    dy: Numbers
    expected: int
    rms_px: float = field(default=float("nan"))


def residuals_of(
    image: NDArray[Any], overlay: FieldOverlay, settings: AstrometrySettings | None = None
) -> StarResiduals:
    """Measure the stars of the astrometry on a frame.

    Parameters
    ----------
    image : ndarray, shape (ny, nx)
        ADU. The sky around each star is taken off, so that it may hold bias and dark.
    overlay : FieldOverlay
        Of that frame.
    settings : AstrometrySettings or None

    Returns
    -------
    StarResiduals
        Of the stars that are found within the gate and agree with the others.
    """
    settings = settings or AstrometrySettings()
    wanted = _wanted(overlay, settings.margin_px)
    ascc, x, y = overlay.ascc[wanted], overlay.x[wanted], overlay.y[wanted]
    pixels = np.ascontiguousarray(image, np.float32)
    stars = measure(pixels, x, y, settings.gate_px, settings, sky_slopes(pixels))
    dx, dy = stars.x - x, stars.y - y
    with np.errstate(invalid="ignore"):
        off = np.hypot(dx, dy)
        near = stars.is_good & (off <= settings.gate_px + 1.0)
    good = _agreeing(off / stars.error_px, near, settings.clip_sigma)
    found = (ascc[good], x[good], y[good], dx[good], dy[good])
    return StarResiduals(overlay.lstseq, *found, x.size, _rms(dx[good], dy[good]))


def _wanted(overlay: FieldOverlay, margin_px: float) -> Mask:
    """Stars of the astrometry on the chip, neither at its edge nor behind something."""
    rows, columns = overlay.shape
    x, y = overlay.x, overlay.y
    wanted = overlay.is_astrometric & (x >= margin_px) & (x <= columns - 1 - margin_px)
    wanted &= (y >= margin_px) & (y <= rows - 1 - margin_px)
    for left, right, bottom, top in overlay.masks:
        wanted &= ~((x >= left) & (x <= right) & (y >= bottom) & (y <= top))
    return wanted


def _agreeing(distance: Numbers, good: Mask, clip_sigma: float) -> Mask:
    """Leave out stars that are off by much more than the others, as the fit itself does."""
    for _ in range(_ROUNDS):
        if not good.any():
            break
        scale = max(float(np.median(distance[good])) / _RAYLEIGH, _LEAST_SCALE)
        kept = good & (distance <= clip_sigma * scale)
        if np.array_equal(kept, good):
            break
        good = kept
    return good


def _rms(dx: Numbers, dy: Numbers) -> float:
    return float(np.sqrt(np.mean(dx**2 + dy**2))) if dx.size else float("nan")
