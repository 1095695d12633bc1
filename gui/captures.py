"""The captures that were found: open one, follow a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from .capture_model import CaptureModel, CaptureRow
from .icons import icon
from .theme import set_cue, spaced
from .widgets.elided_label import ElidedLabel
from .widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Sequence


WIDEST_CHARACTERS = 22
_TIP = Qt.ItemDataRole.ToolTipRole


class CapturePanel(QWidget):
    """Tree of captures, and the row of the followed folder.

    `openRequested` carries the key of a capture, `stopFollowRequested` nothing,
    `actionRequested` the key of an action.
    """

    openRequested = pyqtSignal(str)
    stopFollowRequested = pyqtSignal()
    actionRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.model = CaptureModel(self)
        self.empty = EmptyState(
            "No captures yet.", (("file.open", "Open…"), ("file.follow", "Follow folder…"))
        )
        self.empty.chosen.connect(self.actionRequested)
        self.tree = self._made_tree()
        content = QWidget()
        self._pages = QStackedLayout()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.tree)
        content.setLayout(self._pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._made_follow_row())
        column.addWidget(content, 1)
        self.set_following(None)

    def set_rows(self, rows: Sequence[CaptureRow]) -> None:
        """List captures; selection, scroll and open folders stay."""
        known = {self.model.index(i, 0).data(_TIP) for i in range(self.model.rowCount())}
        self.model.set_rows(rows)
        for place in range(self.model.rowCount()):
            index = self.model.index(place, 0)
            if index.data(_TIP) not in known:
                self.tree.expand(index)
        self._pages.setCurrentIndex(1 if rows else 0)

    def set_shown(self, key: str | None) -> None:
        """Mark the capture in the picture; the selection stays the observer's."""
        self.model.set_shown(key)
        if key is not None and not self.tree.currentIndex().isValid():
            self.tree.setCurrentIndex(self.model.index_of(key))

    def set_following(self, folder: str | None, waits_for: str = "") -> None:
        """Show which folder is followed (None: none), and what it waits for."""
        self._follow_row.setVisible(folder is not None)
        if folder is None:
            self.empty.set_text("No captures yet.")
            return
        name = folder.rstrip("/").rpartition("/")[2] or folder
        text = f"Following {name}" + (f": {waits_for}" if waits_for else "")
        self._follow_text.show_whole(text, folder)
        self.empty.set_text(f"The first capture in {name} opens by itself.")

    def _made_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setModel(self.model)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)
        tree.setIndentation(spaced(3))
        tree.setAccessibleName("Captures")
        tree.setToolTip("Double click or Enter opens a capture")
        header = tree.header()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setStretchLastSection(True)
            # A long name ends in dots before it pushes the numbers out of sight.
            header.setMaximumSectionSize(tree.fontMetrics().averageCharWidth() * WIDEST_CHARACTERS)
        tree.activated.connect(self._on_activated)
        return tree

    def _made_follow_row(self) -> QWidget:
        self._follow_row = QWidget()
        self._follow_text = ElidedLabel()
        set_cue(self._follow_text, "good")
        self._stop = QPushButton("Stop")
        self._stop.setToolTip("Stop following; frames shown stay")
        self._stop.clicked.connect(self.stopFollowRequested)
        glyph = QToolButton()
        glyph.setIcon(icon("live", "good"))
        glyph.setEnabled(True)
        glyph.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self._follow_row)
        row.setContentsMargins(spaced(1), spaced(1), spaced(2), spaced(1))
        row.addWidget(glyph)
        row.addWidget(self._follow_text, 1)
        row.addWidget(self._stop)
        return self._follow_row

    def _on_activated(self, index: QModelIndex) -> None:
        key = self.model.key_at(index)
        if key is not None:
            self.openRequested.emit(key)
        elif index.isValid():
            self.tree.setExpanded(index, not self.tree.isExpanded(index))
