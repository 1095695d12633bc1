"""How often which time passed from one stamp of the camera to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QColor, QPen
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from .theme import DASHED, LineCue, Roles, spaced, worn
from .widgets.plain_plot import PlainPlot

if TYPE_CHECKING:
    import numpy.typing as npt

LEAST_COUNT = 0.5
"""Where the logarithmic axis begins, so that a single one is still seen."""

MOST_TICKS = 4
HEADROOM = 0.4
"""Part of the height that stays free for words."""

BESIDE = -0.1
CAPTION = "times (log)"
TIP = (
    "How often which time passed from one time stamp to the next, logarithmic. "
    "The last step holds everything that took longer."
)


class IntervalPlot(QWidget):
    """Histogram of intervals in ms with logarithmic counts and a line at the expected one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = PlainPlot()
        self._box, self.axes = self._view.box, self._view.axes
        self._box.setMouseEnabled(x=False, y=False)
        self._make_items()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self.setToolTip(TIP)
        self.setMinimumSize(spaced(40), spaced(16))
        self.set_roles(worn())

    def _make_items(self) -> None:
        floor = float(np.log10(LEAST_COUNT))
        # Without a first step pyqtgraph fails as soon as somebody asks where the curve is.
        self._steps = pg.PlotCurveItem([0.0, 1.0], [floor], stepMode="center", fillLevel=floor)
        self._expected = pg.InfiniteLine(angle=90)
        beside = (BESIDE, 0.5)
        self._words = pg.InfLineLabel(self._expected, position=0.82, anchors=[beside, beside])
        for item in (self._steps, self._expected):
            self._box.addItem(item, ignoreBounds=True)
        # In the corner and not along the axes, where it would cost a flat panel its height.
        self._caption = pg.LabelItem(CAPTION)
        self._caption.setParentItem(self._box)
        self._caption.anchor(itemPos=(1, 0), parentPos=(1, 0), offset=(-spaced(1), 0))

    def sizeHint(self) -> QSize:
        """Wide and flat."""
        return QSize(spaced(90), spaced(30))

    @property
    def expected_ms(self) -> float:
        """Where the line stands."""
        return float(self._expected.value())

    @property
    def words(self) -> str:
        """What is written at the line."""
        return str(self._words.textItem.toPlainText())

    def set_intervals(
        self,
        edges_ms: npt.NDArray[np.float64],
        counts: npt.NDArray[np.int64],
        expected_ms: float,
    ) -> None:
        """Show a histogram, shapes (n + 1,) and (n,), and mark the interval to expect."""
        heights = np.log10(np.maximum(counts, LEAST_COUNT))
        top = max(float(heights.max(initial=0.0)), 1.0)
        floor = float(np.log10(LEAST_COUNT))
        self._steps.setData(edges_ms, heights)
        self._box.setXRange(float(edges_ms[0]), float(edges_ms[-1]), padding=0.0)
        self._box.setYRange(floor, top + HEADROOM * (top - floor), padding=0.0)
        decades = range(0, int(top) + 1, 1 + int(top) // MOST_TICKS)
        self.axes["left"].setTicks([[(decade, f"{10**decade:,}") for decade in decades]])
        self._expected.setValue(expected_ms)
        self._words.setText(f"expected {expected_ms:.6g} ms")

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._view.setBackground(QColor(roles.panel))
        for axis in self.axes.values():
            axis.setPen(LineCue(roles.line).pen())
            axis.setTextPen(QPen(QColor(roles.muted)))
        self._caption.setText(CAPTION, color=roles.muted)
        fill = QColor(roles.lines[0].color)
        fill.setAlpha(90)
        self._steps.setPen(roles.lines[0].pen())
        self._steps.setBrush(fill)
        self._expected.setPen(LineCue(roles.text, DASHED).pen())
        self._words.setColor(QColor(roles.text))
