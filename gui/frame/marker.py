"""The crosshair that marks one place of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QRectF
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ..widgets.pens import cosmetic_pen

if TYPE_CHECKING:
    from PyQt6.QtGui import QColor, QPainter

_REACH = 14.0
_GAP = 4.0


class MarkerItem(QGraphicsItem):
    """A small cross, open in the middle, of the same size at every zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(100.0)
        self._pens = (cosmetic_pen("black"), cosmetic_pen("white"))

    def set_colours(self, front: QColor, back: QColor) -> None:
        """Draw in `front` with a shadow in `back`, so that it shows on any picture."""
        self._pens = (cosmetic_pen(back), cosmetic_pen(front))
        self.update()

    def boundingRect(self) -> QRectF:
        """The square of the cross in screen pixels."""
        reach = _REACH + 2.0
        return QRectF(-reach, -reach, 2.0 * reach, 2.0 * reach)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - given by Qt
        widget: QWidget | None = None,  # noqa: ARG002 - given by Qt
    ) -> None:
        """Draw four arms, the shadow one pixel aside."""
        if painter is None:
            return
        for pen, shift in zip(self._pens, (1.0, 0.0), strict=True):
            painter.setPen(pen)
            painter.drawLines(*(line.translated(shift, shift) for line in _ARMS))


_ARMS = tuple(
    QLineF(x * _GAP, y * _GAP, x * _REACH, y * _REACH)
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
)
