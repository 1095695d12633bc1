"""Stars of a night as a table for a view: rows are numbers into columns, nothing is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QBrush, QColor

from ...theme import ALIGN_NUMBER, worn
from ..words import NOTHING
from .star_columns import COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....core.mascara.browsing.stars import NightStars

    Rows = NDArray[np.integer[Any]]

ALIGN_WORD = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROLE = Qt.ItemDataRole


class StarModel(QAbstractTableModel):
    """Some stars of a night, in some order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stars: NightStars | None = None
        self._rows: Rows = np.zeros(0, np.intp)
        self._numbers = np.zeros(0, np.int64)

    def show_rows(self, stars: NightStars | None, rows: Rows) -> None:
        """Show stars of a night in this order; where only their facts changed, nothing moves."""
        numbers = np.zeros(0, np.int64) if stars is None else stars.ascc[rows]
        if len(numbers) and np.array_equal(numbers, self._numbers):
            self._stars, self._rows = stars, rows
            last = self.index(len(rows) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._stars, self._rows, self._numbers = stars, rows, numbers
        self.endResetModel()

    def ascc(self, row: int) -> int:
        """Number of the star in a row."""
        return int(self._numbers[row])

    def row_of(self, ascc: int) -> int | None:
        """Row of a star; None where it is not shown."""
        found = np.flatnonzero(self._numbers == ascc)
        return int(found[0]) if found.size else None

    # Qt's questions

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of stars shown."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        """Heading of a column, and what it means."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == _ROLE.DisplayRole:
            return column.heading
        if role == _ROLE.ToolTipRole:
            return f"{column.meaning}. Click to sort; right-click to choose columns"
        return _alignment(section) if role == _ROLE.TextAlignmentRole else None

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid() or self._stars is None:
            return None
        if role == _ROLE.DisplayRole:
            return self._text(index)
        if role == _ROLE.TextAlignmentRole:
            return _alignment(index.column())
        if role == _ROLE.ForegroundRole and self._text(index) == NOTHING:
            return QBrush(QColor(worn().muted))
        return None

    def _text(self, index: QModelIndex) -> str:
        if self._stars is None:
            return ""
        return COLUMNS[index.column()].write(self._stars, int(self._rows[index.row()]))


def _alignment(column: int) -> int:
    return int(ALIGN_NUMBER if COLUMNS[column].is_number else ALIGN_WORD)
