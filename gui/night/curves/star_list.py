"""The stars of the night: search, filters, and the list of what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from ....core.mascara.browsing.stars import StarFilter
from ....core.wording import counted
from ...icons import icon
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.empty_state import EmptyState
from .filter_row import FilterRow
from .query import StarQuery
from .search_line import SearchLine
from .star_model import StarModel
from .star_table import StarTable

if TYPE_CHECKING:
    from .query import FoundStars

NOTHING_FOUND = "No star is as searched."
CLEAR = (("clear", "Show all stars"),)
LEAST_WIDTH, USUAL_WIDTH = 56, 88


class StarList(QWidget):
    """Searches and lists.

    Signals: `queryChanged` when other stars are wanted, `starChosen` with an ASCC number,
    `curveWanted` when the keyboard shall go on to the plot; never for a setter.
    """

    queryChanged = pyqtSignal()
    starChosen = pyqtSignal(int)
    curveWanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = "", False
        self._accepts = False
        self._listed: StarQuery | None = None
        self.search, self.filters = SearchLine(), FilterRow()
        self.model = StarModel(self)
        self.table = StarTable(self.model)
        self.nothing = EmptyState(NOTHING_FOUND, CLEAR)
        self.summary = ElidedLabel()
        set_cue(self.summary, "muted")
        self.fold = self._made_fold()
        self.filters.hide()
        self._lay_out()
        self._connect()

    def _made_fold(self) -> QToolButton:
        button = QToolButton()
        button.setText("Filter")
        button.setIcon(icon("settings"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setToolTip("Only stars of a brightness, of a camera, with enough points")
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(spaced(1))
        top.addWidget(self.search, 1)
        top.addWidget(self.fold)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self.table)
        self._body.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spaced(1), 0, 0)
        column.setSpacing(spaced(1))
        column.addLayout(top)
        column.addWidget(self.filters)
        column.addWidget(body, 1)
        column.addWidget(self.summary)

    def _connect(self) -> None:
        self.fold.toggled.connect(self.filters.setVisible)
        self.search.textChanged.connect(self._on_query_changed)
        self.search.stepped.connect(self.table.step)
        self.search.paged.connect(self._on_paged)
        self.search.accepted.connect(self._on_accepted)
        self.filters.changed.connect(self._on_query_changed)
        self.table.orderChosen.connect(self._on_order_chosen)
        self.table.starChosen.connect(self.starChosen)
        self.table.typed.connect(self.search.begin)
        self.table.curveWanted.connect(self.curveWanted)
        self.nothing.chosen.connect(self._on_clear)

    # What it is told

    @property
    def query(self) -> StarQuery:
        """What is searched for."""
        return StarQuery(self.search.text().strip(), self.filters.filter, *self._order)

    def show_found(self, found: FoundStars) -> None:
        """List what was found; the chosen star stays chosen."""
        self.filters.set_cameras(found.stars.camera_names)
        self.table.show_rows(found.stars, found.rows)
        self._body.setCurrentIndex(0 if len(found.rows) else 1)
        if not len(found.rows):
            self.nothing.set_text(found.explanation or NOTHING_FOUND)
        self._show_summary(found)
        self._choose_found(found)

    def _choose_found(self, found: FoundStars) -> None:
        """Choose what Return asked for, or the only star that was meant."""
        query, is_new = found.query, found.query != self._listed
        self._listed = query
        is_only = is_new and bool(query.text) and len(found.rows) == 1
        if is_only or (self._accepts and query == self.query):
            self._accepts = False
            self.table.choose_first()

    def choose(self, ascc: int | None) -> None:
        """Mark the star that is shown."""
        self.table.choose(ascc)

    def clear_query(self) -> None:
        """Search for nothing; told as one change."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.filters.clear()
        self._on_query_changed()

    def _show_summary(self, found: FoundStars) -> None:
        total = len(found.stars)
        count = counted(total, "star")
        if len(found.rows) != total:
            count = f"{len(found.rows):,} of {count}"
        words = found.explanation if len(found.rows) else ""
        self.summary.show_whole("; ".join(filter(None, (count, words))))

    def _show_fold(self) -> None:
        """A filter that is folded away must not be forgotten."""
        is_used = self.filters.filter != StarFilter()
        self.fold.setText("Filter ●" if is_used else "Filter")

    # What the observer does

    def _on_query_changed(self, *_: object) -> None:
        self._accepts = False
        self._show_fold()
        self.queryChanged.emit()

    def _on_order_chosen(self, column: str, is_descending: bool) -> None:
        self._order = column, is_descending
        self.queryChanged.emit()

    def _on_paged(self, pages: int) -> None:
        self.table.step(pages * self.table.page_rows)

    def _on_accepted(self) -> None:
        """Choose the first star, once what was typed is found."""
        self._accepts = True
        self.queryChanged.emit()

    def _on_clear(self, _: str) -> None:
        self.clear_query()
        self.search.setFocus()

    # Its size

    def sizeHint(self) -> QSize:
        """Room for the usual columns."""
        return QSize(spaced(USUAL_WIDTH), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for number, brightness and points."""
        return QSize(spaced(LEAST_WIDTH), super().minimumSizeHint().height())
