"""Nights side by side: which, what their cameras did, what their stars tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...theme import set_cue, spaced
from ...widgets.empty_state import EmptyState
from ...widgets.parts import labelled_button
from .tables_view import TablesView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PyQt6.QtGui import QResizeEvent

    from ....core.mascara.browsing.compare_tables import ComparisonTable

ASK = "Choose a night to compare this one with."
WORKING = "The nights are being compared…"
WIDE_PX = 900
LEAST_CHARACTERS = 9
COPIES = (("text", "All tables as text"), ("command", "The command line that prints them"))


class ComparisonView(QWidget):
    """Asks for nights and shows how they differ.

    Signals: `nightsChosen` with the paths of one or two other nights, none of them twice;
    `folderWanted`; `copyRequested` with "text" or "command". Setters emit nothing.
    """

    nightsChosen = pyqtSignal(tuple)
    folderWanted = pyqtSignal()
    copyRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.second = self._made_choice("Night to compare with")
        self.third = self._made_choice("Third night")
        self.folder = labelled_button("Folder…", "folder", "Choose the folder of another night")
        self.folder.clicked.connect(self.folderWanted)
        self.copy = self._made_copies()
        self.message = EmptyState(ASK)
        self.note = QLabel()
        self.note.setWordWrap(True)
        set_cue(self.note, "muted")
        self.cameras = TablesView("Figures of the cameras")
        self.stars = TablesView("Differences of the stars")
        self._lay_out()
        self.set_nights((), ())

    def _made_choice(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(LEAST_CHARACTERS)
        box.activated.connect(self._on_chosen)
        return box

    def _made_copies(self) -> QToolButton:
        button = labelled_button("Copy", "copy", "Copy the comparison")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name, text in COPIES:
            entry = menu.addAction(text)
            if entry is not None:
                entry.setObjectName(name)
                entry.triggered.connect(self._on_copy_triggered)
        button.setMenu(menu)
        return button

    def _made_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spaced(2), spaced(1), spaced(1), spaced(1))
        row.setSpacing(spaced(2))
        for widget in (QLabel("Compare with"), self.second, QLabel("and"), self.third, self.folder):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.copy)
        return row

    def _made_tables(self) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stars, 1)
        column.addWidget(self.note)
        self.note.setContentsMargins(spaced(2), spaced(1), spaced(2), spaced(1))
        for place, side in enumerate((self.cameras, right)):
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
            splitter.addWidget(side)
            splitter.setStretchFactor(place, 1)
        return splitter

    def _lay_out(self) -> None:
        self._splitter = self._made_tables()
        self._body = QStackedLayout()
        self._body.addWidget(self.message)
        self._body.addWidget(self._splitter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._made_row())
        whole.addLayout(self._body, 1)

    # What it is told

    def set_nights(self, nights: Sequence[tuple[Path, str]], chosen: Sequence[Path]) -> None:
        """Offer other nights, each a folder and a name, with some chosen."""
        for place, (box, nothing) in enumerate(
            ((self.second, "a night"), (self.third, "no other"))
        ):
            box.clear()
            box.addItem(nothing, None)
            for path, name in nights:
                box.addItem(name, path)
                box.setItemData(box.count() - 1, str(path), Qt.ItemDataRole.ToolTipRole)
            wanted = chosen[place] if place < len(chosen) else None
            found = [k for k in range(box.count()) if box.itemData(k) == wanted]
            box.setCurrentIndex(found[0] if found else 0)
            box.setToolTip(box.currentText())
        self._enable()

    def show_message(self, text: str) -> None:
        """Say something in the place of tables."""
        self.message.set_text(text)
        self._body.setCurrentIndex(0)
        self._enable()

    def show_tables(self, tables: Sequence[ComparisonTable], first_stars: int) -> None:
        """Show the tables of the cameras, and from a place on those of the stars."""
        self.cameras.set_tables(tables[:first_stars])
        self.stars.set_tables(tables[first_stars:])
        self.note.setText(
            "\n".join(dict.fromkeys(one.note for one in tables if one.rows and one.note))
        )
        self._body.setCurrentIndex(1)
        self._enable()

    @property
    def is_shown(self) -> bool:
        """Whether there are tables."""
        return self._body.currentIndex() == 1

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The other nights, each once."""
        paths = (box.currentData() for box in (self.second, self.third))
        return tuple(dict.fromkeys(path for path in paths if path is not None))

    def _enable(self) -> None:
        self.third.setEnabled(self.second.currentData() is not None)
        self.copy.setEnabled(self.is_shown)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Put the tables above each other where there is little width."""
        super().resizeEvent(event)
        is_wide = self.width() >= WIDE_PX
        side_by_side, above = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        wanted = side_by_side if is_wide else above
        if self._splitter.orientation() != wanted:
            self._splitter.setOrientation(wanted)
            self._splitter.setSizes([1, 1])

    # What the observer does

    def _on_chosen(self, _: int) -> None:
        self._enable()
        self.nightsChosen.emit(self.chosen)

    def _on_copy_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.copyRequested.emit(sender.objectName())
