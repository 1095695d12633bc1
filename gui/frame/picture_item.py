"""The picture of one frame as a graphics item in image coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from .coloured import ColouredPicture

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    from PyQt6.QtGui import QImage, QPainter

    from ...core.picture.render import Picture


class PictureItem(QGraphicsItem):
    """Paint a picture over the pixels it covers.

    Parameters
    ----------
    on_paint : callable
        Called each time the picture really reaches the screen.
    """

    def __init__(self, on_paint: Callable[[], None]) -> None:
        super().__init__()
        self._on_paint = on_paint
        self._coloured = ColouredPicture()

    @property
    def image(self) -> QImage:
        """A copy of the picture in colour as it is shown, top row first."""
        return self._coloured.image.copy()

    def set_picture(self, picture: Picture | None) -> None:
        """Show another picture, or none."""
        before = self._coloured.covered
        self._coloured.set_picture(picture)
        if before != self._coloured.covered:
            self.prepareGeometryChange()
        self.update()

    def set_table(self, table: npt.NDArray[np.uint32]) -> None:
        """Recolour the picture on the screen; the frame itself is not read."""
        self._coloured.set_table(table)
        self.update()

    def set_flips(self, flip_x: bool, flip_y: bool) -> None:
        """Mirror the picture as the camera does."""
        if self._coloured.set_flips(flip_x, flip_y):
            self.update()

    def boundingRect(self) -> QRectF:
        """The pixels covered, in image coordinates."""
        return self._coloured.covered

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - given by Qt
        widget: QWidget | None = None,
    ) -> None:
        """Draw the picture where the camera puts its pixels."""
        if painter is None or self._coloured.image.isNull():
            return
        ratio = 1.0 if widget is None else widget.devicePixelRatioF()
        target = painter.worldTransform().mapRect(self._coloured.covered)
        in_device = QRectF(target.topLeft() * ratio, target.size() * ratio)
        self._coloured.draw(painter, in_device, ratio)
        self._on_paint()
