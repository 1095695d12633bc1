"""How probable a value of a pixel is for a true number of electrons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .pearson import PearsonShape, pearson_density, pearson_shape
from .telegraph import PARAMS, peaks_density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .planes import Planes

    Numbers = NDArray[np.float64]

# Constants of so many pixels are kept at most: 40 MB.
MOST_KEPT_PX = 1 << 20
_BLOCK = 1 << 16


class NoiseDensity:
    """The normalised density of each pixel: three peaks where they are known, else Pearson IV.

    Parameters
    ----------
    planes : Planes
        What is known of the pixels; without skewness it is taken for 0.
    """

    def __init__(self, planes: Planes) -> None:
        self._planes = planes
        self._kept: PearsonShape | None = None

    def at(self, pixels: NDArray[np.integer], u_e: Numbers) -> Numbers:
        """Give the density.

        Parameters
        ----------
        pixels : ndarray of int, shape (n,)
            Flat indices, row by row.
        u_e : ndarray, shape (n, m) or (1, m)
            Electrons less bias and less true electrons.

        Returns
        -------
        ndarray of float64, shape (n, m)
            Per electron.
        """
        density = np.empty(np.broadcast_shapes((pixels.size, 1), u_e.shape))
        for first in range(0, pixels.size, _BLOCK):
            part = slice(first, first + _BLOCK)
            density[part] = self._of_some(pixels[part], u_e if len(u_e) == 1 else u_e[part])
        return density

    def _of_some(self, pixels: NDArray[np.integer], u_e: Numbers) -> Numbers:
        if self._planes.params is None:
            return self._pearson(pixels, u_e)
        params = self._planes.params.reshape(-1, PARAMS)[pixels]
        density = peaks_density(params, u_e)
        unknown = ~((params[:, 0] > 0.0) & np.isfinite(params).all(1))
        if unknown.any():
            rest = np.broadcast_to(u_e, density.shape)[unknown]
            density[unknown] = self._pearson(pixels[unknown], rest)
        return density

    def _pearson(self, pixels: NDArray[np.integer], u_e: Numbers) -> Numbers:
        shape = self._shape(pixels)
        return pearson_density(PearsonShape(*(part[:, np.newaxis] for part in shape)), u_e)

    def _shape(self, pixels: NDArray[np.integer]) -> PearsonShape:
        """Constants of the density: of all pixels once and kept, unless they are too many."""
        widths, skew = self._planes.widths.ravel(), self._planes.skew
        if widths.size > MOST_KEPT_PX:
            return pearson_shape(widths[pixels], 0.0 if skew is None else skew.ravel()[pixels])
        if self._kept is None:
            self._kept = pearson_shape(
                widths, np.zeros(widths.size) if skew is None else skew.ravel()
            )
        return PearsonShape(*(part[pixels] for part in self._kept))
