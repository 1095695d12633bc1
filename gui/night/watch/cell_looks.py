"""How a batch looks in the grid: a filling and a sign for each state, a bar for a number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from ...widgets.pens import cosmetic_pen
from ..ramp import mixed, ramp

if TYPE_CHECKING:
    from ....core.mascara.watching.snapshot import BatchState
    from ...theme import Roles

STEPS = 64
RAMP_ENDS = {"dark": (0.15, 1.0), "light": (0.0, 0.85)}
"""Part of the colour map that stands out from the ground."""
DONE_SHARE = 0.6
"""How much of its colour a batch in order takes: a night full of them must not dazzle."""
LEAST_BAR_PX = 2


def scale_colours(roles: Roles) -> list[QColor]:
    """Colours of the numbers of cells from low to high."""
    return ramp(roles, STEPS, (roles.line, roles.accent), RAMP_ENDS.get(roles.name, (0.0, 1.0)))


class CellLooks:
    """Pictures of the states at one size, and colours of numbers.

    Parameters
    ----------
    roles : Roles
    size : QSize
        Of a cell, in logical pixels.
    ratio : float
        Device pixels of a logical one.
    """

    def __init__(self, roles: Roles, size: QSize, ratio: float) -> None:
        self.roles, self.size, self.ratio = roles, size, ratio
        self.colours = scale_colours(roles)
        self._pictures: dict[str, QPixmap] = {}

    def picture(self, state: str) -> QPixmap:
        """The picture of a state."""
        found = self._pictures.get(state)
        if found is None:
            found = self._pictures[state] = self._made_picture(state)
        return found

    def bar(self, share: float) -> tuple[int, QColor]:
        """Height and colour of the bar for a number, as a share of the scale: 0 to 1."""
        share = min(1.0, max(0.0, share))
        height = max(LEAST_BAR_PX, round(share * self.size.height()))
        return height, self.colours[int(share * (STEPS - 1))]

    def _made_picture(self, state: str) -> QPixmap:
        picture = QPixmap(self.size * self.ratio)
        picture.setDevicePixelRatio(self.ratio)
        picture.fill(QColor(Qt.GlobalColor.transparent))
        painter = QPainter(picture)
        place = QRectF(0.0, 0.0, self.size.width(), self.size.height())
        paint_state(painter, place, state, self.roles)
        painter.end()
        return picture


def paint_state(painter: QPainter, place: QRectF, state: BatchState | str, roles: Roles) -> None:
    """Draw filling and sign of a state."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == "done":
        painter.fillRect(place, mixed(roles.good, roles.panel, DONE_SHARE))
    elif state == "partial":
        _paint_half(painter, place, roles)
    elif state == "failed":
        painter.fillRect(place, QColor(roles.bad))
        _paint_cross(painter, _sign(place), roles.panel)
    elif state == "running":
        _paint_frame(painter, place, roles.accent)
        _paint_arrow(painter, _sign(place), roles.accent)
    else:
        _paint_frame(painter, place, roles.line)
        _paint_mark(painter, _sign(place), roles.muted, is_line=state == "skipped")
    painter.restore()


def _sign(place: QRectF) -> QRectF:
    """A square in the middle of a cell."""
    side = math.floor(min(place.width(), place.height()) * 0.56)
    inside = QRectF(0.0, 0.0, side, side)
    inside.moveCenter(place.center())
    return inside


def _paint_frame(painter: QPainter, place: QRectF, colour: str) -> None:
    painter.setPen(cosmetic_pen(colour))
    painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_half(painter: QPainter, place: QRectF, roles: Roles) -> None:
    """Filled below the diagonal only: not all frames are there."""
    corners = (place.topLeft(), place.bottomRight(), place.bottomLeft())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(roles.warn))
    painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_frame(painter, place, roles.warn)


def _paint_cross(painter: QPainter, sign: QRectF, colour: str) -> None:
    painter.setPen(QPen(QColor(colour), max(1.5, sign.width() / 5.0)))
    painter.drawLine(sign.topLeft(), sign.bottomRight())
    painter.drawLine(sign.bottomLeft(), sign.topRight())


def _paint_arrow(painter: QPainter, sign: QRectF, colour: str) -> None:
    tip = QPointF(sign.right(), sign.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(QPolygonF((sign.topLeft(), tip, sign.bottomLeft())))


def _paint_mark(painter: QPainter, sign: QRectF, colour: str, *, is_line: bool) -> None:
    """A line through what is left out, a dot in what is still to come."""
    middle = sign.center()
    if is_line:
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.drawLine(QPointF(sign.left(), middle.y()), QPointF(sign.right(), middle.y()))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(middle, 1.0, 1.0)
