"""How the significance has grown, and when it will be enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QRectF, Qt
from PyQt6.QtGui import QColor

from ...core.timing.pulse.growth import GOAL
from ..theme import DASH_DOT, DOTTED, LineCue, spaced
from .plot import FoldPlot
from .profile_plot import MOST_CURVES
from .spans import duration, root_ticks
from .steps_item import fold_cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPainter

    from ...core.timing.pulse.growth import Growth
    from ..theme import Roles

ROOM = 1.15
FARTHEST = 4.0
"""A goal farther off than this many times the time so far is told in words only."""
TICK_PX = 56
AXIS_CHARACTERS = "8888"
ROOT_TICK = "√t"


class GrowthPlot(FoldPlot):
    """S/N against time on an axis of its square root, where a steady pulse grows along a line."""

    def __init__(self) -> None:
        super().__init__()
        self.growths: tuple[Growth, ...] = ()
        self._end_s = 0.0
        self._top = 0.0
        self._ticks: list[tuple[float, str]] = []
        self.curves = [pg.PlotCurveItem() for _ in range(MOST_CURVES)]
        self.fit = pg.PlotCurveItem()
        self.goal = pg.InfiniteLine(GOAL, angle=0)
        for item in (self.goal, self.fit, *self.curves):
            self.box.addItem(item, ignoreBounds=True)
        self.set_axis_room(AXIS_CHARACTERS)
        self.axes["left"].setLabel("S/N")
        self.axes["bottom"].setLabel("Time (√ scale)")
        self.box.sigResized.connect(self._show_ticks)
        self.setAccessibleName("Growth of significance")
        self.set_roles(self.roles)

    @property
    def sentence(self) -> str:
        """When it will be enough, for the first fold."""
        return self.growths[0].forecast.text if self.growths else ""

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        super().set_roles(roles)
        for place, curve in enumerate(self.curves):
            curve.setPen(fold_cue(roles, place).pen())
        self.fit.setPen(LineCue(roles.text, DOTTED).pen())
        self.goal.setPen(LineCue(roles.good, DASH_DOT).pen())

    def show_growths(self, growths: Sequence[Growth]) -> None:
        """Show the growth of each fold, at most four, and the fit to the first one."""
        self.growths = tuple(growths[:MOST_CURVES])
        for place, curve in enumerate(self.curves):
            curve.setVisible(place < len(self.growths))
            if place < len(self.growths):
                growth = self.growths[place]
                curve.setData(np.sqrt(growth.seconds), np.nan_to_num(growth.snr))
        if self.growths:
            self._show_first(self.growths[0])
        self.refresh()

    def _show_first(self, growth: Growth) -> None:
        now_s = float(growth.seconds[-1]) if len(growth.seconds) else 0.0
        goal_s = growth.forecast.seconds if growth.forecast.state == "ahead" else 0.0
        end_s = max(now_s, 1.05 * goal_s if goal_s <= FARTHEST * now_s else 0.0, 1e-3)
        is_fitted = math.isfinite(growth.slope)
        root = math.sqrt(end_s)
        self.fit.setVisible(is_fitted)
        self.fit.setData([0.0, root], [0.0, growth.slope * root if is_fitted else 0.0])
        known = [one.snr[np.isfinite(one.snr)] for one in self.growths]
        highest = max((float(snr.max()) for snr in known if snr.size), default=0.0)
        self._fit_axes(end_s, ROOM * max(highest, GOAL, growth.slope * root if is_fitted else 0.0))

    def _fit_axes(self, end_s: float, top: float) -> None:
        if end_s != self._end_s:
            self._end_s = end_s
            self.box.setXRange(0.0, math.sqrt(end_s), padding=0.0)
            self._show_ticks()
        if not 0.75 * self._top <= top <= self._top:
            # A little higher than needed, that it need not be raised with every result.
            self._top = top * ROOM
            self.box.setYRange(0.0, self._top, padding=0.0)

    def _show_ticks(self, *_: object) -> None:
        ticks = root_ticks(self._end_s, int(self.box.width() // TICK_PX))
        if ticks != self._ticks:
            self._ticks = ticks
            self.show_terse_ticks()

    def show_terse_ticks(self) -> None:
        """Number the axis; without a label its left end says that it is a square root."""
        start = [(0.0, ROOT_TICK)] if self.is_terse else []
        self.axes["bottom"].setTicks([start + self._ticks])

    # Over the curves

    def paint_over(self, painter: QPainter, frame: QRectF) -> None:
        """Write the forecast where a growing curve leaves room, and name the goal."""
        super().paint_over(painter, frame)
        painter.setFont(self.small_font)
        painter.setPen(QColor(self.roles.good))
        at = self.point_of(0.0, GOAL).y()
        line = self.small_metrics.height()
        if frame.top() + 2 * line < at < frame.bottom():
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(
                QRectF(frame.left() + 3.0, at - line, frame.width(), line), flags, "5 σ"
            )
        painter.setPen(QColor(self.roles.text))
        if self.small_metrics.horizontalAdvance(self.sentence) <= frame.width():
            self.write_above(painter, frame, self.sentence, frame.width())
            return
        room = frame.adjusted(spaced(1), 0.0, -0.25 * frame.width(), 0.0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self.sentence)

    def tip_at(self, point: QPoint) -> str:
        """The forecast, what S/N means, and its value at the time under the pointer."""
        if not self.growths:
            return ""
        growth = self.growths[0]
        place = self.position_of(point).x()
        lines = [growth.forecast.text, growth.text]
        if len(growth.seconds) and 0.0 <= place <= math.sqrt(self._end_s):
            last = len(growth.seconds) - 1
            at = min(int(np.searchsorted(growth.seconds, place * place)), last)
            lines.insert(0, f"S/N {growth.snr[at]:.1f} after {duration(growth.seconds[at])}")
        return "\n".join(lines)
