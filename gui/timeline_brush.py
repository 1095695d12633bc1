"""Frames marked in the timeline by a drag with Shift held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent

if TYPE_CHECKING:
    from .theme import Roles
    from .widgets.plain_plot import PlainPlot

LEAST_PX = 4
SHADE_ALPHA = 70


class Brush(QObject):
    """Shift and the left button mark a stretch of the axis; Escape lets go of it.

    `brushed` tells its ends on the axis, ascending. A hand that hardly moved has clicked and
    marks nothing.

    Parameters
    ----------
    plot : PlainPlot
        Its mouse is watched before the plot itself sees it.
    """

    brushed = pyqtSignal(float, float)

    def __init__(self, plot: PlainPlot) -> None:
        super().__init__(plot)
        self._plot, self._box = plot, plot.box
        self._start: QPoint | None = None
        self.shade = pg.LinearRegionItem(movable=False)
        self.shade.setZValue(5)
        self.shade.hide()
        self._box.addItem(self.shade, ignoreBounds=True)
        self._viewport: Any = plot.viewport()
        self._viewport.installEventFilter(self)

    @property
    def is_held(self) -> bool:
        """Whether a hand is marking."""
        return self._start is not None

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        colour = QColor(roles.accent)
        colour.setAlpha(SHADE_ALPHA)
        self.shade.setBrush(colour)
        for edge in self.shade.lines:
            edge.setPen(QColor(roles.accent))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take the events of a marking hand, and let all others pass."""
        if isinstance(event, QMouseEvent):
            return self._take_mouse(event)
        is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_key and self.is_held:
            self._let_go()
            return True
        return super().eventFilter(watched, event)

    def _take_mouse(self, event: QMouseEvent) -> bool:
        kind, place = event.type(), event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress and self._may_begin(event):
            self._start = place
            self._viewport.setFocus()
            return True
        if not self.is_held:
            return False
        if kind == QEvent.Type.MouseMove:
            self._show(place)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._finish(place)
        return True

    def _may_begin(self, event: QMouseEvent) -> bool:
        scene = self._plot.mapToScene(event.position().toPoint())
        is_shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        is_left = event.button() == Qt.MouseButton.LeftButton
        return is_shifted and is_left and bool(self._box.sceneBoundingRect().contains(scene))

    def _ends(self, place: QPoint) -> tuple[float, float]:
        """Ends of what is marked, on the axis."""
        start = self._start if self._start is not None else place
        one, other = (
            float(self._box.mapSceneToView(self._plot.mapToScene(point)).x())
            for point in (start, place)
        )
        return min(one, other), max(one, other)

    def _show(self, place: QPoint) -> None:
        self.shade.setRegion(self._ends(place))
        self.shade.show()

    def _finish(self, place: QPoint) -> None:
        ends, start = self._ends(place), self._start
        self._let_go()
        if start is not None and abs(place.x() - start.x()) >= LEAST_PX:
            self.brushed.emit(*ends)

    def _let_go(self) -> None:
        self._start = None
        self.shade.hide()
