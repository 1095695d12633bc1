"""One widget for each kind of line of a dialog, all with the same members."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from .form import YES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

    from .form import Field

NUMBER_CHARACTERS = 20
RANGE_CHARACTERS = 22
PATH_CHARACTERS = 44


class Editor(QWidget):
    """A line of a dialog: `edited` is emitted for what the observer does, never for a setter."""

    edited = pyqtSignal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(spaced(2))
        self.setToolTip(field.tip)

    def text(self) -> str:
        """What is entered, as on a command line."""
        raise NotImplementedError

    def show_text(self, text: str) -> None:
        """Enter something."""
        raise NotImplementedError

    def show_empty(self, text: str) -> None:
        """Tell what holds when nothing is given."""

    def show_fault(self, has_fault: bool) -> None:
        """Mark the line as wrong."""

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices."""


class PathLine(QLineEdit):
    """A path, typed or dropped from a file manager."""

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Accept files, and text as any line does."""
        super().dragEnterEvent(event)
        _accept_files(event)

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        """Accept files, and text as any line does."""
        super().dragMoveEvent(event)
        _accept_files(event)

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take the first file of what is dropped."""
        data = None if event is None else event.mimeData()
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []
        if event is None or not files:
            super().dropEvent(event)
            return
        event.acceptProposedAction()
        self.setText(files[0])
        self.textEdited.emit(files[0])


def _accept_files(event: QDragMoveEvent | None) -> None:
    data = None if event is None else event.mimeData()
    if event is not None and data is not None and data.hasUrls():
        event.acceptProposedAction()


class FileEditor(Editor):
    """A file to read or to write, typed or chosen; of a long path the end is shown."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = PathLine()
        self.line.setMinimumWidth(self.fontMetrics().averageCharWidth() * PATH_CHARACTERS)
        self.line.setPlaceholderText(field.empty)
        self.line.textEdited.connect(self.edited)
        self.line.textChanged.connect(self._tell_whole)
        self.button = QPushButton("Choose…")
        self.button.setToolTip(f"Choose the {field.label.lower()}")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._choose)
        self.row.addWidget(self.line, 1)
        self.row.addWidget(self.button)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """The path as typed."""
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Enter a path."""
        self.line.setText(text)

    def show_empty(self, text: str) -> None:
        """Tell what holds without a file."""
        self.line.setPlaceholderText(text)

    def show_fault(self, has_fault: bool) -> None:
        """Mark the line as wrong."""
        set_cue(self.line, "bad" if has_fault else "")

    def _tell_whole(self, text: str) -> None:
        self.line.setToolTip("\n".join(part for part in (self.field.tip, text) if part))

    def _choose(self) -> None:
        title, place = f"Choose the {self.field.label.lower()}", self.text()
        if self.field.kind == "open":
            name, _ = QFileDialog.getOpenFileName(self, title, place, self.field.files)
        else:
            # Whether a file may be replaced is asked in the dialog itself.
            keep = QFileDialog.Option.DontConfirmOverwrite
            name, _ = QFileDialog.getSaveFileName(
                self, title, place, self.field.files, options=keep
            )
        if name:
            self.line.setText(_ended(name, self.field))
            self.edited.emit()


def _ended(name: str, field: Field) -> str:
    path = Path(name)
    return name if field.kind == "open" or path.suffix else str(path.with_name(path.name + ".fits"))


class NumberEditor(Editor):
    """A number with its unit."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.line = QLineEdit()
        self.line.setFont(tabular_font())
        self.line.setAlignment(ALIGN_NUMBER)
        self.line.setFixedWidth(self.fontMetrics().averageCharWidth() * NUMBER_CHARACTERS)
        self.line.setPlaceholderText(field.empty)
        self.line.setToolTip(field.tip)
        self.line.textEdited.connect(self.edited)
        self.row.addWidget(self.line)
        if field.unit:
            self.row.addWidget(muted(field.unit))
        self.row.addStretch(1)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """The number as typed."""
        return self.line.text().strip()

    def show_text(self, text: str) -> None:
        """Enter a number."""
        self.line.setText(text)

    def show_empty(self, text: str) -> None:
        """Tell what holds without a number."""
        self.line.setPlaceholderText(text)

    def show_fault(self, has_fault: bool) -> None:
        """Mark the line as wrong."""
        set_cue(self.line, "bad" if has_fault else "")


class ChoiceEditor(Editor):
    """One of a list."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.box = QComboBox()
        self.box.setToolTip(field.tip)
        self.box.activated.connect(self.edited)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.setFocusProxy(self.box)
        self.show_choices(field.choices or ((field.default, field.default),))

    def text(self) -> str:
        """Word of the choice."""
        return str(self.box.currentData() or "")

    def show_text(self, text: str) -> None:
        """Choose; a word that is not listed is added."""
        with QSignalBlocker(self.box):
            if self.box.findData(text) < 0:
                self.box.addItem(text, text)
            self.box.setCurrentIndex(self.box.findData(text))

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; the one chosen stays when it is among them."""
        before = self.text()
        with QSignalBlocker(self.box):
            self.box.clear()
            for word, label in choices:
                self.box.addItem(label, word)
            self.box.setCurrentIndex(max(0, self.box.findData(before)))


class FlagEditor(Editor):
    """On or off; its label stands behind the box."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.box = QCheckBox(field.label)
        self.box.setToolTip(field.tip)
        self.box.clicked.connect(self.edited)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.setFocusProxy(self.box)

    def text(self) -> str:
        """Yes or nothing."""
        return YES if self.box.isChecked() else ""

    def show_text(self, text: str) -> None:
        """Switch it."""
        self.box.setChecked(bool(text))


class RangesEditor(Editor):
    """Phases that are on and phases that are off, a line each."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.on, self.off = self._made_line("on", "0.95:0.10"), self._made_line("off", "0.3:0.7")
        self.row.addWidget(muted(field.unit))
        self.row.addStretch(1)
        self.setFocusProxy(self.on)

    def text(self) -> str:
        """Both sides with a comma between them; nothing while both are empty."""
        on, off = self.on.text().strip(), self.off.text().strip()
        return f"{on},{off}" if on or off else ""

    def show_text(self, text: str) -> None:
        """Enter both sides."""
        on, _, off = text.partition(",")
        self.on.setText(on)
        self.off.setText(off)

    def show_fault(self, has_fault: bool) -> None:
        """Mark both lines as wrong."""
        for line in (self.on, self.off):
            set_cue(line, "bad" if has_fault else "")

    def _made_line(self, word: str, example: str) -> QLineEdit:
        line = QLineEdit()
        line.setFont(tabular_font())
        line.setFixedWidth(self.fontMetrics().averageCharWidth() * RANGE_CHARACTERS)
        line.setPlaceholderText(f"such as {example}")
        line.setAccessibleName(f"{word.capitalize()} phases")
        line.setToolTip(self.field.tip)
        line.textEdited.connect(self.edited)
        self.row.addWidget(muted(word))
        self.row.addWidget(line)
        return line


def muted(text: str) -> QLabel:
    """A word beside a line: a unit, or what the line is."""
    label = QLabel(text)
    set_cue(label, "muted")
    return label


_EDITORS: dict[str, type[Editor]] = {
    "open": FileEditor,
    "save": FileEditor,
    "number": NumberEditor,
    "whole": NumberEditor,
    "choice": ChoiceEditor,
    "flag": FlagEditor,
    "ranges": RangesEditor,
}


def editor_for(field: Field) -> Editor:
    """Widget that edits a line."""
    made = _EDITORS[field.kind](field)
    made.show_text(field.default)
    return made
