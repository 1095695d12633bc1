"""Name, look and meaning of a region as fields."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from ...core.session.region_marks import (
    USUAL_SHIFT_PX,
    is_comparison,
    lock_px,
    plain_tags,
    with_comparison,
    with_lock,
    with_plain_tags,
)
from ..region_rows import COLOURS
from ..theme import spaced

if TYPE_CHECKING:
    from ...core.regions.entries import RegionEntry

USUAL_FONT = "helvetica 10 normal roman"
TAGS_TIP = (
    "Groups, parted by commas; source and sky that share one belong together.\n"
    'A tag that has a comma itself stands in quotes: "a, b"'
)
MEANINGS = ("source", "sky background")
_FONT = re.compile(r"^(?P<family>.*\S)\s+(?P<size>\d+)(?P<rest>(\s+\w+)*)$")


class LookForm(QWidget):
    """Fields for all of a region but its place.

    Signals: `committed` (Return in a field).
    """

    committed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = _line("What it is called on the picture and in the table")
        self.tags = _line(TAGS_TIP)
        self.colour = QComboBox()
        self.colour.setEditable(True)
        self.colour.addItems(COLOURS)
        self.colour.setToolTip("A colour of DS9, or #rrggbb")
        self.width_px = QSpinBox()
        self.width_px.setRange(1, 20)
        self.width_px.setSuffix(" px")
        self.font_points = QSpinBox()
        self.font_points.setRange(4, 72)
        self.font_points.setSuffix(" pt")
        self.dash = QCheckBox("Dashed")
        self.is_included = QCheckBox("Pixels count")
        self.is_included.setToolTip("Off: its pixels are cut out of all other regions")
        self.meaning = QComboBox()
        self.meaning.addItems(MEANINGS)
        self.comparison = QCheckBox("Comparison star")
        self.lock = QCheckBox("Follows its star, at most")
        self.shift_px = QDoubleSpinBox()
        self.shift_px.setRange(0.1, 1000.0)
        self.shift_px.setDecimals(1)
        self.shift_px.setSuffix(" px")
        self.shift_px.setValue(USUAL_SHIFT_PX)
        self._entry: RegionEntry | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(spaced(2))
        form.setVerticalSpacing(spaced(1))
        form.addRow("Name", self.name)
        form.addRow("Tags", self.tags)
        form.addRow("Colour", self.colour)
        form.addRow("Line", _row(self.width_px, self.dash))
        form.addRow("Text size", self.font_points)
        form.addRow("Holds", self.meaning)
        form.addRow("", self.is_included)
        form.addRow("", self.comparison)
        form.addRow("", _row(self.lock, self.shift_px))

    def _connect(self) -> None:
        for field in (self.name, self.tags):
            field.returnPressed.connect(self.committed)
        edit = self.colour.lineEdit()
        assert edit is not None  # it is editable
        edit.returnPressed.connect(self.committed)
        self.lock.toggled.connect(self.shift_px.setEnabled)

    @property
    def is_edited(self) -> bool:
        """Whether something was changed and not applied yet."""
        return self._entry is not None and self.applied_to(self._entry) != self._entry

    def set_entry(self, entry: RegionEntry) -> None:
        """Show a region; nothing is emitted."""
        self._entry = entry
        properties, shift = entry.properties, lock_px(entry)
        self.blockSignals(True)
        self.name.setText(entry.text)
        self.name.setCursorPosition(0)
        self.tags.setText(", ".join(map(_listed, plain_tags(entry))))
        self.colour.setCurrentText(properties.get("color", COLOURS[0]))
        self.width_px.setValue(_whole(properties.get("width", "1"), 1))
        self.font_points.setValue(_font_size(properties.get("font", USUAL_FONT)))
        self.dash.setChecked(properties.get("dash", "0") == "1")
        self.is_included.setChecked(entry.include)
        self.meaning.setCurrentText(MEANINGS[entry.background])
        self.comparison.setChecked(is_comparison(entry))
        self.lock.setChecked(shift is not None)
        self.shift_px.setEnabled(shift is not None)
        if shift is not None:
            self.shift_px.setValue(shift)
        self.blockSignals(False)

    def applied_to(self, entry: RegionEntry) -> RegionEntry:
        """The region with what the fields hold; what they do not show stays."""
        properties = dict(entry.properties)
        for key, text, usual in self._properties():
            if text != properties.get(key, usual):
                properties[key] = text
        if not properties.get("text", "x"):
            del properties["text"]
        tags = _tags_of(self.tags.text())
        changed = replace(
            entry,
            properties=properties,
            include=self.is_included.isChecked(),
            background=self.meaning.currentText() == MEANINGS[1],
        )
        changed = with_comparison(with_plain_tags(changed, tags), self.comparison.isChecked())
        changed = with_lock(changed, self.shift_px.value() if self.lock.isChecked() else None)
        is_same = set(changed.tags) == set(entry.tags)
        return replace(changed, tags=entry.tags) if is_same else changed

    def fault(self) -> str:
        """What cannot be applied, as a sentence; "" where all is well."""
        colour = self.colour.currentText().strip()
        is_known = colour.lower() in COLOURS or re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", colour)
        known = self._entry is not None and colour == self._entry.properties.get("color")
        if is_known or known:
            return ""
        return f"'{colour}' is no colour: name one of DS9's or write #rrggbb."

    def _properties(self) -> tuple[tuple[str, str, str], ...]:
        """Name in DS9, text, and what holds where nothing is written."""
        font = "" if self._entry is None else self._entry.properties.get("font", USUAL_FONT)
        return (
            ("text", self.name.text().strip(), ""),
            ("color", self.colour.currentText().strip(), COLOURS[0]),
            ("width", str(self.width_px.value()), "1"),
            ("dash", str(int(self.dash.isChecked())), "0"),
            ("font", _font_of_size(font, self.font_points.value()), USUAL_FONT),
        )


def _line(tip: str) -> QLineEdit:
    field = QLineEdit()
    field.setToolTip(tip)
    return field


def _listed(tag: str) -> str:
    """A tag as one of a list, in quotes where it could be taken for two."""
    is_plain = tag == tag.strip() and not set(tag) & {",", '"'}
    return tag if is_plain else '"' + tag.replace('"', '""') + '"'


def _tags_of(text: str) -> list[str]:
    """The tags of a list."""
    (words,) = csv.reader([text.replace("\n", " ")], skipinitialspace=True) if text else ([],)
    return [word.strip() for word in words if word.strip()]


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(spaced(2))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def _whole(text: str, usual: int) -> int:
    return int(text) if text.isdigit() else usual


def _font_size(font: str) -> int:
    match = _FONT.match(font.strip('"'))
    return int(match["size"]) if match else 10


def _font_of_size(font: str, points: int) -> str:
    match = _FONT.match(font.strip('"'))
    if match is None:
        return USUAL_FONT.replace("10", str(points))
    return f"{match['family']} {points}{match['rest']}"
