"""Hatched stretches of the timeline where frames are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPen
from PyQt6.QtWidgets import QGraphicsItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPainter
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from .theme import Roles

NARROWEST_PX = 3.0


@dataclass(frozen=True)
class GapMark:
    """Frames missing after frame `after_frame` (from 0): how many and by what evidence."""

    after_frame: int
    frames: int
    reason: str = ""


@dataclass(frozen=True)
class Span:
    """Where a gap is drawn, on the axis of the timeline."""

    left: float
    right: float
    mark: GapMark


class GapItem(QGraphicsItem):
    """Paints the gaps in view, each at least three pixels wide."""

    def __init__(self, roles: Roles) -> None:
        super().__init__()
        self._spans: tuple[Span, ...] = ()
        self._view = QRectF()
        self._roles = roles
        self.setZValue(-5)

    def set_spans(self, spans: Sequence[Span]) -> None:
        """Mark these stretches and no others."""
        self._spans = tuple(spans)
        self.update()

    def set_view(self, view: QRectF) -> None:
        """Take note of what is visible."""
        if view != self._view:
            self.prepareGeometryChange()
            self._view = QRectF(view)

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.update()

    def span_at(self, position: float, tolerance: float) -> Span | None:
        """Gap at a position of the axis."""
        for span in self._spans:
            if span.left - tolerance <= position <= span.right + tolerance:
                return span
        return None

    def boundingRect(self) -> QRectF:
        """All that is visible."""
        return self._view

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
        for rect in self._rects():
            painter.drawRect(_at_least(world.mapRect(rect)))
        painter.restore()

    def _rects(self) -> list[QRectF]:
        view = self._view
        return [
            QRectF(span.left, view.top(), span.right - span.left, view.height())
            for span in self._spans
            if span.right >= view.left() and span.left <= view.right()
        ]


def _at_least(rect: QRectF) -> QRectF:
    missing = NARROWEST_PX - rect.width()
    return rect.adjusted(-missing / 2, -1, missing / 2, 1) if missing > 0 else rect
