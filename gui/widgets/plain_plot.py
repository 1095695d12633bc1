"""A plot with two axes and nothing else."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from ..theme import tabular_font


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose label stands in the middle also after its words are others."""

    def _updateLabel(self) -> None:
        super()._updateLabel()
        self.resizeEvent()


class PlainPlot(pg.GraphicsView):  # type: ignore[misc]
    """One box between a left and a bottom axis.

    pyqtgraph's own PlotWidget makes menus that nothing deletes.

    Attributes
    ----------
    box : ViewBox
        Takes the items.
    axes : dict
        ``left`` and ``bottom``.
    """

    def __init__(self) -> None:
        super().__init__(useOpenGL=False)
        self.box: Any = pg.ViewBox(enableMenu=False)
        self.box.setDefaultPadding(0.0)
        self.axes: dict[str, Any] = {side: self._made_axis(side) for side in ("left", "bottom")}
        layout = pg.GraphicsLayout()
        layout.setSpacing(0)
        # Half of the number at the very top stands above the box.
        layout.setContentsMargins(0, self.fontMetrics().height() // 2, 0, 0)
        layout.addItem(self.axes["left"], 0, 0)
        layout.addItem(self.box, 0, 1)
        layout.addItem(self.axes["bottom"], 1, 1)
        self.setCentralItem(layout)

    def _made_axis(self, side: str) -> Any:
        axis = _Axis(side)
        axis.linkToView(self.box)
        axis.setTickFont(tabular_font())
        axis.enableAutoSIPrefix(False)
        return axis
