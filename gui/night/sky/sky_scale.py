"""Colours of transparency: the same scale for cells and stars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtGui import QColor

from ..ramp import COLOURLESS, ramp

if TYPE_CHECKING:
    from ...theme import Roles

HIGHEST = 1.2
"""End of the scale; 1 is a clear sky."""
STEPS = 120
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)


def scale_colours(roles: Roles) -> list[QColor]:
    """Colours from nothing to more than a clear sky, `STEPS` of them."""
    return ramp(roles, STEPS, (roles.line, roles.muted))


def step_of(transparency: float) -> int:
    """Which colour of the scale a transparency has; those beyond its ends have that of the end."""
    share = min(1.0, max(0.0, transparency / HIGHEST))
    return min(STEPS - 1, int(share * STEPS))


def ink_on(colour: QColor, roles: Roles) -> QColor:
    """Black, or the light of the theme, whatever is read better on a colour."""
    light = QColor(roles.text if roles.name in COLOURLESS else "#ffffff")
    is_bright = _brightness(colour) >= _brightness(light) / 2.0
    return QColor("#000000") if is_bright else light


def _brightness(colour: QColor) -> float:
    return 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()


def percent(transparency: float) -> str:
    """Transparency in hundredths, as written into a cell; nothing where it is not known."""
    return "" if math.isnan(transparency) else f"{100.0 * transparency:.0f}"
