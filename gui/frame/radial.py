"""The radial profile of a star, in a plot of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from ..theme import spaced, tabular_font
from ..widgets.empty_state import EmptyState

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..theme import Roles

    Values = npt.NDArray[np.float64]

_LEAST_HEIGHT_PX = 176
EMPTY_TEXT = "No star measured yet. Double-click one in the frame."


class RadialProfilePlot(QWidget):
    """Pixel values against distance from the centre, the fit, and its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = pg.PlotWidget(enableMenu=False)
        # pyqtgraph makes a menu even then; only with a parent does it end with the plot.
        menu = self._plot.getPlotItem().ctrlMenu
        menu.setParent(self._plot, menu.windowFlags())
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._plot.setLabel("bottom", "distance from the centre (px)")
        self.set_unit("ADU")
        self._points = self._plot.plot([], [], pen=None, symbol="o", symbolSize=4)
        self._fit = self._plot.plot([], [])
        self._half = pg.InfiniteLine(angle=90)
        self._half.setVisible(False)
        self._plot.addItem(self._half)
        self.setMinimumHeight(_LEAST_HEIGHT_PX)
        self._summary = QLabel()
        self._summary.setFont(tabular_font())
        self._summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.empty_state = EmptyState(EMPTY_TEXT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(spaced(2), spaced(2), spaced(2), spaced(2))
        layout.setSpacing(spaced(1))
        layout.addWidget(self._summary)
        for widget in (self._plot, self.empty_state):
            layout.addWidget(widget, 1)
        self.clear()

    @property
    def summary(self) -> str:
        """The line above the plot."""
        return self._summary.text()

    def set_unit(self, unit: str) -> None:
        """Tell what the values are."""
        self._plot.setLabel("left", f"value ({unit})")

    def clear(self) -> None:
        """Show that nothing was measured."""
        self._show_plot(False)

    def set_profile(
        self,
        radii_px: Values,
        values: Values,
        fit_radii_px: Values,
        fit_values: Values,
    ) -> None:
        """Show pixels and the fitted curve; empty fit arrays when no fit was found."""
        self._points.setData(radii_px, values)
        self._fit.setData(fit_radii_px, fit_values)
        self._show_plot(True)

    def set_width(
        self, x: float, y: float, fwhm_px: float | None, fwhm_arcsec: float | None
    ) -> None:
        """Tell the centre (0-based, written from 1) and the full width at half maximum."""
        place = f"x {x + 1.0:.2f}  y {y + 1.0:.2f}"
        self._half.setVisible(fwhm_px is not None)
        if fwhm_px is None:
            self._summary.setText(f"{place}   no star found here")
            return
        self._half.setValue(fwhm_px / 2.0)
        sky = "" if fwhm_arcsec is None else f"   {fwhm_arcsec:.2f}″"
        self._summary.setText(f"{place}   FWHM {fwhm_px:.2f} px{sky}")

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._plot.setBackground(roles.panel)
        for side in ("bottom", "left"):
            axis = self._plot.getAxis(side)
            axis.setPen(roles.line)
            axis.setTextPen(roles.muted)
        points = QColor(roles.lines[0].color)
        points.setAlpha(150)
        self._points.setSymbolBrush(points)
        self._points.setSymbolPen(None)
        self._fit.setPen(roles.lines[1].pen())
        self._half.setPen(roles.lines[2].pen())

    def _show_plot(self, is_shown: bool) -> None:
        self._plot.setVisible(is_shown)
        self._summary.setVisible(is_shown)
        self.empty_state.setVisible(not is_shown)
