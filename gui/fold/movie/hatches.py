"""How the ranges on and off the pulse are told apart wherever they are drawn."""

from __future__ import annotations

from PyQt6.QtCore import Qt

HATCHES = {"on": Qt.BrushStyle.BDiagPattern, "off": Qt.BrushStyle.FDiagPattern}
HATCH_ALPHA, SHADE_ALPHA = 110, 34
