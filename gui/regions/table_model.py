"""Regions with their numbers as a table for a view."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QColor, QIcon

from ...core.regions.geometry.drawing import name_of
from ...core.regions.pairing import is_source
from ...core.regions.shapes import FARTHEST_PX
from ...core.session.region_edits import may
from ...core.session.region_marks import is_comparison
from ...core.workbench.regions.table import RegionRow, region_rows
from ..icons import icon, icon_names
from ..theme import ALIGN_NUMBER, worn
from .columns import COLUMNS, NOTHING, PLACES, is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...core.regions.entries import RegionEntry
    from ...core.regions.numbers.statistics import RegionStatistics
    from ...core.workbench.regions.table import WholeCapture
    from .columns import Column

ALIGN_WORD = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
SORT_ROLE = Qt.ItemDataRole.UserRole
"""The bare value of a cell."""

NO_BACKGROUND = "There is no background: draw a region in the sky and press Y, or add a sky annulus"
NO_GAIN = "Counts of this file cannot be turned into electrons: its gain is not known"

_ROLE = Qt.ItemDataRole
_FLUX_KEYS = frozenset({"flux_e", "flux_error_e", "snr"})


class RegionModel(QAbstractTableModel):
    """One row a region; rows keep their places while numbers change.

    A sorted table is sorted when it is asked to and not again by itself, so that no row runs
    away under the hand; new regions come in at the end. Unsorted it has the order of the list.

    Signals: `nameEdited` (number of the region, text), `placeEdited` (number, x, y); the model
    itself changes when it is told the regions again.
    """

    nameEdited = pyqtSignal(int, str)
    placeEdited = pyqtSignal(int, float, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[int] = []
        self._rows: dict[int, RegionRow] = {}
        self._frame: Mapping[int, RegionStatistics] = {}
        self._whole: Mapping[int, WholeCapture] = {}
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._is_changing = False
        self._pictures: dict[str, QIcon] = {}

    # What it is told

    @property
    def is_changing(self) -> bool:
        """Whether rows come and go now: what that selects is not the observer's doing."""
        return self._is_changing

    def set_regions(self, entries: Mapping[int, RegionEntry]) -> None:
        """Show these regions."""
        self._is_changing = True
        self._set_rows(entries)
        self._is_changing = False

    def _set_rows(self, entries: Mapping[int, RegionEntry]) -> None:
        rows = dict(zip(entries, region_rows(entries, self._frame, self._whole), strict=True))
        if self._rows.keys().isdisjoint(rows) and (rows or self._rows):
            self.beginResetModel()
            self._rows, self._order = rows, list(rows)
            self.endResetModel()
            self._sort_again()
            return
        self._remove([ident for ident in self._order if ident not in rows])
        added = [ident for ident in rows if ident not in self._rows]
        before = self._rows
        self._rows = {**before, **{ident: rows[ident] for ident in rows if ident in before}}
        self._append(added, rows)
        self._rows = rows
        if self._sorted_by is None and self._order != list(rows):
            self._reorder(list(rows))
        self._tell([ident for ident in rows if before.get(ident) not in (None, rows[ident])])

    def change_regions(self, entries: Mapping[int, RegionEntry]) -> None:
        """Show regions that are there already as they are now."""
        known = {i: entry for i, entry in entries.items() if i in self._rows}
        for ident, entry in known.items():
            self._rows[ident] = replace(self._rows[ident], entry=entry)
        self._tell(known)

    def set_frame_numbers(self, statistics: Mapping[int, RegionStatistics]) -> None:
        """Show the numbers of another frame."""
        self._frame = statistics
        self._renew()

    def set_capture_numbers(self, whole: Mapping[int, WholeCapture]) -> None:
        """Show other numbers of the whole capture."""
        self._whole = whole
        self._renew()

    def _renew(self) -> None:
        changed = []
        for ident, row in self._rows.items():
            frame, whole = self._frame.get(ident), self._whole.get(ident)
            if frame is row.frame and whole is row.whole:
                continue
            if frame != row.frame or whole != row.whole:
                self._rows[ident] = RegionRow(row.number, row.entry, frame, whole)
                changed.append(ident)
        self._tell(changed)

    def _remove(self, idents: list[int]) -> None:
        # From the end, so that the places before stay right.
        for first, last in reversed(self.runs_of(idents)):
            self.beginRemoveRows(QModelIndex(), first, last)
            for ident in self._order[first : last + 1]:
                del self._rows[ident]
            del self._order[first : last + 1]
            self.endRemoveRows()

    def _append(self, idents: list[int], rows: Mapping[int, RegionRow]) -> None:
        if idents:
            self.beginInsertRows(
                QModelIndex(), len(self._order), len(self._order) + len(idents) - 1
            )
            self._order += idents
            self._rows |= {ident: rows[ident] for ident in idents}
            self.endInsertRows()

    def _reorder(self, order: list[int]) -> None:
        """Put the rows into another order; selection and editor go with them."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        idents = [self._order[index.row()] for index in before]
        self._order = order
        places = {ident: place for place, ident in enumerate(order)}
        after = [
            self.index(places[ident], index.column())
            for ident, index in zip(idents, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _tell(self, idents: Iterable[int]) -> None:
        wanted = set(idents)
        if not wanted:
            return
        places = [place for place, ident in enumerate(self._order) if ident in wanted]
        for first, last in _runs(places):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

    # What it answers

    @property
    def idents(self) -> tuple[int, ...]:
        """Numbers of the regions from top to bottom."""
        return tuple(self._order)

    def ident(self, row: int) -> int:
        """Number of the region in a row."""
        return self._order[row]

    def runs_of(self, idents: Iterable[int]) -> list[tuple[int, int]]:
        """First and last rows of the stretches that these regions fill."""
        wanted = set(idents)
        return list(_runs(p for p, ident in enumerate(self._order) if ident in wanted))

    def plain_text(self, row: int, column: int) -> str:
        """What a cell shows, the kind in words; numbers without marks between the thousands."""
        return COLUMNS[column].plain_text(self._rows[self._order[row]])

    # Qt's questions

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Number of regions."""
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Number of columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Names and places can be edited."""
        flags = super().flags(index)
        if index.isValid() and self._is_editable(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _is_editable(self, index: QModelIndex) -> bool:
        column, entry = COLUMNS[index.column()], self._row(index).entry
        return column.is_editable and (column.key == "name" or may(entry, "move"))

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
            return column.field.meaning
        return _alignment(column) if role == _ROLE.TextAlignmentRole else None

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        """What a cell shows."""
        if not index.isValid():
            return None
        column, row = COLUMNS[index.column()], self._row(index)
        if role == _ROLE.DisplayRole:
            return column.text(row)
        if role == _ROLE.TextAlignmentRole:
            return _alignment(column)
        if role == _ROLE.DecorationRole:
            return self._picture(row) if column.key == "kind" else None
        answer = _ANSWERS.get(_ROLE(role)) if role <= SORT_ROLE else None
        return None if answer is None else answer(column, row)

    def _picture(self, row: RegionRow) -> QIcon:
        """Drawing of a kind; one that is kept need not be painted anew for every cell."""
        name = f"region-{name_of(row.entry).replace(' ', '-')}"
        if name not in self._pictures:
            self._pictures[name] = icon(name if name in icon_names() else "region-other")
        return self._pictures[name]

    def setData(self, index: QModelIndex, value: Any, role: int = _ROLE.EditRole) -> bool:
        """Ask for another name or place."""
        if role != _ROLE.EditRole or not index.isValid() or not self._is_editable(index):
            return False
        ident, key = self.ident(index.row()), COLUMNS[index.column()].key
        if key == "name":
            self.nameEdited.emit(ident, str(value).strip())
            return True
        try:
            number = float(str(value).replace(",", "").replace("−", "-"))
        except ValueError:
            return False
        if not abs(number) <= FARTHEST_PX:
            return False
        x, y = (_edit_value(COLUMNS[PLACES[axis]], self._row(index)) for axis in "xy")
        self.placeEdited.emit(ident, *((number, y) if key == "x" else (x, number)))
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the rows in the order of a column, once; a negative one is that of the list."""
        is_list = column < 0 or (
            COLUMNS[column].key == "number" and order == Qt.SortOrder.AscendingOrder
        )
        self._sorted_by = None if is_list else (column, order)
        if is_list:
            self._reorder(list(self._rows))
        else:
            self._sort_again()

    def _sort_again(self) -> None:
        if self._sorted_by is None:
            return
        column, order = self._sorted_by
        field = COLUMNS[column].field
        known = {ident: field.value(row) for ident, row in self._rows.items()}
        present = [i for i, value in known.items() if not is_nothing(value)]
        absent = [i for i, value in known.items() if is_nothing(value)]
        is_down = order == Qt.SortOrder.DescendingOrder
        ranked = sorted(present, key=lambda i: _sortable(known[i]), reverse=is_down)
        self._reorder(ranked + absent)

    def _row(self, index: QModelIndex) -> RegionRow:
        return self._rows[self._order[index.row()]]


def _runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of the stretches of whole numbers that rise by one."""
    for _, part in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
        run = [place for _, place in part]
        yield run[0], run[-1]


def _sortable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _alignment(column: Column) -> int:
    return int(ALIGN_NUMBER if column.is_number else ALIGN_WORD)


def _ink(column: Column, row: RegionRow) -> Any:
    """What is no name of the observer's own is muted."""
    is_muted = (column.key == "name" and not row.entry.text) or (
        column.is_number and column.text(row) == NOTHING
    )
    return QBrush(QColor(worn().muted)) if is_muted else None


def _tip(column: Column, row: RegionRow) -> Any:
    entry = row.entry
    missing = _missing_flux(row) if column.key in _FLUX_KEYS else ""
    if missing:
        return missing
    facts = [entry.text, name_of(entry)]
    facts += ["excluded"] * (not entry.include) + ["sky background"] * entry.background
    facts += ["comparison star"] * is_comparison(entry)
    facts += [f"tags: {', '.join(entry.tags)}"] if entry.tags else []
    return "\n".join(fact for fact in facts if fact)


def _missing_flux(row: RegionRow) -> str:
    """Why a region that could have a flux has none; "" where it has one, or never could."""
    numbers = row.frame
    if numbers is None or not numbers.npix or numbers.flux_e is not None:
        return ""
    if not is_source(row.entry):
        return ""
    return NO_BACKGROUND if numbers.sum.electrons is not None else NO_GAIN


def _edit_value(column: Column, row: RegionRow) -> Any:
    if column.key == "name":
        return row.entry.text
    return column.field.value(row)


def _edit_text(column: Column, row: RegionRow) -> Any:
    value = _edit_value(column, row)
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _said(column: Column, row: RegionRow) -> Any:
    """For screen readers: the kind in words instead of a drawing."""
    return name_of(row.entry) if column.key == "kind" else column.text(row)


_ANSWERS = {
    _ROLE.ForegroundRole: _ink,
    _ROLE.ToolTipRole: _tip,
    _ROLE.EditRole: _edit_text,
    _ROLE.AccessibleTextRole: _said,
    SORT_ROLE: _edit_value,
}
