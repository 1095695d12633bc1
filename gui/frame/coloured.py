"""A picture seen through a colour table, ready to be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
from PyQt6.QtCore import QPoint, QRectF
from PyQt6.QtGui import QImage, QPainter, QTransform

from ...core.picture.render import Picture, recolour

if TYPE_CHECKING:
    import numpy.typing as npt

    from .camera import Projection


class ColouredPicture:
    """Keep a picture and its colours together; a change of either recolours once."""

    def __init__(self) -> None:
        self._picture: Picture | None = None
        self._index: npt.NDArray[np.uint16] = np.zeros((0, 0), np.uint16)
        self._table: npt.NDArray[np.uint32] | None = None
        self._pixels: npt.NDArray[np.uint32] = np.zeros((0, 0), np.uint32)
        self._flips = (False, False)
        self.image = QImage()
        self.covered = QRectF()

    def set_picture(self, picture: Picture | None) -> None:
        """Show another picture, or none."""
        self._picture = picture
        self.covered = _covered_rect(picture)
        self._mirror()
        self._colour()

    def set_table(self, table: npt.NDArray[np.uint32]) -> None:
        """Recolour through another look-up table."""
        self._table = table
        self._colour()

    def set_flips(self, flip_x: bool, flip_y: bool) -> bool:
        """Mirror as the camera does; whether that changed anything."""
        if self._flips == (flip_x, flip_y):
            return False
        self._flips = (flip_x, flip_y)
        self._mirror()
        self._colour()
        return True

    def _mirror(self) -> None:
        if self._picture is None:
            self._index = np.zeros((0, 0), np.uint16)
            return
        flip_x, flip_y = self._flips
        mirrored = self._picture.index[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
        self._index = np.ascontiguousarray(mirrored)

    def _colour(self) -> None:
        if self._index.size == 0 or self._table is None:
            self.image = QImage()
            return
        self._provide_pixels(self._index.shape)
        recolour(self._index, self._table, self._pixels)

    def _provide_pixels(self, shape: tuple[int, ...]) -> None:
        """Make the image over a buffer of our own, kept while the size stays the same."""
        if self._pixels.shape == shape and not self.image.isNull():
            return
        height, width = shape
        self._pixels = np.empty((height, width), np.uint32)
        layout = QImage.Format.Format_RGB32
        self.image = QImage(memory_of(self._pixels), width, height, 4 * width, layout)

    def draw(self, painter: QPainter, target: QRectF, ratio: float) -> None:
        """Draw over a rectangle in device pixels, pixel for pixel where the sizes agree."""
        if self.image.isNull():
            return
        painter.save()
        painter.setWorldTransform(QTransform.fromScale(1.0 / ratio, 1.0 / ratio))
        if _same_size(target, self.image):
            painter.drawImage(QPoint(round(target.left()), round(target.top())), self.image)
        else:
            painter.drawImage(target, self.image)
        painter.restore()

    def draw_at(self, painter: QPainter, at: Projection, ratio: float) -> None:
        """Draw where a projection puts the pixels covered."""
        self.draw(painter, device_rect(at, self.covered), ratio)


def memory_of(pixels: npt.NDArray[np.uint32]) -> bytes:
    """Hand the memory of an array to Qt, which takes any buffer but says bytes."""
    return cast("bytes", pixels.data)


def device_rect(at: Projection, rect: QRectF) -> QRectF:
    """Turn a rectangle in image coordinates into device pixels."""
    left, top = at.to_device(rect.left(), rect.top())
    right, bottom = at.to_device(rect.right(), rect.bottom())
    return QRectF(left, top, right - left, bottom - top).normalized()


def _covered_rect(picture: Picture | None) -> QRectF:
    if picture is None:
        return QRectF()
    left, bottom, right, top = picture.covered
    return QRectF(left - 0.5, bottom - 0.5, right - left, top - bottom)


def _same_size(target: QRectF, image: QImage) -> bool:
    """Whether an image fills the target within the one pixel that rounding may cost."""
    return abs(target.width() - image.width()) < 1.0 and abs(target.height() - image.height()) < 1.0
