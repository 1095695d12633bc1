"""Gaps of a capture as a table for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from .theme import ALIGN_NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.lightspeed.accounting import Gap

HEADINGS = ("After frame", "Frames lost", "Seconds", "Evidence")
TIPS = (
    "Number, from 1, of the last frame before the gap",
    "Frames that must have been taken and are not there",
    "Time without frames",
    "What tells: the camera's counter, its clock, both, or a cube that is not there",
)
EVIDENCE = HEADINGS.index("Evidence")


class GapModel(QAbstractTableModel):
    """Gaps in order; those that are found later are added, so that selection and scroll stay."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gaps: tuple[Gap, ...] = ()

    def set_gaps(self, gaps: Sequence[Gap]) -> None:
        """Show these; equal lists change nothing."""
        known, wanted = len(self._gaps), tuple(gaps)
        if wanted == self._gaps:
            return
        if wanted[:known] == self._gaps:
            self.beginInsertRows(QModelIndex(), known, len(wanted) - 1)
            self._gaps = wanted
            self.endInsertRows()
            return
        self.beginResetModel()
        self._gaps = wanted
        self.endResetModel()

    def gap(self, row: int) -> Gap:
        """Gap of a row."""
        return self._gaps[row]

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of gaps."""
        return 0 if parent is not None and parent.isValid() else len(self._gaps)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Heading of a column, and what it means."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(HEADINGS):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return HEADINGS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        gap = self._gaps[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(gap)[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"Double-click to go to frame {gap.after_frame + 1:,}"
        return None


def _alignment(column: int) -> int:
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    return int(left if column == EVIDENCE else ALIGN_NUMBER)


def _cells(gap: Gap) -> tuple[str, ...]:
    return f"{gap.after_frame + 1:,}", f"{gap.frames:,}", f"{gap.seconds:,.6f}", gap.reason
