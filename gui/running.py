"""The running program: engine, workbench, window and everything between them."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication

from .. import __version__
from ..core import log
from ..core.engine.engine import Engine
from ..core.problems import ProblemList, install_hooks
from ..core.settings import load_settings, save_settings
from ..core.workbench import Workbench
from .bridge import QtBridge
from .controllers.captures import CaptureController
from .controllers.commands import Commands
from .controllers.exports import ExportController
from .controllers.frames import FrameController
from .controllers.night.workspace import NightController
from .controllers.products import ProductsController
from .controllers.radial import RadialController
from .controllers.regions import RegionsController
from .controllers.shell import ShellController
from .controllers.stamps import StampsController
from .controllers.time import TimeController
from .controllers.title import TitleController
from .controllers.trouble import TroubleController
from .drawing.hands import RegionHands
from .garbage import GarbageCollector, return_large_arrays
from .headless import SCREENSHOT_SIZE, HeadlessCheck
from .main_window import MainWindow
from .qt_messages import take_qt_messages
from .stalls import FirstPaint, StallMonitor, seconds_since_process_start
from .theme import apply_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.cli.window import WindowOptions
    from ..core.settings import Settings

CLOSE_SECONDS = 2.0
SWITCH_S = 0.0005
"""A thread that works lets the window in after so long; the usual 5 ms, paid at each of the
hundred calls that a repaint of a table makes, are a stall that can be seen."""


class Running(QObject):
    """One run of the program.

    Parameters
    ----------
    options : WindowOptions
        From the command line.
    """

    def __init__(self, options: WindowOptions) -> None:
        self.app = _application()
        super().__init__()
        self.options = options
        return_large_arrays()
        sys.setswitchinterval(SWITCH_S)
        self.garbage = GarbageCollector(self)
        self.problems = ProblemList()
        self._restore_hooks = install_hooks(self.problems)
        self.ring = log.configure()
        self._end_qt_messages = take_qt_messages()
        settings = load_settings(self.problems)
        if options.theme is not None:
            settings = settings.overridden("theme", options.theme)
        self.engine = Engine(self.problems)
        self.workbench = Workbench(self.engine, self.problems, settings)
        self.roles = apply_theme(self.app, settings.theme)
        self.bridge = QtBridge(self.engine.mailbox, self)
        self._make_window(settings)
        self.stalls = StallMonitor(self)
        self._begun_s = perf_counter()
        self._started_s: float | None = None
        self.check = HeadlessCheck(options, self.workbench, self.window, self.timings)
        self._is_closed = False

    def _make_window(self, settings: Settings) -> None:
        self.window = window = MainWindow(settings.keys, __version__)
        bench, actions = self.workbench, window.actions_set
        self.frames = FrameController(bench, window.area, window.readout, window.cuts, window)
        self.time = TimeController(
            bench, window.area, window.playback, window.timeline, window.strip, window
        )
        self.stamps = StampsController(bench, window.stamps, window)
        window.docks["stamps"].visibilityChanged.connect(self.stamps.set_seen)
        window.strip.lostClicked.connect(lambda: window.show_dock("stamps", True))
        self.captures = CaptureController(
            bench, window.captures, window.calibration, window.area.views[0], window
        )
        self.exports = ExportController(bench, window.area, window)
        window.stamps.saveRequested.connect(self.exports.ask_for_table)
        self.radial = RadialController(bench, window)
        self.commands = Commands(
            bench,
            actions,
            window.area,
            window.playback,
            (self.captures, self.exports, self.frames, self.radial),
            window,
        )
        self.trouble = TroubleController(
            bench, self.bridge, window.problems, window.log, self.ring, window.status,
            window.toasts, window,
        )  # fmt: skip
        self.shell = ShellController(bench, window, self.radial, self.app, self.roles)
        self.commands.add(self.shell.rows())
        self.products = ProductsController(bench, window)
        self.commands.add(self.products.rows())
        self._make_regions(window)
        self._make_night(window)
        window.dropped.connect(self.open)
        actions.recentChosen.connect(lambda path: self.captures.open([Path(path)]))
        window.closing.connect(self.close)
        bench.desk.closed.connect(lambda _: self.garbage.thaw())

    def _make_regions(self, window: MainWindow) -> None:
        bench, area = self.workbench, window.area
        self.hands = RegionHands(area, bench.regions.list, window)
        self.regions = RegionsController(bench, window, self.hands)
        self.title = TitleController(bench, window)
        self.commands.add(self.regions.rows())

    def _make_night(self, window: MainWindow) -> None:
        remembers = not self.options.is_headless
        self.night = NightController(self.workbench, window, remembers=remembers)
        self.commands.add(self.night.rows())

    def _make_fold(self) -> None:
        """The fold and its par files, after the first picture as well."""
        from .controllers.fold import FoldController
        from .controllers.movie import MovieController
        from .controllers.par_files import ParFilesController

        bench, window = self.workbench, self.window
        self.fold = FoldController(bench, window)
        self.par_files = ParFilesController(bench.fold.shelf, window)
        self.movie = MovieController(bench, window.movie, window)
        for controller in (self.fold, self.par_files, self.movie):
            self.commands.add(controller.rows())
        self.movie.take_keys(self.commands)

    def _make_exchange_and_session(self) -> None:
        """What is not needed for the window to be there: its modules take a tenth of a second."""
        from ..core.workbench.exchange.exchange import Exchange
        from ..core.workbench.sessions.sessions import Sessions
        from .controllers.exchange import ExchangeController
        from .controllers.sessions import SessionsController

        bench, window = self.workbench, self.window
        view, actions, exchange = window.area.views[0], window.actions_set, Exchange(bench)
        self.exchange = ExchangeController(exchange, view, actions, window)
        self.session = Sessions(bench)
        self.sessions = SessionsController(bench, self.session, window, self.products)
        self.sessions.titleChanged.connect(self.title.set_session)
        for controller in (self.exchange, self.sessions):
            self.commands.add(controller.rows())

    def open(self, paths: Sequence[Path]) -> None:
        """Open captures, images, region and par files, a session and a night, each as it is."""
        from ..core.mascara.night.layout import is_night
        from ..core.session.document import is_session

        sessions = [path for path in paths if is_session(path)]
        nights = [path for path in paths if is_night(path)]
        regions = [path for path in paths if path.suffix.lower() == ".reg"]
        pars = [path for path in paths if path.suffix.lower() == ".par"]
        others = [path for path in paths if path not in {*sessions, *nights, *regions, *pars}]
        self.par_files.open(pars)
        for path in sessions[-1:]:
            self.session.open(path)
        for path in nights[-1:]:
            self.night.open(path)
        if others:
            # Places on the sky are understood once a frame is there.
            self.captures.open(others, lambda: self.regions.open_paths(regions))
        elif regions:
            self.regions.open_paths(regions)

    def show(self) -> None:
        """Bring the window up and start what the command line asks for."""
        settings, window = self.workbench.settings, self.window
        if self.options.is_headless:
            window.resize(*SCREENSHOT_SIZE)
        else:
            window.restore(settings.window_geometry, settings.window_state, settings.night_state)
        FirstPaint(window, self._on_shown)
        window.show()

    def _on_shown(self) -> None:
        if self._is_closed:
            return
        self._started_s = seconds_since_process_start()
        self._make_fold()
        self._make_exchange_and_session()
        self.workbench.warm_up(on_done=lambda _: self.garbage.settle())
        if not self.options.is_headless:
            self.sessions.start()
        if self.options.paths:
            self.open(self.options.paths)
        if self.options.follow is not None:
            self.workbench.follow(self.options.follow)
        if self.options.timings is not None:
            self.stalls.start()
        self._start_night()
        if self.options.is_headless:
            self.check.start()

    def _start_night(self) -> None:
        """Come up in the workspace that was left, or with the night that is asked for."""
        options, night = self.options, self.night
        if options.night is not None:
            night.open(options.night, options.page, options.star)
        elif self.workbench.settings.workspace != self.window.workspace and not self._opens():
            self.window.show_workspace(self.workbench.settings.workspace)
        night.prepare()
        if not options.is_headless:
            night.offer()

    def _opens(self) -> bool:
        """Whether a capture is asked for, which wants the other workspace."""
        return bool(self.options.paths) or self.options.follow is not None

    def run(self, begun_s: float) -> int:
        """Show the window and stay until it is closed.

        Returns
        -------
        int
            0; for a headless check 1 if there was trouble.
        """
        self._begun_s = begun_s
        self.show()
        self.app.exec()
        self.destroy_window()
        return self.check.exit_code

    def destroy_window(self) -> None:
        """Destroy the closed window, top down.

        Left to the end of the interpreter its parts go in no order, and PyQt walks through memory
        that is free already: one run in thirty ended with a segmentation fault.
        """
        sip.delete(self.window)

    def timings(self) -> dict[str, float | int | None]:
        """Start-up, painting and stalls of this run."""
        view = self.window.area.views[0]
        capture = self.workbench.capture
        elapsed_s = max(1e-9, perf_counter() - self._begun_s)
        return {
            "startup_s": self._started_s,
            "painted_frames": view.painted_count,
            "painted_frames_per_s": round(view.painted_count / elapsed_s, 2),
            "worst_stall_ms": round(self.stalls.worst_ms(), 2),
            "p99_stall_ms": round(self.stalls.percentile_ms(99.0), 2),
            "captured_frames": 0 if capture is None else capture.captured,
            "counted_frames": 0 if capture is None else capture.counted,
            "lost_frames": 0 if capture is None else capture.lost,
        }

    def close(self) -> None:
        """Put everything away: no thread and no timer is left."""
        if self._is_closed:
            return
        self._is_closed = True
        self._keep_settings()
        self.check.stop()
        self.stalls.stop()
        self.garbage.stop()
        self.time.stop()
        self.stamps.stop()
        self.trouble.stop()
        self.shell.stop()
        if self._started_s is not None:
            self.sessions.stop()
            self.exchange.stop()
            self.par_files.stop()
            self.fold.stop()
            self.movie.stop()
        self.night.stop()
        self.regions.stop()
        self.hands.close()
        self.products.stop()
        self.workbench.close()
        self.engine.close(CLOSE_SECONDS)
        self.bridge.stop()
        self._end_qt_messages()
        self._restore_hooks()
        log.reset()

    def _keep_settings(self) -> None:
        """Remember the arrangement; a headless check leaves no trace."""
        if self.options.is_headless:
            return
        window = self.window
        settings = self.workbench.settings.changed(
            workspace=window.workspace, **window.arrangement()
        )
        try:
            save_settings(settings)
        except OSError as error:
            self.problems.report(error)


def _application() -> QApplication:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    app = QApplication(["nightglass"])
    app.setApplicationName("Nightglass")
    app.setApplicationDisplayName("Nightglass")
    app.setDesktopFileName("nightglass")
    return app
