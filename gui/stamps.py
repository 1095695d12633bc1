"""The panel that tells how good the time stamps of a capture are, and where frames are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from .gap_model import EVIDENCE, GapModel
from .interval_plot import IntervalPlot
from .theme import Roles, set_cue, spaced, tabular_font
from .widgets.elided_label import ElidedLabel
from .widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from ..core.workbench.stamps import StampSheet

EMPTY_TEXT = "The time stamps of an open capture are checked here."
GOOD, DOUBTFUL = "✓", "▲"
QUALITY_CUES = {"GPS": "good", "none": "bad"}
SAVE_TIP = (
    "Write number, UTC, seconds and mean counts of every frame counted, one frame a line, "
    "for other programs"
)


class Fact(NamedTuple):
    """One line of the summary: its word, its place in the grid, what it means."""

    key: str
    word: str
    row: int
    column: int
    tip: str


FACTS = (
    Fact("quality", "Time from", 0, 0, "Where the time of a frame comes from"),
    Fact("constant", "Constant term", 1, 0, "Part of every frame time; change it in the settings"),
    Fact("lost", "Frames lost", 0, 1, "By FRAMESTAMP, TIMESTAMP or absent cubes"),
    Fact("missing", "Missing cubes", 1, 1, "Numbers absent between the lowest and the highest"),
    Fact("duplicates", "Duplicates", 0, 2, "Frames stored again under the same FRAMESTAMP"),
    Fact("steps_back", "Steps back", 1, 2, "How often the camera's counter goes backwards"),
)


class StampsPanel(QWidget):
    """Summary, histogram of intervals, table of gaps; frames are counted from 0 in signals."""

    frameRequested = pyqtSignal(int)
    saveRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.facts = {fact.key: ElidedLabel() for fact in FACTS}
        self.plot = IntervalPlot()
        self.model = GapModel(self)
        self.table = self._made_table()
        self.save_button = QPushButton("Save as CSV…")
        self.save_button.setToolTip(SAVE_TIP)
        self.save_button.clicked.connect(self.saveRequested)
        self.empty = EmptyState(EMPTY_TEXT)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._made_content())

    def set_sheet(self, sheet: StampSheet) -> None:
        """Show what the stamps tell; the chosen gap stays chosen."""
        quality = QUALITY_CUES.get(sheet.quality, "warn")
        self._show("quality", f"{_glyph(quality)} {sheet.quality}", quality, sheet.note)
        self._show("constant", sheet.constant)
        gaps = f" in {len(sheet.gaps):,} gaps" if len(sheet.gaps) > 1 else " in 1 gap"
        self._show_trouble("lost", f"{sheet.lost:,}{gaps}" if sheet.lost else "")
        self._show_trouble("missing", sheet.missing)
        self._show_trouble("duplicates", f"{sheet.duplicates:,}" if sheet.duplicates else "")
        self._show_trouble("steps_back", f"{sheet.steps_back:,}" if sheet.steps_back else "")
        self.plot.set_intervals(sheet.edges_ms, sheet.counts, sheet.expected_ms)
        self.model.set_gaps(sheet.gaps)
        self._pages.setCurrentIndex(1)

    def set_empty(self, text: str = EMPTY_TEXT) -> None:
        """Show nothing but a line that says why."""
        self.empty.set_text(text)
        self.model.set_gaps(())
        self._pages.setCurrentIndex(0)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self.plot.set_roles(roles)

    def _made_content(self) -> QWidget:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.plot)
        splitter.addWidget(self.table)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(spaced(2), spaced(1), spaced(2), spaced(1))
        column.setSpacing(spaced(1))
        column.addLayout(self._made_summary())
        column.addWidget(splitter, 1)
        return content

    def _made_summary(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(spaced(2))
        grid.setVerticalSpacing(0)
        for fact in FACTS:
            word, value = QLabel(fact.word), self.facts[fact.key]
            word.setToolTip(fact.tip)
            set_cue(word, "muted")
            value.setFont(tabular_font(value.font()))
            value.setAccessibleName(fact.word)
            grid.addWidget(word, fact.row, 2 * fact.column)
            grid.addWidget(value, fact.row, 2 * fact.column + 1)
        for column, share in ((1, 5), (3, 4), (5, 1)):
            grid.setColumnStretch(column, share)
        grid.addWidget(self.save_button, 0, 6, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        return grid

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setFont(tabular_font(table.font()))
        table.setAccessibleName("Gaps")
        table.activated.connect(self._on_activated)
        side = table.verticalHeader()
        if side is not None:
            side.hide()
            side.setDefaultSectionSize(table.fontMetrics().height() + spaced(1))
        header = table.horizontalHeader()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(EVIDENCE, QHeaderView.ResizeMode.Stretch)
            header.setHighlightSections(False)
        return table

    def _on_activated(self, index: QModelIndex) -> None:
        self.frameRequested.emit(self.model.gap(index.row()).after_frame)

    def _show(self, key: str, text: str, cue: str = "", tip: str = "") -> None:
        self.facts[key].show_whole(text, tip)
        set_cue(self.facts[key], cue)

    def _show_trouble(self, key: str, text: str) -> None:
        cue = "bad" if text else "good"
        self._show(key, f"{_glyph(cue)} {text or 'none'}", cue)


def _glyph(cue: str) -> str:
    return GOOD if cue == "good" else DOUBTFUL
