"""The list of stars: as many columns as fit, one star chosen, which stays chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QItemSelectionModel, Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from ...theme import spaced, tabular_font
from ...widgets.keys import keeps_key
from ...widgets.sortable import dressed_header
from .star_columns import COLUMNS, PLACES, USUAL

if TYPE_CHECKING:
    from PyQt6.QtCore import QEvent, QModelIndex, QPoint
    from PyQt6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.browsing.stars import NightStars
    from .star_model import Rows, StarModel

LEAST_COLUMNS = 3
MARK = "▼"
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SELECT = QItemSelectionModel.SelectionFlag


class StarTable(QTableView):
    """Table of stars.

    Signals, for what the observer does and never for a setter: `starChosen` with an ASCC number;
    `orderChosen` with the key of a column ("" for none) and whether it falls; `typed` with text
    that is meant for the search; `curveWanted` when Return asks for the plot.
    """

    starChosen = pyqtSignal(int)
    orderChosen = pyqtSignal(str, bool)
    typed = pyqtSignal(str)
    curveWanted = pyqtSignal()

    def __init__(self, model: StarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._own: frozenset[str] | None = None
        self._chosen: int | None = None
        self._is_following = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFont(tabular_font(self.font()))
        self.setObjectName("stars")
        self.setAccessibleName("Stars")
        self._dress_headers()
        self._fit()

    def _dress_headers(self) -> None:
        header = dressed_header(self, self._model, row_gap=1)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.sortIndicatorChanged.connect(self._on_sort_changed)
        header.customContextMenuRequested.connect(self._on_column_menu_requested)

    # What it is told

    def show_rows(self, stars: NightStars | None, rows: Rows) -> None:
        """Show other rows; the chosen star keeps its place on the screen where it can."""
        offset = self._screen_row()
        self._is_following = True
        self._model.show_rows(stars, rows)
        self._select_chosen(offset)
        self._is_following = False

    def choose(self, ascc: int | None) -> None:
        """Mark a star as the chosen one and bring it into view; nothing is emitted."""
        if ascc == self._chosen:
            return
        self._chosen = ascc
        self._is_following = True
        self._select_chosen(None)
        self._is_following = False

    @property
    def chosen(self) -> int | None:
        """Number of the star that is chosen, in the list or not."""
        return self._chosen

    def _screen_row(self) -> int | None:
        """How many rows below the top the chosen star is seen; None where it is not."""
        row = None if self._chosen is None else self._model.row_of(self._chosen)
        viewport = self.viewport()
        if row is None or viewport is None:
            return None
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        return row - self.rowAt(0) if 0 <= top <= viewport.height() - height else None

    def _select_chosen(self, offset: int | None) -> None:
        row = None if self._chosen is None else self._model.row_of(self._chosen)
        selecting = self.selectionModel()
        assert selecting is not None  # there is a model
        if row is None:
            selecting.clear()
            return
        index = self._model.index(row, 0)
        if selecting.isRowSelected(row) and self.currentIndex().row() == row:
            return
        # New rows are not laid out yet, and the scroll bar does not know them.
        self.updateGeometries()
        selecting.setCurrentIndex(index, _SELECT.ClearAndSelect | _SELECT.Rows)
        bar = self.verticalScrollBar()
        if offset is not None and bar is not None:
            bar.setValue(row - offset)
        self.scrollTo(index)

    # What the observer does

    def step(self, rows: int) -> None:
        """Choose the star so many rows further; the first one where none of the list is chosen."""
        count, current = self._model.rowCount(), self.currentIndex()
        if not count:
            return
        row = current.row() + rows if current.isValid() else 0
        self.setCurrentIndex(self._model.index(min(max(row, 0), count - 1), 0))

    def choose_first(self) -> None:
        """Choose the star at the top."""
        if self._model.rowCount():
            self.setCurrentIndex(self._model.index(0, 0))

    @property
    def page_rows(self) -> int:
        """Rows that are seen at once."""
        viewport, side = self.viewport(), self.verticalHeader()
        if viewport is None or side is None:
            return 1
        return max(1, viewport.height() // side.defaultSectionSize() - 1)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which star is chosen."""
        super().currentChanged(current, previous)
        if self._is_following or not current.isValid():
            return
        ascc = self._model.ascc(current.row())
        if ascc != self._chosen:
            self._chosen = ascc
            self.starChosen.emit(ascc)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Choose nothing by coming here; the first key does."""
        was_none = not self.currentIndex().isValid()
        was_following, self._is_following = self._is_following, True
        super().focusInEvent(event)
        selecting = self.selectionModel()
        if was_none and selecting is not None:
            selecting.clear()
        self._is_following = was_following

    def event(self, event: QEvent | None) -> bool:
        """Keep Return and the digits from the actions of the window."""
        return keeps_key(event, _needs) or super().event(event)

    def keyboardSearch(self, search: str | None) -> None:
        """What is typed here is searched for everywhere, not only in the first column."""
        if search:
            self.typed.emit(search)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return goes on to the plot."""
        if event is not None and event.key() in _RETURN:
            self.curveWanted.emit()
        else:
            super().keyPressEvent(event)

    def _on_sort_changed(self, section: int, order: Qt.SortOrder) -> None:
        key = COLUMNS[section].key if 0 <= section < len(COLUMNS) else ""
        self.orderChosen.emit(key, order == Qt.SortOrder.DescendingOrder)

    # Columns

    @property
    def shown(self) -> tuple[str, ...]:
        """Keys of the columns that can be seen, from left to right."""
        return tuple(c.key for place, c in enumerate(COLUMNS) if not self.isColumnHidden(place))

    def show_column(self, key: str, is_shown: bool) -> None:
        """Show or hide a column by hand; from then on the width decides no more."""
        wanted = frozenset(self.shown) if self._own is None else self._own
        self._own = wanted | {key} if is_shown else wanted - {key}
        self._fit()

    def column_menu(self) -> QMenu:
        """Menu of all columns."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in COLUMNS:
            entry = menu.addAction(f"{column.heading}  ({column.meaning})")
            assert entry is not None  # made just now
            entry.setCheckable(True)
            entry.setChecked(column.key in self.shown)
            entry.setEnabled(column.key != COLUMNS[0].key)
            entry.toggled.connect(lambda on, key=column.key: self.show_column(key, on))
        menu.addSeparator()
        usual = menu.addAction("Usual columns, as many as fit")
        assert usual is not None  # made just now
        usual.triggered.connect(self._show_usual)
        return menu

    def _show_usual(self, _: bool) -> None:
        self._own = None
        self._fit()

    def _on_column_menu_requested(self, place: QPoint) -> None:
        header = self.horizontalHeader()
        if header is not None:
            self.column_menu().popup(header.mapToGlobal(place))

    def _fit(self) -> None:
        """Show the columns, and spread what room is left over them."""
        keys = self._that_fit() if self._own is None else self._own
        places = [place for place, column in enumerate(COLUMNS) if column.key in keys]
        widths = {place: self._width_of(place) for place in places}
        left = max(0, self._room() - sum(widths.values())) // max(1, len(places))
        for place in range(len(COLUMNS)):
            self.setColumnHidden(place, place not in widths)
            if place in widths:
                self.setColumnWidth(place, widths[place] + left)

    def _that_fit(self) -> frozenset[str]:
        room, keys = self._room(), set[str]()
        for key in USUAL:
            room -= self._width_of(PLACES[key])
            if room < 0 and len(keys) >= LEAST_COLUMNS:
                break
            keys.add(key)
        return frozenset(keys)

    def _room(self) -> int:
        viewport = self.viewport()
        return self.width() if viewport is None else viewport.width()

    def _width_of(self, place: int) -> int:
        column, metrics = COLUMNS[place], self.fontMetrics()
        text = max(map(metrics.horizontalAdvance, (column.widest, f"{column.heading} {MARK}")))
        return text + spaced(4)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show as many columns as fit now."""
        super().resizeEvent(event)
        self._fit()


def _needs(event: QKeyEvent) -> bool:
    has_modifier = bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
    return not has_modifier and (event.key() in _RETURN or event.text().isdigit())
