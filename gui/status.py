"""The status line: what runs behind, how many problems, which version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from .theme import set_cue, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.engine.jobs import Job

BAR_WIDTH_PX = 120
STEPS = 1000


class StatusLine(QStatusBar):
    """Background work on the left, the number of problems on the right."""

    problemsRequested = pyqtSignal()

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._job = QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(BAR_WIDTH_PX)
        self._progress.setTextVisible(False)
        self._progress.setRange(0, STEPS)
        self.problems = QToolButton()
        self.problems.setAutoRaise(True)
        self.problems.setToolTip("Show jobs and problems (F8)")
        self.problems.clicked.connect(self.problemsRequested)
        mark = QLabel(f"v {version}")
        mark.setContentsMargins(0, 0, spaced(2), 0)
        set_cue(mark, "muted")
        self.addWidget(self._job, 1)
        for widget in (self._progress, self.problems, mark):
            self.addPermanentWidget(widget)
        self.set_jobs(())
        self.set_problems(0)

    def set_jobs(self, jobs: Sequence[Job[Any]]) -> None:
        """Show the oldest job that runs, and how many there are."""
        self._progress.setVisible(bool(jobs))
        if not jobs:
            self._job.setText("")
            return
        progress = jobs[0].progress
        more = f"  and {len(jobs) - 1} more" if len(jobs) > 1 else ""
        self._job.setText(f"{jobs[0].title}{more}")
        fraction = progress.fraction
        self._progress.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self._progress.setValue(round(fraction * STEPS))

    def tell(self, text: str, shown_ms: int) -> None:
        """Say something for a while, as much of it as there is room for."""
        room = self.width() - self.problems.width() - 2 * BAR_WIDTH_PX
        elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.showMessage(elided, shown_ms)

    def set_problems(self, count: int) -> None:
        """Show how many problems there are."""
        self.problems.setText(f"▲ problems {count}" if count else "problems 0")
        set_cue(self.problems, "warn" if count else "muted")
