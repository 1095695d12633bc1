"""On and off ranges in the profile, hatched each in its own way and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF

from ..theme import SOLID, LineCue
from ..widgets.pens import cosmetic_pen
from ..widgets.view_item import PixelItem
from .movie.hatches import hatch, range_colour
from .phase_ranges import WHICH, stretches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QPainter, QTransform

    from ...core.timing.pulse.ranges import PhaseRange
    from ..theme import Roles
    from .phase_ranges import Which

CHOSEN_PX = 2.0
Z = -4.0


class RangesItem(PixelItem):
    """Paints both ranges in both turns, behind the steps."""

    def __init__(self, roles: Roles, font: QFont) -> None:
        super().__init__()
        self._ranges: dict[Which, PhaseRange | None] = {"on": None, "off": None}
        self._chosen: Which | None = None
        self._roles, self._font = roles, font
        self.setZValue(Z)

    def set_ranges(
        self, ranges: Mapping[Which, PhaseRange | None], chosen: Which | None = None
    ) -> None:
        """Show these, one of them chosen for the keys."""
        if (dict(ranges), chosen) != (self._ranges, self._chosen):
            self._ranges, self._chosen = dict(ranges), chosen
            self.update()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint in device pixels, so that the hatches keep their distance."""
        if self._view.isEmpty():
            return
        painter.setFont(self._font)
        for which in reversed(WHICH):
            phases = self._ranges[which]
            for left, right in [] if phases is None else stretches(phases):
                area = QRectF(self._view)
                area.setLeft(left)
                area.setRight(right)
                self._paint(painter, which, world.mapRect(area))

    def _paint(self, painter: QPainter, which: Which, area: QRectF) -> None:
        hatch(painter, area, which, self._roles)
        pen = LineCue(range_colour(which, self._roles), SOLID).pen()
        if which == self._chosen:
            pen.setWidthF(CHOSEN_PX)
        painter.setPen(pen)
        for x in (area.left(), area.right()):
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        self._write(painter, which, area)

    def _write(self, painter: QPainter, word: str, area: QRectF) -> None:
        """Name a stretch at its foot, on a ground that leaves the word readable."""
        metrics = QFontMetricsF(self._font)
        size = metrics.size(0, word)
        if size.width() + 4.0 > area.width():
            return
        ground = QRectF(QPointF(), size)
        ground.moveCenter(QPointF(area.center().x(), area.bottom() - 0.5 * size.height() - 1.0))
        painter.fillRect(ground.adjusted(-2.0, 0.0, 2.0, 0.0), QColor(self._roles.panel))
        painter.setPen(cosmetic_pen(self._roles.text))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, word)
