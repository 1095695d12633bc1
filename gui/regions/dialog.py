"""All of one region in numbers and words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...core.errors import NightglassError
from ...core.regions.geometry.drawing import name_of
from ...core.regions.marks import Text
from ...core.regions.systems import CHOICES, SKY
from ...core.session.region_edits import may
from ..clipboard import put_on_clipboard
from ..theme import spaced, tabular_font
from ..widgets.scrolling import Scrolling
from .line_words import taken_apart
from .look_form import LookForm
from .place_form import PlaceForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.regions.entries import RegionEntry
    from ...core.regions.systems import Surroundings
    from .line_words import LineWords

_QUOTED = re.compile(r"'([^']*)'")
USUAL_SYSTEM = "image"


class Speech(Protocol):
    """What writes and reads regions; `RegionDesk` does."""

    def text(self, idents: Iterable[int] | None = None, system: str | None = "image") -> str:
        """Regions as DS9 text."""

    def parsed(self, text: str) -> Sequence[RegionEntry]:
        """Regions of a text."""

    def surroundings(self) -> Surroundings:
        """How the frame lies on sensor and sky."""


class RegionDialog(QDialog):
    """Numbers of one region, to be changed; it follows the region while it is open.

    What was typed stays while the region is dragged or a change is taken back. `applied`
    carries the number of the region and the region as it should be; wrong input is marked and
    nothing is emitted.

    Parameters
    ----------
    ident : int
    entry : RegionEntry
    speech : Speech
        Gives the region in a system and reads what was typed.
    """

    applied = pyqtSignal(int, object)

    def __init__(
        self, ident: int, entry: RegionEntry, speech: Speech, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.ident = ident
        self._entry = entry
        self._speech = speech
        self._line: LineWords | None = None
        self.place, self.look = PlaceForm(), LookForm()
        self.statement = QLineEdit()
        self.statement.setReadOnly(True)
        self.statement.setFont(tabular_font(self.statement.font()))
        self.statement.setAccessibleName("Line of the region file")
        self.statement.setToolTip("The region as DS9 writes it")
        self._lay_out()
        self.place.committed.connect(self.apply)
        self.look.committed.connect(self.apply)
        self.place.systemChosen.connect(self._on_system_chosen)
        self.place.set_systems(self._systems())
        self.look.set_entry(entry)
        self._show(self._first_system())
        if isinstance(entry.shape, Text) or not self.place.fields:
            self.look.name.setFocus()
            self.look.name.selectAll()
        else:
            self.place.fields[0].setFocus()

    def _lay_out(self) -> None:
        forms = QHBoxLayout()
        forms.setSpacing(spaced(4))
        right = QVBoxLayout()
        right.addWidget(self.look)
        right.addStretch(1)
        forms.addWidget(Scrolling(self.place), 1)
        forms.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(3))
        column.addLayout(forms, 1)
        column.addLayout(self._made_statement_row())
        column.addWidget(self._made_buttons())

    def _made_statement_row(self) -> QGridLayout:
        copy = QPushButton("Copy")
        copy.setToolTip("Copy this line")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: put_on_clipboard(self.statement.text()))
        row = QGridLayout()
        row.setHorizontalSpacing(spaced(2))
        row.addWidget(self.statement, 0, 0)
        row.addWidget(copy, 0, 1)
        return row

    def _made_buttons(self) -> QDialogButtonBox:
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(button.Apply | button.Close)
        apply = self.buttons.button(button.Apply)
        close = self.buttons.button(button.Close)
        assert apply is not None  # asked for above
        assert close is not None
        # Return in a field applies by the field's own signal; a default button would do it twice.
        for one in (apply, close):
            one.setAutoDefault(False)
        apply.setToolTip("Apply (Return)")
        apply.clicked.connect(self.apply)
        close.clicked.connect(self.close)
        return self.buttons

    # What it is told

    def set_entry(self, entry: RegionEntry | None) -> None:
        """Follow the region; None means that it is gone."""
        if entry is None:
            self.close()
            return
        was_edited, before = self.look.is_edited, self._entry
        self._entry = entry
        if not was_edited and replace(entry, shape=before.shape) != before:
            self.look.set_entry(entry)
        self._show(self.place.system.currentText())

    def accept_edits(self, entry: RegionEntry) -> None:
        """Show the region as it is once what was typed was applied."""
        self._entry = entry
        self.look.set_entry(entry)
        self.place.forget_edits()
        self._show(self.place.system.currentText())

    def _show(self, system: str) -> None:
        self.setWindowTitle(f"Properties: {self._entry.text or name_of(self._entry)}")
        self._line = self._line_in(system)
        self.place.set_words(self._line, system)
        self.place.set_editable(self._line is not None and may(self._entry, "edit"))
        self.statement.setText(self._statement(system))
        self.statement.setCursorPosition(0)

    def _line_in(self, system: str) -> LineWords | None:
        if self._entry.shape is None:
            return None
        try:
            return taken_apart(self._speech.text([self.ident], system))
        except NightglassError:
            return None

    def _statement(self, system: str) -> str:
        try:
            lines = self._speech.text([self.ident], system).strip().splitlines()
        except NightglassError:
            return self._entry.raw
        return lines[-1] if lines else ""

    def _systems(self) -> tuple[str, ...]:
        """The sky only where it is known."""
        is_known = self._speech.surroundings().sky is not None
        return tuple(name for name in CHOICES if is_known or name not in SKY)

    def _first_system(self) -> str:
        """The region's own, where it can be had."""
        own = self._entry.system
        return own if own in self._systems() and self._line_in(own) else USUAL_SYSTEM

    def _on_system_chosen(self, system: str) -> None:
        self.place.forget_edits()
        self._show(system)

    # What the observer does

    def apply(self) -> None:
        """Tell the region as it should be, or what is wrong."""
        fault = self.look.fault()
        if fault:
            self.place.show_fault(fault)
            return
        entry = self.look.applied_to(self._entry)
        if self.place.is_edited and self._line is not None:
            try:
                entry = replace(entry, shape=self._typed(self._line).shape)
            except NightglassError as error:
                found = _QUOTED.search(error.text)
                self.place.show_fault(error.text, found[1] if found else "")
                return
        self.place.show_fault("")
        if entry != self._entry:
            self.applied.emit(self.ident, entry)

    def _typed(self, line: LineWords) -> RegionEntry:
        words = self.place.words()
        empty = [label for label, word in zip(self.place.labels, words, strict=True) if not word]
        if empty:
            raise NightglassError("Not a region", f"{empty[0]} is empty.")
        text = f"{self.place.system.currentText()}\n{line.statement(words)}\n"
        _check_words(text, self._speech.surroundings())
        return self._speech.parsed(text)[0]


def _check_words(text: str, surroundings: Surroundings) -> None:
    """Read strictly, so that the word that is wrong is named.

    Raises
    ------
    NightglassError
        In one sentence about the word alone.
    """
    from ...core.regions.text.reader import parse_regions

    try:
        parse_regions(text, surroundings)
    except NightglassError as error:
        told = error.text.replace(" in line 2", "")
        raise NightglassError(error.title, told) from error
