"""Par files to choose from: the nearest to the pointing first, with the text of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from ....core.wording import counted
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.empty_state import EmptyState
from .par_table import ParTable
from .par_text import ParText

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from ....core.workbench.fold.listing import ParListing, ParRow

MOST_CHOSEN = 4
FOLDER, RECENT = range(2)
NO_FOLDER = "Choose the folder that holds your par files."
NO_RECENT = "Par files you fold on are listed here."
_TO_TABLE = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})


class ParChooser(QDialog):
    """Lists the par files of a folder and those used of late.

    `chosen` carries a tuple of paths in the order of the list; `folderRequested` nothing: another
    folder is wanted; `textRequested` the path of the file to be read, whose text `set_text` takes.
    """

    chosen = pyqtSignal(tuple)
    folderRequested = pyqtSignal()
    textRequested = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Choose par file")
        self._listing: ParListing | None = None
        self._read: Path | None = None
        self.tabs = QTabBar()
        self.tabs.addTab("Folder")
        self.tabs.addTab("Recent")
        self.tabs.setAccessibleName("Which par files")
        self.place = ElidedLabel()
        set_cue(self.place, "muted")
        self.folder_button = QPushButton("Folder…")
        self.folder_button.setToolTip("Choose from another folder")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Only pulsars with…")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Only pulsars with this text")
        self.table, self.text = ParTable(), ParText()
        self.empty = EmptyState(NO_FOLDER, (("folder", "Choose folder…"),))
        self.status = ElidedLabel()
        self._lay_out()
        self._connect()
        self._show_list()

    def _connect(self) -> None:
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._show_list)
        self.tabs.currentChanged.connect(self._show_list)
        self.table.selected.connect(self._on_selected)
        # Enter goes to the button of the dialog.
        self.table.doubleClicked.connect(self._choose)
        self.folder_button.clicked.connect(self.folderRequested)
        self.empty.chosen.connect(lambda _: self.folderRequested.emit())

    def set_listing(self, listing: ParListing) -> None:
        """List other files; what is selected stays so where it is listed still."""
        is_first = self._listing is None
        self._listing = listing
        if is_first and not listing.rows and listing.recent:
            self.tabs.setCurrentIndex(RECENT)
        self._show_list()

    def set_in_use(self, paths: Collection[Path]) -> None:
        """Mark the files that are folded on."""
        self.table.pars.set_in_use(paths)

    def set_text(self, path: Path, text: str) -> None:
        """Show the text of a file, unless another one has been asked for since."""
        if path == self._read:
            self.text.setPlainText(text)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the arrows of the search field move in the list."""
        if not isinstance(event, QKeyEvent) or event.key() not in _TO_TABLE:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            self.table.keyPressEvent(event)
        return True

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(spaced(2))
        top.addWidget(self.tabs)
        top.addWidget(self.place, 1)
        top.addWidget(self.folder_button)
        listed = QWidget()
        self._pages = QStackedLayout(listed)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        left = QWidget()
        under = QVBoxLayout(left)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(spaced(1))
        under.addWidget(self.search)
        under.addWidget(listed, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(2))
        column.addLayout(top)
        column.addWidget(splitter, 1)
        column.addWidget(self.status)
        column.addWidget(self._made_buttons())
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 175, self.fontMetrics().height() * 30)
        splitter.setSizes([letter * 120, letter * 55])
        self.search.setFocus()

    def _made_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.fold_button = QPushButton("Fold")
        self.fold_button.setDefault(True)
        buttons.addButton(self.fold_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        # One with the keyboard would take Enter from the button that folds.
        cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
        for button in (cancel, self.folder_button, *self.empty.buttons.values()):
            if button is not None:
                button.setAutoDefault(False)
        return buttons

    @property
    def _is_recent(self) -> bool:
        return self.tabs.currentIndex() == RECENT

    def _show_list(self, *_: object) -> None:
        every = self._rows()
        wanted = self.search.text().casefold()
        shown = [row for row in every if wanted in f"{row.psr} {row.name}".casefold()]
        self.table.show_rows(shown)
        folder = None if self._is_recent or self._listing is None else self._listing.folder
        self.place.show_whole("" if folder is None else str(folder))
        self._pages.setCurrentIndex(1 if every else 0)
        self._show_empty()
        self._on_selected()

    def _rows(self) -> Sequence[ParRow]:
        listing = self._listing
        if listing is None:
            return ()
        return listing.recent if self._is_recent else listing.rows

    def _show_empty(self) -> None:
        listing = self._listing
        self.empty.buttons["folder"].setVisible(not self._is_recent)
        if self._is_recent:
            self.empty.set_text(NO_RECENT)
        elif listing is None or listing.folder is None:
            self.empty.set_text(NO_FOLDER)
        else:
            name = listing.folder.name or str(listing.folder)
            self.empty.set_text(listing.trouble or f"There is no par file in {name}.")

    def _on_selected(self) -> None:
        rows, current = self.table.rows, self.table.current
        trouble = self._trouble(rows)
        self.fold_button.setEnabled(bool(rows) and not trouble)
        self.fold_button.setText("Fold" if len(rows) < 2 else f"Overlay {len(rows)}")
        note = current.note if current is not None and len(rows) == 1 else ""
        self.status.show_whole(trouble or note or self._about_order())
        set_cue(self.status, "bad" if trouble else "warn" if note else "muted")
        path = None if current is None else current.path
        if path != self._read:
            self._read = path
            self.text.clear()
            if path is not None:
                self.textRequested.emit(path)

    def _trouble(self, rows: Sequence[ParRow]) -> str:
        """Why the selection cannot be folded on; empty where it can."""
        if len(rows) > MOST_CHOSEN:
            return f"{len(rows)} are selected; at most {MOST_CHOSEN} can be overlaid."
        return next((f"{row.name}: {row.note}" for row in rows if not row.is_usable), "")

    def _about_order(self) -> str:
        rows = self._rows()
        if not rows or self._listing is None:
            return ""
        told = counted(len(rows), "par file")
        if self._is_recent:
            return f"{told}, the one used last first."
        if self._listing.has_pointing:
            return f"{told}, the nearest to where the telescope points first."
        return f"{told} by name: nothing tells where the telescope points."

    def _choose(self, *_: object) -> None:
        rows = self.table.rows
        if rows and not self._trouble(rows):
            self.chosen.emit(tuple(row.path for row in rows))
            self.accept()
