"""The plots of a night above each other, with one axis of time."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ...theme import spaced, worn
from ...widgets.throttle import Throttle
from ..clock import marks
from .panel import PlotPanel
from .specs import PLOTS
from .time_axis import TimeAxis

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from PyQt6.QtGui import QFocusEvent, QResizeEvent

    from ...theme import Roles
    from .content import PlotContent
    from .view import PlotPoint

COLUMN_PX = 520
"""Width from which on plots stand in one more column."""
MOST_COLUMNS = 3
FRAME_MS = 16
MARGIN = 0.02
LEAST_SPAN_H, MOST_SPAN_H = 20.0 / 3600.0, 72.0
ZOOM, WHEEL_PAGES = 1.25, 0.2


NONE_MADE: Mapping[str, PlotPanel] = MappingProxyType({})


class PlotStack(QWidget):
    """Plots whose hours are zoomed and moved together.

    Parameters
    ----------
    made : mapping of str to PlotPanel
        Those that are there already; the others are made now.
    parent : QWidget or None

    Signals: `pointClicked` with a PlotPoint; `menuRequested` with a global point, an hour, and a
    PlotPoint or None.
    """

    pointClicked = pyqtSignal(object)
    menuRequested = pyqtSignal(QPoint, float, object)

    def __init__(
        self, made: Mapping[str, PlotPanel] = NONE_MADE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._content: PlotContent | None = None
        self._hours = 18.0, 30.0
        self._is_fitted = True
        self.cursor_hour: float | None = None
        self.panels = {spec.key: made.get(spec.key) or PlotPanel(spec) for spec in PLOTS}
        self.shown: tuple[str, ...] = ()
        self.axes: list[TimeAxis] = []
        self._columns = 0
        self._waiting: list[str] = []
        self._filling = QTimer(self)
        self._filling.timeout.connect(self._fill_next)
        self._apply = Throttle(self._show_hours, FRAME_MS, self)
        self._lay_out()
        for panel in self.panels.values():
            self._connect(panel)

    def _lay_out(self) -> None:
        self._plots = QWidget()
        self._grid = QGridLayout(self._plots)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._plots)
        self._axis_row = QHBoxLayout()
        self._axis_row.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addLayout(self._axis_row)
        bar = self.area.verticalScrollBar()
        if bar is not None:
            bar.installEventFilter(self)

    def _connect(self, panel: PlotPanel) -> None:
        panel.hide()
        panel.hovered.connect(self.show_cursor)
        panel.panned.connect(self.pan)
        panel.zoomed.connect(self._on_zoomed)
        panel.scrolled.connect(self._on_scrolled)
        panel.fitRequested.connect(self.fit)
        panel.clicked.connect(self._on_clicked)
        panel.cameIntoSight.connect(self._apply.call_later)
        panel.menuRequested.connect(self.menuRequested)

    # What it is told

    def show_content(self, content: PlotContent) -> None:
        """Draw these lines; hours chosen by hand stay."""
        self._content = content
        self._waiting = list(self.shown)
        self._filling.start()
        for axis in self.axes:
            axis.set_twilight(content.dusk, content.dawn)
        if self._is_fitted:
            self.fit()

    def _fill_next(self) -> None:
        """Draw one plot at a time, those in sight first, so that nobody waits for all of them."""
        waiting = [key for key in self._waiting if key in self.shown]
        if not waiting:
            self._filling.stop()
            return
        key = next((one for one in waiting if self.panels[one].is_seen), waiting[0])
        self._waiting = [one for one in waiting if one != key]
        self._fill(self.panels[key])

    def _fill(self, panel: PlotPanel) -> None:
        content = self._content
        if content is not None:
            key = panel.spec.key
            panel.backdrop.set_twilight(content.dusk, content.dawn)
            panel.set_lines(content.lines.get(key, ()), content.limits.get(key, ()))

    def show_plots(self, keys: Collection[str]) -> None:
        """Show these plots, in the order that they always have."""
        shown = tuple(spec.key for spec in PLOTS if spec.key in keys)
        if shown != self.shown:
            self.shown = shown
            self._arrange()

    def mark_hours(self, span: tuple[float, float] | None) -> None:
        """Mark a stretch of time in all plots; None for none."""
        for panel in self.panels.values():
            panel.backdrop.set_chosen(span)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        for panel in self.panels.values():
            panel.set_roles(roles)
        for axis in self.axes:
            axis.set_roles(roles)

    # Places of the plots

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Put the plots into as many columns as there is room for."""
        super().resizeEvent(event)
        if self._columns_for() != self._columns:
            self._arrange()
        self._apply.call_later()

    def _columns_for(self) -> int:
        columns = max(1, min(MOST_COLUMNS, self.width() // COLUMN_PX))
        return min(columns, max(1, len(self.shown)))

    def _arrange(self) -> None:
        self._columns = columns = self._columns_for()
        for panel in self.panels.values():
            self._grid.removeWidget(panel)
            panel.setVisible(panel.spec.key in self.shown)
        for k in range(MOST_COLUMNS):
            self._grid.setColumnStretch(k, int(k < columns))
        rows = -(-len(self.shown) // columns)
        for row in range(len(self.panels)):
            self._grid.setRowStretch(row, int(row < rows))
        for place, key in enumerate(self.shown):
            self._grid.addWidget(self.panels[key], place // columns, place % columns)
        self._waiting = list(self.shown)
        self._filling.start()
        self._make_axes(columns)
        self._apply.call_later()

    def _make_axes(self, columns: int) -> None:
        while len(self.axes) > columns:
            axis = self.axes.pop()
            self._axis_row.removeWidget(axis)
            axis.deleteLater()
        panel = self.panels[PLOTS[0].key]
        while len(self.axes) < columns:
            axis = TimeAxis(panel.axis_width, panel.right_room)
            axis.set_roles(self._roles)
            if self._content is not None:
                axis.set_twilight(self._content.dusk, self._content.dawn)
            self._axis_row.addWidget(axis, 1)
            self.axes.append(axis)
        self._show_focus()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep the axes under the plots where a scroll bar comes or goes."""
        bar = self.area.verticalScrollBar()
        if bar is not None and watched is bar and event is not None:
            widths = {QEvent.Type.Show: bar.sizeHint().width(), QEvent.Type.Hide: 0}
            if event.type() in widths:
                self._axis_row.setContentsMargins(0, 0, widths[event.type()], 0)
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self._show_focus()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Show that the keyboard is elsewhere."""
        super().focusOutEvent(event)
        self._show_focus()

    def _show_focus(self) -> None:
        for axis in self.axes:
            axis.show_focus(self.hasFocus())

    # Hours

    @property
    def hours(self) -> tuple[float, float]:
        """First and last hour that is seen."""
        return self._hours

    def fit(self) -> None:
        """Show the whole night, and go on doing so while it grows."""
        self._is_fitted = True
        if self._content is not None:
            first, last = self._content.extent
            room = max(MARGIN * (last - first), 0.05)
            self._set_hours(first - room, last + room)

    def pan(self, hours: float) -> None:
        """Move what is seen by so many hours."""
        left, right = self._hours
        self._is_fitted = False
        self._set_hours(left + hours, right + hours)

    def zoom(self, steps: float, hour: float | None = None) -> None:
        """Show fewer hours (more for negative steps), an hour staying where it is."""
        left, right = self._hours
        middle = 0.5 * (left + right) if hour is None else hour
        span = min(max((right - left) * ZOOM**-steps, LEAST_SPAN_H), MOST_SPAN_H)
        share = (middle - left) / (right - left)
        self._is_fitted = False
        self._set_hours(middle - share * span, middle + (1.0 - share) * span)

    def _on_zoomed(self, hour: float, steps: float) -> None:
        self.zoom(steps, hour)

    def _set_hours(self, left: float, right: float) -> None:
        if (left, right) != self._hours:
            self._hours = left, right
            self._apply.call()

    def _show_hours(self) -> None:
        left, right = self._hours
        panel = self.panels[self.shown[0]] if self.shown else self.panels[PLOTS[0].key]
        room = max(1.0, panel.frame().width())
        shown = marks(left, right, max(2, int(room // spaced(16))))
        for key in self.shown:
            one = self.panels[key]
            one.is_stale = not one.is_seen
            if not one.is_stale:
                one.show_hours(left, right, [hour for hour, _ in shown])
        for axis in self.axes:
            axis.show_hours(left, right, shown)

    def _on_scrolled(self, steps: float) -> None:
        self.scroll_by(steps * WHEEL_PAGES)

    def scroll_by(self, pages: float) -> None:
        """Move the plots up by parts of what is seen at once."""
        bar = self.area.verticalScrollBar()
        if bar is not None:
            bar.setValue(bar.value() + round(pages * bar.pageStep()))

    # The cursor

    def show_cursor(self, hour: float | None) -> None:
        """Draw a line at a time through all plots."""
        self.cursor_hour = hour
        for key in self.shown:
            self.panels[key].show_cursor(hour)
        for axis in self.axes:
            axis.show_cursor(hour)

    def _on_clicked(self, point: PlotPoint | None) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if point is not None:
            self.pointClicked.emit(point)
