"""One widget for each kind of setting, all with the same three members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from .theme import ALIGN_NUMBER, set_cue, spaced, tabular_font

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .setting_fields import SettingField

NUMBER_CHARACTERS = 16


class Editor(QWidget):
    """A field of the dialog: `changed`, `value` and `show_value`."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(spaced(1))

    def value(self) -> Any:
        """What is entered."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Enter a value; nothing is emitted."""
        raise NotImplementedError

    def show_fault(self, has_fault: bool) -> None:
        """Mark the field as wrong."""


class SwitchEditor(Editor):
    """On or off."""

    def __init__(self) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.toggled.connect(self.changed)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.setFocusProxy(self.box)

    def value(self) -> bool:
        """Whether it is on."""
        return self.box.isChecked()

    def show_value(self, value: Any) -> None:
        """Switch it."""
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))


class ChoiceEditor(Editor):
    """One of a list."""

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.addItems(list(choices))
        self.box.currentIndexChanged.connect(self.changed)
        self.row.addWidget(self.box)
        self.row.addStretch(1)
        self.setFocusProxy(self.box)

    def value(self) -> str:
        """The choice."""
        return self.box.currentText()

    def show_value(self, value: Any) -> None:
        """Choose; a value that is not listed is added."""
        with QSignalBlocker(self.box):
            if self.box.findText(str(value)) < 0:
                self.box.addItem(str(value))
            self.box.setCurrentText(str(value))


class TextEditor(Editor):
    """A line of text or a number; an empty optional field is None."""

    def __init__(self, field: SettingField) -> None:
        super().__init__()
        self._is_optional = field.is_optional
        self.line = QLineEdit()
        self.line.textChanged.connect(self.changed)
        self.row.addWidget(self.line)
        self.setFocusProxy(self.line)
        if field.kind == "number":
            self.line.setFont(tabular_font())
            self.line.setAlignment(ALIGN_NUMBER)
            width = self.fontMetrics().averageCharWidth() * NUMBER_CHARACTERS
            self.line.setFixedWidth(width)
        if field.unit:
            unit = QLabel(field.unit)
            set_cue(unit, "muted")
            self.row.addWidget(unit)
        if field.kind == "number":
            self.row.addStretch(1)

    def value(self) -> str | None:
        """The text as typed."""
        text = self.line.text().strip()
        return None if self._is_optional and not text else text

    def show_value(self, value: Any) -> None:
        """Enter a value."""
        with QSignalBlocker(self.line):
            self.line.setText("" if value is None else f"{value}")

    def show_fault(self, has_fault: bool) -> None:
        """Mark the field as wrong."""
        set_cue(self.line, "bad" if has_fault else "")


class FolderEditor(TextEditor):
    """A folder, typed or chosen."""

    def __init__(self, field: SettingField) -> None:
        super().__init__(field)
        self._title = field.title
        self.button = QPushButton("Choose…")
        self.button.setToolTip(f"Choose the {field.title.lower()}")
        self.button.clicked.connect(self._choose)
        self.line.setPlaceholderText("where it was used last")
        self.row.addWidget(self.button)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self._title, self.line.text())
        if folder:
            self.line.setText(folder)


SITE_COLUMNS = (("itrf_x_m", "X (m)"), ("itrf_y_m", "Y (m)"), ("itrf_z_m", "Z (m)"))


class SitesEditor(Editor):
    """Table of sites: a name and its place in the ITRF."""

    def __init__(self) -> None:
        super().__init__()
        self.table = QTableWidget(0, 1 + len(SITE_COLUMNS))
        self.table.setHorizontalHeaderLabels(["Name", *(head for _, head in SITE_COLUMNS)])
        self.table.setAccessibleName("Own sites")
        header, side = self.table.horizontalHeader(), self.table.verticalHeader()
        if header is not None and side is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
            side.hide()
        self.table.setMinimumHeight(self.fontMetrics().height() * 8)
        self.table.itemChanged.connect(self.changed)
        add, remove = QPushButton("Add"), QPushButton("Remove")
        add.setToolTip("Add a site")
        remove.setToolTip("Remove the chosen site")
        add.clicked.connect(self._add)
        remove.clicked.connect(self._remove)
        side_column = QVBoxLayout()
        side_column.addWidget(add)
        side_column.addWidget(remove)
        side_column.addStretch(1)
        self.row.addWidget(self.table, 1)
        self.row.addLayout(side_column)

    def value(self) -> dict[str, dict[str, str]]:
        """Sites by name; rows without a name are left out."""
        rows = range(self.table.rowCount())
        return {
            self._text(row, 0): {
                name: self._text(row, column)
                for column, (name, _) in enumerate(SITE_COLUMNS, start=1)
            }
            for row in rows
            if self._text(row, 0)
        }

    def show_value(self, value: Mapping[str, Any]) -> None:
        """List the sites."""
        with QSignalBlocker(self.table):
            self.table.setRowCount(0)
            for name, site in value.items():
                self._put([name, *(f"{getattr(site, key)}" for key, _ in SITE_COLUMNS)])

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return "" if item is None else item.text().strip()

    def _put(self, texts: Sequence[str]) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(ALIGN_NUMBER)
            self.table.setItem(row, column, item)

    def _add(self) -> None:
        with QSignalBlocker(self.table):
            self._put(["New site", "0.0", "0.0", "0.0"])
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.editItem(self.table.item(self.table.rowCount() - 1, 0))
        self.changed.emit()

    def _remove(self) -> None:
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())
            self.changed.emit()


def editor_for(field: SettingField, choices: Sequence[str] = ()) -> Editor:
    """Widget that edits a field; `choices` turns a text into a list."""
    if field.kind == "switch":
        return SwitchEditor()
    if field.kind == "choice" or choices:
        return ChoiceEditor(choices or field.choices)
    return FolderEditor(field) if field.kind == "folder" else TextEditor(field)
