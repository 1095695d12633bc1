"""Names beside stars, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF

from ...theme import spaced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PyQt6.QtGui import QPainter

MOST_NAMES = 60
_GAP_PX = 3.0

Named = tuple[float, float, str]
"""Right end of the mark of a star and its middle, in logical pixels of the view; its name."""


def draw_names(painter: QPainter, stars: Iterable[Named], colour: str, shadow: str) -> None:
    """Write names to the right of stars, those given first where there is no room for all."""
    metrics = QFontMetricsF(painter.font())
    taken: list[QRectF] = []
    for x, y, name in stars:
        if len(taken) >= MOST_NAMES:
            break
        around = _place(metrics, x + _GAP_PX, y, name)
        if not any(around.intersects(other) for other in taken):
            taken.append(around)
            draw_shaded(painter, around.topLeft() + QPointF(0.0, metrics.ascent()), name,
                        colour, shadow)  # fmt: skip


def _place(metrics: QFontMetricsF, left: float, middle: float, name: str) -> QRectF:
    height = metrics.height()
    width = metrics.horizontalAdvance(name) + spaced(1)
    return QRectF(round(left), round(middle - height / 2.0), width, height)


def draw_shaded(painter: QPainter, at: QPointF, text: str, colour: str, shadow: str) -> None:
    """Write on a base line, with a shadow that keeps letters readable over any picture."""
    painter.setPen(QColor(shadow))
    for dx, dy in ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, 1.0)):
        painter.drawText(at + QPointF(dx, dy), text)
    painter.setPen(QColor(colour))
    painter.drawText(at, text)
