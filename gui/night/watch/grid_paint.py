"""Paints the grid of batches: cells, names of cameras, hours, dusk and dawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont

from ...theme import ALIGN_NUMBER, DASHED, LineCue, spaced
from ..words import clock_of
from .grid_places import GAP_PX, LEAST_CELL_PX, LEAST_ROW_PX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PyQt6.QtGui import QPainter

    from ....core.mascara.watching.snapshot import BatchCell, Twilight
    from .cell_looks import CellLooks
    from .grid_places import Places
    from .measures import Limits, Measure

HOUR_D = 1.0 / 24.0
TICK_HOURS = (1, 2, 3, 6, 12)
TICK_PX = 3
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Shading:
    """What the cells are coloured by: a measure between limits."""

    measure: Measure
    limits: Limits

    def share(self, cell: BatchCell) -> float:
        """Place of a batch on the scale, 0 to 1; NaN without a number."""
        low, high = self.limits
        return (self.measure.value(cell) - low) / (high - low)


class GridPainter:
    """Paints one view of the grid.

    Parameters
    ----------
    looks : CellLooks
    places : Places
    scrolled : int
        How far the view is scrolled.
    """

    def __init__(self, looks: CellLooks, places: Places, scrolled: int) -> None:
        self._looks, self._places, self._scrolled = looks, places, scrolled

    def paint_cells(
        self,
        painter: QPainter,
        grid: Mapping[str, Sequence[BatchCell]],
        shading: Shading | None,
    ) -> None:
        """Paint the batches that are seen."""
        for row, camera in enumerate(self._places.extent.cameras):
            if shading is not None:
                self._paint_ground(painter, row)
            for left, cell in self._seen(grid.get(camera, ())):
                top = row * self._places.row_px
                if shading is None:
                    painter.drawPixmap(left, top, self._looks.picture(cell.state))
                else:
                    self._paint_number(painter, left, top, cell, shading)

    def _seen(self, cells: Sequence[BatchCell]) -> Iterator[tuple[int, BatchCell]]:
        """Left edge of each cell of a row that can be seen, and the cell."""
        if not cells:
            return
        places = self._places
        skipped = cells[0].number - places.extent.first
        first, last = places.columns_in(self._scrolled)
        for column in range(max(first, skipped), min(last, skipped + len(cells))):
            yield int(places.x_of(column, self._scrolled)), cells[column - skipped]

    def _paint_number(
        self, painter: QPainter, left: int, top: int, cell: BatchCell, shading: Shading
    ) -> None:
        """A bar, so that height tells what colour does; the state where there is no number."""
        share = shading.share(cell)
        if not math.isfinite(share):
            painter.drawPixmap(left, top, self._looks.picture(cell.state))
            return
        size = self._looks.size
        height, colour = self._looks.bar(share)
        painter.fillRect(left, top + size.height() - height, size.width(), height, colour)

    def _paint_ground(self, painter: QPainter, row: int) -> None:
        """What the bars of a camera stand on."""
        places, height = self._places, self._looks.size.height()
        right = int(places.x_of(places.extent.columns, self._scrolled))
        ground = QRect(places.left, row * places.row_px, right - places.left, height)
        painter.fillRect(ground, QColor(self._looks.roles.field))

    def paint_selection(self, painter: QPainter, row: int, column: int, *, has_focus: bool) -> None:
        """Draw a frame round a cell, a double one while the keyboard is here."""
        places, roles = self._places, self._looks.roles
        left = places.x_of(column, self._scrolled)
        cell = QRectF(left, row * places.row_px, places.cell_px - GAP_PX, places.row_px - GAP_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(LineCue(roles.text).pen())
        painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))
        if has_focus:
            painter.setPen(LineCue(roles.accent).pen())
            painter.drawRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5))

    def paint_names(self, painter: QPainter, names: Sequence[str], font: QFont) -> None:
        """Write the cameras on the left, over what is scrolled away."""
        places, roles = self._places, self._looks.roles
        ground = QRect(0, 0, places.left - GAP_PX, places.bottom + places.height)
        painter.fillRect(ground, QColor(roles.panel))
        painter.setPen(QColor(roles.text))
        painter.setFont(font)
        for row, name in enumerate(names):
            place = QRect(0, row * places.row_px, places.left - spaced(1), places.row_px - GAP_PX)
            painter.drawText(place, ALIGN_NUMBER, name)

    # Times

    def paint_times(self, painter: QPainter, width: int, twilight: Twilight) -> None:
        """Mark whole hours below the cells, and dusk and dawn through them."""
        roles = self._looks.roles
        ends = ((twilight.dusk_jd, "dusk"), (twilight.dawn_jd, "dawn"))
        seen = [(jd, word) for jd, word in ends if math.isfinite(jd) and self._is_seen(jd)]
        painter.setPen(LineCue(roles.text, DASHED).pen())
        for jd, _ in seen:
            x = round(self._x_of(jd)) + 0.5
            painter.drawLine(QLineF(x, 0.0, x, self._places.bottom))
        for jd, word in seen:
            self._paint_moment(painter, jd, word, roles.text)
        for jd in self._hours(width):
            x = self._x_of(jd)
            is_alone = all(abs(x - self._x_of(end)) > width for end, _ in seen)
            if is_alone and x + width < self._places.width:
                self._paint_moment(painter, jd, clock_of(jd), roles.muted)

    def _hours(self, width: int) -> Iterator[float]:
        """Whole hours that are seen, as many as there is room for."""
        places, extent = self._places, self._places.extent
        first, _ = places.columns_in(self._scrolled)
        start, each = extent.jd_of(first), (extent.jd_of(1.0) - extent.jd_of(0.0))
        if not math.isfinite(start):
            return
        hour_px = places.cell_px * HOUR_D / each
        step = next((n for n in TICK_HOURS if n * hour_px >= width), TICK_HOURS[-1])
        # Julian days begin at noon.
        hour = math.ceil((start + 0.5) * 24.0 / step) * step
        while self._x_of(jd := hour / 24.0 - 0.5) < places.width:
            yield jd
            hour += step

    def _x_of(self, jd: float) -> float:
        """Place of a moment; the middle of a batch is in the middle of its cell."""
        return self._places.x_of(self._places.extent.column_of(jd) + 0.5, self._scrolled)

    def _is_seen(self, jd: float) -> bool:
        return self._places.left <= self._x_of(jd) < self._places.width

    def _paint_moment(self, painter: QPainter, jd: float, text: str, colour: str) -> None:
        """Write a time beside its tick, on the left where there is no room on the right."""
        x, bottom = round(self._x_of(jd)), self._places.bottom
        metrics = painter.fontMetrics()
        place = QRect(x + spaced(1), bottom, metrics.horizontalAdvance(text) + 2, metrics.height())
        painter.setPen(QColor(colour))
        painter.drawLine(x, bottom, x, bottom + TICK_PX)
        if place.right() > self._places.width:
            place.moveRight(x - spaced(1))
        painter.drawText(place, LEFT, text)


def least_height(cameras: int, line_px: int) -> int:
    """Of a grid with so many cameras."""
    return max(1, cameras) * LEAST_ROW_PX + line_px


def cell_size(places: Places) -> QSize:
    """Of a cell, without the gaps."""
    return QSize(max(LEAST_CELL_PX - 1, places.cell_px - GAP_PX), places.row_px - GAP_PX)
