"""How the ranges on and off the pulse are told apart wherever they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor

if TYPE_CHECKING:
    from PyQt6.QtCore import QRectF
    from PyQt6.QtGui import QPainter

    from ...theme import Roles

HATCHES = {"on": Qt.BrushStyle.BDiagPattern, "off": Qt.BrushStyle.FDiagPattern}
HATCH_ALPHA, SHADE_ALPHA = 110, 34


def range_colour(which: str, roles: Roles) -> str:
    """Colour of the range "on" or "off"."""
    return roles.accent if which == "on" else roles.muted


def hatch(painter: QPainter, area: QRectF, which: str, roles: Roles) -> None:
    """Shade and hatch an area of the range "on" or "off"."""
    for alpha, style in ((SHADE_ALPHA, Qt.BrushStyle.SolidPattern), (HATCH_ALPHA, HATCHES[which])):
        colour = QColor(range_colour(which, roles))
        colour.setAlpha(alpha)
        painter.fillRect(area, QBrush(colour, style))
