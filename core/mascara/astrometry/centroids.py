"""Where stars are on a frame: centroids that do not depend on where one began to look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .settings import AstrometrySettings

    Image = NDArray[np.float32]
    Numbers = NDArray[np.float64]

BLOCK_PX = 64
_STRIDE = 4
FLOOR_PX = 0.08
"""Error of the best centroid: pixels answer unevenly, faint neighbours pull."""


@dataclass(frozen=True, eq=False)
class Centroids:
    """Stars as measured, arrays of shape (n,).

    Attributes
    ----------
    x, y : ndarray of float64
        Centroid, pixels; NaN where there is none.
    flux_adu : ndarray of float64
        Above the sky in the circle.
    error_px : ndarray of float64
        Expected error along an axis.
    is_good : ndarray of bool
        Found, significant, and not saturated.
    """

    x: Numbers
    y: Numbers
    flux_adu: Numbers
    error_px: Numbers
    is_good: NDArray[np.bool_]


def sky_slopes(image: Image) -> Numbers:
    """Slope of the sky in blocks of a frame: vignetting, twilight, the light about the Moon.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        ADU.

    Returns
    -------
    ndarray of float64, shape (2, blocks down, blocks across)
        Along x and along y, ADU per pixel, from medians of blocks of `BLOCK_PX`; 0 where the
        frame has fewer than two blocks.
    """
    down, across = (size // BLOCK_PX for size in image.shape)
    if min(down, across) < 2:
        return np.zeros((2, 1, 1))
    half, side = _STRIDE // 2, BLOCK_PX // _STRIDE
    sample = image[half::_STRIDE, half::_STRIDE][: down * side, : across * side]
    blocks = sample.reshape(down, side, across, side).swapaxes(1, 2).reshape(down, across, -1)
    along_y, along_x = np.gradient(np.median(blocks, axis=2).astype(np.float64), BLOCK_PX)
    return np.stack([along_x, along_y])


def measure(
    image: Image,
    x: ArrayLike,
    y: ArrayLike,
    search_px: int,
    settings: AstrometrySettings,
    slopes: Numbers | None = None,
) -> Centroids:
    """Measure the brightest spot near each place.

    The circle is set about the top pixel of the spot and follows the centroid by whole pixels,
    a fixed number of times. Two places from which the same top is reached so give the same
    numbers to the last bit. The window is round and even: the centroid of a trailed or skew
    star is that of its light.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        Dark subtracted, ADU.
    x, y : array_like of float64, shape (n,)
        Where to look, pixels.
    search_px : int
        How far from there.
    settings : AstrometrySettings
    slopes : ndarray of float64, optional
        `sky_slopes` of the frame; without them the sky is taken as level about a star.
    """
    from .centroid_kernels import centroids

    x, y = (np.ascontiguousarray(place, np.float64) for place in (x, y))
    found = np.empty((x.size, 7))
    ring = _ring(*settings.sky_radii_px)
    image = np.ascontiguousarray(image, np.float32)
    slopes = np.zeros((2, 1, 1)) if slopes is None else slopes
    centroids(image, x, y, search_px, settings.radius_px, ring, slopes, BLOCK_PX, found)
    return _judged(found, settings)


@cache
def _ring(inner_px: int, outer_px: int) -> NDArray[np.int64]:
    """Rows and columns (m, 2) of a ring about a pixel, every second one: neighbours agree."""
    side = np.arange(-outer_px, outer_px + 1)
    rows, columns = np.meshgrid(side, side, indexing="ij")
    squares = rows**2 + columns**2
    chosen = (squares >= inner_px**2) & (squares <= outer_px**2) & ((rows + columns) % 2 == 0)
    return np.ascontiguousarray(np.argwhere(chosen) - outer_px, np.int64)


def _judged(found: Numbers, settings: AstrometrySettings) -> Centroids:
    x, y, flux, _, noise, peak, spread = found.T
    area = np.pi * settings.radius_px**2
    with np.errstate(invalid="ignore", divide="ignore"):
        photons = np.maximum(flux, 0.0) / settings.gain_e_adu
        snr = flux / np.sqrt(area * noise**2 + photons)
        # Variance of sum(value * x) / sum(value): the sky's share goes as the moment of the
        # window, the star's as its own.
        window = area * settings.radius_px**2 / 4.0 * noise**2
        variance = (window + photons * np.clip(spread, 1.0, 20.0) / 2.0) / flux**2
        error = np.sqrt(variance + FLOOR_PX**2)
        is_good = np.isfinite(x) & (snr >= settings.min_snr) & (peak < settings.saturation_adu)
    return Centroids(x.copy(), y.copy(), flux.copy(), error, is_good)
