"""The settings, made from the model that validates them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from .keys_editor import KeysEditor
from .setting_editors import Editor, SitesEditor, editor_for
from .setting_fields import Place, plain_fault, setting_fields, value_at, with_values
from .specs import SPECS
from .theme import set_cue, spaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.settings import Settings
    from .action_spec import ActionSpec
    from .setting_fields import SettingField

WRONG = "▲ "


class SettingsDialog(QDialog):
    """Edit the settings; `applied` carries the new, valid ones.

    Parameters
    ----------
    settings : Settings
        What is shown first.
    choices : mapping
        From the name of a text field to what it offers, such as the known sites.
    specs : sequence of ActionSpec
        Actions whose keys can be changed.
    """

    applied = pyqtSignal(object)

    def __init__(
        self,
        settings: Settings,
        choices: Mapping[str, Sequence[str]] | None = None,
        specs: Sequence[ActionSpec] = SPECS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self._specs = specs
        self._editors: dict[Place, Editor] = {}
        self._faults: dict[Place, QLabel] = {}
        self._pages: dict[Place, int] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        fields = list(setting_fields(type(settings)))
        for group in dict.fromkeys(field.group for field in fields):
            self._add_page(
                group, [field for field in fields if field.group == group], choices or {}
            )
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.addWidget(self.tabs, 1)
        column.addWidget(self._made_buttons())
        self._show(settings)
        self.resize(self.fontMetrics().averageCharWidth() * 90, self.fontMetrics().height() * 34)

    def editor(self, *place: str) -> Editor:
        """Editor of a field, by its names from the top of the model."""
        return self._editors[place]

    def fault(self, *place: str) -> str:
        """What is wrong with a field; "" when nothing is."""
        return self._faults[place].text().removeprefix(WRONG)

    def _add_page(
        self, group: str, fields: list[SettingField], choices: Mapping[str, Sequence[str]]
    ) -> None:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(spaced(2), spaced(3), spaced(2), spaced(2))
        grid.setHorizontalSpacing(spaced(4))
        grid.setVerticalSpacing(spaced(1))
        grid.setColumnStretch(1, 1)
        is_tall = False
        for place, field in enumerate(fields):
            self._pages[field.place] = self.tabs.count()
            is_tall = is_tall or field.kind == "table"
            self._add_field(grid, 3 * place, field, choices.get(field.place[-1], ()))
        if not is_tall:
            grid.setRowStretch(3 * len(fields), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        self.tabs.addTab(area, group)

    def _add_field(
        self, grid: QGridLayout, line: int, field: SettingField, choices: Sequence[str]
    ) -> None:
        editor = self._made_editor(field, choices)
        editor.changed.connect(self._validate)
        label = QLabel(field.title)
        label.setBuddy(editor)
        editor.setToolTip(field.description)
        about = QLabel(field.description)
        about.setWordWrap(True)
        about.setContentsMargins(0, 0, 0, spaced(3))
        set_cue(about, "muted")
        fault = QLabel()
        fault.setWordWrap(True)
        set_cue(fault, "bad")
        fault.hide()
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label, line, 0, top if field.kind == "table" else Qt.AlignmentFlag(0))
        grid.addWidget(editor, line, 1)
        grid.addWidget(fault, line + 1, 1)
        grid.addWidget(about, line + 2, 1)
        if field.kind == "table":
            grid.setRowStretch(line, 1)
        self._editors[field.place] = editor
        self._faults[field.place] = fault

    def _made_editor(self, field: SettingField, choices: Sequence[str]) -> Editor:
        if field.place == ("keys",):
            return KeysEditor(self._specs)
        if field.kind == "table":
            return SitesEditor()
        return editor_for(field, choices)

    def _made_buttons(self) -> QDialogButtonBox:
        button = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(
            button.Ok | button.Cancel | button.Apply | button.RestoreDefaults
        )
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)
        for name, handler in (
            (button.Apply, self._apply),
            (button.RestoreDefaults, self._restore_defaults),
        ):
            made = self.buttons.button(name)
            if made is not None:
                made.clicked.connect(handler)
        return self.buttons

    def _show(self, settings: Settings) -> None:
        for place, editor in self._editors.items():
            editor.show_value(value_at(settings, place))
        self._validate()

    def _validate(self) -> Settings | None:
        """Check what is entered and say at each field what is wrong; the new settings, or None."""
        values = {place: editor.value() for place, editor in self._editors.items()}
        made: Settings | None = None
        faults: dict[Place, str] = {}
        try:
            made = self._settings.changed(**with_values(self._settings, values))
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                place = self._place_of(fault["loc"])
                faults.setdefault(place, _told(fault, place))
        for place, label in self._faults.items():
            self._show_fault(place, label, faults.get(place, ""))
        self._mark_tabs({self._pages[place] for place in faults if place in self._pages})
        for name in (QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Apply):
            button = self.buttons.button(name)
            if button is not None:
                button.setEnabled(made is not None)
        return made

    def _show_fault(self, place: Place, label: QLabel, sentence: str) -> None:
        label.setText(WRONG + sentence if sentence else "")
        label.setVisible(bool(sentence))
        self._editors[place].show_fault(bool(sentence))

    def _place_of(self, where: Sequence[Any]) -> Place:
        """Field in the dialog that an error of the model belongs to."""
        words = tuple(str(word) for word in where)
        known = (words[:depth] for depth in range(len(words), 0, -1))
        return next((place for place in known if place in self._editors), words)

    def _mark_tabs(self, wrong: set[int]) -> None:
        for place in range(self.tabs.count()):
            text = self.tabs.tabText(place).removeprefix(WRONG)
            self.tabs.setTabText(place, WRONG + text if place in wrong else text)

    def _apply(self) -> bool:
        made = self._validate()
        if made is None:
            return False
        # Only what differs: the rest may come from the environment and is not to be kept.
        names = type(made).model_fields
        differing = [n for n in names if getattr(made, n) != getattr(self._settings, n)]
        self._settings = self._settings.changed(**{n: getattr(made, n) for n in differing})
        self.applied.emit(self._settings)
        return True

    def _on_accepted(self) -> None:
        if self._apply():
            self.accept()

    def _restore_defaults(self) -> None:
        """Enter the defaults; nothing is applied yet."""
        self._show(type(self._settings)())


def _told(fault: Any, place: Place) -> str:
    rest = [str(word) for word in fault["loc"][len(place) :]]
    where = f"{rest[0]}: " if rest else ""
    return where + plain_fault(fault)
