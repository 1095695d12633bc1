"""The plot of a light curve under the hand of the observer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt, pyqtSignal

from .curve_view import LEAST_SPAN, TURNS, CurveView

if TYPE_CHECKING:
    from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent

    from .points import PointSet

NEAR_PX, DRAG_PX = 14.0, 4.0
WHEEL_STEP, ZOOM, PAN = 120.0, 1.25, 0.1
TIP = (
    "Wheel: zoom; Ctrl and wheel, or wheel at the left axis: zoom up and down; drag: move; "
    "double click or Home: all of it. Keys: ← → from point to point, with Shift: move; + −: zoom; "
    "↑ ↓: other stars; Return: what can be done with the point"
)
_Key = Qt.Key
_POINTS = {_Key.Key_Left: -1, _Key.Key_Right: 1}
_STARS = {_Key.Key_Up: -1, _Key.Key_Down: 1}
_ZOOMS = {_Key.Key_Plus: 1.0, _Key.Key_Equal: 1.0, _Key.Key_Minus: -1.0}
_MENU = (_Key.Key_Return, _Key.Key_Enter)


class CurvePlot(CurveView):
    """A plot that is moved, zoomed and pointed at.

    Signals: `pointedAt` when the point that is marked is another (see `pointed`); `starStepped`
    with stars further down the list; `menuRequested` with a place on the screen.
    """

    keys = frozenset({*_POINTS, *_STARS, *_ZOOMS, *_MENU, _Key.Key_Home})
    pointedAt = pyqtSignal()
    starStepped = pyqtSignal(int)
    menuRequested = pyqtSignal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._pressed: QPointF | None = None
        self._dragged_from = QPointF()
        self._is_dragged = self._is_kept = False
        self.setToolTip(TIP)

    def point_at(self, pointed: tuple[PointSet, int] | None) -> None:
        """Mark a point, or none."""
        if pointed != self.pointed:
            self.pointed = pointed
            self.refresh()
            self.pointedAt.emit()

    def tip_at(self, point: QPoint) -> str:
        """What the point under the pointer is, else what can be done here."""
        return self.caption if self.pointed is not None else super().tip_at(point)

    # Moving and zooming

    def pan(self, x_share: float, y_share: float = 0.0) -> None:
        """Move what is seen by shares of what is seen."""
        if x_share:
            left, right = self.x_span
            step = x_share * (right - left)
            self._set_x(left + step, right + step)
        if y_share:
            low, high = self.y_span
            step = y_share * (high - low) * (-1.0 if self.content.is_upside_down else 1.0)
            self.set_y_span(low + step, high + step)

    def zoom_x(self, steps: float, x: float | None = None) -> None:
        """Show less along x, a place staying where it is."""
        left, right = self.x_span
        middle = 0.5 * (left + right) if x is None else x
        factor = ZOOM**-steps
        factor = max(factor, LEAST_SPAN[self.content.x_axis.kind] / (right - left))
        self._set_x(middle - (middle - left) * factor, middle + (right - middle) * factor)

    def zoom_y(self, steps: float, y: float | None = None) -> None:
        """Show less along y, a value staying where it is."""
        low, high = self.y_span
        middle, factor = 0.5 * (low + high) if y is None else y, ZOOM**-steps
        self.set_y_span(middle - (middle - low) * factor, middle + (high - middle) * factor)

    def _set_x(self, left: float, right: float) -> None:
        """Two turns of phase are all there is."""
        if self.content.x_axis.kind == "phase":
            span = min(right - left, TURNS)
            left = min(max(left, 0.0), TURNS - span)
            right = left + span
        self.set_x_span(left, right)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin a click or a drag."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._pressed = self._dragged_from = event.position()
            self._is_dragged = False

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Move what is seen, or point."""
        if event is None:
            return
        place = event.position()
        if self._pressed is None:
            self._is_kept = False
            self.point_at(self.nearest(place, NEAR_PX))
        elif self._is_drag(place):
            frame, step = self.frame(), place - self._dragged_from
            is_axis = self._pressed.x() < frame.left()
            x_share = 0.0 if is_axis else -step.x() / max(1.0, frame.width())
            self.pan(x_share, step.y() / max(1.0, frame.height()) if is_axis else 0.0)
            self._dragged_from = place

    def _is_drag(self, place: QPointF) -> bool:
        pressed = self._pressed or place
        self._is_dragged |= (place - pressed).manhattanLength() >= DRAG_PX
        return self._is_dragged

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Keep the point that was clicked."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        pressed, self._pressed = self._pressed, None
        if pressed is not None and not self._is_dragged:
            self.point_at(self.nearest(event.position(), NEAR_PX))
            self._is_kept = self.pointed is not None

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Show everything."""
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def leaveEvent(self, event: QEvent | None) -> None:
        """Point no more, unless a point was clicked or the keyboard chose it."""
        super().leaveEvent(event)
        if not self._is_kept:
            self.point_at(None)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the pointer."""
        if event is None:
            return
        steps = event.angleDelta().y() / WHEEL_STEP
        place = self.position_of(event.position())
        is_up = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_up or event.position().x() < self.frame().left():
            self.zoom_y(steps, place.y())
        else:
            self.zoom_x(steps, place.x())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer what can be done with the point."""
        if event is not None:
            self.menuRequested.emit(event.globalPos())

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Walk along the points and through the stars, zoom and move."""
        key = None if event is None else event.key()
        if event is None or key not in self.keys:
            super().keyPressEvent(event)
        elif key in _POINTS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(PAN * _POINTS[Qt.Key(key)])
        elif key in _POINTS:
            self.step_point(_POINTS[Qt.Key(key)])
        elif key in _STARS:
            self.starStepped.emit(_STARS[Qt.Key(key)])
        elif key in _ZOOMS:
            self._zoom_by_key(_ZOOMS[Qt.Key(key)])
        elif key == _Key.Key_Home:
            self.fit()
        else:
            self.menuRequested.emit(self.mapToGlobal(self._menu_place()))

    def _zoom_by_key(self, steps: float) -> None:
        """About the point that is marked, else about the middle."""
        x = None if self.pointed is None else float(self.pointed[0].x[self.pointed[1]])
        left, right = self.x_span
        self.zoom_x(steps, x if x is not None and left <= x <= right else None)

    def _menu_place(self) -> QPoint:
        if self.pointed is None:
            return self.frame().center().toPoint()
        one, row = self.pointed
        return self.point_of(float(one.x[row]), float(one.y[row])).toPoint()

    def step_point(self, steps: int) -> None:
        """Mark the next point in view, of the points in front."""
        left, right = self.x_span
        front = min((one.rank for one in self.content.sets if not one.is_binned), default=0)
        here = [
            (float(x), number, int(row))
            for number, one in enumerate(self.content.sets)
            if not one.is_binned and one.rank == front
            for row in np.flatnonzero((one.x >= left) & (one.x <= right) & np.isfinite(one.y))
            for x in (one.x[row],)
        ]
        if not here:
            return
        here.sort()
        self._is_kept = True
        _, number, row = here[self._next_place(here, steps)]
        self.point_at((self.content.sets[number], row))

    def _next_place(self, here: list[tuple[float, int, int]], steps: int) -> int:
        if self.pointed is not None:
            one, row = self.pointed
            for place, (_, number, other) in enumerate(here):
                if self.content.sets[number] is one and other == row:
                    return min(max(place + steps, 0), len(here) - 1)
        return 0 if steps > 0 else len(here) - 1
