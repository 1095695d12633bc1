"""The plot of a light curve: what is seen of it, and how its axes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPen

from ...fold.plot import FoldPlot, UnitAxis
from ...theme import DASHED, LineCue, spaced
from ..clock import marks as clock_marks
from ..scales import axis_ticks
from .points import CurveContent, PlotAxis, PointSet
from .points_item import PointsItem, is_crowded

if TYPE_CHECKING:
    from PyQt6.QtGui import QPainter

    from ...theme import Roles

NOTHING = CurveContent((), PlotAxis("", ""), PlotAxis("", ""))
AXIS_CHARACTERS = "−888.888"
X_MARGIN, Y_MARGIN = 0.02, 0.08
LEAST_SPAN = {"hours": 0.003, "phase": 0.002, "whole": 3.0, "number": 1e-4}
CHARACTER_ROOM = {"hours": 10, "phase": 8, "whole": 13, "number": 12}
LINES_A_TICK = 2.2
TURNS = 2.0
RING_PX = 7.0
BARS_LEFT_OUT = "error bars when zoomed in"


class CurveView(FoldPlot):
    """Shows points; what the hand zoomed stays as it is while points come.

    Attributes
    ----------
    is_x_fitted, is_y_fitted : bool
        Whether the axes follow the points.
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = NOTHING
        self._note = ""
        self._words = ""
        self._has_bars = False
        self.pointed: tuple[PointSet, int] | None = None
        self.is_x_fitted = self.is_y_fitted = True
        self.item = PointsItem()
        self.box.addItem(self.item, ignoreBounds=True)
        self.box.sigResized.connect(self._on_resized)
        self._y_label = UnitAxis(self.axes["left"])
        self.set_axis_room(AXIS_CHARACTERS)
        self.setMouseTracking(True)
        self.setAccessibleName("Light curve")
        self._show_labels()

    # What it is told

    def show_content(self, content: CurveContent, *, has_bars: bool, is_other: bool) -> None:
        """Show these points; `is_other` tells that they are of another star or quantity."""
        before = self.content
        self.content, self._has_bars = content, has_bars
        if content.x_axis != before.x_axis:
            self.is_x_fitted = True
        if is_other or content.y_axis != before.y_axis:
            self.is_y_fitted = True
        self.box.invertY(content.is_upside_down)
        self.item.set_points(content.sets, has_bars)
        self._point_again()
        self._show_labels()
        self._keep_points_in_view(is_other)
        self.refit()

    def say(self, words: str) -> None:
        """Write over an empty plot why it is empty."""
        if words != self._words:
            self._words = words
            self.refresh()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        super().set_roles(roles)
        self.item.set_roles(roles)

    def _show_labels(self) -> None:
        axis = self.content.x_axis
        self.axes["bottom"].setLabel(f"{axis.name} ({axis.unit})" if axis.unit else axis.name)

    def _point_again(self) -> None:
        """Point at the same measurement where it is there still."""
        if self.pointed is None:
            return
        before, row = self.pointed
        self.pointed = None
        for one in self.content.sets:
            if _look(one) == _look(before):
                same = np.flatnonzero(one.x == before.x[row])
                if len(same):
                    self.pointed = one, int(same[0])

    def _keep_points_in_view(self, is_other: bool) -> None:
        """Another star may have been seen at other times than those zoomed into."""
        left, right = self.x_span
        if is_other and not self.is_x_fitted and self.content.y_ends(left, right) is None:
            self.is_x_fitted = True

    # Axes

    @property
    def x_span(self) -> tuple[float, float]:
        """What is visible along x."""
        left, right = self.box.viewRange()[0]
        return float(left), float(right)

    @property
    def y_span(self) -> tuple[float, float]:
        """What is visible along y."""
        low, high = self.box.viewRange()[1]
        return float(low), float(high)

    def fit(self) -> None:
        """Show everything, and go on doing so."""
        self.is_x_fitted = self.is_y_fitted = True
        self.refit()

    def refit(self) -> None:
        """Fit the axes that are not zoomed by hand."""
        if self.is_x_fitted:
            self.box.setXRange(*self._fitted_x(), padding=0.0)
        if self.is_y_fitted:
            self.box.setYRange(*self._fitted_y(), padding=0.0)
        self._show_view()

    def _fitted_x(self) -> tuple[float, float]:
        if self.content.x_axis.kind == "phase":
            return 0.0, TURNS
        low, high = self.content.x_ends() or (0.0, 1.0)
        room = max(X_MARGIN * (high - low), LEAST_SPAN[self.content.x_axis.kind])
        return low - room, high + room

    def _fitted_y(self) -> tuple[float, float]:
        low, high = self.content.y_ends(*self.x_span) or (0.0, 1.0)
        room = Y_MARGIN * (high - low) or 0.05 * abs(high) or 1.0
        return low - room, high + room

    def set_x_span(self, left: float, right: float) -> None:
        """Show what lies between two places, chosen by hand."""
        self.is_x_fitted = False
        self.box.setXRange(left, right, padding=0.0)
        self.refit()

    def set_y_span(self, low: float, high: float) -> None:
        """Show what lies between two values, chosen by hand."""
        self.is_y_fitted = False
        self.box.setYRange(low, high, padding=0.0)
        self._show_view()

    def _on_resized(self, *_: object) -> None:
        self.item.set_ratio(self.devicePixelRatioF())
        self._show_view()

    def _show_view(self) -> None:
        """Tell the item and the axes what is visible."""
        view = self.view()
        self.item.set_view(view)
        self._note = self._noted(view)
        self._show_y_label()
        has_points = bool(self.content.sets)
        self.axes["left"].setTicks([self._y_ticks() if has_points else []])
        self.axes["bottom"].setTicks(
            [self._x_ticks(view.left(), view.right()) if has_points else []]
        )
        self.refresh()

    def _show_y_label(self) -> None:
        """Write name and unit; where there is no room the unit gives way, then the end."""
        axis, metrics = self.content.y_axis, self.fontMetrics()
        room = int(self.box.height())
        unit = axis.unit if metrics.horizontalAdvance(f"{axis.name} ({axis.unit})") < room else ""
        name = metrics.elidedText(axis.name, Qt.TextElideMode.ElideRight, room)
        self._y_label.show(name, unit, max(map(abs, self.y_span)))

    def _y_ticks(self) -> list[tuple[float, str]]:
        (low, high), scale = self.y_span, float(self.axes["left"].scale)
        most = max(2, int(self.box.height() // (LINES_A_TICK * self.small_metrics.height())))
        ticks = axis_ticks(low * scale, high * scale, most, is_log=False)
        return [(value / scale, text) for value, text in ticks]

    def _x_ticks(self, left: float, right: float) -> list[tuple[float, str]]:
        kind = self.content.x_axis.kind
        most = max(
            2,
            int(
                self.box.width() // self.fontMetrics().horizontalAdvance("8" * CHARACTER_ROOM[kind])
            ),
        )
        if kind == "hours":
            return clock_marks(left, right, most)
        ticks = axis_ticks(left, right, most, is_log=False)
        return [(x, text) for x, text in ticks if kind != "whole" or float(x).is_integer()]

    def _noted(self, view: QRectF) -> str:
        """What is to be said about points that are not seen as they are."""
        beyond = 0
        for one in self.content.sets:
            is_here = (one.x >= view.left()) & (one.x <= view.right()) & np.isfinite(one.y)
            beyond += int((is_here & ((one.y < view.top()) | (one.y > view.bottom()))).sum())
        notes = [f"{beyond:,} above or below"] * bool(beyond)
        pixels = self.box.width() / view.width()
        is_left_out = self._has_bars and is_crowded(self.content.sets, view, pixels)
        notes += [BARS_LEFT_OUT] * is_left_out
        return "; ".join(notes)

    # Points

    def nearest(self, place: QPointF, within_px: float) -> tuple[PointSet, int] | None:
        """Point close to a place of the viewport, the front ones first."""
        best, found = within_px**2, None
        for one in reversed(self.content.sets):
            distances = self._distances(one, place)
            row = int(np.argmin(distances)) if len(distances) else 0
            if len(distances) and distances[row] < best:
                best, found = float(distances[row]), (one, row)
        return found

    def _distances(
        self, one: PointSet, place: QPointF
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Squares of distances in pixels; infinite for what cannot be drawn."""
        frame = self.frame()
        (left, right), (low, high) = self.x_span, self.y_span
        x = frame.left() + (one.x - left) * frame.width() / (right - left)
        up = (one.y - low) * frame.height() / (high - low)
        y = frame.top() + up if self.content.is_upside_down else frame.bottom() - up
        return np.nan_to_num((x - place.x()) ** 2 + (y - place.y()) ** 2, nan=np.inf)

    # Over the items

    def paint_over(self, painter: QPainter, frame: QRectF) -> None:
        """Draw words, the point that is pointed at, and the focus."""
        super().paint_over(painter, frame)
        painter.setPen(QColor(self.roles.muted))
        if self._note:
            room = QRectF(frame.left(), 0.0, frame.width(), frame.top())
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, flags, self._note)
        if self._words:
            painter.setFont(self.font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(spaced(4), 0, -spaced(4), 0), int(flags), self._words)
        if self.pointed is not None:
            self._paint_pointed(painter, frame, *self.pointed)

    def _paint_pointed(self, painter: QPainter, frame: QRectF, one: PointSet, row: int) -> None:
        point = self.point_of(float(one.x[row]), float(one.y[row]))
        if not frame.contains(point):
            return
        painter.setPen(LineCue(self.roles.muted, DASHED).pen())
        painter.drawLine(QPointF(point.x(), frame.top()), QPointF(point.x(), frame.bottom()))
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.roles.text), 1.5))
        painter.drawEllipse(point, RING_PX, RING_PX)


def _look(one: PointSet) -> tuple[str, int, bool]:
    return one.camera, one.rank, one.is_binned
