"""A view of tables one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ...theme import spaced
from .table_model import TablesModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.browsing.compare_tables import ComparisonTable


class TablesView(QTableView):
    """Shows tables whose titles run across all columns; what is read stays where it is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tables = TablesModel(self)
        self.setModel(self.tables)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side, top = self.verticalHeader(), self.horizontalHeader()
        if side is not None and top is not None:
            side.hide()
            side.setDefaultSectionSize(self.fontMetrics().height() + spaced(2))
            top.setHighlightSections(False)
            top.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            top.setDefaultAlignment(Qt.AlignmentFlag.AlignRight)

    def set_tables(self, tables: Sequence[ComparisonTable]) -> None:
        """Show these and no others."""
        bar = self.verticalScrollBar()
        before = bar.value() if bar is not None else 0
        self.clearSpans()
        self.tables.set_tables(tables)
        columns = self.tables.columnCount()
        if columns > 1:
            for row in self.tables.titles:
                self.setSpan(row, 0, 1, columns)
        if bar is not None:
            bar.setValue(before)
