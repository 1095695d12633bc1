"""The settings of a reduction as a form: searched, checked while typing, put back one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ....core.mascara.settings import ReductionSettings
from ...icons import icon
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.scrolling import Scrolling
from .settings_editors import editor_of
from .settings_fields import TOGETHER, grouped_fields, limits_text, validated

if TYPE_CHECKING:
    from ...setting_editors import Editor
    from ...setting_fields import SettingField

WRONG = "▲ "
LABEL_CHARACTERS = 40


class SettingRow(QWidget):
    """One setting: what it is, its editor, its limits, and the way back to its default."""

    def __init__(self, field: SettingField) -> None:
        super().__init__()
        self.name = field.place[0]
        self.text = f"{field.description} {self.name} {field.unit}".casefold()
        self.default = getattr(ReductionSettings(), self.name)
        self.editor: Editor = editor_of(field)
        self.label = QLabel(field.description)
        self.label.setWordWrap(True)
        self.label.setBuddy(self.editor)
        self.label.setToolTip(self.name)
        self.label.setFixedWidth(self.fontMetrics().averageCharWidth() * LABEL_CHARACTERS)
        self.editor.setToolTip(f"{field.description}\n{self.name}")
        self.limits = QLabel(limits_text(self.name))
        set_cue(self.limits, "muted")
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        set_cue(self.fault, "bad")
        self.fault.hide()
        self.reset = self._made_reset(field)
        self._lay_out()
        self.editor.show_value(self.default)
        self.untouched = self.editor.value()

    def _made_reset(self, field: SettingField) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("undo"))
        button.setToolTip(f"Back to the default{_words_of(self.default, field.unit)}")
        button.setAccessibleName(f"Reset: {field.description}")
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.hide()
        return button

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spaced(3))
        grid.setVerticalSpacing(spaced(1))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        is_tall = self.editor.sizeHint().height() > 3 * self.fontMetrics().height()
        at = top if is_tall else Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(self.label, 0, 0, at)
        grid.addWidget(self.editor, 0, 1)
        grid.addWidget(self.limits, 0, 2, at)
        grid.addWidget(self.reset, 0, 3, at)
        grid.addWidget(self.fault, 1, 1, 1, 3)

    def show_fault(self, sentence: str) -> None:
        """Tell what is wrong; nothing where it is right."""
        self.fault.setText(WRONG + sentence if sentence else "")
        self.fault.setVisible(bool(sentence))
        self.editor.show_fault(bool(sentence))

    def show_changed(self, is_changed: bool) -> None:
        """Offer the way back where it is not the default."""
        if self.reset.isHidden() is is_changed:
            self.reset.setVisible(is_changed)
            set_cue(self.label, "accent" if is_changed else "")


class SettingsForm(QWidget):
    """Edits `ReductionSettings`.

    Signals: `changed` after something was typed and checked; `openRequested` and `saveRequested`
    when a file is wanted.
    """

    changed = pyqtSignal()
    openRequested = pyqtSignal()
    saveRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: ReductionSettings | None = ReductionSettings()
        self._typed = TOGETHER
        self.rows: dict[str, SettingRow] = {}
        self._headings: dict[str, tuple[QLabel, list[SettingRow]]] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Only settings with…")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Only settings with this text")
        self.search.textChanged.connect(self._filter)
        self.file = ElidedLabel()
        set_cue(self.file, "muted")
        self.together = QLabel()
        self.together.setWordWrap(True)
        set_cue(self.together, "bad")
        self.together.hide()
        self._lay_out()
        self._check()

    @property
    def settings(self) -> ReductionSettings | None:
        """What is typed; None while something is wrong."""
        return self._settings

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the setting."""
        shown = {name: row.fault.text().removeprefix(WRONG) for name, row in self.rows.items()}
        return {name: text for name, text in shown.items() if text}

    @property
    def n_changed(self) -> int:
        """How many settings are not at their defaults."""
        return sum(not row.reset.isHidden() for row in self.rows.values())

    def show_settings(self, settings: ReductionSettings, file: str = "") -> None:
        """Enter settings, and name the file that they are of."""
        for name, row in self.rows.items():
            row.editor.show_value(getattr(settings, name))
        self.show_file(file)
        self._typed = TOGETHER
        self._check()

    def show_file(self, file: str) -> None:
        """Name the file that holds the settings."""
        self.file.show_whole(file or "Settings of the program")

    def show_trouble(self, sentence: str) -> None:
        """Tell why a file could not be read or written; until something else is typed."""
        self.together.setText(WRONG + sentence if sentence else "")
        self.together.setVisible(bool(sentence))

    # Parts

    def _lay_out(self) -> None:
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, spaced(2), 0)
        inner.setSpacing(spaced(2))
        for title, fields in grouped_fields().items():
            self._add_group(inner, title, fields)
        self.nothing = QLabel("No setting has this in its name or description.")
        set_cue(self.nothing, "muted")
        self.nothing.hide()
        inner.addWidget(self.nothing)
        inner.addStretch(1)
        self._area = Scrolling(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spaced(2), 0, 0)
        column.setSpacing(spaced(2))
        column.addLayout(self._made_top())
        column.addWidget(self.together)
        column.addWidget(self._area, 1)

    def _made_top(self) -> QHBoxLayout:
        self.open_button, self.save_button = QPushButton("&Open…"), QPushButton("Sa&ve as…")
        self.reset_button = QPushButton("Reset a&ll")
        for button, tip in (
            (self.open_button, "Take the settings of a file"),
            (self.save_button, "Write these settings to a file for other nights"),
            (self.reset_button, "Put every setting back to its default"),
        ):
            button.setToolTip(tip)
            button.setAutoDefault(False)
        self.open_button.clicked.connect(self.openRequested)
        self.save_button.clicked.connect(self.saveRequested)
        self.reset_button.clicked.connect(self._reset_all)
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addWidget(self.search, 2)
        row.addWidget(self.file, 3)
        for button in (self.open_button, self.save_button, self.reset_button):
            row.addWidget(button)
        return row

    def _add_group(self, column: QVBoxLayout, title: str, fields: list[SettingField]) -> None:
        heading = QLabel(title)
        heading.setContentsMargins(0, spaced(2), 0, 0)
        set_cue(heading, "muted")
        column.addWidget(heading)
        made = [SettingRow(field) for field in fields]
        for row in made:
            row.editor.changed.connect(self._on_typed)
            row.reset.clicked.connect(self._on_reset)
            column.addWidget(row)
            self.rows[row.name] = row
        self._headings[title] = heading, made

    # What the observer does

    def _on_typed(self) -> None:
        editor = self.sender()
        self._typed = next(name for name, row in self.rows.items() if row.editor is editor)
        self._check()
        self.changed.emit()

    def _on_reset(self) -> None:
        button = self.sender()
        row = next(row for row in self.rows.values() if row.reset is button)
        row.editor.show_value(row.default)
        row.editor.setFocus()
        self._check()
        self.changed.emit()

    def _reset_all(self) -> None:
        self.show_settings(ReductionSettings())
        self.changed.emit()

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for heading, rows in self._headings.values():
            for row in rows:
                row.setVisible(all(word in row.text for word in words))
            heading.setVisible(any(not row.isHidden() for row in rows))
        self.nothing.setVisible(all(row.isHidden() for row in self.rows.values()))

    # What is shown

    def _check(self) -> None:
        """Tell what is wrong beside each setting; what is wrong together, where one types."""
        values = {name: row.editor.value() for name, row in self.rows.items()}
        self._settings, faults = validated(values)
        together = faults.pop(TOGETHER, "")
        if together and self._typed in self.rows:
            faults.setdefault(self._typed, together)
            together = ""
        self.show_trouble(together)
        for name, row in self.rows.items():
            row.show_fault(faults.get(name, ""))
            row.show_changed(values[name] != row.untouched)


def _words_of(default: Any, unit: str) -> str:
    """A default in few words; none for a table."""
    if isinstance(default, dict):
        return ""
    text = ", ".join(f"{one:g}" for one in default) if isinstance(default, tuple) else f"{default}"
    return f": {text} {unit}".rstrip(" :")
