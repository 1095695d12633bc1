"""The page of plots: figures of the night against time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtWidgets import QMenu, QStackedLayout, QVBoxLayout, QWidget

from ....core.mascara.letters import in_order
from ....core.mascara.night.layout import camera_of_unit, unit_of
from ....core.timing.sidereal import BATCH, BATCH_S, sequence
from ...widgets.empty_state import EmptyState
from ...widgets.keys import keeps_key
from ..clock import utc_text
from .content import HOURS_A_DAY, content_of
from .keys import NEEDED, TIP, take_key
from .legend import PlotLegend
from .specs import KEYS
from .stack import NONE_MADE, PlotStack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from PyQt6.QtGui import QKeyEvent

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ...theme import Roles
    from .content import PlotContent
    from .panel import PlotPanel
    from .view import PlotPoint

EMPTY = "The plots begin with the first reduced batch."
NO_PLOT = "No plot is chosen."


class PlotsPage(QWidget):
    """Shows the plots and tells which unit, frame or star is pointed at.

    Signals: `unitChosen` with the name of a unit; `frameChosen` with a camera and a slot;
    `binnedChosen` with a unit; `starChosen` with an ASCC number; `plotsChosen` with the keys of the
    plots that are shown.
    """

    unitChosen = pyqtSignal(str)
    frameChosen = pyqtSignal(str, int)
    binnedChosen = pyqtSignal(str)
    starChosen = pyqtSignal(int)
    plotsChosen = pyqtSignal(tuple)

    def __init__(
        self, made: Mapping[str, PlotPanel] = NONE_MADE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._snapshot: NightSnapshot | None = None
        self._content: PlotContent | None = None
        self._unit = ""
        self.legend = PlotLegend()
        self.stack = PlotStack(made)
        self.stack.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.stack.installEventFilter(self)
        for panel in self.stack.panels.values():
            panel.setToolTip(TIP)
        self.menu = QMenu(self)
        self.empty = EmptyState(EMPTY)
        self.no_plot = EmptyState(NO_PLOT, (("all", "All plots"),))
        self._lay_out()
        self._connect()
        self.set_plots(KEYS)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        self._body = QStackedLayout()
        self._body.addWidget(self.stack)
        self._body.addWidget(self.no_plot)
        column.addLayout(self._body, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(content)

    def _connect(self) -> None:
        self.legend.cameraToggled.connect(self._show_content)
        self.legend.fitRequested.connect(self.stack.fit)
        self.legend.plotsChosen.connect(self._on_plots_chosen)
        self.no_plot.chosen.connect(self._on_all_wanted)
        self.stack.pointClicked.connect(self._on_point_clicked)
        self.stack.menuRequested.connect(self._on_menu_requested)

    # What it is told

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands; hours chosen by hand stay."""
        before = self._snapshot
        self._snapshot = snapshot
        if snapshot is None or not snapshot.series:
            self._pages.setCurrentIndex(0)
            return
        if before is not None and before.output != snapshot.output:
            self.stack.show_cursor(None)
            self.stack.fit()
        self.legend.set_cameras(in_order(snapshot.series))
        self._pages.setCurrentIndex(1)
        self._show_content()

    def set_plots(self, keys: Collection[str]) -> None:
        """Show these plots."""
        self.legend.set_plots(keys)
        self.stack.show_plots(keys)
        self._body.setCurrentIndex(0 if self.stack.shown else 1)
        self._show_content()

    def mark_unit(self, unit: str) -> None:
        """Mark the hours of a batch."""
        self._unit = unit
        self._mark()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.stack.set_roles(roles)
        self.legend.set_roles(roles)

    def _show_content(self, *_: object) -> None:
        snapshot = self._snapshot
        if snapshot is not None and snapshot.series:
            self._content = content_of(snapshot, self.legend.hidden, self.stack.shown)
            self.stack.show_content(self._content)
            self._mark()

    def _mark(self) -> None:
        """Mark the batch chosen where it is in the night."""
        content, snapshot = self._content, self._snapshot
        cells = () if snapshot is None else snapshot.grid.get(camera_of_unit(self._unit), ())
        cell = next((one for one in cells if one.unit == self._unit), None)
        if content is None or cell is None:
            self.stack.mark_hours(None)
            return
        middle = (cell.mid_jd - content.zero_jd) * HOURS_A_DAY
        half = 0.5 * BATCH_S / 3600.0
        self.stack.mark_hours((middle - half, middle + half))

    # What the observer does

    def _on_plots_chosen(self, keys: tuple[str, ...]) -> None:
        self.set_plots(keys)
        self.plotsChosen.emit(keys)

    def _on_all_wanted(self, _: str) -> None:
        self._on_plots_chosen(KEYS)

    def _slot_at(self, hour: float) -> int:
        zero_jd = 0.0 if self._content is None else self._content.zero_jd
        return int(sequence(zero_jd + hour / HOURS_A_DAY))

    def _on_point_clicked(self, point: PlotPoint) -> None:
        if point.line.camera:
            self.unitChosen.emit(unit_of(point.line.camera, self._slot_at(point.hour) // BATCH))

    def _on_menu_requested(self, place: QPoint, hour: float, point: PlotPoint | None) -> None:
        self.fill_menu(hour, point)
        self.menu.popup(place)

    def fill_menu(self, hour: float, point: PlotPoint | None) -> None:
        """Offer what can be done about a point, or about a time for every camera."""
        self.menu.clear()
        if point is not None and point.line.camera:
            hour, cameras = point.hour, [point.line.camera]
            if point.line.stars is not None:
                star = int(point.line.stars[point.place])
                self._offer(f"Light curve of ASCC {star}", lambda: self.starChosen.emit(star))
        else:
            cameras = [name for name in self.legend.cameras if name not in self.legend.hidden]
        self.menu.addSection(f"{utc_text(hour)} UTC")
        for camera in cameras:
            self._offer_camera(camera, self._slot_at(hour))
        self.menu.addSeparator()
        self._offer("Show the whole night", self.stack.fit)

    def _offer_camera(self, camera: str, slot: int) -> None:
        unit = unit_of(camera, slot // BATCH)
        cells = () if self._snapshot is None else self._snapshot.grid.get(camera, ())
        if not any(cell.unit == unit for cell in cells):
            return
        self._offer(f"{camera}: choose batch {slot // BATCH}", lambda: self.unitChosen.emit(unit))
        self._offer(f"{camera}: show frame {slot}", lambda: self.frameChosen.emit(camera, slot))
        self._offer(f"{camera}: show the binned image", lambda: self.binnedChosen.emit(unit))

    def _offer(self, text: str, do: Callable[[], None]) -> None:
        entry = self.menu.addAction(text)
        if entry is not None:
            entry.triggered.connect(lambda _: do())

    # Keys

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Keep the keys that the plots need from the actions of the window."""
        is_kept = watched is self.stack and keeps_key(event, self._needs)
        return is_kept or super().eventFilter(watched, event)

    def _needs(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self.stack.cursor_hour is not None
        is_other = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        return event.key() in NEEDED and not is_other

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Move cursor and plots, or open the menu at the cursor."""
        if event is None:
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu}:
            left, right = self.stack.hours
            hour = self.stack.cursor_hour
            middle = self.stack.mapToGlobal(self.stack.rect().center())
            self._on_menu_requested(middle, 0.5 * (left + right) if hour is None else hour, None)
        elif not take_key(self.stack, event):
            super().keyPressEvent(event)
