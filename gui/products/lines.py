"""The lines of a form in a grid: headings, labels, what is wrong, and options out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from ..icons import icon
from ..theme import set_cue, spaced
from .editors import Editor, editor_for
from .form import CALIBRATION, MORE, Field, Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .checks import Fault

WRONG = "▲ "
_HEADED = (CALIBRATION,)


class Lines(QWidget):
    """All lines of a form; `edited` carries the option that the observer changed."""

    edited = pyqtSignal(str)
    unfolded = pyqtSignal()

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.editors: dict[str, Editor] = {}
        self.faults: dict[str, QLabel] = {}
        self._folded: list[tuple[QWidget, str]] = []
        self._is_open = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        self._grid.setHorizontalSpacing(spaced(3))
        self._grid.setVerticalSpacing(spaced(1))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, self._width_of_labels())
        self.more = self._made_toggle()
        for group in form.groups:
            self._add_group(group)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self._show_folded()

    def values(self) -> dict[str, str]:
        """What is entered, by option."""
        return {option: editor.text() for option, editor in self.editors.items()}

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Say at each line what is wrong; a line left empty so far is not blamed."""
        wrong = {fault.option: fault for fault in faults if not fault.is_missing}
        for option, label in self.faults.items():
            fault = wrong.get(option)
            label.setText("" if fault is None else WRONG + fault.text)
            label.setVisible(fault is not None and self._is_shown(option))
            is_question = fault is not None and fault.is_question
            set_cue(label, "warn" if is_question else "bad")
            self.editors[option].show_fault(fault is not None and not is_question)
        if any(self.form.field(option).group == MORE for option in wrong):
            self.unfold(True)

    def unfold(self, is_open: bool) -> None:
        """Show or hide the options of the last group."""
        if is_open == self._is_open:
            return
        self._is_open = is_open
        self._show_folded()
        self.unfolded.emit()

    def _is_shown(self, option: str) -> bool:
        return self._is_open or self.form.field(option).group != MORE

    def _width_of_labels(self) -> int:
        """Room for all labels, so that the lines stand still when more of them come up."""
        labels = [field.label for field in self.form.fields if field.kind != "flag"]
        return max(QLabel(label).sizeHint().width() for label in labels)

    def _made_toggle(self) -> QToolButton:
        button = QToolButton()
        button.setText("More options")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip("Show or hide the options that are seldom needed")
        button.clicked.connect(lambda: self.unfold(not self._is_open))
        return button

    def _show_folded(self) -> None:
        self.more.setIcon(icon("collapse" if self._is_open else "expand", "muted"))
        for widget, option in self._folded:
            label = self.faults[option]
            widget.setVisible(self._is_open and (widget is not label or bool(label.text())))

    def _add_group(self, group: str) -> None:
        fields = [field for field in self.form.fields if field.group == group]
        line = self._grid.rowCount()
        if line > 1:
            self._grid.setRowMinimumHeight(line, spaced(2))
        if group in _HEADED:
            heading = QLabel(group)
            set_cue(heading, "muted")
            self._grid.addWidget(heading, line + 1, 0, 1, 2)
        elif group == MORE:
            self._grid.addWidget(self.more, line + 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        for field in fields:
            self._add(field)

    def _add(self, field: Field) -> None:
        line = self._grid.rowCount()
        editor = editor_for(field)
        editor.edited.connect(lambda: self.edited.emit(field.option))
        fault = self._made_note("bad")
        self.editors[field.option], self.faults[field.option] = editor, fault
        parts: list[QWidget] = [editor, fault]
        if field.kind != "flag":
            label = QLabel(field.label)
            label.setBuddy(editor)
            label.setToolTip(field.tip)
            self._grid.addWidget(label, line, 0)
            parts.append(label)
        self._grid.addWidget(editor, line, 1)
        self._grid.addWidget(fault, line + 1, 1)
        if field.hint:
            hint = self._made_note("muted")
            hint.setText(field.hint)
            hint.show()
            self._grid.addWidget(hint, line + 2, 1)
        if field.group == MORE:
            self._folded += [(part, field.option) for part in parts]

    def _made_note(self, cue: str) -> QLabel:
        note = QLabel()
        note.setWordWrap(True)
        note.setTextFormat(Qt.TextFormat.PlainText)
        note.setContentsMargins(0, 0, 0, spaced(1))
        set_cue(note, cue)
        note.setVisible(False)
        return note
