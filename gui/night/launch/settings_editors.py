"""Editors of what a reduction's settings have besides numbers and switches: lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from ....core.mascara.letters import LETTERS
from ....core.mascara.settings import ReductionSettings
from ...setting_editors import Editor, editor_for
from ...theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from ...widgets.parts import muted_label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...setting_fields import SettingField

LINE_CHARACTERS = 26
LETTER_CHARACTERS = 7
LEAST_ROWS, MOST_ROWS = 1, 6
_BETWEEN = re.compile(r"[,;\s]+")


class NumbersEditor(Editor):
    """A few numbers in one line, with commas between them."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setFont(tabular_font())
        self.line.setFixedWidth(self.fontMetrics().averageCharWidth() * LINE_CHARACTERS)
        self.line.textChanged.connect(self.changed)
        self.row.addWidget(self.line)
        self.row.addWidget(muted_label(unit))
        self.row.addStretch(1)
        self.setFocusProxy(self.line)

    def value(self) -> list[str]:
        """The numbers as typed."""
        return _split(self.line.text())

    def show_value(self, value: Any) -> None:
        """Enter numbers."""
        with QSignalBlocker(self.line):
            self.line.setText(", ".join(f"{number:g}" for number in value))

    def show_fault(self, has_fault: bool) -> None:
        """Mark the line as wrong."""
        set_cue(self.line, "bad" if has_fault else "")


class LettersEditor(Editor):
    """A number for each of the five cameras."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.lines: dict[str, QLineEdit] = {}
        for letter in LETTERS:
            line = QLineEdit()
            line.setFont(tabular_font())
            line.setAlignment(ALIGN_NUMBER)
            line.setFixedWidth(self.fontMetrics().averageCharWidth() * LETTER_CHARACTERS)
            line.setAccessibleName(f"Camera {letter}")
            line.textChanged.connect(self.changed)
            self.lines[letter] = line
            self.row.addWidget(muted_label(letter))
            self.row.addWidget(line)
        self.row.addWidget(muted_label(unit))
        self.row.addStretch(1)
        self.setFocusProxy(self.lines["N"])

    def value(self) -> dict[str, str]:
        """The numbers as typed; a camera without one is left out."""
        texts = {letter: line.text().strip() for letter, line in self.lines.items()}
        return {letter: text for letter, text in texts.items() if text}

    def show_value(self, value: Any) -> None:
        """Enter numbers."""
        for letter, line in self.lines.items():
            with QSignalBlocker(line):
                line.setText(f"{value[letter]:g}" if letter in value else "")

    def show_fault(self, has_fault: bool) -> None:
        """Mark the lines as wrong."""
        for line in self.lines.values():
            set_cue(line, "bad" if has_fault else "")


@dataclass(frozen=True)
class TableShape:
    """How a mapping stands in a table.

    Parameters
    ----------
    columns : tuple of str
        Headings; the first is that of the key.
    rows_of : callable
        Rows of texts of a mapping.
    value_of : callable
        The mapping of rows of texts, all of them with a key.
    """

    columns: tuple[str, ...]
    rows_of: Callable[[dict[str, Any]], list[list[str]]]
    value_of: Callable[[list[list[str]]], dict[str, Any]]


class TableEditor(Editor):
    """A mapping as a table, a line for each entry."""

    def __init__(self, shape: TableShape, name: str) -> None:
        super().__init__()
        self._shape = shape
        self.table = QTableWidget(0, len(shape.columns))
        self.table.setHorizontalHeaderLabels(list(shape.columns))
        self.table.setAccessibleName(name)
        self.table.setTabKeyNavigation(False)
        header, side = self.table.horizontalHeader(), self.table.verticalHeader()
        if header is not None and side is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            side.hide()
        self.table.itemChanged.connect(self.changed)
        self.add_button, self.remove_button = QPushButton("Add"), QPushButton("Remove")
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        column = QVBoxLayout()
        column.setSpacing(spaced(1))
        for button in (self.add_button, self.remove_button):
            button.setAutoDefault(False)
            column.addWidget(button)
        column.addStretch(1)
        self.row.addWidget(self.table, 1)
        self.row.addLayout(column)
        self.setFocusProxy(self.table)
        self._fit()

    def value(self) -> dict[str, Any]:
        """The mapping as typed; lines without a key are left out."""
        rows = range(self.table.rowCount())
        texts = [[self._text(row, k) for k in range(self.table.columnCount())] for row in rows]
        return self._shape.value_of([row for row in texts if row[0]])

    def show_value(self, value: Any) -> None:
        """List a mapping."""
        with QSignalBlocker(self.table):
            self.table.setRowCount(0)
            for texts in self._shape.rows_of(value):
                self._put(texts)
        self._fit()

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return "" if item is None else item.text().strip()

    def _put(self, texts: Sequence[str]) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate(texts):
            self.table.setItem(row, column, QTableWidgetItem(text))

    def _add(self) -> None:
        with QSignalBlocker(self.table):
            self._put([""] * self.table.columnCount())
        self._fit()
        row = self.table.rowCount() - 1
        self.table.setCurrentCell(row, 0)
        self.table.editItem(self.table.item(row, 0))
        self.changed.emit()

    def _remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self._fit()
            self.changed.emit()

    def _fit(self) -> None:
        """As high as its lines, within bounds."""
        rows = min(max(self.table.rowCount(), LEAST_ROWS), MOST_ROWS)
        height = self.fontMetrics().height() + spaced(3)
        self.table.setFixedHeight((rows + 1) * height + spaced(2))


def _split(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text.strip()) if part]


def _boxes_of(rows: list[list[str]]) -> dict[str, Any]:
    made: dict[str, list[list[str]]] = {}
    for key, *numbers in rows:
        made.setdefault(key, []).append(numbers)
    return made


BOXES = TableShape(
    ("Camera", "x from", "x to", "y from", "y to"),
    lambda value: [[key, *(f"{n:g}" for n in box)] for key, own in value.items() for box in own],
    _boxes_of,
)
PATHS = TableShape(
    ("Camera", "File"),
    lambda value: [[key, path] for key, path in value.items()],
    lambda rows: dict(rows),  # noqa: PLW0108 - a name of its own type
)
GROUPS_OF_STARS = TableShape(
    ("Group", "ASCC numbers"),
    lambda value: [[key, ", ".join(map(str, stars))] for key, stars in value.items()],
    lambda rows: {key: _split(text) for key, text in rows},
)


def editor_of(field: SettingField) -> Editor:
    """Widget that edits a setting of a reduction."""
    annotation = ReductionSettings.model_fields[field.place[0]].annotation
    if get_origin(annotation) is tuple:
        return NumbersEditor(field.unit)
    if get_origin(annotation) is dict:
        return _editor_of_mapping(get_args(annotation)[1], field)
    return editor_for(field)


def _editor_of_mapping(kind: Any, field: SettingField) -> Editor:
    if kind is float:
        return LettersEditor(field.unit)
    if kind is str:
        return TableEditor(PATHS, field.description)
    is_nested = get_origin(get_args(kind)[0]) is tuple
    return TableEditor(BOXES if is_nested else GROUPS_OF_STARS, field.description)
