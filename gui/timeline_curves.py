"""Light curves of regions in the timeline, one for each, and their legend."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPen
from PyQt6.QtWidgets import QGraphicsItem

from .envelope import Envelope, Floats
from .theme import DASH_DOT, DASHED, DOTTED, SOLID
from .widgets.elided_label import cut
from .widgets.view_item import PixelItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PyQt6.QtGui import QPainter, QTransform

    from .theme import LineCue, Roles

GLYPHS = {SOLID: "━━", DASHED: "╍╍", DOTTED: "┉┉", DASH_DOT: "━·"}
MOST_NAMED = 7
"""As many as the themes have colours and dashes for."""
LONGEST_NAME = 24
BACK_ALPHA = 90
DOT_PX = 2.5
FRONT_Z, BACK_Z = 2.0, 1.0
HOLE_STEPS = 4.0
_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, eq=False)
class LightLine:
    """Light curve of one region.

    Attributes
    ----------
    ident : int
        Number of the region.
    name, note : str
        For the legend: what it is called, and its mean.
    seconds, values : ndarray of float64, shape (n,)
        Every frame that is counted.
    kept : int
        So many points at the start are those of the last call.
    dots : pair of ndarray of float64, shape (m,)
        Times and light of some frames not counted yet.
    is_front : bool
        Whether the axis is fitted to it; the others are pale.
    """

    ident: int
    name: str
    note: str = ""
    seconds: Floats = field(default_factory=lambda: _NOTHING)
    values: Floats = field(default_factory=lambda: _NOTHING)
    kept: int = 0
    dots: tuple[Floats, Floats] = (_NOTHING, _NOTHING)
    is_front: bool = True


class DotItem(PixelItem):
    """Paints some thousand points as dots of one size; far cheaper than a scatter plot."""

    def __init__(self) -> None:
        super().__init__()
        self._x, self._y = _NOTHING, _NOTHING
        self._pen = QPen()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def points(self) -> tuple[Floats, Floats]:
        """What is painted."""
        return self._x, self._y

    def set_points(self, x: Floats, y: Floats) -> None:
        """Paint these and no others, shape (n,) both."""
        if len(x) or len(self._x):
            known = np.isfinite(y)
            self._x, self._y = x[known], y[known]
            self.update()

    def set_colour(self, colour: QColor) -> None:
        """Paint in this colour."""
        self._pen = QPen(colour, DOT_PX)
        self._pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint in device pixels, so that dots stay round."""
        if not len(self._x):
            return
        painter.setPen(self._pen)
        x, y = world.m11() * self._x + world.dx(), world.m22() * self._y + world.dy()
        painter.drawPoints(pg.functions.arrayToQPolygonF(x, y))


class _Drawn:
    """What one region has on the plot; painted anew only when it is another."""

    def __init__(self, box: Any) -> None:
        self.envelope = Envelope()
        self.curve = pg.PlotCurveItem(connect="finite", skipFiniteCheck=False)
        self.curve.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.dots = DotItem()
        self.is_front = True
        self._look: tuple[LineCue, bool] | None = None
        self._stretch: tuple[float, float, int] | None = None
        self._seen = _NOTHING
        for item in (self.curve, self.dots):
            box.addItem(item, ignoreBounds=True)

    def take(self, line: LightLine) -> None:
        kept = min(line.kept, len(self.envelope))
        if kept < len(line.seconds) or len(self.envelope) != len(line.seconds):
            self.envelope.set(line.seconds, line.values, kept)
            self._stretch = None
        self.dots.set_points(*line.dots)
        self.is_front = line.is_front
        for item in (self.curve, self.dots):
            item.setZValue(FRONT_Z if line.is_front else BACK_Z)

    def set_cue(self, cue: LineCue) -> None:
        if self._look == (cue, self.is_front):
            return
        self._look = cue, self.is_front
        pen, colour = cue.pen(), QColor(cue.color)
        if not self.is_front:
            colour.setAlpha(BACK_ALPHA)
            pen.setColor(colour)
        self.curve.setPen(pen)
        self.dots.set_colour(colour)

    def redraw(self, stretch: tuple[float, float, int]) -> Floats:
        """Draw what lies between two positions in so many columns; give its values."""
        if stretch != self._stretch:
            self._stretch = stretch
            x, self._seen = with_holes(*self.envelope.curve(*stretch))
            self.curve.setData(x, self._seen)
        left, right, _ = stretch
        seconds, values = self.dots.points
        return np.append(self._seen, values[(left <= seconds) & (seconds <= right)])


class LightCurves:
    """One curve for each region, told apart by colour and dash, which it keeps while it is there.

    Parameters
    ----------
    box : ViewBox
        Of the plot.
    roles : Roles
    """

    def __init__(self, box: Any, roles: Roles) -> None:
        self._box, self._roles = box, roles
        self._drawn: dict[int, _Drawn] = {}
        self._places: dict[int, int] = {}
        self.lines: tuple[LightLine, ...] = ()
        self._more = 0

    def set_lines(self, lines: Sequence[LightLine], more: int = 0) -> None:
        """Show these and no others, in their order; `more` there are besides."""
        self.lines, self._more = tuple(lines), more
        for ident in self._drawn.keys() - {line.ident for line in lines}:
            drawn = self._drawn.pop(ident)
            self._box.removeItem(drawn.curve)
            self._box.removeItem(drawn.dots)
        self._places = _kept_places(self._places, [line.ident for line in lines])
        for line in lines:
            drawn = self._drawn.get(line.ident) or _Drawn(self._box)
            self._drawn[line.ident] = drawn
            drawn.take(line)
            drawn.set_cue(self._cue(line))

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        for line in self.lines:
            self._drawn[line.ident].set_cue(self._cue(line))

    def redraw(self, left: float, right: float, columns: int) -> Floats:
        """Draw what lies between two positions; give the values in front, to fit the axis to."""
        # Strokes side by side in one column are paid for one by one, and there are many curves.
        stretch = left, right, max(1, columns // 2)
        seen = [_NOTHING]
        for drawn in self._drawn.values():
            values = drawn.redraw(stretch)
            if drawn.is_front:
                seen.append(values)
        return np.concatenate(seen)

    def set_view(self, view: QRectF) -> None:
        """Take note of what is visible."""
        for drawn in self._drawn.values():
            drawn.dots.set_view(view)

    def legend(self) -> str:
        """Names and means behind their glyphs, as rich text."""
        parts = []
        for line in self.lines[:MOST_NAMED]:
            cue, name = self._cue(line), cut(line.name, LONGEST_NAME)
            words = f"{escape(name)} {escape(line.note)}"
            weight = f"<b>{words}</b>" if self._is_chosen(line) else words
            parts.append(f'<span style="color:{cue.color}">{GLYPHS[cue.dash]}</span> {weight}')
        more = self._more + len(self.lines[MOST_NAMED:])
        if more > 0:
            parts.append(f"and {more} more")
        return "&nbsp;&nbsp;&nbsp; ".join(parts)

    def _is_chosen(self, line: LightLine) -> bool:
        return line.is_front and not all(one.is_front for one in self.lines)

    def _cue(self, line: LightLine) -> LineCue:
        return self._roles.lines[self._places[line.ident] % len(self._roles.lines)]


def _kept_places(before: Mapping[int, int], idents: Sequence[int]) -> dict[int, int]:
    """Places in the row of colours: those that were there keep theirs, others fill the holes."""
    places = {ident: before[ident] for ident in idents if ident in before}
    free = (place for place in count() if place not in set(places.values()))
    taken = {ident: next(free) for ident in idents if ident not in places}
    return {ident: (places | taken)[ident] for ident in idents}


def with_holes(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Curve with a not-a-number wherever a step in x is far wider than the usual one."""
    steps = np.diff(x)
    forward = steps[steps > 0]
    if len(forward) < 3:
        return x, y
    holes = np.flatnonzero(steps > HOLE_STEPS * float(np.median(forward))) + 1
    return np.insert(x, holes, x[holes]), np.insert(y, holes, np.nan)
