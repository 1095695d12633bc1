"""Find stars on a frame without knowing where they should be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.float32]
    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

SHARPNESS = (0.2, 1.0)
ROUNDNESS = (-1.0, 1.0)
"""Limits of stars in the usual terms; hot pixels are sharper, trails less round."""
_SIGMA_PER_FWHM = 1.0 / 2.354820045
_STEP = 5


@dataclass(frozen=True, eq=False)
class Detections:
    """Stars that were found, the highest first; arrays of shape (n,).

    Attributes
    ----------
    x, y : ndarray of float64
        Places, pixels.
    height_adu : ndarray of float64
        Height of the Gaussian that fits there, above the sky.
    sharpness : ndarray of float64
        Highest pixel above the mean of its neighbours, in units of `height_adu`.
    roundness : ndarray of float64
        Twice the difference of the heights along x and y over their sum: 0 is round.
    """

    x: Numbers
    y: Numbers
    height_adu: Numbers
    sharpness: Numbers
    roundness: Numbers

    def select(self, chosen: NDArray[np.bool_] | Places | slice) -> Detections:
        """Those of a mask, of indices or of a slice."""
        return Detections(*(getattr(self, field.name)[chosen] for field in fields(self)))


def detect(image: Image, hmin_adu: float, fwhm_px: float = 3.5, nsigma: float = 1.5) -> Detections:
    """Find stars as tops of the frame folded with a Gaussian from which its mean was taken.

    Such a kernel is blind to an even or sloping sky; what it gives is the height of the
    Gaussian that fits best to the pixels about each one (the method of DAOFIND).

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
        ADU.
    hmin_adu : float
        Least height.
    fwhm_px : float
        Width of the stars.
    nsigma : float
        Half width of the kernel in units of its standard deviation; two pixels at least.

    Returns
    -------
    Detections
        Of every kind: the caller limits sharpness and roundness.
    """
    from scipy.ndimage import maximum_filter

    profile = _profile(fwhm_px, nsigma)
    heights = _folded(image, profile)
    half = profile.size // 2
    is_top = (heights > hmin_adu) & (heights == maximum_filter(heights, 2 * half + 1))
    rows, columns = np.nonzero(is_top[half + 1 : -half - 1, half + 1 : -half - 1])
    rows, columns = rows + half + 1, columns + half + 1
    height = heights[rows, columns].astype(np.float64)
    stamps = _stamps(image, rows, columns, half)
    found = Detections(
        columns + _vertex(heights, rows, columns, 1),
        rows + _vertex(heights, rows, columns, 0),
        height,
        _sharpness(stamps, height),
        _roundness(stamps, profile),
    )
    return found.select(np.argsort(-height, kind="stable"))


def stars(image: Image, signal_to_noise: float, fwhm_px: float, most: int) -> Detections:
    """Brightest things on a frame that look like stars.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
    signal_to_noise : float
        Least height in units of the noise of the heights.
    fwhm_px : float
    most : int
        Number of stars.
    """
    sample = _folded(image[: image.shape[0] // _STEP], _profile(fwhm_px, 1.5))
    noise = 1.4826 * float(np.median(np.abs(sample)))
    found = detect(image, signal_to_noise * noise, fwhm_px)
    is_star = (found.sharpness > SHARPNESS[0]) & (found.sharpness < SHARPNESS[1])
    is_star &= (found.roundness > ROUNDNESS[0]) & (found.roundness < ROUNDNESS[1])
    return found.select(is_star).select(slice(most))


def _profile(fwhm_px: float, nsigma: float) -> Numbers:
    """Gaussian along a line, 1 in its middle."""
    sigma = fwhm_px * _SIGMA_PER_FWHM
    half = max(2, int(nsigma * sigma))
    return np.asarray(np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2))


def _folded(image: Image, profile: Numbers) -> Image:
    """Height of the Gaussian that fits best about each pixel, with a sky of its own."""
    from scipy.ndimage import correlate1d, uniform_filter

    count, mean = profile.size**2, profile.sum() ** 2 / profile.size**2
    image = np.asarray(image, np.float32)
    along_y = correlate1d(image, profile.astype(np.float32), axis=0, mode="nearest")
    heights = correlate1d(along_y, profile.astype(np.float32), axis=1, mode="nearest")
    heights -= np.float32(mean * count) * uniform_filter(image, profile.size, mode="nearest")
    heights /= np.float32((profile @ profile) ** 2 - count * mean**2)
    return np.asarray(heights, np.float32)


def _vertex(heights: Image, rows: Places, columns: Places, axis: int) -> Numbers:
    """Top of the parabola through three heights along an axis, from -0.5 to 0.5."""
    step = (1, 0) if axis == 0 else (0, 1)
    before, here, after = (
        heights[rows + sign * step[0], columns + sign * step[1]].astype(np.float64)
        for sign in (-1, 0, 1)
    )
    curve = before - 2.0 * here + after
    return np.clip(
        np.where(curve < 0.0, 0.5 * (before - after) / np.minimum(curve, -1e-30), 0.0), -0.5, 0.5
    )


def _stamps(image: Image, rows: Places, columns: Places, half: int) -> Numbers:
    """Pixels (n, 2 half + 1, 2 half + 1) about each place."""
    side = np.arange(-half, half + 1)
    chosen = image[rows[:, None, None] + side[:, None], columns[:, None, None] + side]
    return np.asarray(chosen, np.float64)


def _sharpness(stamps: Numbers, height: Numbers) -> Numbers:
    middle = stamps.shape[1] // 2
    peak = stamps[:, middle, middle]
    others = (stamps.sum(axis=(1, 2)) - peak) / (stamps[0].size - 1 if len(stamps) else 1)
    return np.asarray((peak - others) / height)


def _roundness(stamps: Numbers, profile: Numbers) -> Numbers:
    """Difference of the heights of Gaussians fitted to the sums along both axes."""
    lowered = profile - profile.mean()
    along_x, along_y = stamps.sum(axis=1) @ lowered, stamps.sum(axis=2) @ lowered
    total = along_x + along_y
    return np.asarray(2.0 * (along_x - along_y) / np.where(total == 0.0, np.inf, total))
