"""The whole frame in small, with the part on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal

from .camera import Camera, fitting_camera
from .coloured import device_rect
from .corner import CornerPicture

if TYPE_CHECKING:
    from PyQt6.QtGui import QMouseEvent, QPainter
    from PyQt6.QtWidgets import QWidget

    from ...core.picture.viewport import Viewport

LONGEST_PX = 192
_SHORTEST_PX = 24


class Panner(CornerPicture):
    """A thumbnail whose rectangle is dragged to look elsewhere; a press centres there at once."""

    centreRequested = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = (1, 1)
        self._seen = QRectF()
        self._centre = (0.0, 0.0)
        self._grip: QPointF | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def set_frame_shape(self, shape: tuple[int, int]) -> None:
        """Take the proportions of the frame, rows and columns."""
        if shape == self._shape:
            return
        self._shape = shape
        rows, columns = shape
        scale = LONGEST_PX / max(rows, columns)
        self.setFixedSize(
            max(round(columns * scale), _SHORTEST_PX), max(round(rows * scale), _SHORTEST_PX)
        )
        self._look(self._camera)

    def show_part(self, seen: Viewport, view: Camera) -> None:
        """Draw the rectangle of what is on the screen."""
        self._seen = QRectF(
            seen.left - 0.5, seen.bottom - 0.5, seen.right - seen.left, seen.top - seen.bottom
        )
        self._centre = (view.x, view.y)
        self._look(view)
        self.update()

    def _look(self, view: Camera) -> None:
        at = self.projection
        camera = fitting_camera(self._shape, at.width, at.height, view)
        if camera != self._camera:
            self._camera = camera
            self._coloured.set_flips(camera.flip_x, camera.flip_y)
            self.request()

    def part_rect(self) -> QRectF:
        """The rectangle drawn, in logical pixels, kept inside the corner."""
        ratio = self.devicePixelRatioF()
        rect = device_rect(self.projection, self._seen)
        logical = QRectF(rect.topLeft() / ratio, rect.size() / ratio)
        return logical.intersected(QRectF(self.rect()).adjusted(1.0, 1.0, -2.0, -2.0))

    def _paint_over(self, painter: QPainter) -> None:
        rect = self.part_rect()
        painter.setPen(self._pens["shadow"])
        painter.drawRect(rect.adjusted(1.0, 1.0, -1.0, -1.0))
        painter.setPen(self._pens["accent"])
        painter.drawRect(rect)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the rectangle, or bring it under the pointer."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.part_rect().contains(event.position()):
            centre = QPointF(*self.projection.to_device(*self._centre))
            self._grip = centre / self.devicePixelRatioF() - event.position()
        else:
            self._grip = QPointF()
            self._ask_for_centre(event.position())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Drag the rectangle."""
        if event is not None and self._grip is not None:
            self._ask_for_centre(event.position() + self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Let go."""
        self._grip = None

    def _ask_for_centre(self, position: QPointF) -> None:
        ratio = self.devicePixelRatioF()
        self.centreRequested.emit(
            *self.projection.to_image(position.x() * ratio, position.y() * ratio)
        )
