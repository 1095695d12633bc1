"""The frames that are played, clear in the timeline while all others are veiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PyQt6.QtCore import QObject, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen

from .theme import DASHED, LineCue
from .widgets.view_item import ViewItem

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from .theme import Roles

VEIL_ALPHA = 165
VEIL_Z, SPAN_Z = 3.0, 4.0


class PlaySpan(QObject):
    """Two edges on the axis that can be dragged; `dragged` tells both, ascending.

    Parameters
    ----------
    box : ViewBox
        Of the plot.
    """

    dragged = pyqtSignal(float, float)

    def __init__(self, box: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.item = pg.LinearRegionItem(movable=True, swapMode="sort")
        self.item.setZValue(SPAN_Z)
        self.item.hide()
        self.veil = VeilItem()
        for one in (self.veil, self.item):
            box.addItem(one, ignoreBounds=True)
        self.item.sigRegionChanged.connect(lambda span: self.veil.set_ends(span.getRegion()))
        self.item.sigRegionChangeFinished.connect(lambda span: self.dragged.emit(*span.getRegion()))

    def set_ends(self, ends: tuple[float, float] | None) -> None:
        """Mark a stretch of the axis; None takes the marks away. Nothing is emitted."""
        self.item.setVisible(ends is not None)
        if ends is not None:
            was = self.item.blockSignals(True)
            self.item.setRegion(ends)
            self.item.blockSignals(was)
        self.veil.set_ends(ends)

    def set_view(self, view: QRectF) -> None:
        """Take note of what is visible."""
        self.veil.set_view(view)

    def set_roles(self, roles: Roles, hovered: QPen) -> None:
        """Use the colours of a theme, and a pen for an edge under the pointer."""
        # A shade would hide the curves that matter; what is not played is veiled instead.
        for set_brush in (self.item.setBrush, self.item.setHoverBrush):
            set_brush(QColor(Qt.GlobalColor.transparent))
        for edge in self.item.lines:
            edge.setPen(LineCue(roles.accent, DASHED).pen())
            edge.setHoverPen(hovered)
        self.veil.set_roles(roles)


class VeilItem(ViewItem):
    """Veils all curves but for a stretch of the axis."""

    def __init__(self) -> None:
        super().__init__()
        self._ends: tuple[float, float] | None = None
        self._colour = QColor()
        self.setZValue(VEIL_Z)

    def set_ends(self, ends: tuple[float, float] | None) -> None:
        """Leave what is between these clear; None veils nothing."""
        self._ends = ends
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._colour = QColor(roles.panel)
        self._colour.setAlpha(VEIL_ALPHA)
        self.update()

    def paint(
        self,
        painter: QPainter | None,
        _option: QStyleOptionGraphicsItem | None,
        _widget: QWidget | None = None,
    ) -> None:
        """Paint what lies to both sides."""
        if painter is None or self._ends is None:
            return
        left, right = self._ends
        before, after = QRectF(self._view), QRectF(self._view)
        before.setRight(min(left, self._view.right()))
        after.setLeft(max(right, self._view.left()))
        for rect in (before, after):
            if rect.width() > 0:
                painter.fillRect(rect, self._colour)
