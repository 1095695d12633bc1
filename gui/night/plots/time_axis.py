"""The axis that all plots of a column share: UTC, with the time of the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import LineCue, spaced, tabular_font, worn
from ..clock import utc_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPaintEvent

    from ...theme import Roles

TICK_PX = 4
UNIT = "UTC"


class TimeAxis(QWidget):
    """Numbers under a column of plots.

    Parameters
    ----------
    left_px, right_px : int
        What the plots keep free at their sides.
    """

    def __init__(self, left_px: int, right_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._sides = left_px, right_px
        self._hours = 0.0, 1.0
        self._marks: tuple[tuple[float, str], ...] = ()
        self._twilight: tuple[tuple[float, str], ...] = ()
        self._cursor: float | None = None
        self._is_focused = False
        self.setFont(tabular_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Time, UTC")

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def show_hours(self, left: float, right: float, marks: Sequence[tuple[float, str]]) -> None:
        """Show what lies between two times."""
        self._hours, self._marks = (left, right), tuple(marks)
        self.update()

    def set_twilight(self, dusk: float, dawn: float) -> None:
        """Name the ends of the night."""
        self._twilight = ((dusk, "dusk"), (dawn, "dawn"))
        self.update()

    def show_focus(self, is_focused: bool) -> None:
        """Show whether keys move these plots."""
        self._is_focused = is_focused
        self.update()

    def show_cursor(self, hour: float | None) -> None:
        """Write a time; None for none."""
        if hour != self._cursor:
            self._cursor = hour
            self.update()

    def sizeHint(self) -> QSize:
        """Two lines: numbers, and what they are."""
        return QSize(spaced(60), 2 * self.fontMetrics().height() + TICK_PX)

    def minimumSizeHint(self) -> QSize:
        """As high as it wants to be."""
        return QSize(spaced(20), self.sizeHint().height())

    def paintEvent(self, _: QPaintEvent | None) -> None:
        """Paint line, marks and numbers, then what is written below."""
        painter = QPainter(self)
        left, right = self._sides
        room = QRectF(left, 0.0, max(1.0, self.width() - left - right), self.height())
        painter.setPen(LineCue(self._roles.accent if self._is_focused else self._roles.line).pen())
        for y in (0.0, 1.0) if self._is_focused else (0.0,):
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        for hour, _text in self._marks:
            x = self._x(hour, room)
            painter.drawLine(QPointF(x, 0.0), QPointF(x, TICK_PX))
        painter.setPen(QColor(self._roles.muted))
        self._write_marks(painter, room)
        self._write_below(painter, room)
        painter.end()

    def _x(self, hour: float, room: QRectF) -> float:
        left, right = self._hours
        return room.left() + room.width() * (hour - left) / max(1e-9, right - left)

    def _write_marks(self, painter: QPainter, room: QRectF) -> None:
        free_px = -1e9
        for hour, text in self._marks:
            box = self._box(painter, self._x(hour, room), text, 0)
            if box.left() > free_px and box.right() <= self.width():
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                free_px = box.right() + spaced(1)

    def _write_below(self, painter: QPainter, room: QRectF) -> None:
        """The cursor's time before all; else when the night begins and ends, and the unit."""
        words = [(room.center().x(), UNIT)]
        words += [
            (self._x(hour, room), name)
            for hour, name in self._twilight
            if self._hours[0] <= hour <= self._hours[1]
        ]
        taken: list[QRectF] = []
        if self._cursor is not None and self._hours[0] <= self._cursor <= self._hours[1]:
            text = f"{utc_text(self._cursor)} {UNIT}"
            taken.append(self._box(painter, self._x(self._cursor, room), text, 1))
            painter.setPen(QColor(self._roles.text))
            painter.drawText(taken[0], Qt.AlignmentFlag.AlignCenter, text)
            painter.setPen(QColor(self._roles.muted))
            words = words[1:]
        for x, text in reversed(words):
            box = self._box(painter, x, text, 1)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _box(self, painter: QPainter, x: float, text: str, line: int) -> QRectF:
        """Where a text stands whose middle is at a column, inside the widget."""
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text) + 2.0
        left = min(max(0.0, x - 0.5 * width), max(0.0, self.width() - width))
        return QRectF(left, TICK_PX + line * metrics.height(), width, metrics.height())
