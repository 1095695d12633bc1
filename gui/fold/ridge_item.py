"""The ridge line on the raster with its handles, readable on any colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from ..theme import DOTTED, LineCue
from ..widgets.view_item import PixelItem
from .plot import TURNS
from .ridge import RidgeLine

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QTransform

    from ..theme import Roles
    from .ridge import Handle

    Numbers = NDArray[np.float64]

HANDLES: tuple[Handle, ...] = ("end", "middle", "foot")
HANDLE_PX, MARK_PX = 4.5, 3.0
CASING_PX, CASING_ALPHA = 3.0, 190
POINTS = 33
COPIES = range(-3, 4)
Z = 6.0
_NONE: Numbers = np.empty(0)


class RidgeItem(PixelItem):
    """Paints the line in every turn that is seen; while it is bent, also where it was straight."""

    def __init__(self, roles: Roles) -> None:
        super().__init__()
        self._roles = roles
        self.line = RidgeLine()
        self.span = 0.0
        self.warm: Handle | None = None
        self.marks: tuple[Numbers, Numbers] = (_NONE, _NONE)
        self.setZValue(Z)

    def show_line(self, line: RidgeLine, span: float) -> None:
        """Show a line from 0 to `span` on the axis of time."""
        if (line, span) != (self.line, self.span):
            self.line, self.span = line, span
            self.update()

    def show_marks(self, times: Numbers, phases: Numbers) -> None:
        """Show where the pulse was when a hand took hold, shape (n,) both."""
        self.marks = times, phases
        self.update()

    def warm_up(self, handle: Handle | None) -> None:
        """Show which handle the pointer is at."""
        if handle != self.warm:
            self.warm = handle
            self.update()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint in device pixels."""
        if self.span <= 0.0:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.line.is_straight:
            self._stroke(painter, world, RidgeLine(self.line.foot), is_dotted=True)
        self._stroke(painter, world, self.line)
        self._paint_marks(painter, world)
        for handle in HANDLES:
            for place in self._places(world, handle):
                self._paint_handle(painter, handle, place)

    def _stroke(
        self, painter: QPainter, world: QTransform, line: RidgeLine, *, is_dotted: bool = False
    ) -> None:
        part = np.linspace(0.0, 1.0, POINTS if line.bend else 2)
        y = world.m22() * part * self.span + world.dy()
        pens = [_casing(self._roles), LineCue(self._roles.text, DOTTED if is_dotted else ()).pen()]
        for turn in COPIES:
            phase = np.asarray(line.phase(part)) + turn
            if phase.max() < 0.0 or phase.min() > TURNS:
                continue
            x = world.m11() * phase + world.dx()
            for pen in pens[is_dotted:]:
                painter.setPen(pen)
                painter.drawPolyline(pg.functions.arrayToQPolygonF(x, y))

    def _paint_marks(self, painter: QPainter, world: QTransform) -> None:
        times, phases = self.marks
        for pen in (_casing(self._roles), QPen(QColor(self._roles.text), 1.0)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for turn in (0, 1):
                for time, phase in zip(times.tolist(), phases.tolist(), strict=True):
                    painter.drawEllipse(world.map(QPointF(phase + turn, time)), MARK_PX, MARK_PX)

    def _places(self, world: QTransform, handle: Handle) -> list[QPointF]:
        phase, part = self.line.place(handle)
        seen = (phase + turn for turn in COPIES if 0.0 <= phase + turn <= TURNS)
        return [world.map(QPointF(x, part * self.span)) for x in seen]

    def _paint_handle(self, painter: QPainter, handle: Handle, place: QPointF) -> None:
        is_warm = handle == self.warm
        painter.setPen(QPen(QColor(self._roles.text), 1.0))
        painter.setBrush(QColor(self._roles.accent if is_warm else self._roles.panel))
        side = HANDLE_PX + is_warm
        if handle == "end":
            painter.drawEllipse(place, side, side)
        elif handle == "foot":
            painter.drawRect(
                QRectF(place.x() - side + 0.5, place.y() - side + 0.5, 2 * side - 1, 2 * side - 1)
            )
        else:
            corners = ((0, -1), (1, 0), (0, 1), (-1, 0))
            reach = 1.3 * side
            painter.drawPolygon(
                QPolygonF(
                    [QPointF(place.x() + dx * reach, place.y() + dy * reach) for dx, dy in corners]
                )
            )


def _casing(roles: Roles) -> QPen:
    """Broad pale stroke below a line, that it is seen on any colour of the picture."""
    colour = QColor(roles.panel)
    colour.setAlpha(CASING_ALPHA)
    return QPen(colour, CASING_PX)
