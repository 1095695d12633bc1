"""The lines of a plot as one item, painted in device pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QBrush, QColor, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem

from ...envelope import Envelope
from ...timeline_curves import with_holes
from ...widgets.pens import cosmetic_pen
from ...widgets.view_item import PixelItem
from ..glyphs import GLYPH_PX, RING_PX, glyph_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPainter, QTransform

    from ...envelope import Floats
    from ...theme import LineCue
    from .lines import PlotLine

MOST_GLYPHS = 3000
"""Where more points are in view they are drawn as dots of a pixel or two."""
DOT_PX = 2.0
APART_PX = 12.0


@dataclass(eq=False)
class _Drawn:
    line: PlotLine
    envelope: Envelope
    cue: LineCue


class LinesItem(PixelItem):
    """Paints lines and glyphs; what is off the sides costs nothing.

    A picture of it is kept, so that a cursor may move over it 60 times a second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._drawn: list[_Drawn] = []
        self.is_log = False
        self._columns = 1
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_lines(self, lines: Sequence[PlotLine], cues: Sequence[LineCue], is_log: bool) -> bool:
        """Draw these; whether they are others. Those that were drawn before cost nothing."""
        before = {} if is_log != self.is_log else {one.line.key: one for one in self._drawn}
        self.is_log = is_log
        drawn = [
            self._kept(before.get(line.key), line, cue)
            for line, cue in zip(lines, cues, strict=True)
        ]
        is_other = len(drawn) != len(before) or any(one not in self._drawn for one in drawn)
        if is_other:
            self._drawn = drawn
            self.update()
        return is_other

    def _kept(self, before: _Drawn | None, line: PlotLine, cue: LineCue) -> _Drawn:
        if before is not None and before.line.says_the_same_as(line):
            return before
        envelope = Envelope()
        known = np.isfinite(line.values)
        # Lines are broken where time is missing, not at each point that is not known.
        envelope.set(line.hours[known], on_axis(line.values[known], self.is_log))
        return _Drawn(line, envelope, cue)

    def set_cues(self, cues: Sequence[LineCue]) -> None:
        """Take the colours of a theme."""
        for one, cue in zip(self._drawn, cues, strict=True):
            one.cue = cue
        self.update()

    def set_columns(self, columns: int) -> None:
        """Draw for so many device pixels."""
        self._columns = max(1, columns)

    def ends(self, left: float, right: float) -> tuple[float, float] | None:
        """Lowest and highest position on the axis between two times; None without a point."""
        seen = [self._points(one, left, right)[1] for one in self._drawn]
        every = np.concatenate([np.empty(0), *seen])
        every = every[np.isfinite(every)]
        return (float(every.min()), float(every.max())) if len(every) else None

    def last_positions(
        self, left: float, right: float
    ) -> list[tuple[PlotLine, LineCue, float, float]]:
        """Line, cue, time and position of the last point in view, of each line that has one."""
        found = []
        for one in self._drawn:
            x, y = one.envelope.curve(left, right, self._columns)
            inside = np.flatnonzero((x <= right) & (x >= left) & np.isfinite(y))
            if len(inside):
                place = inside[-1]
                found.append((one.line, one.cue, float(x[place]), float(y[place])))
        return found

    def _points(self, one: _Drawn, left: float, right: float) -> tuple[Floats, Floats]:
        x, y = one.envelope.curve(left, right, self._columns)
        inside = (x >= left) & (x <= right)
        return x[inside], y[inside]

    # Painting

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint lines first, so that no glyph is crossed."""
        for one in self._drawn:
            if one.line.mark in {"line", "points"}:
                self._paint_line(painter, world, one)
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        for one in self._drawn:
            if one.line.mark != "line":
                self._paint_glyphs(painter, world, one)

    def _paint_line(self, painter: QPainter, world: QTransform, one: _Drawn) -> None:
        left, right = self._view.left(), self._view.right()
        # Strokes side by side in one column are paid for one by one, and there are many lines.
        x, y = with_holes(*one.envelope.curve(left, right, max(1, self._columns // 2)))
        if len(x) > 1:
            painter.setPen(one.cue.pen())
            path: QPainterPath = pg.functions.arrayToQPath(
                *_in_pixels(x, y, world), connect="finite", finiteCheck=True
            )
            painter.drawPath(path)

    def _paint_glyphs(self, painter: QPainter, world: QTransform, one: _Drawn) -> None:
        # More columns than pixels: every point is there, none is a lowest or highest one.
        left, right = self._view.left(), self._view.right()
        x, y = one.envelope.curve(left, right, len(one.envelope) + 1)
        x, y = _in_pixels(x, y, world)
        if one.line.mark == "points":
            # A line leads from one to the next already.
            every = max(1, round(len(x) * APART_PX / max(1.0, world.m11() * self._view.width())))
            x, y = x[::every], y[::every]
        colour = QColor(one.cue.color)
        if len(x) > MOST_GLYPHS:
            painter.setPen(QPen(colour, DOT_PX))
            painter.drawPoints(pg.functions.arrayToQPolygonF(x, y))
            return
        is_open = one.line.mark == "rings"
        painter.setPen(cosmetic_pen(colour))
        painter.setBrush(QBrush() if is_open else colour)
        glyph = glyph_path(one.line.glyph, RING_PX if is_open else GLYPH_PX)
        for place in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawPath(glyph.translated(QPointF(*place)))


def _in_pixels(x: Floats, y: Floats, world: QTransform) -> tuple[Floats, Floats]:
    return world.m11() * x + world.dx(), world.m22() * y + world.dy()


def on_axis(values: Floats, is_log: bool) -> Floats:
    """Positions on the axis: the values, or their logarithms; none for what has none."""
    if not is_log:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0.0, np.log10(values), np.nan)
