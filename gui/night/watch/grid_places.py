"""Where the batches of a grid stand: cameras from top to bottom, batches from left to right."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ....core.mascara.letters import in_order
from ....core.timing.sidereal import BATCH_D

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ....core.mascara.watching.snapshot import BatchCell

LEAST_CELL_PX, MOST_CELL_PX = 8, 24
LEAST_ROW_PX, MOST_ROW_PX = 13, 26
GAP_PX = 1
MOST_AHEAD = 250
"""Batches that a night may still be expected to have: no night is longer than this."""


@dataclass(frozen=True)
class Extent:
    """Which batches there are.

    Parameters
    ----------
    cameras : tuple of str
    first : int
        Number of the first batch of any camera.
    columns : int
        From the first to the newest batch.
    expected : int
        From the first batch to the one at dawn; for these there must be room.
    first_jd : float
        Middle of the first batch, JD (UTC); NaN where no batch has a time.
    """

    cameras: tuple[str, ...] = ()
    first: int = 0
    columns: int = 0
    expected: int = 0
    first_jd: float = math.nan

    def jd_of(self, column: float) -> float:
        """Middle of the batch of a column."""
        return self.first_jd + column * BATCH_D

    def column_of(self, jd: float) -> float:
        """Column in which a moment lies; its middle is a whole number."""
        return (jd - self.first_jd) / BATCH_D


def extent_of(grid: Mapping[str, tuple[BatchCell, ...]], dawn_jd: float) -> Extent:
    """Find out which batches a grid has."""
    filled = {camera: cells for camera, cells in grid.items() if cells}
    if not filled:
        return Extent()
    first = min(cells[0].number for cells in filled.values())
    columns = max(cells[-1].number for cells in filled.values()) - first + 1
    timed = (cell for cells in filled.values() for cell in cells if math.isfinite(cell.mid_jd))
    known = next(timed, None)
    first_jd = math.nan if known is None else known.mid_jd - (known.number - first) * BATCH_D
    found = Extent(tuple(in_order(filled)), first, columns, columns, first_jd)
    ahead = found.column_of(dawn_jd)
    is_ahead = math.isfinite(ahead) and columns < ahead < columns + MOST_AHEAD
    return replace(found, expected=math.ceil(ahead)) if is_ahead else found


@dataclass(frozen=True)
class Places:
    """Where the cells of an extent stand in a view.

    Parameters
    ----------
    extent : Extent
    left : int
        Room for the names of the cameras.
    width, height : int
        Of the view, the line of times below the cells not included.
    """

    extent: Extent
    left: int
    width: int
    height: int

    @property
    def cell_px(self) -> int:
        """Width of a cell with the gap beside it."""
        room = max(0, self.width - self.left) // max(1, self.extent.expected)
        return min(MOST_CELL_PX, max(LEAST_CELL_PX, room))

    @property
    def row_px(self) -> int:
        """Height of a cell with the gap below it."""
        room = self.height // max(1, len(self.extent.cameras))
        return min(MOST_ROW_PX, max(LEAST_ROW_PX, room))

    @property
    def bottom(self) -> int:
        """Where the line of times begins."""
        return self.row_px * len(self.extent.cameras)

    @property
    def overhang(self) -> int:
        """How far the view can be scrolled."""
        return max(0, self.left + self.extent.columns * self.cell_px - self.width)

    def x_of(self, column: float, scrolled: int) -> float:
        """Left edge of a column."""
        return self.left + column * self.cell_px - scrolled

    def columns_in(self, scrolled: int) -> tuple[int, int]:
        """First column that is seen, and the one after the last."""
        first = max(0, scrolled // self.cell_px)
        last = (scrolled + self.width - self.left) // self.cell_px + 1
        return first, min(self.extent.columns, last)

    def at(self, x: float, y: float, scrolled: int) -> tuple[int, int] | None:
        """Row and column of the cell at a place of the view."""
        if x < self.left or not 0 <= y < self.bottom:
            return None
        column = int((x - self.left + scrolled) // self.cell_px)
        return (int(y // self.row_px), column) if column < self.extent.columns else None
