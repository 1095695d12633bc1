"""How screen cells fall on image pixels: the weights of an exact area average."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .viewport import Viewport

_TAPS = 4
# A cell that reaches less than this into the frame, in pixels, shows nothing of it.
_LEAST_OVERLAP = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class AxisPlan:
    """One axis of an area average, for the cells that touch the frame.

    Attributes
    ----------
    cells : slice
        The cells of the screen that touch the frame.
    first, last : int32 ndarray, shape (n,)
        First and last (inclusive) pixel of each of those cells.
    edges : float32 ndarray, shape (n, 3)
        Weight of the first pixel, of each one between, and of the last one; the weights of a
        cell add up to 1.
    """

    cells: slice
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    edges: NDArray[np.float32]

    def taps(self) -> NDArray[np.float32]:
        """Weights of successive pixels, shape (taps, n), padded to a multiple of four taps."""
        count = int((self.last - self.first).max(initial=0)) + 1
        taps = np.zeros((-(-count // _TAPS) * _TAPS, self.first.size), np.float32)
        place = np.arange(taps.shape[0])[:, None] + self.first
        taps[:] = np.where(place < self.last, self.edges[:, 1], 0)
        np.copyto(taps, self.edges[:, 2], where=place == self.last)
        taps[0] = self.edges[:, 0]
        return taps


def plan_axis(low: float, high: float, cells: int, pixels: int) -> AxisPlan:
    """Weights of `cells` equal cells between the edges `low` and `high` over `pixels` pixels.

    A cell partly outside the frame is the average of the part inside.
    """
    bounds = np.clip(np.linspace(low, high, cells + 1), 0, pixels)
    inside = np.flatnonzero(np.diff(bounds) > _LEAST_OVERLAP)
    span = slice(int(inside[0]), int(inside[-1]) + 1) if inside.size else slice(0, 0)
    begin, end = bounds[:-1][span], bounds[1:][span]
    first = np.floor(begin).astype(np.int32)
    last = (np.ceil(end) - 1).astype(np.int32)
    alone = first == last
    area = end - begin
    head = np.where(alone, area, first + 1 - begin)
    tail = np.where(alone, area, end - last)
    edges = np.stack([head, np.ones_like(area), tail], axis=1) / area[:, None]
    return AxisPlan(span, first, last, edges.astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class ShrinkPlan:
    """Both axes of an area average, in the form the kernels take.

    Attributes
    ----------
    rows : int32 ndarray, shape (n, 2)
        First and last row of each cell row, from the top of the screen down.
    row_weights : float32 ndarray, shape (n, 3)
    start : int32 ndarray, shape (m,)
        First column of each cell.
    weights : float32 ndarray, shape (taps, m)
    down, across : slice
        The cells that touch the frame.
    """

    rows: NDArray[np.int32]
    row_weights: NDArray[np.float32]
    start: NDArray[np.int32]
    weights: NDArray[np.float32]
    down: slice
    across: slice

    def band(self, part: int, parts: int) -> ShrinkPlan:
        """The `part`-th of `parts` horizontal bands of about equal height."""
        cuts = [len(self.rows) * k // parts for k in range(parts + 1)]
        chosen = slice(cuts[part], cuts[part + 1])
        down = slice(self.down.start + chosen.start, self.down.start + chosen.stop)
        return ShrinkPlan(
            self.rows[chosen], self.row_weights[chosen], self.start, self.weights, down, self.across
        )


@lru_cache(maxsize=8)
def plan_shrink(viewport: Viewport, shape: tuple[int, int]) -> ShrinkPlan:
    """Plan the area average of a frame of `shape` (rows, columns) seen through `viewport`."""
    upward = plan_axis(viewport.bottom, viewport.top, viewport.height, shape[0])
    across = plan_axis(viewport.left, viewport.right, viewport.width, shape[1])
    height = viewport.height
    down = slice(height - upward.cells.stop, height - upward.cells.start)
    if upward.first.size == 0:
        down = slice(0, 0)
    return ShrinkPlan(
        np.ascontiguousarray(np.stack([upward.first, upward.last], axis=1)[::-1]),
        np.ascontiguousarray(upward.edges[::-1]),
        across.first,
        across.taps(),
        down,
        across.cells,
    )
