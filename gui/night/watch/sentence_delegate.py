"""Rows of a table or a list as high as their sentences need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QTableView

from ...theme import spaced

if TYPE_CHECKING:
    from PyQt6.QtCore import QModelIndex
    from PyQt6.QtWidgets import QStyleOptionViewItem

MARGIN_PX = 8
"""Beside the text, left and right together: padding of the style sheet and margin of the style."""
FAR_PX = 10_000


class SentenceDelegate(QStyledItemDelegate):
    """Asks for the height of the broken text.

    Qt reckons with the whole width of the column, padding of the style sheet included, and cuts
    off the last words.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Room for the whole sentence at the present width of its column."""
        view = self.parent()
        if not isinstance(view, QAbstractItemView):
            return super().sizeHint(option, index)
        width = _column_width(view, index) - 2 * MARGIN_PX
        room = QRect(0, 0, max(spaced(10), width), FAR_PX)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        found = view.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), text)
        return QSize(width, found.height() + spaced(1))


def _column_width(view: QAbstractItemView, index: QModelIndex) -> int:
    """Width of a column of a table, or of a list."""
    if isinstance(view, QTableView):
        return view.columnWidth(index.column())
    seen = view.viewport()
    return view.width() if seen is None else seen.width()
