"""Colours between two others, and scales of them from low to high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtGui import QColor

from ...core.picture.colour import rgb

if TYPE_CHECKING:
    from ..theme import Roles

MAP = "cividis"
COLOURLESS = frozenset({"red"})
"""Themes that have brightness only."""


def mixed(front: str, back: str, share: float) -> QColor:
    """A colour between two others; a share of 1 is the front one."""
    ends = zip(QColor(front).getRgb()[:3], QColor(back).getRgb()[:3], strict=True)
    return QColor(*(round(share * one + (1.0 - share) * other) for one, other in ends))


def ramp(
    roles: Roles, steps: int, dull: tuple[str, str], span: tuple[float, float] = (0.0, 1.0)
) -> list[QColor]:
    """Colours of a scale from low to high.

    Parameters
    ----------
    roles : Roles
    steps : int
        How many.
    dull : tuple of str
        Colours of both ends in a theme without colours.
    span : tuple of float
        Part of the colour map.
    """
    places = [step / (steps - 1) for step in range(steps)]
    if roles.name in COLOURLESS:
        return [mixed(dull[1], dull[0], place) for place in places]
    low, high = span
    table = rgb(MAP)
    rows = [int((low + (high - low) * place) * (len(table) - 1)) for place in places]
    return [QColor.fromRgbF(*map(float, table[row])) for row in rows]
