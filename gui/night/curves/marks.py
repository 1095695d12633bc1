"""Small pictures of points: the glyph of a camera, full, hollow and crossed, or large."""

from __future__ import annotations

from functools import lru_cache

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPixmap

from ...widgets.pens import cosmetic_pen
from ..glyphs import glyph_path

FULL_PX, BEHIND_PX, FLAGGED_PX, BINNED_PX = 4.5, 3.5, 7.0, 8.5
BEHIND_ALPHA = 130
_CROSS = 0.9


@lru_cache(maxsize=256)
def mark(glyph: str, colour: str, style: str, rank: int, ratio: float) -> QPixmap:
    """Picture of a point.

    Parameters
    ----------
    glyph : str
    colour : str
    style : {"full", "flagged", "binned"}
    rank : int
        0 in front; those behind are smaller and paler.
    ratio : float
        Device pixels in a logical one.
    """
    size_px = _size_px(style, rank)
    side = int(size_px * 1.2) + 4
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(0.5 * side, 0.5 * side)
    ink = QColor(colour)
    ink.setAlpha(BEHIND_ALPHA if rank else 255)
    painter.setPen(cosmetic_pen(ink))
    if style != "flagged":
        painter.setBrush(ink)
    painter.drawPath(glyph_path(glyph, size_px))
    if style == "flagged":
        _cross(painter, 0.5 * _CROSS * size_px)
    painter.end()
    return picture


def _cross(painter: QPainter, reach: float) -> None:
    for way in (1.0, -1.0):
        painter.drawLine(QPointF(-reach, -way * reach), QPointF(reach, way * reach))


def _size_px(style: str, rank: int) -> float:
    if style == "full":
        return BEHIND_PX if rank else FULL_PX
    return BINNED_PX if style == "binned" else FLAGGED_PX
