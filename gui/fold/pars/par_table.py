"""The table of par files: several can be selected, and stay so when the list is read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelectionModel, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ...theme import icon_side, spaced, tabular_font
from .par_model import NOTE, ParModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PyQt6.QtCore import QItemSelection

    from ....core.workbench.fold.listing import ParRow

_SELECT = QItemSelectionModel.SelectionFlag


class ParTable(QTableView):
    """Par files; `selected` is emitted when others are."""

    selected = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pars = ParModel(self)
        self.setModel(self.pars)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFont(tabular_font(self.font()))
        self.setAccessibleName("Par files")
        self.setToolTip("Double-click or Enter folds on it; Ctrl+click overlays several")
        self._dress_headers()

    def _dress_headers(self) -> None:
        side, header = self.verticalHeader(), self.horizontalHeader()
        if side is not None:
            side.hide()
            height = max(self.fontMetrics().height() + spaced(1), icon_side(self) + 2)
            side.setDefaultSectionSize(height)
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(NOTE, QHeaderView.ResizeMode.Stretch)
            header.setHighlightSections(False)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell of it."""
        super().selectionChanged(selected, deselected)
        self.selected.emit()

    @property
    def rows(self) -> tuple[ParRow, ...]:
        """Rows that are selected, in the order of the list."""
        model = self.selectionModel()
        places = sorted(index.row() for index in model.selectedRows()) if model else []
        return tuple(self.pars.rows[place] for place in places)

    @property
    def current(self) -> ParRow | None:
        """The row the keyboard is on, if it is selected; else the first one selected."""
        rows, place = self.rows, self.currentIndex().row()
        if 0 <= place < len(self.pars.rows) and self.pars.rows[place] in rows:
            return self.pars.rows[place]
        return rows[0] if rows else None

    def show_rows(self, rows: Sequence[ParRow]) -> None:
        """List other rows; files that are listed still stay selected, else the first one is."""
        current, before = self.current, [row.path for row in self.rows]
        if tuple(rows) == self.pars.rows:
            return
        self.pars.set_rows(rows)
        # What the keyboard is on comes last, so that it stays there.
        ordered = [path for path in before if current is None or path != current.path]
        kept = [*ordered, *([current.path] if current is not None else [])]
        places = [place for path in kept if (place := self.pars.place_of(path)) is not None]
        self.select_places(places or ([0] if rows else []))

    def select_places(self, places: Iterable[int]) -> None:
        """Select these rows; the keyboard is on the last of them."""
        model = self.selectionModel()
        if model is None:
            return
        model.clearSelection()
        for place in places:
            model.setCurrentIndex(self.pars.index(place, 0), _SELECT.Select | _SELECT.Rows)
        self.selected.emit()
