"""The plate in the corner of a frame: how the sky lies on it, and what is drawn over it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QTransform

from ...theme import spaced
from ...widgets.pens import cosmetic_pen
from .field_paint import residual_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.field.overlay import Compass
    from ....core.mascara.field.residuals import StarResiduals
    from ...theme import Roles

_ROSE_PX = 26.0
_LETTER_PX = 8.0
_SHORT = 0.55
_PLATE_ALPHA = 205
_MOST_WIDTH = 0.45
_BAR_PX = (40.0, 110.0)
_NICE = (1.0, 2.0, 5.0, 10.0)


def scale_bar(px_on_screen: float) -> tuple[float, float]:
    """A round number of pixels whose bar is neither short nor long.

    Parameters
    ----------
    px_on_screen : float
        Length in which a residual of one pixel is drawn, logical pixels.

    Returns
    -------
    residual_px, length : float
    """
    wanted = _BAR_PX[0] / px_on_screen
    step = 10.0 ** math.floor(math.log10(wanted))
    residual = next(step * nice for nice in _NICE if step * nice >= wanted * (1.0 - 1e-9))
    return residual, residual * px_on_screen


def residual_words(found: StarResiduals | None) -> str:
    """How many stars, and how well they fit."""
    if found is None:
        return "measuring the stars…"
    if not len(found.ascc):
        return f"none of {found.expected:,} stars found"
    return f"{len(found.ascc):,} of {found.expected:,} stars, rms {found.rms_px:.3f} px"


def draw_legend(
    painter: QPainter,
    room: QRectF,
    compass: Compass | None,
    lines: Sequence[str],
    bar: tuple[float, float] | None,
    to_screen: QTransform,
    roles: Roles,
) -> None:
    """Draw the plate into the lower left corner of a room; only the compass where that is small.

    Parameters
    ----------
    compass : Compass or None
    lines : sequence of str
        Sentences beside it.
    bar : tuple of float or None
        See `scale_bar`.
    """
    metrics = QFontMetricsF(painter.font())
    plate = _plate(room, metrics, compass is not None, lines, bar)
    if compass is not None and plate.width() > room.width() * _MOST_WIDTH:
        # A small view is for the picture: directions alone.
        lines, bar = (), None
        plate = _plate(room, metrics, True, lines, bar)
    if plate.isEmpty():
        return
    ground = QColor(roles.panel)
    ground.setAlpha(_PLATE_ALPHA)
    painter.fillRect(plate, ground)
    left = plate.left() + spaced(2)
    if compass is not None:
        side = 2.0 * (_ROSE_PX + _LETTER_PX)
        _draw_rose(
            painter, QPointF(left + side / 2.0, plate.center().y()), compass, to_screen, roles
        )
        left += side + spaced(2)
    _write(painter, QPointF(left, plate.center().y()), lines, bar, roles)


def _write(
    painter: QPainter,
    middle: QPointF,
    lines: Sequence[str],
    bar: tuple[float, float] | None,
    roles: Roles,
) -> None:
    """Sentences and the bar below them, from a place at the left of their middle."""
    metrics = QFontMetricsF(painter.font())
    rows = len(lines) + int(bar is not None)
    top = middle.y() - rows * metrics.height() / 2.0
    painter.setPen(QColor(roles.text))
    for line in lines:
        painter.drawText(QPointF(middle.x(), top + metrics.ascent()), line)
        top += metrics.height()
    if bar is not None:
        _draw_bar(painter, QPointF(middle.x(), top + metrics.height() / 2.0), bar, roles)


def _plate(
    room: QRectF,
    metrics: QFontMetricsF,
    has_rose: bool,
    lines: Sequence[str],
    bar: tuple[float, float] | None,
) -> QRectF:
    width = max((metrics.horizontalAdvance(line) for line in lines), default=0.0)
    rows = len(lines)
    if bar is not None:
        rows += 1
        width = max(width, bar[1] + spaced(2) + metrics.horizontalAdvance(_bar_words(bar)))
    height = rows * metrics.height()
    if has_rose:
        side = 2.0 * (_ROSE_PX + _LETTER_PX)
        width, height = width + side + (spaced(2) if rows else 0), max(height, side)
    if not width:
        return QRectF()
    width, height = width + 2 * spaced(2), height + 2 * spaced(1)
    return QRectF(
        room.left() + spaced(2), room.bottom() - spaced(2) - height, math.ceil(width), height
    )


def _bar_words(bar: tuple[float, float]) -> str:
    return f"{bar[0]:g} px"


def _draw_bar(painter: QPainter, start: QPointF, bar: tuple[float, float], roles: Roles) -> None:
    end = start + QPointF(bar[1], 0.0)
    painter.setPen(cosmetic_pen(residual_colour(roles)))
    painter.drawLine(QLineF(start, end))
    for tip in (start, end):
        painter.drawLine(QLineF(tip - QPointF(0.0, 3.0), tip + QPointF(0.0, 3.0)))
    painter.setPen(QColor(roles.text))
    drop = QFontMetricsF(painter.font()).ascent() / 2.0 - 1.0
    painter.drawText(end + QPointF(spaced(2), drop), _bar_words(bar))


def _draw_rose(
    painter: QPainter, middle: QPointF, compass: Compass, to_screen: QTransform, roles: Roles
) -> None:
    """Arrows to the celestial north and east, and, dashed, to the zenith."""
    flip_x = math.copysign(1.0, to_screen.m11())
    flip_y = math.copysign(1.0, to_screen.m22())
    arrows = (
        (compass.up, "Z", roles.muted, Qt.PenStyle.DashLine, _SHORT),
        (compass.east, "E", roles.text, Qt.PenStyle.SolidLine, 1.0),
        (compass.north, "N", roles.accent, Qt.PenStyle.SolidLine, 1.0),
    )
    for (dx, dy), letter, colour, style, length in arrows:
        if dx or dy:
            towards = QPointF(dx * flip_x, dy * flip_y)
            _draw_arrow(painter, middle, towards, letter, colour, style, length * _ROSE_PX)


def _draw_arrow(
    painter: QPainter,
    middle: QPointF,
    towards: QPointF,
    letter: str,
    colour: str,
    style: Qt.PenStyle,
    length: float,
) -> None:
    pen = cosmetic_pen(colour)
    pen.setStyle(style)
    painter.setPen(pen)
    tip = middle + towards * (length - 4.0)
    painter.drawLine(QLineF(middle, tip))
    painter.setPen(cosmetic_pen(colour))
    side = QPointF(-towards.y(), towards.x())
    for sign in (1.0, -1.0):
        painter.drawLine(QLineF(tip, tip - towards * 5.0 + side * (3.0 * sign)))
    metrics = QFontMetricsF(painter.font())
    # The letter of a short arrow stands beside it: a longer one may go the same way.
    is_short = length < _ROSE_PX
    centre = middle + (towards * length + side * 9.0 if is_short else towards * (length + 2.0))
    shift = QPointF(-metrics.horizontalAdvance(letter) / 2.0, metrics.ascent() / 2.0 - 1.0)
    painter.drawText(centre + shift, letter)
