"""The main window: what stands where."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from .accounting import AccountingStrip
from .actions import ActionSet
from .arrangements import Arrangement
from .calibration_dock import CalibrationPanel
from .captures import CapturePanel
from .fold.movie.movie_bar import MovieBar
from .frame.cuts import HistogramPanel
from .frame.readout import ReadoutPanel
from .frame.tiles import FrameArea
from .icons import app_icon
from .log_dock import LogPanel
from .playback_bar import PlaybackBar
from .problems import JobsAndProblems
from .regions.panel import RegionPanel
from .specs import DOCKS, TOOLBAR
from .stamps import StampsPanel
from .status import StatusLine
from .timeline import Timeline
from .toast import ToastStack
from .widgets.holder import Holder
from .widgets.scrolling import Scrolling
from .workspace_switch import WorkspaceSwitch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent

    from .theme import Roles

BARS = Qt.ToolBarArea.BottomToolBarArea
SMALLEST = (1100, 700)
USUAL = (1600, 900)
ROOMY_PX = 1400


class MainWindow(QMainWindow):
    """Holds the widgets; it knows their places and nothing else."""

    dropped = pyqtSignal(list)
    closing = pyqtSignal()
    workspaceChanged = pyqtSignal(str)

    def __init__(self, keys: Mapping[str, str], version: str) -> None:
        super().__init__()
        self.actions_set = ActionSet(self, overrides=keys)
        self._bars: list[QToolBar] = []
        self.setWindowTitle("Nightglass")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self._make_widgets(version)
        self._make_docks()
        self._arrange()
        self.resize(QSize(*USUAL).boundedTo(_room_on_screen()))
        self.actions_set.guard.set_home(self.area)
        self.area.setFocus()
        self._before_alone: list[str] = []
        self._width_before = 0

    def _make_widgets(self, version: str) -> None:
        self.area = FrameArea()
        self.playback = PlaybackBar(self.actions_set)
        self.strip = AccountingStrip()
        self.captures = CapturePanel()
        self.calibration = CalibrationPanel()
        self.regions = RegionPanel()
        self.readout = ReadoutPanel()
        self.cuts = HistogramPanel()
        self.timeline = Timeline()
        self.fold = Holder()
        self.movie = MovieBar()
        self.stamps = StampsPanel()
        self.problems = JobsAndProblems()
        self.log = LogPanel()
        self.radial = Holder()
        self.night, self.night_panel, self.messages = Holder(), Holder(), Holder()
        self.status = StatusLine(version)
        self.setStatusBar(self.status)
        self._picture = _stacked(self.area, self.movie)
        self._centre = QStackedWidget()
        self._centre.addWidget(self._picture)
        self._centre.addWidget(self.night)
        self.setCentralWidget(self._centre)
        self.toasts = ToastStack(self._centre)
        for asker in (self.captures, self.timeline):
            asker.actionRequested.connect(self.actions_set.trigger)

    def _make_docks(self) -> None:
        widgets = {
            "captures": self.captures,
            "calibration": Scrolling(self.calibration),
            "regions": self.regions,
            "readout": Scrolling(self.readout),
            "histogram": Scrolling(self.cuts),
            "radial": self.radial,
            "timeline": self.timeline,
            "fold": self.fold,
            "stamps": self.stamps,
            "problems": self.problems,
            "log": self.log,
            "night": self.night_panel,
            "messages": self.messages,
        }
        self.docks: dict[str, QDockWidget] = {}
        for name, text, _, _ in DOCKS:
            dock = QDockWidget(text.replace("&", ""), self)
            dock.setObjectName(f"dock-{name}")
            dock.setWidget(widgets[name])
            dock.visibilityChanged.connect(self._show_dock_checks)
            self.docks[name] = dock
        # The room to spare belongs to the table above and the histogram below.
        widgets["readout"].setMaximumHeight(self.readout.sizeHint().height())

    def _arrange(self) -> None:
        self.actions_set.menu_bar(self).setCornerWidget(WorkspaceSwitch(self.actions_set))
        self.addToolBar(self.actions_set.toolbar(TOOLBAR))
        # Qt stacks the rows at the bottom from the edge up.
        self._add_bar("accounting", self.strip)
        self.addToolBarBreak(BARS)
        self._add_bar("playback", self.playback)
        self.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks
        )
        self.arrangements = Arrangement(self, self.docks, self._bars)
        self.arrangements.lay()
        self.actions_set.set_checked(f"workspace.{self.workspace}")

    def _add_bar(self, name: str, widget: QWidget) -> None:
        """Lay a row of controls across the whole window, under the panels."""
        bar = QToolBar(name.capitalize())
        bar.setObjectName(f"bar-{name}")
        bar.setMovable(False)
        bar.addWidget(widget)
        toggle = bar.toggleViewAction()
        if toggle is not None:
            toggle.setEnabled(False)
        self.addToolBar(BARS, bar)
        self._bars.append(bar)

    # Docks

    def show_dock(self, name: str, is_shown: bool) -> None:
        """Show or hide one panel; a panel behind a tab comes to the front."""
        dock = self.docks[name]
        dock.setVisible(is_shown)
        if is_shown:
            dock.raise_()

    def show_guest(self, name: str, host: str, is_shown: bool) -> None:
        """Show a panel in front of another one, which has its width back when the guest goes.

        A narrow window has no room for a guest that nobody called.
        """
        guest, dock = self.docks[name], self.docks[host]
        if is_shown and self.width() >= ROOMY_PX:
            if guest.isHidden():
                self._width_before = dock.width()
            self.show_dock(name, True)
        elif not is_shown and not guest.isHidden():
            self.show_dock(name, False)
            if self._width_before and not dock.isHidden():
                self.resizeDocks([dock], [self._width_before], Qt.Orientation.Horizontal)

    def show_only_picture(self, is_alone: bool) -> None:
        """Hide every panel, or bring back those that were shown."""
        if is_alone:
            shown = [name for name, dock in self.docks.items() if not dock.isHidden()]
            # The ones in front of their tabs last, so that they come to the front again.
            self._before_alone = sorted(shown, key=self._is_in_front)
            for name in shown:
                self.docks[name].hide()
        else:
            for name in self._before_alone:
                self.show_dock(name, True)
            self._before_alone = []

    def reset_arrangement(self) -> None:
        """Put all panels where they were at the first start."""
        self.arrangements.lay_anew()

    def _is_in_front(self, name: str) -> bool:
        return not self.docks[name].visibleRegion().isEmpty()

    def focus_panel(self, step: int) -> None:
        """Move the keyboard to the next panel that is shown."""
        docks = [dock for name, dock in self.docks.items() if self._is_in_front(name)]
        places = [(self.area, self.area)] + [
            (dock, field) for dock in docks if (field := _first_field(dock)) is not None
        ]
        here = next((i for i, (place, _) in enumerate(places) if _has_focus(place)), 0)
        places[(here + step) % len(places)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_dock_checks(self, *_: object) -> None:
        for name, dock in self.docks.items():
            self.actions_set.set_checked(f"dock.{name}", not dock.isHidden())

    # State between runs

    def arrangement(self) -> dict[str, str]:
        """Place of the window and of its panels in each workspace, to be kept, base64."""
        if self._before_alone:
            self.show_only_picture(False)
        state_of = self.arrangements.state_of
        return {
            "window_geometry": _text(self.saveGeometry()),
            "window_state": _text(state_of("lightspeed")),
            "night_state": _text(state_of("mascara")),
        }

    def restore(self, geometry: str, state: str, night_state: str) -> None:
        """Put window and panels where they were; what cannot be read changes nothing."""
        if geometry:
            self.restoreGeometry(_bytes(geometry))
        self.arrangements.take_state("lightspeed", _bytes(state))
        self.arrangements.take_state("mascara", _bytes(night_state))
        self._show_dock_checks()

    @property
    def workspace(self) -> str:
        """Which instrument the window is arranged for."""
        return self.arrangements.workspace

    def show_workspace(self, workspace: str) -> None:
        """Arrange the window for an instrument: "lightspeed" or "mascara"."""
        if self._before_alone:
            self.show_only_picture(False)
        self.actions_set.set_checked(f"workspace.{workspace}")
        if workspace == self.workspace:
            return
        self.arrangements.change(workspace)
        if workspace == "lightspeed":
            self.take_area_back()
        self._centre.setCurrentWidget(self._picture if workspace == "lightspeed" else self.night)
        self.toasts.place()
        self._show_dock_checks()
        self.workspaceChanged.emit(workspace)

    def take_area_back(self) -> None:
        """Bring the frame view home from where it was lent to."""
        column = self._picture.layout()
        if isinstance(column, QVBoxLayout) and column.indexOf(self.area) < 0:
            column.insertWidget(0, self.area, 1)
            self.area.show()

    def set_roles(self, roles: Roles) -> None:
        """Give the colours of a theme to the widgets that draw with them."""
        for widget in (
            self.area, self.movie, self.cuts, self.radial, self.timeline, self.fold, self.stamps,
            self.log, self.night, self.night_panel, self.messages,
        ):  # fmt: skip
            widget.set_roles(roles)

    # Qt's events

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Accept files and folders."""
        data = None if event is None else event.mimeData()
        if event is not None and data is not None and data.hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Tell which files were dropped."""
        data = None if event is None else event.mimeData()
        if data is not None:
            self.dropped.emit([Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()])

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Esc leaves the full screen, as in DS9."""
        if event is not None and event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.actions_set.action("view.full-screen").trigger()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Let the program put everything away first."""
        self.closing.emit()
        super().closeEvent(event)


def _stacked(above: QWidget, below: QWidget) -> QWidget:
    """The picture, and under it the strip that comes up with a phase movie."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(above, 1)
    column.addWidget(below)
    return both


def _room_on_screen() -> QSize:
    screen = QApplication.primaryScreen()
    return QSize(*USUAL) if screen is None else screen.availableGeometry().size()


def _first_field(panel: QWidget) -> QWidget | None:
    """Where the keyboard goes in a panel."""
    fields = (field for field in panel.findChildren(QWidget) if field.isVisible())
    tab = Qt.FocusPolicy.TabFocus.value
    return next((f for f in fields if f.isEnabled() and f.focusPolicy().value & tab), None)


def _has_focus(widget: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is widget or widget.isAncestorOf(focused))


def _text(data: QByteArray) -> str:
    return b64encode(data.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(b64decode(text))
    except ValueError:
        return QByteArray()
