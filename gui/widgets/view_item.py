"""What fills all that is visible of a plot."""

from __future__ import annotations

from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QGraphicsItem


class ViewItem(QGraphicsItem):
    """An item as large as the view of its plot, which it is told; `paint` is left to others."""

    def __init__(self) -> None:
        super().__init__()
        self._view = QRectF()

    def set_view(self, view: QRectF) -> None:
        """Take note of what is visible."""
        if view != self._view:
            self.prepareGeometryChange()
            self._view = QRectF(view)

    def boundingRect(self) -> QRectF:
        """All that is visible."""
        return self._view
