"""A run that closes by itself and leaves files: pictures, figures, an exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, QTimer

from ..core import atomic
from ..core.errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ..core.cli.window import WindowOptions
    from ..core.mascara.watching.snapshot import NightSnapshot
    from ..core.workbench import Workbench
    from .main_window import MainWindow

SCREENSHOT_SIZE = (1600, 900)
USUAL_S = 3.0
LAST_LOOK_MS = 2000
"""After a night has ended its last figures and the report come to the screen."""
ENDED = frozenset({"finished", "stopped"})


class HeadlessCheck(QObject):
    """Ends a run when its time is over, or when the night it watches is.

    Parameters
    ----------
    options : WindowOptions
    workbench : Workbench
    window : MainWindow
    timings : callable
        Gives the figures of the run.

    Attributes
    ----------
    exit_code : int
        1 where there was trouble.
    """

    def __init__(
        self,
        options: WindowOptions,
        workbench: Workbench,
        window: MainWindow,
        timings: Callable[[], Mapping[str, object]],
    ) -> None:
        super().__init__(window)
        self._options, self._bench = options, workbench
        self._window, self._timings = window, timings
        self.exit_code = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.finish)

    def start(self) -> None:
        """Let the time run."""
        seconds = self._options.exit_after_s
        if self._options.until_finished:
            self._bench.night.changed.connect(self._on_night_changed)
        if seconds is not None or not self._options.until_finished:
            self._timer.start(round((USUAL_S if seconds is None else seconds) * 1000))

    def stop(self) -> None:
        """Let the window close without its products."""
        self._timer.stop()

    def _on_night_changed(self, snapshot: NightSnapshot | None) -> None:
        if snapshot is not None and snapshot.status.state in ENDED and not snapshot.is_running:
            self._bench.night.changed.disconnect(self._on_night_changed)
            self._timer.start(LAST_LOOK_MS)

    def finish(self) -> None:
        """End with the products."""
        options, problems = self._options, self._bench.problems
        try:
            if options.screenshot is not None:
                save_screenshot(self._window, options.screenshot)
            if options.timings is not None:
                figures = json.dumps(self._timings(), indent=1)
                atomic.write_text(options.timings, figures + "\n")
        except (NightglassError, OSError) as error:
            problems.report(error)
        finally:
            entries = problems.entries()
            self.exit_code = int(any(entry.severity == "error" for entry in entries))
            self._window.close()


def save_screenshot(window: MainWindow, path: Path) -> None:
    """Save the window as a PNG of 1600 x 900, whatever the screen.

    Raises
    ------
    NightglassError
        If the file cannot be written.
    """
    from .controllers.exports import save_picture

    window.resize(*SCREENSHOT_SIZE)
    image = window.grab().toImage()
    image.setDevicePixelRatio(1.0)
    mode = Qt.TransformationMode.SmoothTransformation
    width, height = SCREENSHOT_SIZE
    save_picture(image.scaled(width, height, transformMode=mode), path)
