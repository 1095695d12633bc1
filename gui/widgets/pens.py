"""Pens for drawing on the screen."""

from __future__ import annotations

from PyQt6.QtGui import QColor, QPen


def cosmetic_pen(colour: QColor | str) -> QPen:
    """Make a pen one device pixel wide at any scale; two pixels cost four times as much."""
    pen = QPen(QColor(colour))
    pen.setCosmetic(True)
    return pen
