"""The page of the settings dialog where keys are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from .action_spec import plain
from .key_bindings import bind, join_keys, shown_key
from .setting_editors import Editor
from .theme import set_cue, spaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .action_spec import ActionSpec

KEY_ROLE = Qt.ItemDataRole.UserRole


class KeysEditor(Editor):
    """All actions with their keys; the chosen one gets what is pressed below the list."""

    def __init__(self, specs: Sequence[ActionSpec]) -> None:
        super().__init__()
        self._specs = {spec.key: spec for spec in specs}
        self._own: dict[str, str] = {}
        self._items: dict[str, QTreeWidgetItem] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find an action or a key…")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = self._made_list()
        self.conflict = QLabel()
        self.conflict.setWordWrap(True)
        set_cue(self.conflict, "warn")
        column = QVBoxLayout()
        column.setSpacing(spaced(1))
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(self._made_buttons())
        column.addWidget(self.conflict)
        self.row.addLayout(column)
        self.show_value({})

    def value(self) -> dict[str, str]:
        """Keys that differ from the table."""
        return dict(self._own)

    def show_value(self, value: Mapping[str, Any]) -> None:
        """Show these own keys."""
        self._own = {str(key): str(keys) for key, keys in value.items()}
        self._refresh()

    def choose(self, key: str) -> None:
        """Choose an action."""
        self.list.setCurrentItem(self._items[key])

    def _made_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setHeaderLabels(["Action", "Keys"])
        made.setAccessibleName("Actions and keys")
        made.setUniformRowHeights(True)
        header = made.header()
        if header is not None:
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        menus: dict[str, QTreeWidgetItem] = {}
        for spec in self._specs.values():
            menu = spec.menu.partition("/")[0]
            if menu not in menus:
                menus[menu] = QTreeWidgetItem(made, [menu])
                menus[menu].setFlags(Qt.ItemFlag.ItemIsEnabled)
            item = QTreeWidgetItem(menus[menu], [plain(spec.text)])
            item.setData(0, KEY_ROLE, spec.key)
            item.setToolTip(0, spec.tip)
            self._items[spec.key] = item
        made.expandAll()
        made.currentItemChanged.connect(self._on_item_chosen)
        return made

    def _made_buttons(self) -> QHBoxLayout:
        self.recorder = QKeySequenceEdit()
        self.recorder.setMaximumSequenceLength(1)
        self.recorder.setToolTip("Press the new key here")
        self.recorder.keySequenceChanged.connect(self._on_key_pressed)
        self.add_button = QPushButton("Add key")
        self.none_button = QPushButton("No key")
        self.default_button = QPushButton("Default")
        self.add_button.setToolTip("Give the chosen action this key")
        self.none_button.setToolTip("Take all keys from the chosen action")
        self.default_button.setToolTip("Give the chosen action its first keys again")
        self.add_button.clicked.connect(self._add)
        self.none_button.clicked.connect(self._take_away)
        self.default_button.clicked.connect(self._restore)
        row = QHBoxLayout()
        row.setSpacing(spaced(1))
        row.addWidget(QLabel("New key"))
        row.addWidget(self.recorder, 1)
        for button in (self.add_button, self.none_button, self.default_button):
            row.addWidget(button)
        return row

    def _chosen(self) -> str | None:
        item = self.list.currentItem()
        return None if item is None else item.data(0, KEY_ROLE)

    def _add(self) -> None:
        chosen = self._chosen()
        pressed = self.recorder.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if chosen is None or not pressed:
            return
        own = bind(self._specs.values(), self._own).keys[chosen]
        self._set(chosen, join_keys((*(key for key in own if key != pressed), pressed)))
        self.recorder.clear()

    def _take_away(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._set(chosen, "")

    def _restore(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self._own.pop(chosen, None)
            self._after_change()

    def _set(self, action: str, keys: str) -> None:
        self._own[action] = keys
        self._after_change()

    def _after_change(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        bound = bind(self._specs.values(), self._own)
        for key, item in self._items.items():
            item.setText(1, "   ".join(shown_key(one) for one in bound.keys[key]))
            font = item.font(1)
            font.setBold(key in self._own)
            item.setFont(1, font)
        told = [
            f"▲ {shown_key(one.shortcut)} goes to “{self._name(one.winner)}”, "
            f"not to “{self._name(one.loser)}”."
            for one in bound.conflicts
        ]
        self.conflict.setText("\n".join(told))
        self.conflict.setVisible(bool(told))
        self._on_item_chosen()

    def _name(self, action: str) -> str:
        return plain(self._specs[action].text)

    def _on_item_chosen(self, *_: object) -> None:
        is_chosen = self._chosen() is not None
        self.none_button.setEnabled(is_chosen)
        self.default_button.setEnabled(is_chosen and self._chosen() in self._own)
        self._on_key_pressed()

    def _on_key_pressed(self, *_: object) -> None:
        is_pressed = not self.recorder.keySequence().isEmpty()
        self.add_button.setEnabled(is_pressed and self._chosen() is not None)

    def _filter(self, wanted: str) -> None:
        for item in self._items.values():
            text = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(wanted.casefold() not in text)
