"""The points of a light curve as one item, painted in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QGraphicsItem

from ...theme import worn
from ...widgets.pens import cosmetic_pen
from ...widgets.view_item import PixelItem
from ..cues import camera_cue, camera_glyph
from .marks import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PyQt6.QtCore import QRectF
    from PyQt6.QtGui import QPixmap, QTransform

    from ...theme import Roles
    from .points import PointSet

LEAST_BAR_PX = 2.0
"""Where the points are nearer than this their error bars would be one grey band."""
BAR_ALPHA = 120
ROOM_PX = 8.0


class PointsItem(PixelItem):
    """Paints points and their error bars; what is out of sight costs next to nothing.

    A picture of it is kept, so that a cursor may move over it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._sets: tuple[PointSet, ...] = ()
        self._roles = worn()
        self._ratio = 1.0
        self._has_bars = False
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_points(self, sets: Sequence[PointSet], has_bars: bool) -> None:
        """Draw these, with error bars or without."""
        self._sets, self._has_bars = tuple(sets), has_bars
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.update()

    def set_ratio(self, ratio: float) -> None:
        """Draw for so many device pixels in a logical one."""
        self._ratio = ratio

    def paint_pixels(self, painter: QPainter, world: QTransform) -> None:
        """Paint bars first, so that no point is crossed."""
        seen = [(one, *self._in_pixels(one, world)) for one in self._sets]
        if self._has_bars and not is_crowded(self._sets, self._view, world.m11()):
            for one, x, y, rows in seen:
                if has_bars(one, self._sets):
                    self._paint_bars(painter, one, x, y, abs(world.m22()) * one.error[rows])
        for one, x, y, rows in seen:
            flagged = one.is_flagged[rows]
            style = "binned" if one.is_binned else "full"
            _stamp(painter, x[~flagged], y[~flagged], self._mark(one, style))
            _stamp(painter, x[flagged], y[flagged], self._mark(one, "flagged"))

    def _in_pixels(
        self, one: PointSet, world: QTransform
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
        """Places on the screen of the points in view, and which points they are."""
        x = world.m11() * one.x + world.dx()
        y = world.m22() * one.y + world.dy()
        seen = world.mapRect(self._view).adjusted(-ROOM_PX, -ROOM_PX, ROOM_PX, ROOM_PX)
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(
                (x >= seen.left()) & (x <= seen.right()) & (y >= seen.top()) & (y <= seen.bottom())
            )
        return x[rows], y[rows], rows

    def _mark(self, one: PointSet, style: str) -> QPixmap:
        colour = camera_cue(self._roles, one.camera).color
        return mark(camera_glyph(one.camera), colour, style, one.rank, self._ratio)

    def _paint_bars(self, painter: QPainter, one: PointSet, x: Any, y: Any, error_px: Any) -> None:
        known = np.isfinite(error_px)
        x, y, error_px = x[known], y[known], error_px[known]
        if not len(x):
            return
        colour = QColor(camera_cue(self._roles, one.camera).color)
        colour.setAlpha(BAR_ALPHA)
        painter.setPen(cosmetic_pen(colour))
        ends = np.column_stack((y - error_px, y + error_px)).ravel()
        path = pg.functions.arrayToQPath(np.repeat(x, 2), ends, connect="pairs")
        painter.drawPath(path)


def has_bars(one: PointSet, sets: Sequence[PointSet]) -> bool:
    """Whether points show how sure they are: of several sizes only the large ones do."""
    return one.is_binned or not any(other.is_binned for other in sets)


def is_crowded(sets: Sequence[PointSet], view: QRectF, pixels: float) -> bool:
    """Whether there is no room for error bars, with so many pixels in a unit of x."""
    left, right = view.left(), view.right()
    shown = [one.x for one in sets if has_bars(one, sets)]
    count = sum(int(((x >= left) & (x <= right)).sum()) for x in shown)
    return count * LEAST_BAR_PX > (right - left) * pixels


def _stamp(painter: QPainter, x: Any, y: Any, picture: QPixmap) -> None:
    """Draw a picture with its middle at each place."""
    half = 0.5 * picture.width() / picture.devicePixelRatio()
    for place in zip((x - half).tolist(), (y - half).tolist(), strict=True):
        painter.drawPixmap(QPointF(*place), picture)
