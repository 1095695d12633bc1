"""What runs in the background: how far, and a button that stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..core.engine.jobs import JobState
from .icons import icon
from .theme import set_cue, spaced, tabular_font
from .widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.engine.jobs import Job

STEPS = 1000
CUES = {JobState.DONE: "good", JobState.FAILED: "bad", JobState.CANCELLED: "muted"}
WORDS = {JobState.QUEUED: "waiting", JobState.DONE: "✓ done", JobState.CANCELLED: "stopped"}
MOST_FINISHED = 8


class JobRow(QWidget):
    """One job: title, progress, button."""

    cancelRequested = pyqtSignal(int)

    def __init__(self, job_id: int, title: str) -> None:
        super().__init__()
        self._id = job_id
        self._title = QLabel(title)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(self.fontMetrics().averageCharWidth() * 20)
        self._state = QLabel()
        self._state.setFont(tabular_font())
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self.cancel = QToolButton()
        self.cancel.setIcon(icon("cancel"))
        self.cancel.setToolTip(f"Stop: {title}")
        self.cancel.clicked.connect(self._on_cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(spaced(2), 0, spaced(2), 0)
        row.setSpacing(spaced(2))
        row.addWidget(self._title)
        row.addWidget(self._bar)
        row.addWidget(self._state, 1)
        row.addWidget(self.cancel)

    def show_job(self, job: Job[Any]) -> None:
        """Show the state of the job."""
        progress = job.progress
        fraction = progress.fraction
        is_finished = job.state.is_finished
        self._bar.setVisible(not is_finished)
        self._bar.setRange(0, 0 if fraction is None and job.state is JobState.RUNNING else STEPS)
        self._bar.setValue(round(STEPS * (fraction or 0.0)))
        self.cancel.setVisible(not is_finished)
        self._state.setText(state_text(job))
        set_cue(self._state, CUES.get(job.state, "muted"))
        set_cue(self._title, "muted" if is_finished else "")

    @property
    def text(self) -> str:
        """Title and state."""
        return f"{self._title.text()}: {self._state.text()}"

    def _on_cancel_clicked(self) -> None:
        self.cancel.setEnabled(False)
        self.cancelRequested.emit(self._id)


def state_text(job: Job[Any]) -> str:
    """What a job does now, or how it ended."""
    if job.state is JobState.FAILED:
        return f"▲ failed: {job.error.text}" if job.error is not None else "▲ failed"
    if job.state is not JobState.RUNNING:
        return WORDS[job.state]
    fraction = job.progress.fraction
    share = "" if fraction is None else f"{100 * fraction:.0f} %"
    return "  ".join(part for part in (share, job.progress.text) if part) or "running"


class JobsPanel(QWidget):
    """List of jobs, the newest on top."""

    cancelRequested = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._rows: dict[int, JobRow] = {}
        self.empty = EmptyState("Nothing is running.")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, spaced(1), 0, spaced(1))
        self._column.setSpacing(spaced(1))
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(area)

    @property
    def texts(self) -> tuple[str, ...]:
        """Rows from top to bottom, as text."""
        return tuple(row.text for _, row in sorted(self._rows.items(), reverse=True))

    def row(self, job_id: int) -> JobRow:
        """Row of one job."""
        return self._rows[job_id]

    def set_jobs(self, jobs: Iterable[Job[Any]]) -> None:
        """Show these jobs: all unfinished ones and the last finished."""
        every = list(jobs)
        running = [job for job in every if not job.state.is_finished]
        over = [job for job in every if job.state.is_finished][-MOST_FINISHED:]
        shown = {job.id: job for job in (*over, *running)}
        for job_id in set(self._rows) - set(shown):
            row = self._rows.pop(job_id)
            row.hide()
            row.deleteLater()
        for job_id in sorted(shown):
            if job_id not in self._rows:
                self._add(shown[job_id])
            self._rows[job_id].show_job(shown[job_id])
        self._pages.setCurrentIndex(1 if shown else 0)

    def _add(self, job: Job[Any]) -> None:
        row = JobRow(job.id, job.title)
        row.cancelRequested.connect(self.cancelRequested)
        self._rows[job.id] = row
        self._column.insertWidget(0, row)
