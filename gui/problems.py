"""The panel of background work and of everything that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from .clipboard import put_on_clipboard
from .jobs import JobsPanel
from .problem_model import COUNT_COLUMN, ProblemModel, problem_report
from .theme import spaced
from .widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.engine.jobs import Job
    from ..core.problems import Problem


class ProblemsPanel(QWidget):
    """Table of problems, with the details of the chosen one, to be copied."""

    clearRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.model = ProblemModel(self)
        self.empty = EmptyState("No problems so far.")
        self.table = self._made_table()
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details")
        self.details.hide()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.table)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(splitter, 1)
        column.addLayout(self._made_buttons())
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._content)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems; the chosen one stays chosen."""
        self.model.set_problems(problems)
        self._pages.setCurrentIndex(1 if problems else 0)
        self._show_details()

    def show_details(self, problem: Problem) -> None:
        """Choose a problem and open its details."""
        row = self.model.row_of(problem)
        if row is not None:
            self.table.selectRow(row)
            self.details_button.setChecked(True)

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setAccessibleName("Problems")
        side = table.verticalHeader()
        if side is not None:
            side.hide()
            side.setDefaultSectionSize(table.fontMetrics().height() + spaced(2))
        header = table.horizontalHeader()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setStretchLastSection(True)
            header.setHighlightSections(False)
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
            header.setMinimumSectionSize(COUNT_COLUMN * spaced(10))
        selection = table.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._show_details)
        return table

    def _made_buttons(self) -> QHBoxLayout:
        self.details_button = QPushButton("Details")
        self.details_button.setCheckable(True)
        self.details_button.setToolTip("Show the whole story of the chosen problem")
        self.details_button.toggled.connect(self._show_details)
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip("Copy the chosen problem, or all of them, with details")
        self.copy_button.clicked.connect(self._copy)
        self.clear_button = QPushButton("Clear")
        self.clear_button.setToolTip("Empty this list; the log keeps everything")
        self.clear_button.clicked.connect(self.clearRequested)
        row = QHBoxLayout()
        row.setContentsMargins(spaced(1), spaced(1), spaced(1), spaced(1))
        row.setSpacing(spaced(1))
        for button in (self.details_button, self.copy_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.clear_button)
        return row

    def _chosen(self) -> Problem | None:
        selection = self.table.selectionModel()
        rows = selection.selectedRows() if selection is not None else []
        return self.model.problem(rows[0].row()) if rows else None

    def _show_details(self, *_: object) -> None:
        chosen = self._chosen()
        is_open = self.details_button.isChecked()
        self.details.setVisible(is_open)
        if not is_open:
            return
        text = "Choose a problem." if chosen is None else problem_report(chosen)
        if text != self.details.toPlainText():
            self.details.setPlainText(text)

    def _copy(self) -> None:
        chosen = self._chosen()
        every = [self.model.problem(row) for row in range(self.model.rowCount())]
        reports = [problem_report(one) for one in ([chosen] if chosen is not None else every)]
        put_on_clipboard("\n\n".join(reports))


class JobsAndProblems(QWidget):
    """Both lists behind two tabs; the tabs tell how many."""

    cancelRequested = pyqtSignal(int)
    clearRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.jobs = JobsPanel()
        self.problems = ProblemsPanel()
        self.jobs.cancelRequested.connect(self.cancelRequested)
        self.problems.clearRequested.connect(self.clearRequested)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.jobs, "Jobs")
        self.tabs.addTab(self.problems, "Problems")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

    def set_jobs(self, jobs: Iterable[Job[Any]]) -> None:
        """Show the jobs."""
        every = list(jobs)
        self.jobs.set_jobs(every)
        running = sum(not job.state.is_finished for job in every)
        self.tabs.setTabText(0, f"Jobs ({running})" if running else "Jobs")

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show the problems."""
        self.problems.set_problems(problems)
        self.tabs.setTabText(1, f"Problems ({len(problems)})" if problems else "Problems")

    def show_details(self, problem: Problem) -> None:
        """Bring one problem and its details to the front."""
        self.tabs.setCurrentWidget(self.problems)
        self.problems.show_details(problem)
