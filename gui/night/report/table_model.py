"""Tables of words one below the other, as one table for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSize, Qt
from PyQt6.QtGui import QBrush, QColor

from ...theme import ALIGN_NUMBER, tabular_font, worn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.browsing.compare_tables import ComparisonTable

ALIGN_WORD = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROLE = Qt.ItemDataRole


class TablesModel(QAbstractTableModel):
    """Rows of several tables with the same columns, each under a row with its title."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings: tuple[str, ...] = ()
        self._rows: list[tuple[str, ...]] = []

    def set_tables(self, tables: Sequence[ComparisonTable]) -> None:
        """Show these tables and no others."""
        self.beginResetModel()
        filled = [one for one in tables if one.headings]
        self._headings = filled[0].headings if filled else ()
        self._rows = []
        for one in tables:
            self._rows += [(one.title,), *one.rows]
            self._rows += [] if one.rows else [(one.note,)]
        self.endResetModel()

    @property
    def titles(self) -> list[int]:
        """Rows that hold one text alone."""
        return [place for place, row in enumerate(self._rows) if len(row) == 1]

    def text(self, row: int, column: int) -> str:
        """What a cell shows."""
        cells = self._rows[row]
        return cells[column] if column < len(cells) else ""

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Titles and rows."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """As many as the first table has."""
        return 0 if parent is not None and parent.isValid() else max(1, len(self._headings))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        """Headings of the columns."""
        if orientation is Qt.Orientation.Vertical or section >= len(self._headings):
            return None
        if role == _ROLE.TextAlignmentRole:
            return ALIGN_WORD if section == 0 else ALIGN_NUMBER
        # What is in brackets has a line of its own: columns stay narrow.
        text = self._headings[section].replace(" (", "\n(")
        return text if role == _ROLE.DisplayRole else None

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        """Texts, numbers at the right; titles stand out."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == _ROLE.DisplayRole:
            return self.text(row, column)
        return self._look(row, column).get(role)

    def _look(self, row: int, column: int) -> dict[int, Any]:
        """How a cell looks, by role."""
        is_title = len(self._rows[row]) == 1
        font = tabular_font()
        font.setBold(is_title)
        look: dict[int, Any] = {_ROLE.FontRole: font, _ROLE.TextAlignmentRole: ALIGN_NUMBER}
        if is_title or column == 0:
            look[_ROLE.TextAlignmentRole] = ALIGN_WORD
        if is_title:
            # It runs across all columns, and makes none of them wide.
            look |= {_ROLE.SizeHintRole: QSize(), _ROLE.ToolTipRole: self.text(row, 0)}
        elif column == 0:
            look[_ROLE.ForegroundRole] = QBrush(QColor(worn().muted))
        return look
