"""How many pixels have which value, with the limits as lines to drag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ..theme import spaced, tabular_font
from ..widgets.pens import cosmetic_pen
from .axis_ticks import round_ticks, tick_text

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent, QPaintEvent

    from ...core.picture.histogram import Histogram
    from ..theme import Roles

_GRIP_PX = 8.0
_TICK_ROOM_PX = 64
End = Literal["low", "high"]


class HistogramPlot(QWidget):
    """Draw a histogram with a logarithmic height; `limitsDragged` follows the two lines.

    While a line is held, neither the axis nor the other line moves, whatever arrives.
    """

    limitsDragged = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._waiting: Histogram | None = None
        self._limits = (0.0, 1.0)
        self._held: End | None = None
        self._unit = "ADU"
        self._colours = {name: QColor("grey") for name in ("panel", "line", "muted", "accent")}
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(96)
        self.setToolTip("Pixels in each step of value, logarithmic. Drag the lines.")

    def sizeHint(self) -> QSize:
        """A flat panel."""
        return QSize(260, 140)

    @property
    def is_held(self) -> bool:
        """Whether a line is being dragged."""
        return self._held is not None

    @property
    def limits(self) -> tuple[float, float]:
        """Where the two lines stand."""
        return self._limits

    def set_histogram(self, histogram: Histogram | None) -> None:
        """Show another histogram, after the drag if there is one."""
        self._waiting = histogram
        if self._held is None:
            self._histogram = histogram
            self.update()

    def set_limits(self, low: float, high: float) -> None:
        """Put the lines where the limits are; a held line is not moved."""
        if self._held is None and (low, high) != self._limits:
            self._limits = (low, high)
            self.update()

    def set_unit(self, unit: str) -> None:
        """Tell what the values are."""
        self._unit = unit
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        for name in self._colours:
            self._colours[name] = QColor(getattr(roles, name))
        self.update()

    def x_of(self, value: float) -> float:
        """Where a value stands, in pixels from the left."""
        plot, (begin, end) = self._plot_rect(), self._range()
        return plot.left() + (value - begin) / (end - begin) * plot.width()

    def value_at(self, x: float) -> float:
        """Which value stands at a place."""
        plot, (begin, end) = self._plot_rect(), self._range()
        return begin + (x - plot.left()) / max(plot.width(), 1.0) * (end - begin)

    def _range(self) -> tuple[float, float]:
        shown = self._histogram
        return (0.0, 1.0) if shown is None else (shown.low, shown.high)

    def _plot_rect(self) -> QRectF:
        below = self.fontMetrics().height() + spaced(1)
        return QRectF(self.rect()).adjusted(spaced(1), spaced(1), -spaced(1), -below)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw steps, ticks and lines, or say that there is nothing."""
        painter = QPainter(self)
        if self._histogram is None:
            painter.setPen(self._colours["muted"])
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No frame to count yet.")
        else:
            self._paint_steps(painter, self._histogram)
            self._paint_ticks(painter)
            self._paint_lines(painter)
        painter.end()

    def _paint_steps(self, painter: QPainter, shown: Histogram) -> None:
        plot = self._plot_rect()
        heights = np.log1p(shown.counts.astype(np.float64))
        heights *= plot.height() / max(float(heights.max(initial=0.0)), 1e-9)
        edges = plot.left() + np.linspace(0.0, plot.width(), heights.size + 1)
        x = np.repeat(edges, 2)[1:-1]
        y = plot.bottom() - np.repeat(heights, 2)
        corners = [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        outline = [QPointF(x[0], plot.bottom()), *corners, QPointF(x[-1], plot.bottom())]
        fill = QColor(self._colours["muted"])
        fill.setAlpha(90)
        painter.setPen(cosmetic_pen(self._colours["muted"]))
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF(outline))

    def _paint_ticks(self, painter: QPainter) -> None:
        plot = self._plot_rect()
        painter.setFont(tabular_font(self.font()))
        painter.setPen(self._colours["line"])
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setPen(self._colours["muted"])
        ascent = self.fontMetrics().ascent()
        painter.drawText(QPointF(plot.left(), plot.top() + ascent), "pixels (log)")
        unit = self._unit
        unit_width = self.fontMetrics().horizontalAdvance(unit) + spaced(2)
        ticks = round_ticks(*self._range(), max(int(plot.width()) // _TICK_ROOM_PX, 1))
        for value in ticks:
            x = self.x_of(value)
            text = tick_text(value)
            half = self.fontMetrics().horizontalAdvance(text) / 2.0
            if plot.left() <= x - half and x + half <= plot.right() - unit_width:
                painter.drawLine(QLineF(x, plot.bottom(), x, plot.bottom() + 3.0))
                painter.drawText(QPointF(x - half, self.height() - 2.0), text)
        painter.drawText(QPointF(plot.right() - unit_width + spaced(2), self.height() - 2.0), unit)

    def _paint_lines(self, painter: QPainter) -> None:
        plot = self._plot_rect()
        second_line = plot.top() + self.fontMetrics().height() + self.fontMetrics().ascent()
        for name, value in zip(("low", "high"), self._limits, strict=True):
            x = self._line_x(value)
            pen = cosmetic_pen(self._colours["accent"])
            if name == "high":
                pen.setDashPattern([6.0, 3.0])
            painter.setPen(pen)
            painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
            room = self.fontMetrics().horizontalAdvance(name) + 4.0
            fits_right = x + room < plot.right()
            at = x + 4.0 if (name == "high" and fits_right) or x - room < plot.left() else x - room
            painter.drawText(QPointF(at, second_line), name)

    def _line_x(self, value: float) -> float:
        """A limit beyond the axis is drawn, and held, at its end."""
        plot = self._plot_rect()
        return min(max(self.x_of(value), plot.left()), plot.right())

    def _end_near(self, x: float) -> End | None:
        distances = [abs(self._line_x(value) - x) for value in self._limits]
        nearest = min(distances)
        if self._histogram is None or nearest > _GRIP_PX:
            return None
        return "low" if distances[0] == nearest and distances[0] != distances[1] else "high"

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the nearer line."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = self._end_near(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag the line held, or show that one could be."""
        if event is None:
            return
        x = event.position().x()
        if self._held is None:
            can_hold = self._end_near(x) is not None
            shape = Qt.CursorShape.SizeHorCursor if can_hold else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        self._drag_to(self.value_at(x))

    def _drag_to(self, value: float) -> None:
        low, high = self._limits
        least = (self._range()[1] - self._range()[0]) / 1000.0
        if self._held == "low":
            low = min(value, high - least)
        else:
            high = max(value, low + least)
        self._limits = (low, high)
        self.update()
        self.limitsDragged.emit(low, high)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Let go, and show what came meanwhile."""
        self._held = None
        self.set_histogram(self._waiting)
