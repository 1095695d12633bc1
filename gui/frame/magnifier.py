"""The pixels around the pointer, enlarged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QRectF, Qt

from .camera import Camera
from .coloured import device_rect
from .corner import CornerPicture

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter
    from PyQt6.QtWidgets import QWidget

SIDE_PX = 164
ENLARGEMENT = 4.0
_GRID_FROM_ZOOM = 6.0
_LEAST_ZOOM = 8.0
_MOST_ZOOM = 64.0


class Magnifier(CornerPicture):
    """Four times the view around the pointer, never less than eight screen pixels a pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def look_at(self, x: float, y: float, view: Camera) -> None:
        """Follow the pointer at an image position of a view."""
        zoom = min(max(ENLARGEMENT * view.zoom, _LEAST_ZOOM), _MOST_ZOOM)
        camera = Camera(x, y, zoom, view.flip_x, view.flip_y)
        if camera == self._camera:
            return
        self._camera = camera
        self._coloured.set_flips(view.flip_x, view.flip_y)
        self.update()
        self.request()

    def _paint_over(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        if self._camera.zoom >= _GRID_FROM_ZOOM:
            painter.setPen(self._pens["grid"])
            painter.drawLines(*self._grid_lines(ratio))
        pixel = self._pointed_pixel(ratio)
        for name, grown in (("shadow", 1.0), ("accent", 0.0)):
            painter.setPen(self._pens[name])
            painter.drawRect(pixel.adjusted(-grown, -grown, grown, grown))
        painter.drawLines(*self._cross(pixel))

    def _pointed_pixel(self, ratio: float) -> QRectF:
        x, y = math.floor(self._camera.x + 0.5), math.floor(self._camera.y + 0.5)
        rect = device_rect(self.projection, QRectF(x - 0.5, y - 0.5, 1.0, 1.0))
        return QRectF(rect.topLeft() / ratio, rect.size() / ratio)

    def _grid_lines(self, ratio: float) -> list[QLineF]:
        step = self._camera.zoom / ratio
        first_x = self.projection.origin_x / ratio % step
        first_y = self.projection.origin_y / ratio % step
        width, height = float(self.width()), float(self.height())
        across = [QLineF(x, 0.0, x, height) for x in _steps(first_x, step, width)]
        return across + [QLineF(0.0, y, width, y) for y in _steps(first_y, step, height)]

    def _cross(self, pixel: QRectF) -> list[QLineF]:
        middle, width, height = pixel.center(), float(self.width()), float(self.height())
        return [
            QLineF(0.0, middle.y(), pixel.left(), middle.y()),
            QLineF(pixel.right(), middle.y(), width, middle.y()),
            QLineF(middle.x(), 0.0, middle.x(), pixel.top()),
            QLineF(middle.x(), pixel.bottom(), middle.x(), height),
        ]


def _steps(first: float, step: float, end: float) -> list[float]:
    return [first + number * step for number in range(math.ceil((end - first) / step))]
