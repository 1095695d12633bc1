"""Regions that rest, as one picture that is pushed about while the view is panned."""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QImage, QPainter, QTransform

from .painting import Batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PyQt6.QtWidgets import QWidget

    from .drawn import DrawnRegion
    from .ink import Ink

_SIGNS_PX = 16.0
_WORDS_HIGH_PX = 48.0
_FEW = 50


class Still:
    """Paint regions that do not change.

    Many are kept as a picture of the view. A pan moves image coordinates by whole device pixels,
    so the picture is shifted and only the strips that came into view are painted; a live frame
    below costs one copy. Few are painted each time, which takes no memory.
    """

    def __init__(self, regions: Sequence[DrawnRegion]) -> None:
        self._regions, self._reach_px = regions, reach_of_words(regions)
        self._image: QImage | None = None
        self._placed = QTransform()

    def shows(self, regions: Sequence[DrawnRegion]) -> bool:
        """Whether these are the regions, in this order."""
        is_same_number = len(regions) == len(self._regions)
        return is_same_number and all(map(is_, regions, self._regions))

    def forget(self) -> None:
        """Paint afresh the next time."""
        self._image = None

    def paint(self, painter: QPainter, ink: Ink, to_screen: QTransform, widget: QWidget) -> None:
        """Draw the regions; the painter draws in logical pixels of the widget."""
        if len(self._regions) <= _FEW:
            self._draw(painter, ink, to_screen, QRectF(widget.rect()))
            return
        if self._image is None or to_screen != self._placed or self._image.size() != _size(widget):
            self._image = self._picture(ink, to_screen, widget)
            self._placed = to_screen
        painter.drawImage(0, 0, self._image)

    def _picture(self, ink: Ink, to_screen: QTransform, widget: QWidget) -> QImage:
        ratio, whole = widget.devicePixelRatioF(), QRectF(widget.rect())
        image = QImage(_size(widget), QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shift = self._shift(to_screen, image)
        missing = [whole]
        if shift is not None and self._image is not None:
            painter.drawImage(shift, self._image)
            missing = _uncovered(whole, shift)
        for part in missing:
            painter.setClipRect(part)
            self._draw(painter, ink, to_screen, part)
        painter.end()
        return image

    def _shift(self, to_screen: QTransform, image: QImage) -> QPointF | None:
        """How far the picture there is must be pushed to be right; None where it cannot be."""
        if self._image is None or self._image.size() != image.size():
            return None
        if (to_screen.m11(), to_screen.m22()) != (self._placed.m11(), self._placed.m22()):
            return None
        ratio = image.devicePixelRatio()
        shift = QPointF(to_screen.dx() - self._placed.dx(), to_screen.dy() - self._placed.dy())
        steps = (shift.x() * ratio, shift.y() * ratio)
        return shift if all(abs(step - round(step)) < 1e-6 for step in steps) else None

    def _draw(self, painter: QPainter, ink: Ink, to_screen: QTransform, part: QRectF) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        shown = within(part, self._regions, to_screen, self._reach_px)
        Batch(shown).paint(painter, ink, to_screen, ratio)


def within(
    seen: QRectF, regions: Sequence[DrawnRegion], to_screen: QTransform, reach_px: float
) -> list[DrawnRegion]:
    """Those of which something may be seen in a part of the screen; `reach_px` of all of them."""
    to_image = to_screen.inverted()[0]
    near = to_image.mapRect(seen.adjusted(-_SIGNS_PX, -_SIGNS_PX, _SIGNS_PX, _SIGNS_PX))
    far = to_image.mapRect(seen.adjusted(-reach_px, -_WORDS_HIGH_PX, reach_px, _WORDS_HIGH_PX))
    return [drawn for drawn in regions if (far if drawn.words else near).intersects(drawn.rect)]


def reach_of_words(regions: Iterable[DrawnRegion]) -> float:
    """How far words may stand out to the side of their regions, in pixels of the screen."""
    widths = ((drawn.words_size.width(), drawn.middle is None) for drawn in regions)
    return max((width / 2 if over else width for width, over in widths), default=0.0) + _SIGNS_PX


def _uncovered(whole: QRectF, shift: QPointF) -> list[QRectF]:
    """Parts of a rectangle that the same one, pushed, does not cover: at most two."""
    across, down = shift.x(), shift.y()
    parts = [
        QRectF(whole.left() if across > 0 else whole.right() + across, whole.top(),
               abs(across), whole.height()),
        QRectF(whole.left(), whole.top() if down > 0 else whole.bottom() + down,
               whole.width(), abs(down)),
    ]  # fmt: skip
    return [part & whole for part in parts if not part.isEmpty()]


def _size(widget: QWidget) -> QSize:
    return widget.size() * widget.devicePixelRatioF()
