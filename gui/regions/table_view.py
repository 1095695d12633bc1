"""The region table: shows as many columns as fit, or those that were chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QMenu, QTableView

from ..theme import icon_side, spaced, tabular_font
from ..widgets.sortable import dressed_header
from .columns import COLUMNS, PLACES, USUAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PyQt6.QtCore import QModelIndex
    from PyQt6.QtGui import QMouseEvent, QResizeEvent
    from PyQt6.QtWidgets import QWidget

    from .table_model import RegionModel

_KEEPS = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
_STRETCHED = PLACES["name"]
_SELECT = QItemSelectionModel.SelectionFlag
_TRIGGER = QAbstractItemView.EditTrigger


class RegionTable(QTableView):
    """Table of regions.

    `chosen` carries the numbers of the selected regions when the observer selects others;
    `openRequested` that of a region whose properties are wanted.
    """

    chosen = pyqtSignal(frozenset)
    openRequested = pyqtSignal(int)

    def __init__(self, model: RegionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions = model
        self._topic = "frame"
        self._own: dict[str, frozenset[str]] = {}
        self._is_following = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(_TRIGGER.DoubleClicked | _TRIGGER.SelectedClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFont(tabular_font(self.font()))
        self.setObjectName("regions")
        self.setAccessibleName("Regions")
        self._dress_headers()
        self.doubleClicked.connect(self._on_double_clicked)
        for change in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            change.connect(self._fit)
        self._fit()

    def _dress_headers(self) -> None:
        header = dressed_header(self, self._regions, row_gap=2)
        header.sortIndicatorChanged.connect(self._regions.sort)
        header.customContextMenuRequested.connect(self._show_column_menu)
        header.setToolTip("Click to sort; right-click to choose columns")

    # Selection

    def set_selection(self, idents: Iterable[int]) -> None:
        """Select exactly these regions; nothing is emitted."""
        wanted = frozenset(idents)
        if wanted == self.selected_idents():
            return
        model, selection = self._regions, QItemSelection()
        last_column = model.columnCount() - 1
        for first, last in model.runs_of(wanted):
            selection.select(model.index(first, 0), model.index(last, last_column))
        self._is_following = True
        self._selecting().select(selection, _SELECT.ClearAndSelect)
        self._is_following = False
        if len(wanted) == 1 and not selection.isEmpty():
            self._go_to(selection.indexes()[0])

    def _go_to(self, index: QModelIndex) -> None:
        """Bring a row into view and let the keyboard go on from there."""
        self._selecting().setCurrentIndex(index, _SELECT.NoUpdate)
        # New rows are not laid out yet, and the scroll bar does not know them.
        self.updateGeometries()
        self.scrollTo(index)

    def selected_idents(self) -> frozenset[int]:
        """Numbers of the regions selected in the table."""
        parts: Any = self._selecting().selection()
        rows = (row for part in parts for row in range(part.top(), part.bottom() + 1))
        return frozenset(map(self._regions.ident, rows))

    def _selecting(self) -> QItemSelectionModel:
        selecting = self.selectionModel()
        assert selecting is not None  # there is a model
        return selecting

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell what the observer selected."""
        super().selectionChanged(selected, deselected)
        if not self._is_following and not self._regions.is_changing:
            self.chosen.emit(self.selected_idents())

    # Columns

    @property
    def shown(self) -> tuple[str, ...]:
        """Keys of the columns that can be seen, from left to right."""
        return tuple(c.key for p, c in enumerate(COLUMNS) if not self.isColumnHidden(p))

    @property
    def topic(self) -> str:
        """What the columns speak of."""
        return self._topic

    def set_topic(self, topic: str) -> None:
        """Show the columns for the frame or for the whole capture."""
        self._topic = topic
        self._fit()

    def show_column(self, key: str, is_shown: bool) -> None:
        """Show or hide a column by hand; from then on the width decides no more."""
        wanted = self._own.get(self._topic, frozenset(self.shown))
        self._own[self._topic] = wanted | {key} if is_shown else wanted - {key}
        self._fit()

    def show_usual_columns(self) -> None:
        """Let the width decide again."""
        self._own.pop(self._topic, None)
        self._fit()

    def text(self) -> str:
        """What is shown of the selected regions, or of all, with tabs between the columns."""
        model, shown = self._regions, [PLACES[key] for key in self.shown]
        chosen = self.selected_idents() or frozenset(model.idents)
        rows = [row for row, ident in enumerate(model.idents) if ident in chosen]
        lines = [[COLUMNS[place].heading for place in shown]]
        lines += [[model.plain_text(row, place) for place in shown] for row in rows]
        return "".join("\t".join(line) + "\n" for line in lines)

    def column_menu(self) -> QMenu:
        """Menu of all columns."""
        menu = QMenu(self)
        for column in COLUMNS:
            entry = menu.addAction(column.heading)
            assert entry is not None  # made just now
            entry.setCheckable(True)
            entry.setChecked(column.key in self.shown)
            entry.setToolTip(column.field.meaning)
            entry.setEnabled(column.key != "name")
            entry.toggled.connect(lambda on, key=column.key: self.show_column(key, on))
        menu.addSeparator()
        usual = menu.addAction("Usual columns, as many as fit")
        assert usual is not None  # made just now
        usual.triggered.connect(self.show_usual_columns)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _show_column_menu(self, place: QPoint) -> None:
        header = self.horizontalHeader()
        if header is not None:
            self.column_menu().popup(header.mapToGlobal(place))

    def _fit(self, *_: object) -> None:
        """Show the columns; what is left over goes to the name."""
        wanted = self._own.get(self._topic)
        keys = self._that_fit() if wanted is None else wanted
        for place, column in enumerate(COLUMNS):
            self.setColumnHidden(place, column.key not in keys)
            if place != _STRETCHED:
                self.setColumnWidth(place, self._width_of(place))
        others = sum(self._width_of(PLACES[key]) for key in keys if PLACES[key] != _STRETCHED)
        left = self._room() - others
        self.setColumnWidth(_STRETCHED, max(left, self._width_of(_STRETCHED)))

    def _that_fit(self) -> frozenset[str]:
        """The usual columns, the most important first, until there is no room."""
        room, keys = self._room(), set[str]()
        for key in USUAL[self._topic]:
            room -= self._width_of(PLACES[key])
            if room < 0 and len(keys) >= 3:
                break
            keys.add(key)
        return frozenset(keys)

    def _room(self) -> int:
        viewport = self.viewport()
        return self.width() if viewport is None else viewport.width()

    def _width_of(self, place: int) -> int:
        column, metrics = COLUMNS[place], self.fontMetrics()
        widest = column.widest
        if column.key == "number":
            widest = "9" * max(2, len(str(self._regions.rowCount())))
        text = max(map(metrics.horizontalAdvance, (widest, column.heading)))
        picture = icon_side(self) + spaced(1) if column.key == "kind" else 0
        return text + picture + spaced(2)

    # Qt's events

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show as many columns as fit now."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent | None) -> None:
        """Keep room in the digits of a new font."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._fit()

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that extend a selection from the actions."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _KEEPS
            and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Return opens the properties, unless it ends an edit."""
        is_return = event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        # A field lets the Return pass on that ends it.
        is_edit = self.state() == QAbstractItemView.State.EditingState
        if is_return and not is_edit and self.currentIndex().isValid():
            self.openRequested.emit(self._regions.ident(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A press below the last row selects nothing, as in the picture."""
        super().mousePressEvent(event)
        if event is not None and not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.openRequested.emit(self._regions.ident(index.row()))
