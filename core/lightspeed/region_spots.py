"""What is counted for the light curve of a region, and the pixels it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .reduce.apertures import runs_of
from .reduce.blocks import Window
from .reduce.views import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..regions.shapes import Bounds, Shape

    Mask = NDArray[np.bool_]

Shift = tuple[float, float]
"""Columns and rows an aperture is moved by."""
UNMOVED: Shift = (0.0, 0.0)


@dataclass(frozen=True)
class Aperture:
    """Pixels in any of some shapes and in none of those that cut it.

    Attributes
    ----------
    shapes, cuts : tuple of Shape
        In 1-based image pixels.
    """

    shapes: tuple[Shape, ...]
    cuts: tuple[Shape, ...] = ()

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right and top of all its shapes."""
        every = [shape.bounds() for shape in self.shapes]
        low, high = np.min(every, axis=0), np.max(every, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of its bounds."""
        left, bottom, right, top = self.bounds
        return (left + right) / 2, (bottom + top) / 2


@dataclass(frozen=True)
class Lead:
    """A star that apertures follow.

    Attributes
    ----------
    aperture : Aperture
        Around the star; its middle is put on it.
    most_px : float
        How far the star may be from its last place.
    """

    aperture: Aperture
    most_px: float


@dataclass(frozen=True)
class Spot:
    """An aperture that stays in its place, or moves along with a star."""

    aperture: Aperture
    lead: Lead | None = None


class PlacedMask(NamedTuple):
    """A mask, as runs of pixels in the smallest window around them.

    Attributes
    ----------
    window : Window
        In the frame; its first pixel where the aperture holds none.
    runs : ndarray of int64, shape (n, 3)
        Row, first and last column (not in it), counted from the corner of the window.
    pixels : int
        How many it holds.
    """

    window: Window
    runs: NDArray[np.int64]
    pixels: int

    @property
    def inside(self) -> Mask:
        """Which pixels of the window it holds."""
        inside = np.zeros(self.window.shape, np.bool_)
        for row, first, last in self.runs:
            inside[row, first:last] = True
        return inside


# The same masks are asked for cube after cube.
@lru_cache(maxsize=1024)
def placed_mask(aperture: Aperture, shape: tuple[int, int], shift: Shift = UNMOVED) -> PlacedMask:
    """Find the pixels whose centres lie in an aperture, as DS9 decides on outlines.

    Parameters
    ----------
    aperture : Aperture
    shape : (rows, columns)
        Of the frame.
    shift : tuple of float
        Columns and rows the aperture is moved by, parts of a pixel included.
    """
    window = reach(aperture.bounds, shape, shift)
    rows = np.arange(window.first_row, window.last_row, dtype=np.float64)
    columns = np.arange(window.first_column, window.last_column, dtype=np.float64)
    x, y = columns + (1.0 - shift[0]), rows[:, None] + (1.0 - shift[1])
    inside = np.zeros(window.shape, np.bool_)
    for part in aperture.shapes:
        inside |= part.contains(x, y)
    for part in aperture.cuts:
        inside &= ~part.contains(x, y)
    return _trimmed(window, inside)


def reach(bounds: Bounds, shape: tuple[int, int], shift: Shift = UNMOVED) -> Window:
    """Part of the frame around moved bounds, at least one pixel."""
    left, bottom, right, top = bounds
    rows = _between(bottom + shift[1], top + shift[1], shape[0])
    columns = _between(left + shift[0], right + shift[0], shape[1])
    return Window(*rows, *columns)


def around(masks: Sequence[PlacedMask]) -> Window:
    """Smallest window around several."""
    windows = np.array([mask.window for mask in masks])
    first, last = windows.min(0), windows.max(0)
    return Window(int(first[0]), int(last[1]), int(first[2]), int(last[3]))


def _trimmed(window: Window, inside: Mask) -> PlacedMask:
    runs = frozen(runs_of(inside))
    if not len(runs):
        return PlacedMask(Window(0, 1, 0, 1), runs, 0)
    first = int(runs[:, 0].min()), int(runs[:, 1].min())
    last = int(runs[:, 0].max()) + 1, int(runs[:, 2].max())
    top, left = window.first_row, window.first_column
    part = Window(top + first[0], top + last[0], left + first[1], left + last[1])
    corner = np.array((first[0], first[1], first[1]))
    return PlacedMask(part, frozen(runs - corner), int(np.count_nonzero(inside)))


def _between(low: float, high: float, count: int) -> tuple[int, int]:
    """Indices of the pixels between two 1-based coordinates, one more against rounding."""
    first = min(max(math.floor(low - 1.0), 0), count - 1)
    return first, max(min(math.ceil(high - 1.0) + 2, count), first + 1)
