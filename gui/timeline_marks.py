"""Hatched stretches of the timeline where frames are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPen
from PyQt6.QtWidgets import QGraphicsItem

from .widgets.view_item import ViewItem

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter, QTransform
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from .envelope import Floats
    from .theme import Roles

NARROWEST_PX = 3.0


@dataclass(frozen=True)
class GapMark:
    """Frames missing after frame `after_frame` (from 0): how many and by what evidence."""

    after_frame: int
    frames: int
    reason: str = ""


class GapItem(ViewItem):
    """Paints the gaps in view, each at least three pixels wide; gaps that touch become one.

    A disk that cannot keep up makes ten thousand gaps: they cost no more than there are pixels,
    and nothing while only the cursor moves.
    """

    def __init__(self, roles: Roles) -> None:
        super().__init__()
        self._left: Floats = np.empty(0)
        self._right: Floats = np.empty(0)
        self._roles = roles
        self.setZValue(-5)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_spans(self, left: Floats, right: Floats) -> None:
        """Mark these stretches of the axis, shape (n,) both, ascending, and no others."""
        self._left, self._right = left, right
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.update()

    def gap_at(self, position: float, tolerance: float) -> int | None:
        """Which gap lies at a position of the axis, from 0."""
        first = int(np.searchsorted(self._right, position - tolerance))
        is_there = first < len(self._left) and self._left[first] <= position + tolerance
        return first if is_there else None

    def paint(
        self,
        painter: QPainter | None,
        _option: QStyleOptionGraphicsItem | None,
        _widget: QWidget | None = None,
    ) -> None:
        """Hatch in device pixels, so that the lines keep their distance at every zoom."""
        if painter is None:
            return
        world = painter.transform()
        painter.save()
        painter.resetTransform()
        colour = QColor(self._roles.warn)
        painter.setPen(QPen(colour, 1))
        painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
        for rect in self.rects(world):
            painter.drawRect(rect)
        painter.restore()

    def rects(self, world: QTransform) -> list[QRectF]:
        """What is painted, in device pixels."""
        view, area = self._view, world.mapRect(self._view)
        first = int(np.searchsorted(self._right, view.left()))
        last = int(np.searchsorted(self._left, view.right(), "right"))
        if first >= last:
            return []
        scale = area.width() / view.width()
        left, right = (
            area.left() + (edges[first:last] - view.left()) * scale
            for edges in (self._left, self._right)
        )
        return [
            QRectF(x, area.top() - 1, width, area.height() + 2) for x, width in _joined(left, right)
        ]


def _joined(left: Floats, right: Floats) -> list[tuple[float, float]]:
    """Left edge and width of stretches of at least three pixels, those that touch joined."""
    missing = np.maximum(0.0, NARROWEST_PX - (right - left)) / 2
    left, right = left - missing, right + missing
    farthest = np.maximum.accumulate(right)
    starts = np.flatnonzero(np.append(True, left[1:] > farthest[:-1]))
    begin, end = left[starts], np.maximum.reduceat(right, starts)
    return list(zip(begin.tolist(), (end - begin).tolist(), strict=True))
