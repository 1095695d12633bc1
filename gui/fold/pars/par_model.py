"""Par files as a table for a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ...icons import icon
from ...theme import ALIGN_NUMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from ....core.workbench.fold.listing import ParRow

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def separation_text(separation_deg: float | None) -> str:
    """A separation in the unit that suits it: degrees, arcminutes, arcseconds; a dash for none."""
    if separation_deg is None:
        return "–"
    if separation_deg < 1.0 / 60.0:
        return f"{separation_deg * 3600.0:.0f}″"
    return f"{separation_deg * 60.0:.1f}′" if separation_deg < 1.0 else f"{separation_deg:.1f}°"


def _f0_text(row: ParRow) -> str:
    return "–" if row.f0_hz is None else f"{row.f0_hz:.6f}"


class Column(NamedTuple):
    """Heading, text of a row, whether it is a number, and what it means."""

    heading: str
    text: Callable[[ParRow], str]
    is_number: bool
    tip: str


COLUMNS = (
    Column("Pulsar", lambda row: row.psr, False, "Its name in the file"),
    Column(
        "Apart",
        lambda row: separation_text(row.separation_deg),
        True,
        "Angle from where the telescope points",
    ),
    Column("F0 (Hz)", _f0_text, True, "Spin frequency at PEPOCH"),
    Column("File", lambda row: row.name, False, "Name of the file"),
    Column("Note", lambda row: row.brief, False, "What to know before folding with it"),
)
NOTE = len(COLUMNS) - 1


class ParModel(QAbstractTableModel):
    """Par files in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ParRow, ...] = ()
        self._in_use: frozenset[Path] = frozenset()

    @property
    def rows(self) -> tuple[ParRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: Sequence[ParRow]) -> None:
        """List these; equal lists change nothing."""
        if tuple(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def set_in_use(self, paths: Collection[Path]) -> None:
        """Mark the files that are folded on."""
        self._in_use = frozenset(paths)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def place_of(self, path: Path) -> int | None:
        """Row of a file; None if it is not listed."""
        return next((place for place, row in enumerate(self._rows) if row.path == path), None)

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of files."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Heading of a column, and what it means."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return column.heading if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (str(row.path), row.note) if part)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._glyph(row)
        return None

    def _glyph(self, row: ParRow) -> Any:
        if not row.is_usable:
            return icon("error", "bad")
        if row.path in self._in_use:
            return icon("fold", "accent")
        return icon("problems", "warn") if row.note else icon("ephemeris", "muted")


def _alignment(column: Column) -> int:
    return int(ALIGN_NUMBER if column.is_number else _LEFT)
