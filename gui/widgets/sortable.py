"""Tables that are sorted by a click on a heading and choose their columns by a right click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelectionModel, Qt
from PyQt6.QtWidgets import QHeaderView

from ..theme import spaced

if TYPE_CHECKING:
    from PyQt6.QtCore import QAbstractItemModel
    from PyQt6.QtWidgets import QTableView


def dressed_header(table: QTableView, model: QAbstractItemModel, row_gap: int) -> QHeaderView:
    """Dress the headings of a table and set its rows so many steps apart; gives the headings.

    They begin without an order, and ask by `customContextMenuRequested` for the menu of columns.
    """
    side, header = table.verticalHeader(), table.horizontalHeader()
    assert side is not None  # a table view has both
    assert header is not None
    side.hide()
    side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    side.setDefaultSectionSize(table.fontMetrics().height() + spaced(row_gap))
    header.setSectionsClickable(True)
    header.setSortIndicatorShown(True)
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    header.setSortIndicatorClearable(True)
    header.setHighlightSections(False)
    header.setMinimumSectionSize(spaced(5))
    # It asks every row of every column whether it is selected, only to look the same.
    header.setSelectionModel(QItemSelectionModel(model, header))
    header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    return header
