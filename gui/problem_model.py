"""The list of problems as a table for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from .icons import icon
from .theme import ALIGN_NUMBER
from .toast import GLYPHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.problems import Problem

HEADINGS = ("Time (UTC)", "Times", "What", "What happened", "What to do")
COUNT_COLUMN = 1


class ProblemModel(QAbstractTableModel):
    """Problems, the newest on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Problem] = []

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show these, sorted by when they were last seen; equal lists change nothing."""
        newest = sorted(problems, key=lambda problem: problem.last_seen, reverse=True)
        if newest == self._problems:
            return
        if [_identity(one) for one in newest] == [_identity(one) for one in self._problems]:
            self._problems = newest
            self.dataChanged.emit(self.index(0, 0), self.index(len(newest) - 1, len(HEADINGS) - 1))
            return
        self._rearrange(newest)

    def problem(self, row: int) -> Problem:
        """Problem of a row."""
        return self._problems[row]

    def row_of(self, problem: Problem) -> int | None:
        """Row of a problem, whatever its count was when it was taken."""
        wanted = _identity(problem)
        return next((i for i, one in enumerate(self._problems) if _identity(one) == wanted), None)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of problems."""
        return 0 if parent is not None and parent.isValid() else len(self._problems)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Heading of a column."""
        is_shown = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return HEADINGS[section] if is_shown and 0 <= section < len(HEADINGS) else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        problem = self._problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(problem)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == COUNT_COLUMN:
            return int(ALIGN_NUMBER)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return icon(*GLYPHS[problem.severity])
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{problem.severity}: {problem}"
        return None

    def _rearrange(self, newest: list[Problem]) -> None:
        """Change the order and keep the selection on the same problem."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        held = [_identity(self._problems[index.row()]) for index in before]
        self._problems = newest
        places = {_identity(one): row for row, one in enumerate(newest)}
        for index, identity in zip(before, held, strict=True):
            row = places.get(identity)
            moved = QModelIndex() if row is None else self.index(row, index.column())
            self.changePersistentIndex(index, moved)
        self.layoutChanged.emit()


def _identity(problem: Problem) -> tuple[str, str, str, str | None]:
    return problem.severity, problem.title, problem.text, problem.path


def _cells(problem: Problem) -> tuple[str, ...]:
    return (
        f"{problem.last_seen:%H:%M:%S}",
        f"{problem.count:,}",
        problem.title,
        problem.text,
        problem.hint,
    )


def problem_report(problem: Problem) -> str:
    """Everything about a problem, as text to be copied."""
    first, last = (f"{when:%Y-%m-%d %H:%M:%S}" for when in (problem.first_seen, problem.last_seen))
    lines = [
        f"{problem.severity}: {problem.title}",
        problem.text,
        problem.hint,
        f"File: {problem.path}" if problem.path else "",
        f"First {first} UTC, last {last} UTC, {problem.count} times",
        problem.details,
    ]
    return "\n".join(line for line in lines if line).strip()
