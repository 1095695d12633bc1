"""The scale of transparency, with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QLinearGradient, QPainter
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import LineCue, spaced, tabular_font, worn
from .sky_scale import HIGHEST, TICKS, scale_colours

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent

    from ...theme import Roles

BAR_PX = 14
TICK_PX = 4
LEAST_LINES = 8


class ScaleBar(QWidget):
    """An upright bar from nothing to more than a clear sky."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self.setFont(tabular_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setToolTip("Part of the light of a clear sky that arrives; the end stands for more")

    def sizeHint(self) -> QSize:
        """Bar, numbers, and what they mean."""
        metrics = self.fontMetrics()
        width = BAR_PX + TICK_PX + spaced(1) + metrics.horizontalAdvance("1.0 clear ")
        return QSize(width, 2 * LEAST_LINES * metrics.height())

    def minimumSizeHint(self) -> QSize:
        """A line for each number."""
        return QSize(self.sizeHint().width(), LEAST_LINES * self.fontMetrics().height())

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw the bar, its numbers beside it."""
        painter = QPainter(self)
        half = self.fontMetrics().height() / 2.0
        bar = QRectF(0.5, half, BAR_PX, self.height() - 2.0 * half)
        fill = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        colours = scale_colours(self._roles)
        for place, colour in enumerate(colours):
            fill.setColorAt(place / (len(colours) - 1), colour)
        painter.setPen(LineCue(self._roles.muted).pen())
        painter.setBrush(fill)
        painter.drawRect(bar)
        for value in TICKS:
            self._paint_tick(painter, bar, value)
        painter.end()

    def _paint_tick(self, painter: QPainter, bar: QRectF, value: float) -> None:
        y = bar.bottom() - value / HIGHEST * bar.height()
        painter.setPen(LineCue(self._roles.muted).pen())
        painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + TICK_PX, y))
        height = self.fontMetrics().height()
        left = bar.right() + TICK_PX + spaced(1)
        room = QRectF(left, y - height / 2.0, self.width() - left, height)
        painter.setPen(QColor(self._roles.text))
        text = f"{value:.1f} clear" if value == 1.0 else f"{value:.1f}"
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
