"""What lies behind the lines of a plot: twilight, the marks of the hours, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QLineF, QRectF
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QGraphicsItem

from ...theme import DASHED, LineCue
from ...widgets.pens import cosmetic_pen
from ...widgets.view_item import PixelItem
from .drawn import on_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPainter, QTransform

    from ...theme import Roles
    from .specs import Limit

SHADE_ALPHA, BAND_ALPHA, CHOSEN_ALPHA, GRID_ALPHA = 26, 34, 60, 130


class BackdropItem(PixelItem):
    """Paints behind everything else."""

    def __init__(self, roles: Roles) -> None:
        super().__init__()
        self._roles = roles
        self._hours: tuple[float, ...] = ()
        self._limits: tuple[Limit, ...] = ()
        self._twilight = (float("nan"), float("nan"))
        self._chosen: tuple[float, float] | None = None
        self._is_log = False
        self.setZValue(-10)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def set_hours(self, hours: Sequence[float]) -> None:
        """Draw a line at each of these times."""
        if tuple(hours) != self._hours:
            self._hours = tuple(hours)
            self.update()

    def set_twilight(self, dusk: float, dawn: float) -> None:
        """Shade what is before dusk and after dawn."""
        if repr((dusk, dawn)) != repr(self._twilight):
            self._twilight = dusk, dawn
            self.update()

    def set_chosen(self, span: tuple[float, float] | None) -> None:
        """Mark a stretch of time; None for none."""
        if span != self._chosen:
            self._chosen = span
            self.update()

    def set_limits(self, limits: tuple[Limit, ...], is_log: bool) -> None:
        """Draw these levels."""
        if (limits, is_log) != (self._limits, self._is_log):
            self._limits, self._is_log = limits, is_log
            self.update()

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint from back to front."""
        area = world.mapRect(self._view)
        self._paint_twilight(painter, world, area)
        self._paint_hours(painter, world, area)
        self._paint_chosen(painter, world, area)
        for limit in self._limits:
            self._paint_limit(painter, world, area, limit)

    def _x(self, world: QTransform, hour: float) -> float:
        return world.m11() * hour + world.dx()

    def _paint_twilight(self, painter: QPainter, world: QTransform, area: QRectF) -> None:
        dusk, dawn = (self._x(world, hour) for hour in self._twilight)
        shade = QColor(self._roles.text)
        shade.setAlpha(SHADE_ALPHA)
        painter.setPen(LineCue(self._roles.muted, DASHED).pen())
        for edge, side in ((dusk, "left"), (dawn, "right")):
            rect = QRectF(area)
            (rect.setRight if side == "left" else rect.setLeft)(edge)
            if edge == edge and rect.isValid():  # noqa: PLR0124 - not NaN
                painter.fillRect(rect.intersected(area), shade)
            if area.left() < edge < area.right():
                painter.drawLine(QLineF(edge, area.top(), edge, area.bottom()))

    def _paint_hours(self, painter: QPainter, world: QTransform, area: QRectF) -> None:
        colour = QColor(self._roles.line)
        colour.setAlpha(GRID_ALPHA)
        painter.setPen(cosmetic_pen(colour))
        for hour in self._hours:
            x = round(self._x(world, hour)) + 0.5
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))

    def _paint_chosen(self, painter: QPainter, world: QTransform, area: QRectF) -> None:
        if self._chosen is None:
            return
        left, right = (self._x(world, hour) for hour in self._chosen)
        rect = QRectF(left, area.top(), max(3.0, right - left), area.height()).intersected(area)
        colour = QColor(self._roles.accent)
        if rect.width() > 0:
            painter.setPen(cosmetic_pen(colour))
            for x in (rect.left(), rect.right()):
                painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
            colour.setAlpha(CHOSEN_ALPHA)
            painter.fillRect(rect, colour)

    def _paint_limit(
        self, painter: QPainter, world: QTransform, area: QRectF, limit: Limit
    ) -> None:
        low, high = on_axis(np.array([limit.low, limit.high]), self._is_log)
        bottom, top = world.m22() * low + world.dy(), world.m22() * high + world.dy()
        painter.setPen(LineCue(self._roles.muted, DASHED).pen())
        if bottom != top:
            band = QColor(self._roles.good)
            band.setAlpha(BAND_ALPHA)
            painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), band)
        for y in {bottom, top}:
            if area.top() <= y <= area.bottom():
                painter.drawLine(QLineF(area.left(), y, area.right(), y))
