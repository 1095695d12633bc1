"""The sky over the detector: pulsar at the centre, field stars, sky and flat light."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .camera import PLATE_SCALE_ARCSEC
from .hashing import Stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .settings import CaptureSettings

_REACH_FWHM = 15.0
"""Stars are drawn out to this radius; 1e-5 of a beta = 3 star lies beyond."""


class Star(NamedTuple):
    """A star: 0-based pixel position and mean electrons per second."""

    x: float
    y: float
    rate: float


def centre(settings: CaptureSettings) -> tuple[float, float]:
    """Return the x, y of the frame's centre, where the pulsar sits (0-based)."""
    rows, columns = settings.shape
    return (columns - 1) / 2, (rows - 1) / 2


def pulsar(settings: CaptureSettings) -> Star:
    """Return the pulsar with its mean rate."""
    x, y = centre(settings)
    return Star(x, y, settings.star_rate)


def field_stars(settings: CaptureSettings) -> tuple[Star, ...]:
    """Return the field stars: places and magnitudes from the seed, clear of the pulsar."""
    stream = Stream(settings.seed, "field stars")
    return tuple(_field_star(settings, stream) for _ in range(settings.stars))


def _field_star(settings: CaptureSettings, stream: Stream) -> Star:
    rows, columns = settings.shape
    x0, y0 = centre(settings)
    clear = min(6 * fwhm_px(settings), 0.35 * min(rows, columns))
    x, y = x0, y0
    while math.hypot(x - x0, y - y0) < clear:
        x, y = stream.between(-0.5, columns - 0.5), stream.between(-0.5, rows - 0.5)
    return Star(x, y, settings.star_rate * 10 ** (-0.4 * stream.between(-0.5, 3.0)))


def fwhm_px(settings: CaptureSettings) -> float:
    """Return the seeing in pixels."""
    return settings.seeing_arcsec / PLATE_SCALE_ARCSEC


def moffat_width_px(settings: CaptureSettings) -> float:
    """Return the Moffat width of the seeing: FWHM / (2 sqrt(2^(1/beta) - 1))."""
    return fwhm_px(settings) / (2 * math.sqrt(2 ** (1 / settings.moffat_beta) - 1))


def _draw(settings: CaptureSettings, image: NDArray[np.float64], star: Star) -> None:
    from . import kernels

    kernels.add_star(
        image,
        star.x,
        star.y,
        star.rate,
        moffat_width_px(settings),
        settings.moffat_beta,
        _REACH_FWHM * fwhm_px(settings),
    )


def steady_rate(settings: CaptureSettings) -> NDArray[np.float64]:
    """Mean photo-electrons per second of sky and field stars, or of the flat lamp.

    Parameters
    ----------
    settings : CaptureSettings

    Returns
    -------
    float64 (rows, columns)
        Before the pixels' response; zero for biases and darks.
    """
    image = np.zeros(settings.shape)
    if settings.calibration == "flat":
        image += settings.flat_level_adu / settings.gain / settings.exposure_s
    elif settings.calibration is None:
        image += settings.sky_rate
        for star in field_stars(settings):
            _draw(settings, image, star)
    return image


def pulsar_rate(settings: CaptureSettings) -> tuple[NDArray[np.float64], int, int]:
    """Mean photo-electrons per second of the pulsar in the box it reaches.

    Returns
    -------
    rate : float64 (box rows, box columns)
        Empty for calibrations.
    top, left : int
        Place of the box in the frame.
    """
    if settings.calibration is not None or settings.star_rate == 0:
        return np.zeros((0, 0)), 0, 0
    reach = math.ceil(_REACH_FWHM * fwhm_px(settings)) + 1
    x, y = centre(settings)
    rows, columns = settings.shape
    top, left = max(0, math.floor(y) - reach), max(0, math.floor(x) - reach)
    bottom, right = min(rows, math.ceil(y) + reach + 1), min(columns, math.ceil(x) + reach + 1)
    image = np.zeros((bottom - top, right - left))
    _draw(settings, image, Star(x - left, y - top, settings.star_rate))
    return image, top, left
