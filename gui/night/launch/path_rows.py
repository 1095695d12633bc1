"""Lines for folders and files: typed, dropped or chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...icons import icon
from ...products.editors import PathLine
from ...theme import spaced
from .tab_order import Leading, lead_on

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FOLDERS = 8


class PathRow(Leading):
    """One path, of a folder or of a file.

    `edited` is emitted for what the observer does, never for a setter.

    Parameters
    ----------
    title : str
        What is chosen, for the dialog and for those who hear the screen.
    is_folder : bool
    files : str
        Filter of the dialog for files.

    Attributes
    ----------
    place : str
        Where the dialog begins while the line is empty.
    """

    edited = pyqtSignal()

    def __init__(self, title: str, *, is_folder: bool, files: str = "") -> None:
        super().__init__()
        self._title, self._is_folder, self._files = title, is_folder, files
        self.place = ""
        self.line = PathLine()
        self.line.setAccessibleName(title)
        self.line.textEdited.connect(self.edited)
        self.line.textChanged.connect(self.line.setToolTip)
        self.button = QPushButton("Choose…")
        self.button.setToolTip(f"Choose the {title.lower()}")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._choose)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(spaced(2))
        self.row.addWidget(self.line, 1)
        self.row.addWidget(self.button)
        self.lead_to(self.line)

    @property
    def path(self) -> Path | None:
        """The path as typed; None while the line is empty."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def show_path(self, path: Path | None) -> None:
        """Enter a path."""
        text = "" if path is None else str(path)
        if text != self.line.text():
            self.line.setText(text)

    def _choose(self) -> None:
        before = self.line.text() or self.place
        if self._is_folder:
            name = QFileDialog.getExistingDirectory(self, self._title, before)
        else:
            name, _ = QFileDialog.getOpenFileName(self, self._title, before, self._files)
        if name:
            self.line.setText(name)
            self.edited.emit()


class FolderRows(Leading):
    """Several folders, a line each; there is always one line.

    `edited` is emitted for what the observer does, never for a setter.
    """

    edited = pyqtSignal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.place = ""
        self.rows: list[PathRow] = []
        self.add_button = QPushButton("&Another folder")
        self.add_button.setToolTip("Add a folder whose frames are reduced as well")
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._on_add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spaced(1))
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._add()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Folders as typed, without empty lines, each once."""
        typed = [row.path for row in self.rows]
        return tuple(dict.fromkeys(path for path in typed if path is not None))

    def begin_at(self, place: str) -> None:
        """Let the dialogs begin in a folder."""
        self.place = place
        for row in self.rows:
            row.place = place

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Enter folders."""
        while len(self.rows) > max(1, len(paths)):
            self._take_away(self.rows[-1])
        while len(self.rows) < len(paths):
            self._add()
        for row, path in zip(self.rows, paths or (None,), strict=True):
            row.show_path(path)

    def _add(self) -> PathRow:
        row = PathRow(self._title, is_folder=True)
        row.line.setPlaceholderText("typed, dropped or chosen")
        row.place = self.place
        row.edited.connect(self.edited)
        remove = QToolButton()
        remove.setIcon(icon("close", "muted"))
        remove.setToolTip("Take this folder out")
        remove.setAccessibleName("Take this folder out")
        remove.clicked.connect(self._on_remove)
        row.row.addWidget(remove)
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        self.lead_to(self.rows[0])
        self._show_buttons()
        return row

    def _take_away(self, row: PathRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.lead_to(self.rows[0])
        self._show_buttons()

    def _show_buttons(self) -> None:
        """One line cannot be taken out; where there are many no other one is added."""
        chain: list[QWidget] = []
        for row in self.rows:
            item = row.row.itemAt(2)
            button = None if item is None else item.widget()
            if button is not None:
                button.setVisible(len(self.rows) > 1)
                chain += [row.line, row.button, button]
        lead_on(*chain, self.add_button)
        self.add_button.setEnabled(len(self.rows) < MOST_FOLDERS)

    def _on_add(self) -> None:
        self._add().line.setFocus()

    def _on_remove(self) -> None:
        button = self.sender()
        row = next(row for row in self.rows if button in row.children())
        self._take_away(row)
        self.rows[0].line.setFocus()
        self.edited.emit()
