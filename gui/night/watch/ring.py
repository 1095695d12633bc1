"""A ring that fills with the slots of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPen

from ....core.timing.sidereal import BATCH

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter

    from ...theme import Roles

WIDTH_PX = 3.0
TOP, TURN = 90 * 16, 360 * 16


def paint_ring(painter: QPainter, place: QRectF, slot: int, roles: Roles) -> None:
    """Draw the ring, and the number of the slot in its middle; -1 leaves it empty."""
    inside = place.adjusted(WIDTH_PX, WIDTH_PX, -WIDTH_PX, -WIDTH_PX)
    painter.save()
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setPen(_pen(roles.line))
    painter.drawEllipse(inside)
    if slot >= 0:
        painter.setPen(_pen(roles.accent))
        # Clockwise from the top, as a clock goes.
        painter.drawArc(inside, TOP, -round(TURN * (slot + 1) / BATCH))
        painter.setPen(QColor(roles.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(slot))
    painter.restore()


def _pen(colour: str) -> QPen:
    return QPen(QColor(colour), WIDTH_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
