"""What is counted for the light curve of a region, and the pixels it holds."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
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

    def __hash__(self) -> int:
        """Found once: counts are kept by aperture, and its shapes may have many corners."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.shapes, self.cuts))

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right and top of all its shapes."""
        left, bottom, right, top = zip(*(shape.bounds() for shape in self.shapes), strict=True)
        return min(left), min(bottom), max(right), max(top)

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

    def __hash__(self) -> int:
        """Found once, as that of an aperture."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.aperture, self.lead))


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


_one_maker = threading.Lock()


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
    # Threads that count together ask for the same masks at once; one makes them for all, or the
    # window would wait for each of them.
    with _one_maker:
        return _made_mask(aperture, shape, shift)


# The same masks are asked for cube after cube.
@lru_cache(maxsize=1024)
def _made_mask(aperture: Aperture, shape: tuple[int, int], shift: Shift) -> PlacedMask:
    window = reach(aperture.bounds, shape, shift)
    inside = np.zeros(window.shape, np.bool_)
    for part in aperture.shapes:
        _mark(inside, window, part, shape, shift, is_in=True)
    for part in aperture.cuts:
        _mark(inside, window, part, shape, shift, is_in=False)
    return _trimmed(window, inside)


def _mark(
    inside: Mask, window: Window, part: Shape, frame: tuple[int, int], shift: Shift, *, is_in: bool
) -> None:
    """Put a shape into a mask or take it out; only where it can reach is looked at."""
    near = reach(part.bounds(), frame, shift)
    top, bottom = max(window.first_row, near.first_row), min(window.last_row, near.last_row)
    left = max(window.first_column, near.first_column)
    right = min(window.last_column, near.last_column)
    if top < bottom and left < right:
        x = np.arange(left, right, dtype=np.float64) + (1.0 - shift[0])
        y = np.arange(top, bottom, dtype=np.float64) + (1.0 - shift[1])
        rows = slice(top - window.first_row, bottom - window.first_row)
        columns = slice(left - window.first_column, right - window.first_column)
        inside[rows, columns][part.contains(x, y[:, None])] = is_in


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


def holds_pixels(aperture: Aperture, shape: tuple[int, int]) -> bool:
    """Whether an aperture that is not moved holds a pixel; mostly one row of a shape tells."""
    middles = (_holds_on_middle_row(part, aperture.cuts, shape) for part in aperture.shapes)
    return any(middles) or placed_mask(aperture, shape).pixels > 0


def _holds_on_middle_row(part: Shape, cuts: Sequence[Shape], shape: tuple[int, int]) -> bool:
    window = reach(part.bounds(), shape)
    x = np.arange(window.first_column + 1.0, window.last_column + 1.0)
    y = np.full(1, (window.first_row + window.last_row) // 2 + 1.0)
    held = part.contains(x, y)
    for cut in cuts:
        held = held & ~cut.contains(x, y)
    return bool(held.any())


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
    # Kept to the frame first: sizes may be beyond all numbers.
    first = math.floor(min(max(low - 1.0, 0.0), count - 1.0))
    return first, max(math.ceil(min(max(high + 1.0, 0.0), count)), first + 1)
