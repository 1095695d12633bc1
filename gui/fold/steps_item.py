"""A profile on the screen: steps and error bars over two turns, painted as one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtGui import QColor, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem

from ..theme import DASH_DOT, DASHED, DOTTED, SOLID, LineCue
from ..widgets.view_item import PixelItem

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PyQt6.QtGui import QPainter, QTransform

    from ..theme import Roles

    Numbers = NDArray[np.float64]

DASHES = (SOLID, DASHED, DOTTED, DASH_DOT)
ERROR_ALPHA = 170
LEAST_ALPHA, CLEAR_PX = 12, 3.0
"""Error bars closer than this are paler, that they do not cover the steps."""


def fold_cue(roles: Roles, place: int) -> LineCue:
    """Colour and dash of one of several profiles; each alone tells it from the others."""
    return LineCue(roles.lines[place % len(roles.lines)].color, DASHES[place % len(DASHES)])


class StepsItem(PixelItem):
    """Paints a profile twice side by side; not-a-number leaves a hole."""

    def __init__(self) -> None:
        super().__init__()
        self._edges: Numbers = np.empty(0)
        self._values: Numbers = np.empty(0)
        self._errors: Numbers = np.empty(0)
        self._pen, self._colour = QPen(), QColor()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def values(self) -> Numbers:
        """Steps of both turns, shape (2 n_bins,)."""
        return self._values

    def set_steps(self, values: Numbers, errors: Numbers) -> None:
        """Show values and their errors, shape (n_bins,) both."""
        if len(self._edges) != 2 * len(values) + 1:
            self._edges = np.arange(2 * len(values) + 1) / len(values)
        self._values, self._errors = np.tile(values, 2), np.tile(errors, 2)
        self.update()

    def set_cue(self, cue: LineCue) -> None:
        """Take colour and dash."""
        self._pen = cue.pen()
        self._colour = QColor(cue.color)
        self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint in device pixels, where a bar is one pixel wide."""
        if not len(self._values):
            return
        x = np.floor(world.m11() * self._edges + world.dx()) + 0.5
        clear = min((x[-1] - x[0]) / (CLEAR_PX * len(self._values)), 1.0)
        painter.setPen(_with_alpha(self._colour, max(LEAST_ALPHA, round(clear * ERROR_ALPHA))))
        painter.drawPath(self._bars(x, world))
        painter.setPen(self._pen)
        painter.drawPath(self._steps(x, world))

    def _steps(self, x: Numbers, world: QTransform) -> QPainterPath:
        y = np.floor(world.m22() * np.repeat(self._values, 2) + world.dy()) + 0.5
        path: QPainterPath = pg.functions.arrayToQPath(np.repeat(x, 2)[1:-1], y, connect="finite")
        return path

    def _bars(self, x: Numbers, world: QTransform) -> QPainterPath:
        known = np.isfinite(self._values) & np.isfinite(self._errors)
        if not known.any():
            return QPainterPath()
        middle = np.floor(0.5 * (x[1:] + x[:-1])[known]) + 0.5
        values, errors = self._values[known], self._errors[known]
        ends = np.stack([values - errors, values + errors], axis=1).ravel()
        y = world.m22() * ends + world.dy()
        path: QPainterPath = pg.functions.arrayToQPath(np.repeat(middle, 2), y, connect="pairs")
        return path


def _with_alpha(colour: QColor, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made
