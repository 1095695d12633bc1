"""One plot of a night as it is seen: its title and numbers above, its lines below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetrics, QPen

from ...theme import LineCue, spaced, tabular_font, worn
from ...widgets.plain_plot import PlainPlot
from ..scales import axis_ticks, is_log_better, room_for
from ..words import MINUS, NOTHING
from .backdrop import BackdropItem
from .cues import line_cues
from .drawn import LinesItem, on_axis
from .lettering import paint_caption, paint_letters, paint_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QPainter, QResizeEvent

    from ...theme import Roles
    from .lines import PlotLine
    from .specs import Limit, PlotSpec

AXIS_CHARACTERS = "−88888.8"
LETTER_ROOM = 4
SMALL = 0.88
LEAST_HEIGHT = 92
NEAR_PX = 12.0
LINES_A_TICK = 1.6


@dataclass(frozen=True, eq=False)
class PlotPoint:
    """A point that was pointed at.

    Attributes
    ----------
    line : PlotLine
    place : int
        Which of its points.
    """

    line: PlotLine
    place: int

    @property
    def hour(self) -> float:
        """When it was measured."""
        return float(self.line.hours[self.place])


class PlotView(PlainPlot):
    """Shows the lines of one plot; the hours that are seen are told from outside.

    Signals: `cameIntoSight` when it is painted although it is `is_stale`.

    Attributes
    ----------
    is_stale : bool
        Whether it was out of sight, and was not told the newest hours.
    """

    cameIntoSight = pyqtSignal()

    def __init__(self, spec: PlotSpec) -> None:
        super().__init__()
        self.spec = spec
        self.roles = worn()
        self.lines: tuple[PlotLine, ...] = ()
        self.limits: tuple[Limit, ...] = ()
        self.is_log = spec.scale == "log"
        self.is_stale = False
        self._cursor: float | None = None
        self._ticks_of: tuple[float, float, int] | None = None
        self.small_font = tabular_font(self.font())
        self.small_font.setPointSizeF(self.small_font.pointSizeF() * SMALL)
        self.small_metrics = QFontMetrics(self.small_font)
        self._make_items()
        self._arrange()

    def _make_items(self) -> None:
        self.backdrop = BackdropItem(self.roles)
        self.drawn = LinesItem()
        for item in (self.backdrop, self.drawn):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setMouseEnabled(x=False, y=False)
        self.box.sigResized.connect(self._on_resized)

    def _arrange(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setAccessibleName(f"{self.spec.title} against time")
        self.axes["bottom"].hide()
        metrics = self.fontMetrics()
        self.axis_width = metrics.horizontalAdvance(AXIS_CHARACTERS) + spaced(2)
        self.axes["left"].setWidth(self.axis_width)
        self.right_room = metrics.horizontalAdvance("W") + 2 * LETTER_ROOM
        above = self.small_metrics.height() + LETTER_ROOM
        below = self.small_metrics.height() // 2
        self.centralWidget.setContentsMargins(0, above, self.right_room, below)
        self.set_roles(self.roles)

    # What it is told

    def set_lines(self, lines: Sequence[PlotLine], limits: tuple[Limit, ...]) -> None:
        """Show these lines and levels."""
        self.lines, self.limits = tuple(lines), limits
        if self.spec.scale == "auto":
            self.is_log = is_log_better([line.values for line in lines], self.is_log)
        is_other = self.drawn.set_lines(lines, line_cues(self.roles, list(lines)), self.is_log)
        self.backdrop.set_limits(limits, self.is_log)
        if is_other:
            self._fit_values()
            self.refresh()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.roles = roles
        self.setBackground(QColor(roles.panel))
        for axis in self.axes.values():
            axis.setPen(LineCue(roles.line).pen())
            axis.setTextPen(QPen(QColor(roles.muted)))
            axis.setTickFont(self.small_font)
        self.backdrop.set_roles(roles)
        self.drawn.set_cues(line_cues(roles, list(self.lines)))
        self.refresh()

    def show_hours(self, left: float, right: float, hours: Sequence[float]) -> None:
        """Show what lies between two times, with a mark at some."""
        self.is_stale = False
        self.backdrop.set_hours(hours)
        self.box.setXRange(left, right, padding=0.0)
        self._fit_values()

    def show_cursor(self, hour: float | None) -> None:
        """Draw a line at a time and write the values there; None for the newest values."""
        if hour != self._cursor:
            self._cursor = hour
            self.refresh()

    def refresh(self) -> None:
        """Paint anew what is drawn over the items."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    # Places

    @property
    def hours(self) -> tuple[float, float]:
        """First and last time that is visible."""
        left, right = self.box.viewRange()[0]
        return float(left), float(right)

    @property
    def is_seen(self) -> bool:
        """Whether a part of it is not scrolled out of sight."""
        viewport = self.viewport()
        return viewport is not None and not viewport.visibleRegion().isEmpty()

    def frame(self) -> QRectF:
        """The box between the axes, in the viewport."""
        return QRectF(self.mapFromScene(self.box.sceneBoundingRect()).boundingRect())

    def hour_at(self, x: float) -> float:
        """Time at a column of the viewport."""
        left, right = self.hours
        frame = self.frame()
        return left + (right - left) * (x - frame.left()) / max(1.0, frame.width())

    def point_of(self, hour: float, value: float) -> QPointF:
        """Point of the viewport where a value is drawn."""
        (left, right), (low, high) = self.box.viewRange()
        frame = self.frame()
        y = float(on_axis(np.array([value]), self.is_log)[0])
        return QPointF(
            frame.left() + frame.width() * (hour - left) / (right - left),
            frame.bottom() - frame.height() * (y - low) / (high - low),
        )

    def nearest(self, place: QPointF) -> PlotPoint | None:
        """Point of a line close to a place of the viewport."""
        best, found = NEAR_PX**2, None
        for line in self.lines:
            if not len(line.hours):
                continue
            distances = self._distances(line, place)
            near = int(np.argmin(distances))
            if distances[near] < best:
                best, found = float(distances[near]), PlotPoint(line, near)
        return found

    def _distances(self, line: PlotLine, place: QPointF) -> Any:
        """Squares of distances in pixels; infinite for what is not known."""
        (left, right), (low, high) = self.box.viewRange()
        frame = self.frame()
        x = frame.left() + frame.width() * (line.hours - left) / (right - left)
        y = on_axis(line.values, self.is_log)
        y = frame.bottom() - frame.height() * (y - low) / (high - low)
        return np.nan_to_num((x - place.x()) ** 2 + (y - place.y()) ** 2, nan=np.inf)

    # Fitting

    def _on_resized(self, *_: object) -> None:
        self.drawn.set_columns(round(self.box.width() * self.devicePixelRatioF()))
        self._fit_values()

    def _fit_values(self) -> None:
        """Keep the axis while the lines stay inside it and are not lost in it."""
        left, right = self.hours
        span = on_axis(np.array(self.spec.span), self.is_log)
        ends = room_for(self.drawn.ends(left, right), span.tolist())
        _, (low, high) = self.box.viewRange()
        is_inside = low <= ends[0] and ends[1] <= high
        if not is_inside or (ends[1] - ends[0]) < 0.6 * (high - low):
            self.box.setYRange(*ends, padding=0.0)
        self._show_view()

    def _show_view(self) -> None:
        (left, right), (low, high) = self.box.viewRange()
        view = QRectF(left, low, right - left, high - low)
        for item in (self.backdrop, self.drawn):
            item.set_view(view)
        lines = max(2, int(self.box.height() // (LINES_A_TICK * self.small_metrics.height())))
        if (low, high, lines) != self._ticks_of:
            self._ticks_of = low, high, lines
            self.axes["left"].setTicks([axis_ticks(low, high, lines, self.is_log)])

    # Over the items

    def drawForeground(self, painter: QPainter | None, _rect: QRectF) -> None:
        """Write title and numbers above the box, letters beside it, and draw the cursor."""
        if painter is None:
            return
        if self.is_stale:
            self.cameIntoSight.emit()
        painter.save()
        painter.resetTransform()
        painter.setFont(self.small_font)
        frame = self.frame()
        above = QRectF(0.0, 0.0, self.width(), frame.top())
        paint_caption(painter, above, self.spec, self.told, self.roles)
        self._paint_cursor(painter, frame)
        left, right = self.hours
        ends = self.drawn.last_positions(left, right)
        if not ends:
            painter.setPen(QColor(self.roles.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame, int(flags), self.words_for_nothing)
        _, (low, high) = self.box.viewRange()
        levels = [(limit, self.point_of(left, limit.high).y()) for limit in self.limits]
        paint_limits(painter, frame, levels, self.roles)
        paint_letters(painter, frame, ends, low, high)
        painter.restore()

    @property
    def words_for_nothing(self) -> str:
        """Why nothing is seen: there is nothing, or it is elsewhere."""
        has_points = any(np.isfinite(line.values).any() for line in self.lines)
        return "Nothing at these hours: double-click shows all" if has_points else self.spec.empty

    def _paint_cursor(self, painter: QPainter, frame: QRectF) -> None:
        if self._cursor is None:
            return
        left, right = self.hours
        x = frame.left() + frame.width() * (self._cursor - left) / (right - left)
        if frame.left() <= x <= frame.right():
            painter.setPen(LineCue(self.roles.text).pen())
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))

    @property
    def told(self) -> list[tuple[str, str, LineCue]]:
        """Letter, values and cue of what is written above the box."""
        cues = line_cues(self.roles, list(self.lines))
        found: dict[str, tuple[str, LineCue]] = {}
        for line, cue in zip(self.lines, cues, strict=True):
            if line.is_told:
                value = line.last if self._cursor is None else line.at(self._cursor)
                name = line.camera[-1:] or line.name
                before = f"{found[name][0]}/" if name in found else ""
                found[name] = f"{before}{self._written(value)}", cue
        return [(name, text, cue) for name, (text, cue) in found.items()]

    def _written(self, value: float) -> str:
        if not np.isfinite(value):
            return NOTHING
        return format(value, self.spec.format).replace("-", MINUS)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Paint what is over the items anew."""
        super().resizeEvent(event)
        # pyqtgraph calls it without an event before there are axes.
        if event is not None:
            self.refresh()
