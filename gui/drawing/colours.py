"""Colours of regions by the names DS9 knows, and the shadow that lets them show on any picture."""

from __future__ import annotations

import re
from functools import cache

from PyQt6.QtGui import QColor

DEFAULT = "green"

# Four names mean another colour to X11, and so to DS9, than to the web, and so to Qt.
_OF_X11 = {
    "green": "#00ff00",
    "gray": "#bebebe",
    "grey": "#bebebe",
    "maroon": "#b03060",
    "purple": "#a020f0",
}
_NUMBERED = re.compile(r"([a-z]+?)(\d{1,3})")
# The numbered names of X11 are the colour itself and three darker ones.
_SHADES = {"1": 1.0, "2": 0.932, "3": 0.804, "4": 0.545}
_DARK = 60
_NIGHT = (190, 65), (34, 34), (22, 34)
"""Least red, green and blue at night, and how much more white has."""
_SHADOW_ALPHA = 170


@cache
def colour_of(name: str) -> QColor:
    """The colour of an X11 name or ``#rrggbb``; that of DS9 by default for what is neither."""
    word = name.strip().lower().replace(" ", "")
    numbered = _NUMBERED.fullmatch(word)
    if numbered is not None:
        return _numbered(*numbered.groups())
    colour = QColor(_OF_X11.get(word, word))
    return colour if colour.isValid() else QColor(_OF_X11[DEFAULT])


def _numbered(base: str, number: str) -> QColor:
    if base in {"gray", "grey"} and int(number) <= 100:
        level = round(255 * int(number) / 100)
        return QColor(level, level, level)
    colour = QColor(colour_of(base))
    shade = _SHADES.get(number, 1.0)
    red, green, blue, _ = colour.getRgbF()
    return QColor.fromRgbF(shade * (red or 0.0), shade * (green or 0.0), shade * (blue or 0.0))


def night_colour(colour: QColor) -> QColor:
    """A red of the same brightness, which spares eyes used to the dark."""
    light = _lightness(colour) / 255
    # A little green and blue, as in the words of the theme, sets it off against grey noise.
    return QColor(*(round(low + light * room) for low, room in _NIGHT))


def shadow_of(colour: QColor) -> QColor:
    """Dark beside a bright colour, bright beside a dark one."""
    level = 0 if _lightness(colour) >= _DARK else 255
    return QColor(level, level, level, _SHADOW_ALPHA)


def _lightness(colour: QColor) -> int:
    """Luma after ITU-R BT.601, 0 to 255; pure blue counts as dark."""
    red, green, blue, _ = colour.getRgb()
    return round(0.299 * (red or 0) + 0.587 * (green or 0) + 0.114 * (blue or 0))
