"""Light curves of the capture, with the frame shown, the play range and the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QObject, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QHelpEvent, QPen
from PyQt6.QtWidgets import (
    QGraphicsItem,
    QHBoxLayout,
    QStackedLayout,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from .envelope import Envelope, Floats
from .scrubber import Scrubber
from .theme import LineCue, Roles, spaced, worn
from .timeline_brush import Brush
from .timeline_curves import LightCurves, LightLine, with_holes
from .timeline_legend import TimelineLegend
from .timeline_marks import GapItem, GapMark
from .timeline_span import PlaySpan
from .widgets.empty_state import EmptyState
from .widgets.pens import cosmetic_pen
from .widgets.plain_plot import PlainPlot

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

AXIS_CHARACTERS = "−88888.8"
MARGIN = 0.04
LEAST_HEIGHT = 96
HOVERED_PX = 3.0


class Timeline(QWidget):
    """Light curves against time, and a slider over the frames.

    Frames are counted from 0. All signals are emitted for what the observer does, never for what
    a setter does: `frameRequested`, `rangeChanged` with the ends of a dragged range, `brushed`
    with the first and the last frame marked, `relativeToggled`, and `actionRequested` with the
    name of an action of the table.
    """

    frameRequested = pyqtSignal(int)
    rangeChanged = pyqtSignal(int, int)
    brushed = pyqtSignal(int, int)
    relativeToggled = pyqtSignal(bool)
    actionRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self._times: Floats = np.empty(0)
        self._envelope = Envelope()
        self._frame = 0
        self._range: tuple[int, int] | None = None
        self._gaps: tuple[GapMark, ...] = ()
        self._gap_frames: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._is_fitted = True
        self._make_plot()
        self.scrubber = Scrubber()
        self.scrubber.frameRequested.connect(self.frameRequested)
        self.empty = EmptyState(
            "The light curve of an open capture appears here.",
            (("file.open", "Open…"), ("file.follow", "Follow folder…")),
        )
        self.empty.chosen.connect(self.actionRequested)
        self._lay_out()
        self.set_roles(worn())

    def _make_plot(self) -> None:
        self.plot = PlainPlot()
        self.plot.setMinimumHeight(LEAST_HEIGHT)
        self._box, self.axes = self.plot.box, self.plot.axes
        self._box.setMouseEnabled(x=True, y=False)
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance(AXIS_CHARACTERS) + metrics.height()
        self._axis_width = room + spaced(3)
        self.axes["left"].setWidth(self._axis_width)
        self._make_items()
        self._brush = Brush(self.plot)
        self._brush.brushed.connect(self._on_brushed)
        self._box.sigXRangeChanged.connect(self._redraw)
        self._box.sigResized.connect(self._redraw)
        self._box.sigRangeChangedManually.connect(self._on_zoomed)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        self.plot.viewport().installEventFilter(self)
        self.set_labels("Mean", "ADU", None)

    def _make_items(self) -> None:
        self._curve = pg.PlotCurveItem(connect="finite", skipFiniteCheck=False)
        # The cursor moves 60 times a second; the curve is painted when it changes.
        self._curve.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._lights = LightCurves(self._box, worn())
        self._gap_item = GapItem(worn())
        self._cursor = pg.InfiniteLine(movable=True)
        self._cursor.setZValue(10)
        for item in (self._curve, self._gap_item, self._cursor):
            self._box.addItem(item, ignoreBounds=True)
        self._cursor.sigDragged.connect(self._on_cursor_dragged)
        self._span = PlaySpan(self._box, self)
        self._span.dragged.connect(self._on_span_dragged)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(spaced(1), spaced(1), spaced(1), 0)
        column.setSpacing(0)
        self.legend = TimelineLegend(self._axis_width)
        self.legend.relativeToggled.connect(self.relativeToggled)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        row = QHBoxLayout()
        row.setContentsMargins(self._axis_width, 0, 0, 0)
        row.addWidget(self.scrubber)
        column.addLayout(row)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(content)

    @property
    def n_frames(self) -> int:
        """Frames on the axis."""
        return len(self._times)

    @property
    def n_points(self) -> int:
        """Points of the curve."""
        return len(self._envelope)

    @property
    def frame(self) -> int:
        """Frame under the cursor."""
        return self._frame

    def set_labels(self, value: str, unit: str, start_utc: str | None) -> None:
        """Name what is plotted, its unit, and UTC of second 0 (None: the axis counts frames)."""
        self.axes["left"].setLabel(value, unit)
        if start_utc is None:
            self.axes["bottom"].setLabel("Frame number")
        else:
            self.axes["bottom"].setLabel(f"Seconds since {start_utc.replace('T', ' ')} UTC")

    def clear(self) -> None:
        """Show nothing."""
        self._times = np.empty(0)
        self._envelope.clear()
        self.set_lines(())
        self._frame = 0
        self._is_fitted = True
        self.set_gaps(())
        self.set_range(None)
        self._redraw()
        self._pages.setCurrentIndex(0)

    def set_times(self, seconds: npt.ArrayLike, kept: int = 0) -> None:
        """Take the time of every frame, shape (n_frames,), ascending.

        The zoom is made to fit, unless the first `kept` frames are those of the last call: then
        a zoom chosen by hand stays. An array of float64 is kept as it is, not copied.
        """
        self._times = np.asarray(seconds, dtype=float)
        self._is_fitted |= not kept
        if not self.n_frames:
            return
        self._pages.setCurrentIndex(1)
        self.scrubber.show_frame(self._frame, self.n_frames)
        self._place_gaps()
        if self._is_fitted:
            self.fit()

    def set_curve(self, seconds: npt.ArrayLike, values: npt.ArrayLike, kept: int = 0) -> None:
        """Plot these points, shape (n,) both; not-a-number leaves a hole.

        Only what comes after the first `kept` points of the last call is looked at; arrays of
        float64 are kept as they are, not copied.
        """
        self._envelope.set(seconds, values, kept)
        self._redraw()

    @property
    def lines(self) -> tuple[LightLine, ...]:
        """Light curves of regions that are shown."""
        return self._lights.lines

    def set_lines(self, lines: Sequence[LightLine], more: int = 0) -> None:
        """Show the light curves of these regions in the place of the curve of the capture.

        Without any, the curve of the capture is shown again. `more` tells how many there are
        besides.
        """
        if not lines and not self.lines:
            return
        self._lights.set_lines(lines, more)
        self._curve.setVisible(not lines)
        self.legend.set_lines(self._lights)
        self._redraw()

    def set_relative(self, is_relative: bool, is_possible: bool) -> None:
        """Show whether light is relative to comparison stars, and whether there are some."""
        self.legend.set_relative(is_relative, is_possible)

    def set_frame(self, frame: int) -> None:
        """Put cursor and slider on `frame`; not while a hand drags them."""
        self._frame = frame
        self.scrubber.show_frame(frame, self.n_frames)
        if not self._cursor.moving and 0 <= frame < self.n_frames:
            self._cursor.setPos(float(self._times[frame]))

    def set_range(self, play_range: tuple[int, int] | None) -> None:
        """Mark the first and the last frame of playback; None takes the marks away."""
        self._range = play_range
        if play_range is None or not self.n_frames:
            self._span.set_ends(None)
        else:
            self._span.set_ends((self._time_of(play_range[0]), self._time_of(play_range[1])))

    def set_gaps(self, gaps: Sequence[GapMark]) -> None:
        """Hatch where frames are missing; in order."""
        self._gaps = tuple(gaps)
        self._gap_frames = np.array([gap.after_frame for gap in self._gaps], np.int64)
        self._place_gaps()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self.plot.setBackground(QColor(roles.panel))
        for axis in self.axes.values():
            axis.setPen(LineCue(roles.line).pen())
            axis.setTextPen(QPen(QColor(roles.muted)))
            axis.label.setDefaultTextColor(QColor(roles.muted))
        self._curve.setPen(roles.lines[0].pen())
        self._lights.set_roles(roles)
        self.legend.set_lines(self._lights)
        self._brush.set_roles(roles)
        self._cursor.setPen(LineCue(roles.text).pen())
        hovered = cosmetic_pen(roles.accent)
        hovered.setWidthF(HOVERED_PX)
        self._cursor.setHoverPen(hovered)
        self._span.set_roles(roles, hovered)
        self._gap_item.set_roles(roles)

    def fit(self) -> None:
        """Show the whole capture and go on doing so while it grows."""
        self._is_fitted = True
        times = self._times
        if not len(times):
            return
        first, last = float(times[0]), float(times[-1])
        spare = 0.5 * self._interval()
        self._box.setXRange(first - spare, last + spare, padding=0.0)

    def frame_at(self, seconds: float) -> int:
        """Frame nearest to a time on the axis."""
        times = self._times
        after = int(np.clip(np.searchsorted(times, seconds), 1, max(1, len(times) - 1)))
        if len(times) < 2:
            return 0
        return after - int(seconds - times[after - 1] <= times[after] - seconds)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Tell about the gap under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._gap_text(event), self.plot)
            return True
        return super().eventFilter(watched, event)

    def _gap_text(self, event: QHelpEvent) -> str:
        scene = self.plot.mapToScene(event.pos())
        position = self._box.mapSceneToView(scene).x()
        (left, right), _ = self._box.viewRange()
        pixel = (right - left) / max(1.0, self._box.width())
        place = self._gap_item.gap_at(position, 3 * pixel)
        if place is None:
            return ""
        mark = self._gaps[place]
        evidence = f" ({mark.reason})" if mark.reason else ""
        return f"{mark.frames:,} frames missing after frame {mark.after_frame + 1:,}{evidence}"

    def _time_of(self, frame: int) -> float:
        times = self._times
        return float(times[min(max(0, frame), len(times) - 1)])

    def _interval(self) -> float:
        times = self._times
        return float(times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 1.0

    def _place_gaps(self) -> None:
        """Find the gaps on the axis; one whose next frame is not there yet waits."""
        known = self._gap_frames[: np.searchsorted(self._gap_frames, self.n_frames - 1)]
        self._gap_item.set_spans(self._times[known], self._times[known + 1])

    def _redraw(self, *_: object) -> None:
        (left, right), _y = self._box.viewRange()
        columns = max(1, round(self._box.width() * self.devicePixelRatioF()))
        if self.lines:
            self._fit_values(self._lights.redraw(left, right, columns))
        else:
            x, y = with_holes(*self._envelope.curve(left, right, columns))
            self._curve.setData(x, y)
            self._fit_values(y)
        (left, right), (low, high) = self._box.viewRange()
        view = QRectF(left, low, right - left, high - low)
        for marks in (self._gap_item, self._span):
            marks.set_view(view)
        self._lights.set_view(view)

    def _fit_values(self, y: npt.NDArray[np.float64]) -> None:
        finite = y[np.isfinite(y)]
        if not len(finite):
            return
        low, high = float(finite.min()), float(finite.max())
        room = (high - low) * MARGIN or max(1.0, abs(high) * MARGIN)
        _, (shown_low, shown_high) = self._box.viewRange()
        # The axis keeps its scale while the curve stays inside and is not lost in it.
        is_inside = shown_low <= low and high <= shown_high
        if not is_inside or (high - low + 2 * room) < 0.6 * (shown_high - shown_low):
            self._box.setYRange(low - room, high + room, padding=0.0)

    def _on_zoomed(self, *_: object) -> None:
        self._is_fitted = False

    def _on_cursor_dragged(self, line: Any) -> None:
        if self.n_frames:
            self._request(self.frame_at(float(line.value())))

    def _on_span_dragged(self, left: float, right: float) -> None:
        first, last = self.frame_at(left), self.frame_at(right)
        if (first, last) != self._range:
            self._range = (first, last)
            self.rangeChanged.emit(first, last)

    def _on_brushed(self, left: float, right: float) -> None:
        """Tell which frames lie between two times; none where there is a gap."""
        first = int(np.searchsorted(self._times, left))
        last = int(np.searchsorted(self._times, right, "right")) - 1
        if first <= last:
            self.brushed.emit(first, last)

    def _on_clicked(self, event: Any) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.n_frames:
            return
        if event.double():
            self.fit()
        elif self._box.sceneBoundingRect().contains(event.scenePos()):
            self._request(self.frame_at(self._box.mapSceneToView(event.scenePos()).x()))

    def _request(self, frame: int) -> None:
        if frame != self._frame:
            self._frame = frame
            self.frameRequested.emit(frame)
