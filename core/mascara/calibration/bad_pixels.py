"""Pixels that tell nothing of the sky: too hot to be corrected by a dark, or blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .master import MasterFrame

HOT_ADU = 1000.0
"""A dark takes less than this off better than a neighbour could replace it, even under a star:
the shot noise of 1000 ADU is 40 ADU, and 0.5 C change it by 60 ADU."""
BLIND, TOO_BRIGHT = 0.5, 1.5
_TILE = 32


def bad_pixels(dark: MasterFrame, flat: MasterFrame | None = None) -> NDArray[np.bool_]:
    """Find the pixels that are better replaced by their neighbours.

    Every pixel is compared with the median of its tile of 32 x 32 pixels, which follows glow and
    vignetting.

    Parameters
    ----------
    dark : MasterFrame
        Pixels 1000 ADU above or below their surroundings are bad.
    flat : MasterFrame or None
        Pixels with less than half or more than one and a half times the response of their
        surroundings are bad. One of another size or window than the dark is not used.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True in bad pixels of the active window; the shape is that of the raw frame.
    """
    mask = np.zeros(dark.image.shape, bool)
    # What is not a number counts as infinitely hot, and so leaves its surroundings alone.
    window = np.nan_to_num(dark.image[dark.active], nan=np.inf, posinf=np.inf)
    found = np.abs(window - _surroundings(window)) > HOT_ADU
    if flat is not None and (flat.image.shape, flat.active) == (dark.image.shape, dark.active):
        found |= _of_flat(flat.image[flat.active])
    mask[dark.active] = found
    return mask


def _of_flat(response: NDArray[np.float32]) -> NDArray[np.bool_]:
    level = _surroundings(response)
    inside: NDArray[np.bool_] = (response >= BLIND * level) & (response <= TOO_BRIGHT * level)
    # A tile without light says nothing of its pixels.
    return ~inside & (level > 0.0)


def _surroundings(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Median of its tile for every pixel, shape as the image; tiles at the end are mirrored."""
    rows, columns = image.shape
    padding = [(0, -size % min(_TILE, size)) for size in image.shape]
    tile_y, tile_x = min(_TILE, rows), min(_TILE, columns)
    padded = np.pad(image, padding, mode="reflect")
    tiles = padded.reshape(padded.shape[0] // tile_y, tile_y, -1, tile_x).swapaxes(1, 2)
    medians = np.median(tiles.reshape(*tiles.shape[:2], -1), axis=-1).astype(np.float32)
    return medians.repeat(tile_y, axis=0).repeat(tile_x, axis=1)[:rows, :columns]
