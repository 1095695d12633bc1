"""The panel of regions: their table, and what it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QSize, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...core.wording import counted
from ..theme import set_cue, spaced
from ..widgets.elided_label import ElidedLabel
from ..widgets.empty_state import EmptyState
from .table_model import RegionModel
from .table_view import RegionTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...core.regions.entries import RegionEntry

EMPTY_TEXT = "No regions. Draw a circle, or open a region file."
EMPTY_CHOICES = (("region.tool.circle", "Draw circle"), ("region.open", "Open file…"))
TOPICS = (
    ("frame", "Frame", "Numbers of the frame shown"),
    ("capture", "Capture", "Numbers of the whole capture, from the light curves"),
)
LEAST_ROWS = 2
USUAL_ROWS = 8


class RegionPanel(QWidget):
    """Table of regions with a line below it.

    Signals: `selectionChosen` (frozenset of int), `nameEdited` (number, text), `placeEdited`
    (number, x, y), `propertiesRequested` (number), `menuRequested` (QPoint on the screen),
    `actionRequested` (key of an action) and `topicChanged` ("frame" or "capture").
    """

    selectionChosen = pyqtSignal(frozenset)
    nameEdited = pyqtSignal(int, str)
    placeEdited = pyqtSignal(int, float, float)
    propertiesRequested = pyqtSignal(int)
    menuRequested = pyqtSignal(QPoint)
    actionRequested = pyqtSignal(str)
    topicChanged = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.model = RegionModel(self)
        self.table = RegionTable(self.model)
        self.empty = EmptyState(EMPTY_TEXT, EMPTY_CHOICES)
        self.summary = ElidedLabel()
        set_cue(self.summary, "muted")
        self.topics: dict[str, QToolButton] = {}
        self._count = 0
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._made_content())
        self._connect()
        self._show_summary()

    def _made_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(self._made_footer())
        return content

    def _made_footer(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spaced(1), spaced(1), spaced(2), spaced(1))
        row.setSpacing(0)
        group = QButtonGroup(self)
        for name, text, tip in TOPICS:
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setObjectName(name)
            button.toggled.connect(self._on_topic_toggled)
            group.addButton(button)
            row.addWidget(button)
            self.topics[name] = button
        self.topics["frame"].setChecked(True)
        row.addSpacing(spaced(2))
        row.addWidget(self.summary, 1)
        return row

    def _connect(self) -> None:
        self.empty.chosen.connect(self.actionRequested)
        self.table.chosen.connect(self.selectionChosen)
        self.table.chosen.connect(self._show_summary)
        self.table.openRequested.connect(self.propertiesRequested)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.model.nameEdited.connect(self.nameEdited)
        self.model.placeEdited.connect(self.placeEdited)

    # What it is told

    def set_regions(self, entries: Mapping[int, RegionEntry]) -> None:
        """Show these regions."""
        self.model.set_regions(entries)
        self._count = len(entries)
        self._pages.setCurrentIndex(1 if entries else 0)
        self._show_summary()

    def change_regions(self, entries: Mapping[int, RegionEntry]) -> None:
        """Show regions that are there already as they are now."""
        self.model.change_regions(entries)

    @property
    def topic(self) -> str:
        """What the numbers speak of: "frame" or "capture"."""
        return self.table.topic

    def set_selection(self, idents: Iterable[int]) -> None:
        """Select exactly these; nothing is emitted."""
        self.table.set_selection(idents)
        self._show_summary()

    def _show_summary(self, *_: object) -> None:
        selected = len(self.table.selected_idents())
        chosen = f", {selected:,} selected" if selected else ""
        self.summary.show_whole(counted(self._count, "region") + chosen)

    def _on_topic_toggled(self, is_on: bool) -> None:
        sender = self.sender()
        if is_on and sender is not None:
            self.table.set_topic(sender.objectName())
            self.topicChanged.emit(sender.objectName())

    def _on_menu_requested(self, place: QPoint) -> None:
        viewport = self.table.viewport()
        if viewport is not None:
            self.menuRequested.emit(viewport.mapToGlobal(place))

    # Its size

    def sizeHint(self) -> QSize:
        """Room for a few regions."""
        return QSize(spaced(68), self._height_of(USUAL_ROWS))

    def minimumSizeHint(self) -> QSize:
        """A heading, two rows and the line below."""
        return QSize(spaced(48), self._height_of(LEAST_ROWS))

    def _height_of(self, rows: int) -> int:
        header, side = self.table.horizontalHeader(), self.table.verticalHeader()
        assert header is not None  # a table view has both
        assert side is not None
        footer = self.topics["frame"].sizeHint().height() + 2 * spaced(1)
        frame = 2 * self.table.frameWidth()
        return header.sizeHint().height() + rows * side.defaultSectionSize() + footer + frame
