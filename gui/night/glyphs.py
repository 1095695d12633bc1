"""Marks at points, told apart by their shape."""

from __future__ import annotations

from functools import cache

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPainterPath, QPolygonF

GLYPHS = "●■◆▲▼"
GLYPH_PX, RING_PX = 4.0, 5.5
_CORNERS = {
    "■": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "◆": ((0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)),
    "▲": ((0.0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
    "▼": ((0.0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
}


@cache
def glyph_path(glyph: str, size_px: float) -> QPainterPath:
    """Outline of a mark round the origin, in pixels; a disc for one that is not known."""
    path = QPainterPath()
    half = 0.5 * size_px
    corners = _CORNERS.get(glyph)
    if corners is None:
        path.addEllipse(QRectF(-half, -half, size_px, size_px))
    else:
        path.addPolygon(QPolygonF([QPointF(half * x, half * y) for x, y in corners]))
        path.closeSubpath()
    return path
