"""Shapes of the pointer that tell what a press would do."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

_SIZE_PX = 23
_RADIUS_PX = 6.5
_SECTORS = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeBDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeFDiagCursor,
)


def cross() -> QCursor:
    """A press draws, pans or marks."""
    return QCursor(Qt.CursorShape.CrossCursor)


def move() -> QCursor:
    """A press drags the region."""
    return QCursor(Qt.CursorShape.SizeAllCursor)


def point() -> QCursor:
    """A press drags a corner or an end."""
    return QCursor(Qt.CursorShape.PointingHandCursor)


def size(outwards: QPointF) -> QCursor:
    """A press drags a side outwards, in this direction of the screen."""
    sector = round(math.atan2(-outwards.y(), outwards.x()) / (math.pi / 4)) % 4
    return QCursor(_SECTORS[sector])


def turn() -> QCursor:
    """A press turns the region: an open circle with an arrow head, drawn each time."""
    pixmap = QPixmap(_SIZE_PX, _SIZE_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, width in (("black", 4.0), ("white", 1.6)):
        painter.setPen(QPen(QColor(colour), width))
        _draw_turn(painter)
    painter.end()
    return QCursor(pixmap, _SIZE_PX // 2, _SIZE_PX // 2)


def _draw_turn(painter: QPainter) -> None:
    middle = _SIZE_PX / 2
    box = QRectF(middle - _RADIUS_PX, middle - _RADIUS_PX, 2 * _RADIUS_PX, 2 * _RADIUS_PX)
    painter.drawArc(box, 60 * 16, 290 * 16)
    tip = QPointF(middle + _RADIUS_PX, middle - 1.0)
    for side in (-3.5, 3.5):
        painter.drawLine(tip, tip + QPointF(side, 3.5))
