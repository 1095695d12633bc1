"""One plot of a night under the hand of the observer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QToolTip

from ..clock import utc_text
from .view import PlotPoint, PlotView

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent, QWheelEvent

    from .specs import PlotSpec

DRAG_PX = 4.0
WHEEL_STEP = 120.0


class PlotPanel(PlotView):
    """Tells what is done to a plot.

    Signals: `hovered` with an hour or None; `panned` with hours to move by; `zoomed` with an hour
    and steps of the wheel; `scrolled` with steps of the wheel downwards; `fitRequested`; `clicked`
    with a PlotPoint or None; `menuRequested` with a global point, the hour there, and a PlotPoint
    or None.
    """

    hovered = pyqtSignal(object)
    panned = pyqtSignal(float)
    zoomed = pyqtSignal(float, float)
    scrolled = pyqtSignal(float)
    fitRequested = pyqtSignal()
    clicked = pyqtSignal(object)
    menuRequested = pyqtSignal(QPoint, float, object)

    def __init__(self, spec: PlotSpec) -> None:
        super().__init__(spec)
        self._pressed: QPointF | None = None
        self._is_dragged = False
        self._dragged_from = 0.0

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin a click or a drag."""
        if event is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._is_dragged = event.position(), False
            self._dragged_from = event.position().x()
        elif event.button() == Qt.MouseButton.RightButton:
            place = event.position()
            point = self.nearest(place)
            self.menuRequested.emit(
                event.globalPosition().toPoint(), self.hour_at(place.x()), point
            )

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Move the hours that are seen, or the cursor."""
        if event is None:
            return
        x = event.position().x()
        frame = self.frame()
        if self._pressed is None:
            is_inside = frame.left() <= x <= frame.right()
            self.hovered.emit(self.hour_at(x) if is_inside else None)
        elif self._is_drag(self._pressed, event.position()):
            left, right = self.hours
            self.panned.emit((self._dragged_from - x) * (right - left) / max(1.0, frame.width()))
            self._dragged_from = x

    def _is_drag(self, pressed: QPointF, place: QPointF) -> bool:
        """Whether the hand has moved since it pressed; it is a drag from then on."""
        self._is_dragged |= abs(place.x() - pressed.x()) >= DRAG_PX
        return self._is_dragged

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Choose the point under the pointer, unless it was a drag."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._is_drag(pressed, event.position()):
            self.clicked.emit(self.nearest(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Show the whole night."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.fitRequested.emit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom over the lines; beside them the wheel scrolls through the plots."""
        if event is None:
            return
        x = event.position().x()
        frame = self.frame()
        steps = event.angleDelta().y() / WHEEL_STEP
        if frame.left() <= x <= frame.right() and not event.modifiers():
            self.zoomed.emit(self.hour_at(x), steps)
        else:
            self.scrolled.emit(-steps)
        event.accept()

    def leaveEvent(self, event: QEvent | None) -> None:
        """Show the newest values again."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            point = self.nearest(QPointF(event.pos()))
            text = self.toolTip() if point is None else self.tip_of(point)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return bool(super().viewportEvent(event))

    def tip_of(self, point: PlotPoint) -> str:
        """Camera, time and value of a point."""
        line = point.line
        star = "" if line.stars is None else f"ASCC {int(line.stars[point.place])}"
        who = " ".join(filter(None, (line.camera, line.name, star)))
        value = self._written(float(line.values[point.place]))
        return f"{who}\n{utc_text(point.hour)} UTC: {value} {self.spec.unit}"
