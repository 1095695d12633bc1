"""Pens and colours of regions in a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QColor, QImage, QPainter, QPen
from PyQt6.QtWidgets import QApplication

from ..widgets.pens import cosmetic_pen
from .colours import colour_of, night_colour, shadow_of

if TYPE_CHECKING:
    from ..theme import Roles
    from .drawn import Style

_DASHES = [5.0, 4.0]
_FAINT_ALPHA = 150
_MOST_WORDS = 4000
# Letters on noise are read only with a rim all round.
_AROUND = tuple(QPointF(x, y) for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0) if x or y)


class Ink:
    """Give the pens of region styles; each is made once.

    Parameters
    ----------
    roles : Roles
        At night every colour becomes a red of the same brightness.
    """

    def __init__(self, roles: Roles) -> None:
        self._is_night = roles.name == "red"
        self.accent = QColor(roles.accent)
        self._pens: dict[Style, tuple[QPen, QPen]] = {}
        self._words: dict[tuple[str, str, float], QImage] = {}

    def colour(self, name: str) -> QColor:
        """What a colour of DS9 is painted in."""
        colour = colour_of(name)
        return night_colour(colour) if self._is_night else colour

    def shadow(self, name: str) -> QColor:
        """What lets that colour show on any picture; nothing bright at night."""
        return shadow_of(self.accent if self._is_night else self.colour(name))

    def pens(self, style: Style) -> tuple[QPen, QPen]:
        """The pen of the shadow, and that of the line."""
        if style not in self._pens:
            self._pens[style] = (
                _pen(self.shadow(style.color), style),
                _pen(self.colour(style.color), style),
            )
        return self._pens[style]

    def words(self, words: str, color: str, size: QSizeF, ratio: float) -> QImage:
        """A picture of words with their shadow; letters are slow to draw and seldom change."""
        key = (words, color, ratio)
        if key not in self._words:
            if len(self._words) >= _MOST_WORDS:
                self._words.clear()
            self._words[key] = _written(words, size, ratio, self.colour(color), self.shadow(color))
        return self._words[key]

    def accent_pens(self, *, is_dashed: bool) -> tuple[QPen, QPen]:
        """Pens of what is being drawn and of the rubber band."""
        pens = cosmetic_pen(shadow_of(self.accent)), cosmetic_pen(self.accent)
        if is_dashed:
            pens[1].setDashPattern(_DASHES)
        return pens


def _written(words: str, size: QSizeF, ratio: float, front: QColor, back: QColor) -> QImage:
    extent = (size + QSizeF(2.0, 2.0)) * ratio
    image = QImage(extent.toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(QApplication.font())
    middle = QPointF(1.0, 1.0)
    painter.setPen(back)
    for shift in _AROUND:
        painter.drawText(QRectF(middle + shift, size), 0, words)
    painter.setPen(front)
    painter.drawText(QRectF(middle, size), 0, words)
    painter.end()
    return image


def _pen(colour: QColor, style: Style) -> QPen:
    colour = QColor(colour)
    if style.is_faint:
        colour.setAlpha(min(colour.alpha(), _FAINT_ALPHA))
    pen = cosmetic_pen(colour)
    pen.setWidthF(style.width)
    if style.is_dashed:
        pen.setDashPattern(_DASHES)
    return pen
