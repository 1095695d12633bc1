"""Curves of a product with their errors, in a plot."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtGui import QColor

from ..theme import DASH_DOT, DASHED, DOTTED, SOLID, spaced, worn
from ..widgets.plain_plot import PlainPlot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.workbench.product_tables import Curve, Floats, ProductTable
    from ..theme import LineCue, Roles

MOST_ERRORS = 5_000
MARGIN = 0.05
LEAST_HIGHEST, MOST_HIGHEST = 0.01, 1e5
"""Highest numbers that are written out at an axis."""
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DASHES = (SOLID, DASHED, DOTTED, DASH_DOT)
GLYPHS = ("━━", "╍╍", "┉┉", "━·")
AXIS_CHARACTERS = "−88888.8"


class CurvePlot(PlainPlot):
    """The curves of a table with their errors; the wheel and dragging zoom along x."""

    def __init__(self, table: ProductTable) -> None:
        super().__init__()
        self._table = table
        self._lines: list[Any] = []
        self._errors: list[Any] = []
        for curve in table.curves:
            self._add(curve)
        self.box.setMouseEnabled(x=True, y=False)
        self.axes["bottom"].setLabel(table.x_title)
        self.axes["left"].setLabel(self._scaled_title())
        # Room for the halves of the labels at the ends of the axes.
        self.centralWidget.setContentsMargins(0, spaced(2), spaced(3), 0)
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance(AXIS_CHARACTERS) + metrics.height()
        self.axes["left"].setWidth(room + spaced(3))
        self._fit()
        self.set_roles(worn())

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.setBackground(roles.panel)
        for axis in self.axes.values():
            axis.setPen(roles.line)
            axis.setTextPen(roles.muted)
        for place, line in enumerate(self._lines):
            cue: LineCue = roles.lines[place % len(roles.lines)]
            if self._table.is_points:
                line.setSymbolBrush(QColor(cue.color))
            else:
                line.setPen(cue.pen())
            if self._errors[place] is not None:
                colour = QColor(cue.color)
                colour.setAlpha(150)
                self._errors[place].setOpts(pen=pg.mkPen(colour))

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What is drawn."""
        return self._table.curves

    def legend(self) -> str:
        """Names of several curves, each in its colour behind its glyph; "" for one."""
        roles, curves = worn(), self._table.curves
        if len(curves) < 2:
            return ""
        parts = []
        for place, curve in enumerate(curves):
            cue = roles.lines[place % len(roles.lines)]
            glyph = GLYPHS[DASHES.index(cue.dash)]
            parts.append(f'<span style="color:{cue.color}">{glyph}</span> {escape(curve.name)}')
        return "&nbsp;&nbsp;&nbsp; ".join(parts)

    def _add(self, curve: Curve) -> None:
        made: dict[str, Any] = {"autoDownsample": True, "downsampleMethod": "peak"}
        x, y = curve.x, curve.y
        if self._table.is_points:
            made |= {"pen": None, "symbol": "o", "symbolSize": 3, "symbolPen": None}
            known = np.isfinite(x) & np.isfinite(y)
            x, y = x[known], y[known]
        elif curve.edges is not None:
            # Bins are drawn as steps; pyqtgraph thins no steps.
            x, made = curve.edges, {"stepMode": "center"}
        line = pg.PlotDataItem(x, y, connect="finite" if curve.edges is None else "auto", **made)
        error = self._made_errors(curve)
        self.box.addItem(line)
        self._lines.append(line)
        self._errors.append(error)

    def _made_errors(self, curve: Curve) -> Any:
        if curve.error is None or not 0 < len(curve.x) <= MOST_ERRORS:
            return None
        known = np.isfinite(curve.y) & np.isfinite(curve.error)
        item = pg.ErrorBarItem(
            x=curve.x[known], y=curve.y[known], height=2.0 * curve.error[known], beam=0.0
        )
        self.box.addItem(item)
        return item

    def _scaled_title(self) -> str:
        """Title of the upright axis, with the power of ten that its numbers leave out."""
        highest = max((float(np.max(np.abs(c.y), initial=0.0, where=np.isfinite(c.y)))
                       for c in self._table.curves), default=0.0)  # fmt: skip
        if highest == 0.0 or LEAST_HIGHEST <= highest < MOST_HIGHEST:
            return self._table.y_title
        power = 3 * math.floor(math.log10(highest) / 3)
        self.axes["left"].setScale(10.0**-power)
        name, bracket, unit = self._table.y_title.partition(" (")
        factor = f"10{str(power).translate(RAISED)}"
        return f"{name} ({factor} {unit}" if bracket else f"{name} ({factor})"

    def _fit(self) -> None:
        """Show everything, errors included."""
        curves = self._table.curves
        x = [curve.x if curve.edges is None else curve.edges for curve in curves]
        errors = [0.0 if curve.error is None else curve.error for curve in curves]
        low = [curve.y - error for curve, error in zip(curves, errors, strict=True)]
        high = [curve.y + error for curve, error in zip(curves, errors, strict=True)]
        for parts, margin, show in (
            (x, 0.0, self.box.setXRange),
            ([*low, *high], MARGIN, self.box.setYRange),
        ):
            ends = _ends(parts, margin)
            if ends is not None:
                show(*ends, padding=0.0)


def _ends(parts: Sequence[Floats], margin: float) -> tuple[float, float] | None:
    """Lowest and highest number with room round them; None where there is no number."""
    every = np.concatenate([np.empty(0), *parts])
    every = every[np.isfinite(every)]
    if not every.size:
        return None
    low, high = float(every.min()), float(every.max())
    room = margin * (high - low) if high > low else 1.0
    return low - room, high + room
