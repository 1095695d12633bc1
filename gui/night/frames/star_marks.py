"""Rings around thousands of stars, put into a picture as fast as it can be painted."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtGui import QColor, QImage

from ...frame.coloured import memory_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Pixels = npt.NDArray[np.uint32]

RADII = ((3.0, 9.5), (4.0, 8.0), (5.0, 7.0), (6.0, 6.0), (7.0, 5.0), (8.0, 4.0), (99.0, 3.25))
"""Stars up to a magnitude, and the radius of their rings in logical pixels."""
MARGIN = 48
"""Device pixels around the view into which rings at its edge may reach."""
_SHADE = 0.55
_OPEN = 0.7
_MOST_RADIUS = 40.0


def blank(width: int, height: int) -> Pixels:
    """An empty picture of a view of device pixels, with its margin."""
    return np.zeros((height + 2 * MARGIN, width + 2 * MARGIN), np.uint32)


def image_of(pixels: Pixels, ratio: float) -> QImage:
    """The same memory as a picture; the array must live as long as it."""
    rows, columns = pixels.shape
    premultiplied = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(memory_of(pixels), columns, rows, 4 * columns, premultiplied)
    image.setDevicePixelRatio(ratio)
    return image


def add_rings(
    pixels: Pixels,
    x: Numbers,
    y: Numbers,
    vmag: Numbers,
    colours: tuple[str, str],
    ratio: float,
    scale: float,
) -> None:
    """Put a ring around each place, the brightest stars last.

    Parameters
    ----------
    pixels : ndarray of uint32
        Of `blank`.
    x, y : ndarray of float64, shape (n,)
        Device pixels of the view.
    vmag : ndarray of float64, shape (n,)
    colours : tuple of str
        Of the ring and of its shadow.
    ratio : float
        Device pixels in a logical one.
    scale : float
        Logical pixels in one of the image.
    """
    limits = [limit for limit, _ in RADII]
    classes = np.searchsorted(limits, vmag)
    for number in range(len(RADII) - 1, -1, -1):
        chosen = classes == number
        if chosen.any():
            radius = min(_grown(RADII[number][1], scale), (MARGIN - 4) / ratio - 2.5)
            glyph = _ring(radius, ratio, *colours)
            _stamp(pixels, x[chosen], y[chosen], *glyph)


def radius_of(vmag: float, scale: float = 1.0) -> float:
    """Radius of the ring around a star, logical pixels."""
    radius = next((radius for limit, radius in RADII if vmag <= limit), RADII[-1][1])
    return _grown(radius, scale)


def _grown(radius: float, scale: float) -> float:
    """Where pixels are large, a ring stays around its star; in steps, so that few are drawn."""
    steps = max(0, round(4.0 * math.log2(max(_OPEN * scale, 1.0))))
    return min(radius * math.pow(2.0, steps / 4.0), _MOST_RADIUS)


def _stamp(
    pixels: Pixels,
    x: Numbers,
    y: Numbers,
    offsets: npt.NDArray[np.int64],
    values: npt.NDArray[np.uint32],
) -> None:
    rows, columns = pixels.shape
    across, down = np.rint(x).astype(np.int64) + MARGIN, np.rint(y).astype(np.int64) + MARGIN
    reach = int(np.abs(offsets).max())
    inside = (across >= reach) & (across < columns - reach)
    inside &= (down >= reach) & (down < rows - reach)
    starts = down[inside] * columns + across[inside]
    shifts = offsets[0] * columns + offsets[1]
    pixels.reshape(-1)[starts[:, None] + shifts[None, :]] = values


@lru_cache(maxsize=64)
def _ring(
    radius: float, ratio: float, colour: str, shadow: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
    """Offsets (2, m) down and across of the pixels of a ring, and their colours."""
    reach = min(MARGIN - 1, round((radius + 2.5) * ratio))
    side = np.arange(-reach, reach + 1)
    down, across = np.meshgrid(side, side, indexing="ij")
    off = np.abs(np.hypot(down, across) - radius * ratio)
    thick = 0.6 * max(1.0, 0.75 * ratio)
    line = np.clip(thick + 0.5 - off, 0.0, 1.0)
    shade = _SHADE * np.clip(thick + ratio + 0.5 - off, 0.0, 1.0)
    alpha = line + shade * (1.0 - line)
    seen = alpha > 0.05
    values = _premultiplied(line[seen], shade[seen], alpha[seen], colour, shadow)
    return np.stack([down[seen], across[seen]]).astype(np.int64), values


def _premultiplied(
    line: Numbers, shade: Numbers, alpha: Numbers, colour: str, shadow: str
) -> npt.NDArray[np.uint32]:
    front, back = QColor(colour), QColor(shadow)
    pairs = zip(
        (front.red(), front.green(), front.blue()),
        (back.red(), back.green(), back.blue()),
        strict=True,
    )
    red, green, blue = (
        np.rint(top * line + below * shade * (1.0 - line)).astype(np.uint32) for top, below in pairs
    )
    opaque = np.rint(255.0 * alpha).astype(np.uint32)
    return packed_argb(opaque, red, green, blue)


def packed_argb(alpha: Pixels, red: Pixels, green: Pixels, blue: Pixels) -> Pixels:
    """Colours as Qt keeps them in memory."""
    argb = np.left_shift(alpha, 24) | np.left_shift(red, 16) | np.left_shift(green, 8) | blue
    return np.asarray(argb, np.uint32)
