"""The end of a night that was watched: said once, with the way to its report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.problems import Problem
from ....core.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow

AT_WORK = frozenset({"running", "paused"})
CHOICES = (
    ("night.page.report", "Show the report", "The page Report, in this window"),
    ("night.report", "Open as a file", "Write it as one HTML file and open that"),
)


class NightEnd(QObject):
    """Notices when the night watched is finished.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    parent : QObject
    """

    def __init__(self, workbench: Workbench, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._desk = window, workbench.night
        self._at_work: Path | None = None
        self._desk.changed.connect(self._on_changed)
        self._on_changed(self._desk.snapshot)

    def stop(self) -> None:
        """Listen no more."""
        self._desk.changed.disconnect(self._on_changed, missing_ok=True)

    def _on_changed(self, snapshot: NightSnapshot | None) -> None:
        if snapshot is None or snapshot.status.state in AT_WORK:
            self._at_work = None if snapshot is None else snapshot.output
        elif snapshot.output == self._at_work and snapshot.status.state == "finished":
            self._at_work = None
            self._window.toasts.show_choices(
                _note(snapshot), CHOICES, self._window.actions_set.trigger
            )


def _note(snapshot: NightSnapshot) -> Problem:
    cameras = snapshot.status.cameras
    reduced = counted(sum(one.reduced for one in cameras), "frame")
    errors = sum(one.errors for one in cameras)
    faults = f", {counted(errors, 'error')}" if errors else ""
    text = f"{snapshot.output.name}: {reduced} of {counted(len(cameras), 'camera')}{faults}."
    now = datetime.now(UTC)
    return Problem(now, now, "notice", "The night is finished", text)
