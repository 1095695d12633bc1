"""What fills all that is visible of a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QGraphicsItem

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter, QTransform
    from PyQt6.QtWidgets import QStyleOptionGraphicsItem, QWidget


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


class PixelItem(ViewItem):
    """A view item that paints in device pixels, where widths and patterns do not follow the axes.

    `paint_pixels` is left to others.
    """

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint with a painter of device pixels; `world` leads from the axes to them."""
        raise NotImplementedError

    def paint(
        self,
        painter: QPainter | None,
        _option: QStyleOptionGraphicsItem | None,
        _widget: QWidget | None = None,
    ) -> None:
        """Leave the painter as it was."""
        if painter is None:
            return
        world = painter.transform()
        painter.save()
        painter.resetTransform()
        self.paint_pixels(painter, world)
        painter.restore()
