"""Exact areas of pixels inside a polygon."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Place = tuple[float, float]


def polygon_areas(points: Sequence[Place], size: tuple[int, int]) -> Numbers:
    """Find how much of each pixel a polygon holds, by the even-odd rule.

    Each edge is cut where it crosses from pixel to pixel. A piece of height h turns the pixels
    to its right by h, and its own by the part of it that lies to its right; sums along the rows
    are then areas times the number of turns (the way fonts are drawn). Exact, but for pixels
    in which edges cross.

    Parameters
    ----------
    points : sequence of (x, y)
        Corners, from the lower left corner of the first pixel.
    size : (rows, columns)

    Returns
    -------
    ndarray of float64, shape `size`
        From 0 to 1.
    """
    rows, columns = size
    turned = np.zeros(rows * (columns + 1))
    for start, end in pairwise((*points, points[0])):
        places, heights = _turns(start, end, size)
        turned += np.bincount(places, heights, turned.size)
    turns = np.cumsum(turned.reshape(rows, columns + 1), axis=1)[:, :columns]
    # 0 for an even number of turns, 1 for an odd one, straight in between.
    return np.asarray(np.clip(1.0 - abs(abs(turns) % 2.0 - 1.0), 0.0, 1.0))


def _turns(start: Place, end: Place, size: tuple[int, int]) -> tuple[NDArray[np.intp], Numbers]:
    """Flat places of a grid with one more column, and what is added there, for one edge."""
    rows, columns = size
    (x0, y0), (x1, y1) = start, end
    cuts = np.concatenate(([0.0, 1.0], _crossings(x0, x1, columns), _crossings(y0, y1, rows)))
    cuts = np.unique(cuts)
    x, y = x0 + cuts * (x1 - x0), y0 + cuts * (y1 - y0)
    # Left of the grid an edge turns whole rows, right of it none.
    middle = np.clip((x[1:] + x[:-1]) / 2, 0.0, columns)
    row = np.floor((y[1:] + y[:-1]) / 2).astype(np.intp)
    height = np.diff(y)
    used = (row >= 0) & (row < rows)
    row, middle, height = row[used], middle[used], height[used]
    column = np.minimum(middle.astype(np.intp), columns - 1)
    right = middle - column
    first = row * (columns + 1) + column
    return np.concatenate((first, first + 1)), np.concatenate(
        (height * (1.0 - right), height * right)
    )


def _crossings(start: float, end: float, count: int) -> Numbers:
    """Parts of the way at which whole numbers from 0 to `count` are crossed."""
    low, high = sorted((start, end))
    if low == high:
        return np.zeros(0)
    lines = np.arange(max(np.ceil(low), 0.0), min(np.floor(high), count) + 0.5)
    return (lines - start) / (end - start)
