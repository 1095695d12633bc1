"""Place and size of a region as fields to type into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from ...core.regions.systems import CHOICES
from ..theme import set_cue, spaced, tabular_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .line_words import LineWords

PLACE_TIP = "In degrees or sexagesimal: 05:34:31.97 +22:00:52.1"
SIZE_TIP = "A unit may follow: \" arc seconds, ' arc minutes, d degrees, i image pixels"
WRONG = "▲ "
KEPT_TEXT = "Place and size of this region are kept as they are in its file."
TWO_COLUMNS_FROM = 12
"""From so many numbers on (a polygon of six corners) they stand in two columns."""


class PlaceForm(QWidget):
    """Fields for the words of one region.

    A field that was typed into keeps what was typed when the region changes elsewhere.
    Signals: `systemChosen` (name) and `committed` (Return in a field).
    """

    systemChosen = pyqtSignal(str)
    committed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.system = QComboBox()
        self.system.addItems(CHOICES)
        self.system.setToolTip("Coordinate system of the numbers below")
        self.system.activated.connect(lambda _: self.systemChosen.emit(self.system.currentText()))
        self.fields: list[QLineEdit] = []
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        self.fault.setTextFormat(Qt.TextFormat.PlainText)
        set_cue(self.fault, "bad")
        self.fault.hide()
        self.note = QLabel(KEPT_TEXT)
        self.note.setWordWrap(True)
        set_cue(self.note, "muted")
        self._labels: list[QLabel] = []
        self._shown: tuple[str, ...] = ()
        self._last_row = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(spaced(2))
        self._grid.setVerticalSpacing(spaced(1))
        self._system_label = QLabel("System")
        self._grid.addWidget(self._system_label, 0, 0)
        self._grid.addWidget(self.system, 0, 1)
        self._place_notes(1)

    def set_systems(self, names: Sequence[str]) -> None:
        """Offer only the systems that are known for this frame."""
        model = self.system.model()
        for place, name in enumerate(CHOICES):
            item = model.item(place)  # type: ignore[union-attr]
            item.setEnabled(name in names)

    def set_editable(self, is_editable: bool) -> None:
        """Let the fields be typed into, or say that this region stays where it is."""
        self.note.setVisible(not is_editable)
        for field in self.fields:
            field.setReadOnly(not is_editable)
        for widget in (self._system_label, self.system):
            widget.setVisible(bool(self.fields))

    def set_words(self, line: LineWords | None, system: str) -> None:
        """Show the numbers of a region."""
        self.system.setCurrentText(system)
        labels = () if line is None else line.labels(system)
        words = () if line is None else line.words
        if labels != self.labels:
            self._build(labels)
            self._shown = ("",) * len(labels)
        for field, before, word in zip(self.fields, self._shown, words, strict=True):
            if field.text() == before:
                field.setText(word)
        self._shown = tuple(words)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the fields are."""
        return tuple(label.text() for label in self._labels)

    def words(self) -> tuple[str, ...]:
        """What the fields hold."""
        return tuple(field.text().strip() for field in self.fields)

    @property
    def is_edited(self) -> bool:
        """Whether a field was typed into and not applied yet."""
        return self.words() != self._shown

    def forget_edits(self) -> None:
        """Show the numbers of the region again, whatever was typed."""
        for field, word in zip(self.fields, self._shown, strict=True):
            field.setText(word)
        self.show_fault("")

    def show_fault(self, sentence: str, word: str = "") -> None:
        """Say what is wrong and mark the fields that hold `word`; "" takes it back."""
        self.fault.setText(f"{WRONG}{sentence}" if sentence else "")
        self.fault.setVisible(bool(sentence))
        bad = [field for field in self.fields if word and field.text().strip() in word.split(",")]
        for field in self.fields:
            set_cue(field, "bad" if field in bad else "")
        if bad:
            bad[0].setFocus()

    def _build(self, labels: Sequence[str]) -> None:
        for widget in (*self._labels, *self.fields):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self._labels = [QLabel(text) for text in labels]
        self.fields = [self._made_field(text) for text in labels]
        columns = 2 if len(labels) >= TWO_COLUMNS_FROM else 1
        for place, (label, field) in enumerate(zip(self._labels, self.fields, strict=True)):
            row, column = divmod(place, columns)
            self._grid.addWidget(label, row + 1, 2 * column)
            self._grid.addWidget(field, row + 1, 2 * column + 1)
        self._place_notes(len(labels) + 1)

    def _place_notes(self, row: int) -> None:
        """Put what is said below the fields, and all of it to the top."""
        for widget, below in ((self.fault, 0), (self.note, 1)):
            self._grid.removeWidget(widget)
            self._grid.addWidget(widget, row + below, 0, 1, 4)
        self._grid.setRowStretch(self._last_row, 0)
        self._last_row = row + 2
        self._grid.setRowStretch(self._last_row, 1)

    def _made_field(self, label: str) -> QLineEdit:
        field = QLineEdit()
        field.setFont(tabular_font(field.font()))
        field.setMinimumWidth(field.fontMetrics().averageCharWidth() * 18)
        field.setAccessibleName(label)
        is_place = label.split(maxsplit=1)[0] in {"x", "y", "RA", "Dec", "l", "b"}
        field.setToolTip(PLACE_TIP if is_place else SIZE_TIP)
        field.returnPressed.connect(self.committed)
        field.textEdited.connect(lambda _: self.show_fault(""))
        return field
