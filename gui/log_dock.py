"""The log: filtered by level and text, bounded, refreshed at most ten times a second."""

from __future__ import annotations

import logging
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QTextCharFormat, QTextCursor
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from .clipboard import put_on_clipboard
from .theme import Roles, spaced, tabular_font, worn
from .widgets.empty_state import EmptyState
from .widgets.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES = 5000
REFRESH_MS = 100
LEVELS = (
    ("Everything", logging.DEBUG),
    ("Notes", logging.INFO),
    ("Warnings", logging.WARNING),
    ("Errors", logging.ERROR),
)


class LogPanel(QWidget):
    """Log lines; `append` takes records of the logging module."""

    def __init__(self, parent: QWidget | None = None, most_lines: int = MOST_LINES) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._records: deque[logging.LogRecord] = deque(maxlen=most_lines)
        self._waiting: list[logging.LogRecord] = []
        self._roles = worn()
        self._refresh = Throttle(self._write_waiting, REFRESH_MS, self)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setUndoRedoEnabled(False)
        self.view.setMaximumBlockCount(most_lines)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setFont(tabular_font())
        self.view.setTabStopDistance(self.view.fontMetrics().horizontalAdvance("88:88:88.888   "))
        self.view.setAccessibleName("Log")
        self.empty = EmptyState("Nothing logged at this level.", (("everything", "Show all"),))
        self.empty.chosen.connect(self._show_everything)
        content = QWidget()
        self._pages = QStackedLayout()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.view)
        content.setLayout(self._pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._made_filters())
        column.addWidget(content, 1)

    def append(self, records: Iterable[logging.LogRecord]) -> None:
        """Add records; they appear within a tenth of a second."""
        self._waiting += records
        # More than are kept need never be written.
        del self._waiting[: -self.view.maximumBlockCount()]
        self._refresh.call()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self._rewrite()

    def _made_filters(self) -> QHBoxLayout:
        self.level = QComboBox()
        for text, level in LEVELS:
            self.level.addItem(text, level)
        self.level.setCurrentIndex(1)
        self.level.setToolTip("Least level shown")
        self.level.setAccessibleName("Level")
        self.level.currentIndexChanged.connect(self._rewrite)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Only lines with…")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Only lines with this text")
        self.search.textChanged.connect(self._rewrite)
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip("Copy the selected lines, or all lines shown")
        self.copy_button.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setContentsMargins(spaced(1), spaced(1), spaced(1), spaced(1))
        row.setSpacing(spaced(1))
        row.addWidget(self.level)
        row.addWidget(self.search, 1)
        row.addWidget(self.copy_button)
        return row

    def _is_shown(self, record: logging.LogRecord) -> bool:
        if record.levelno < int(self.level.currentData()):
            return False
        return self.search.text().casefold() in log_line(record).casefold()

    def _write_waiting(self) -> None:
        fresh, self._waiting = self._waiting, []
        self._records.extend(fresh)
        self._write([record for record in fresh if self._is_shown(record)])

    def _rewrite(self, *_: object) -> None:
        self.view.clear()
        self._write([record for record in self._records if self._is_shown(record)])

    def _write(self, records: list[logging.LogRecord]) -> None:
        bar = self.view.verticalScrollBar()
        follows = bar is None or bar.value() >= bar.maximum() - 1
        cursor = QTextCursor(self.view.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for record in records:
            if not cursor.atStart():
                cursor.insertBlock()
            cursor.insertText(log_line(record), self._format(record.levelno))
        cursor.endEditBlock()
        if follows and bar is not None:
            bar.setValue(bar.maximum())
        document = self.view.document()
        is_empty = document is None or document.isEmpty()
        self._pages.setCurrentIndex(0 if is_empty else 1)

    def _format(self, level: int) -> QTextCharFormat:
        role = "muted"
        for least, name in (
            (logging.INFO, "text"),
            (logging.WARNING, "warn"),
            (logging.ERROR, "bad"),
        ):
            if level >= least:
                role = name
        made = QTextCharFormat()
        made.setForeground(QColor(getattr(self._roles, role)))
        return made

    def _show_everything(self, _: str) -> None:
        self.search.clear()
        self.level.setCurrentIndex(0)
        self.level.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        chosen = self.view.textCursor().selection().toPlainText()
        put_on_clipboard(chosen or self.view.toPlainText())


def log_line(record: logging.LogRecord) -> str:
    """One record as a line: UTC, level, where, what."""
    moment = datetime.fromtimestamp(record.created, UTC)
    place = record.name.rpartition(".")[2]
    clock = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
    return f"{clock}\t{record.levelname}\t{place}: {record.getMessage()}"
