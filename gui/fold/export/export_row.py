"""One line of the export dialog: whether, how, and under what name."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

if TYPE_CHECKING:
    from .export_form import ExportLine, ExportSubject

NAME_CHARACTERS = 38


class ExportRow(QWidget):
    """The widgets of one product; they are placed in the grid of the dialog.

    `edited` is emitted for what the observer does.
    """

    edited = pyqtSignal()

    def __init__(self, line: ExportLine, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = line
        self.wanted = QCheckBox(line.label)
        self.wanted.setToolTip(line.about)
        self.formats = QComboBox()
        for name, suffix in line.formats:
            self.formats.addItem(f"{name} ({suffix})", suffix)
        plain = line.label.replace("&", "")
        self.formats.setAccessibleName(f"{plain}: kind of file")
        self.formats.setEnabled(len(line.formats) > 1)
        self.name = QLineEdit()
        self.name.setAccessibleName(f"{plain}: name of the file")
        self.name.setMinimumWidth(self.fontMetrics().averageCharWidth() * NAME_CHARACTERS)
        self._is_named = False
        self._why = ""
        self.wanted.toggled.connect(self._on_toggled)
        self.formats.activated.connect(self._on_format_chosen)
        self.name.textEdited.connect(self._on_name_edited)
        self.hide()
        self._show_state()

    def place(self, grid: QGridLayout, row: int) -> None:
        """Stand in a row of a grid."""
        for column, widget in enumerate((self.wanted, self.formats, self.name)):
            grid.addWidget(widget, row, column)

    @property
    def is_wanted(self) -> bool:
        """Whether the observer wants it and it can be had."""
        return self.wanted.isChecked() and self.wanted.isEnabled()

    @property
    def suffix(self) -> str:
        """Of the kind of file chosen."""
        return str(self.formats.currentData())

    @property
    def file_name(self) -> str:
        """Name, with a suffix that says how it is written."""
        name = self.name.text().strip()
        if not name or PurePath(name).suffix.lower() in self.line.suffixes:
            return name
        return name + self.suffix

    def show_subject(self, subject: ExportSubject) -> None:
        """Offer a name where the observer has given none, or tell why there is nothing."""
        self._why = dict(subject.missing).get(self.line.kind, "")
        self.wanted.setToolTip(self._why or self.line.about)
        if not self._is_named:
            self.name.setText(subject.name(self.line, self.suffix))
        self._show_state()

    def _on_toggled(self) -> None:
        self._show_state()
        self.edited.emit()

    def _on_format_chosen(self) -> None:
        """Let the name end as the kind of file does."""
        name = PurePath(self.name.text().strip())
        if name.suffix.lower() in self.line.suffixes:
            self.name.setText(str(name.with_suffix(self.suffix)))
        self.edited.emit()

    def _on_name_edited(self, text: str) -> None:
        """Let the kind of file follow the ending of the name."""
        self._is_named = bool(text.strip())
        place = self.formats.findData(PurePath(text.strip()).suffix.lower())
        if place >= 0:
            with QSignalBlocker(self.formats):
                self.formats.setCurrentIndex(place)
        self.edited.emit()

    def _show_state(self) -> None:
        self.wanted.setEnabled(not self._why)
        self.name.setEnabled(self.is_wanted)
        self.formats.setEnabled(self.is_wanted and self.formats.count() > 1)
