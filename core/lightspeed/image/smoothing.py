"""Filling of pixels without a value, and smoothing that knows how good each pixel is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_REACH_SIGMA = 3.0


def filled(image: Numbers) -> Numbers:
    """Give each pixel without a value the mean of its good neighbours, 3 x 3.

    A pixel without any stays NaN. The published tools always do this; a value made up so cannot
    be told from a measured one.
    """
    bad = np.isnan(image)
    if not bad.any():
        return image
    rows, columns = np.nonzero(bad)
    padded = np.pad(image, 1, constant_values=np.nan)
    around = np.array([padded[rows + up, columns + right] for up in range(3) for right in range(3)])
    good = np.isfinite(around)
    total = np.where(good, around, 0.0).sum(0)
    made = image.copy()
    made[rows, columns] = np.divide(
        total, good.sum(0), out=np.full(len(rows), np.nan), where=good.any(0)
    )
    return made


def smoothed(image: Numbers, error: Numbers, sigma_px: float) -> tuple[Numbers, Numbers]:
    """Smooth by a Gaussian, each pixel weighing by its inverse variance.

    Parameters
    ----------
    image, error : ndarray, shape (rows, columns)
        Values and standard deviations; NaN for a pixel without.
    sigma_px : float
        Of the Gaussian, which reaches to 3 sigma.

    Returns
    -------
    image, error : ndarray of float64, shape (rows, columns)
        NaN where `image` is. Errors of neighbours are correlated.

    Notes
    -----
    The variances are smoothed first: a pixel that happens to have caught fewer photons has a
    smaller variance, and weighing it more for that would pull the picture down.
    """
    kernel = _kernel(sigma_px)
    usable = np.isfinite(image) & np.isfinite(error) & (error > 0.0)
    variance = np.where(usable, error, 0.0) ** 2
    near = _spread(usable.astype(np.float64), kernel)
    usual = np.divide(_spread(variance, kernel), near, out=np.ones_like(near), where=near > 0.0)
    weight = np.where(usable & (usual > 0.0), 1.0 / np.where(usual > 0.0, usual, 1.0), 0.0)
    total = _spread(weight, kernel)
    known = np.isfinite(image) & (total > 0.0)
    values = _spread(weight * np.where(usable, image, 0.0), kernel)
    scatter = _spread(weight**2 * variance, kernel**2)
    made, spread = np.full(image.shape, np.nan), np.full(image.shape, np.nan)
    np.divide(values, total, out=made, where=known)
    np.divide(np.sqrt(scatter), total, out=spread, where=known)
    return made, spread


def _kernel(sigma_px: float) -> Numbers:
    reach = math.ceil(_REACH_SIGMA * sigma_px)
    at = np.arange(-reach, reach + 1.0)
    kernel: Numbers = np.where(
        np.abs(at) <= _REACH_SIGMA * sigma_px, np.exp(-0.5 * (at / sigma_px) ** 2), 0.0
    )
    return np.asarray(kernel / kernel.sum(), np.float64)


def _spread(image: Numbers, kernel: Numbers) -> Numbers:
    """Convolve along rows and columns; nothing is outside of the frame."""
    from scipy.ndimage import convolve1d

    across = convolve1d(image, kernel, axis=1, mode="constant")
    return np.asarray(convolve1d(across, kernel, axis=0, mode="constant"), np.float64)
