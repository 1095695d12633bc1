"""Choose among many names: units to be made again, frames to be left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    pyqtSignal,
)
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
)

from ....core.wording import counted
from ...icons import icon
from ...theme import set_cue, spaced
from ...widgets.elided_label import ElidedLabel
from ...widgets.parts import muted_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QWidget

ALL = ""
_NONE = QModelIndex()
_TO_LIST = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})


@dataclass(frozen=True)
class Choice:
    """One name to choose.

    Parameters
    ----------
    key : str
        What is chosen.
    note : str
        What there is to say of it.
    group : str
        It is listed under.
    icon, role : str
        Its glyph.
    """

    key: str
    note: str
    group: str
    icon: str
    role: str


@dataclass(frozen=True)
class Question:
    """What a dialog asks.

    Parameters
    ----------
    title : str
        Of the window.
    about : str
        What it is for, as a sentence.
    noun : str
        What is counted: "unit".
    groups : tuple of tuple of str
        Name and label of each group.
    deeds : tuple of tuple of str
        Name, label and tip of each button; the first is pressed by Enter.
    takes_typed : bool
        Whether a name that is not listed may be typed.
    """

    title: str
    about: str
    noun: str
    groups: tuple[tuple[str, str], ...]
    deeds: tuple[tuple[str, str, str], ...]
    takes_typed: bool = False


class ChoiceModel(QAbstractListModel):
    """Those of the names that are wanted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shown: list[Choice] = []

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """List other names."""
        self.beginResetModel()
        self.shown = list(choices)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        """How many."""
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        """Name and note, with the glyph of the state."""
        if not index.isValid():
            return None
        one = self.shown[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return f"{one.key}   {one.note}" if one.note else one.key
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(one.icon, one.role)
        return None


class ChooseDialog(QDialog):
    """Lists names; `decided` carries the name of a button and a tuple of what was chosen."""

    decided = pyqtSignal(str, tuple)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(question.title)
        self._question = question
        self._choices: list[tuple[str, Choice]] = []
        self._is_loading = True
        self.search, self.group = QLineEdit(), QComboBox()
        self.list, self.state = QListView(), ElidedLabel()
        self.names = ChoiceModel(self)
        self._prepare()
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.group.activated.connect(self._filter)
        self._filter()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer names; what is selected stays so where it is listed still."""
        self._is_loading = False
        self._choices = [(f"{one.key} {one.note}".casefold(), one) for one in choices]
        for place, (name, label) in enumerate(self._groups()):
            count = sum(name in {ALL, one.group} for one in choices)
            self.group.setItemText(place, f"{label} ({count:,})")
        self._filter()

    def show_group(self, name: str) -> None:
        """List one group only."""
        self.group.setCurrentIndex(self.group.findData(name))
        self._filter()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names that are selected; else the one that is typed, where that may be."""
        selection = self.list.selectionModel()
        rows = [] if selection is None else sorted(one.row() for one in selection.selectedRows())
        typed = self.search.text().strip()
        if not rows and typed and self._question.takes_typed and not self._is_loading:
            return (typed,)
        return tuple(self.names.shown[row].key for row in rows)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the arrows of the search line move in the list."""
        if not isinstance(event, QKeyEvent) or event.key() not in _TO_LIST:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            self.list.keyPressEvent(event)
        return True

    def _groups(self) -> tuple[tuple[str, str], ...]:
        return (*self._question.groups, (ALL, "All"))

    def _prepare(self) -> None:
        self.search.setPlaceholderText("Only names with…")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Only names with this text")
        self.group.setAccessibleName("Which are listed")
        for name, label in self._groups():
            self.group.addItem(f"{label} (8,888)", name)
        self.list.setModel(self.names)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName(self._question.title)
        selection = self.list.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._show_state)

    def _lay_out(self) -> None:
        about = muted_label(self._question.about)
        about.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(spaced(2))
        top.addWidget(self.search, 1)
        top.addWidget(self.group)
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(2))
        column.addWidget(about)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addLayout(self._made_buttons())
        self.resize(self.fontMetrics().averageCharWidth() * 88, self.fontMetrics().height() * 28)
        self.search.setFocus()

    def _made_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(spaced(2))
        row.addWidget(self.state, 1)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        self.buttons: dict[str, QPushButton] = {}
        for place, (name, label, tip) in enumerate(self._question.deeds):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.setDefault(place == 0)
            button.clicked.connect(self._on_decided)
            self.buttons[name] = button
            row.addWidget(button)
        return row

    def _on_decided(self) -> None:
        sender, chosen = self.sender(), self.chosen
        if sender is not None and chosen:
            self.decided.emit(sender.objectName(), chosen)
            self.accept()

    def _filter(self, *_: object) -> None:
        group, words = self.group.currentData(), self.search.text().casefold().split()
        shown = [
            one
            for text, one in self._choices
            if group in {ALL, one.group} and all(word in text for word in words)
        ]
        before = set(self.chosen)
        if shown != self.names.shown:
            self.names.show_choices(shown)
            self._select(before)
        self._show_state()

    def _select(self, keys: set[str]) -> None:
        """Select the same again; where nothing was, a name that stands alone."""
        rows = [row for row, one in enumerate(self.names.shown) if one.key in keys]
        if not rows and len(self.names.shown) == 1:
            rows = [0]
        selection = self.list.selectionModel()
        assert selection is not None  # the list has a model
        for row in rows:
            selection.select(self.names.index(row), selection.SelectionFlag.Select)

    def _show_state(self, *_: object) -> None:
        chosen = self.chosen
        for button in self.buttons.values():
            button.setEnabled(bool(chosen))
        self.state.show_whole(self._told(chosen))
        set_cue(self.state, "muted")

    def _told(self, chosen: tuple[str, ...]) -> str:
        if self._is_loading:
            return "Reading the journal…"
        noun = self._question.noun
        if not chosen:
            return f"Choose a {noun}." if self.names.shown else f"No {noun} is listed here."
        if len(chosen) == 1:
            is_listed = any(one.key == chosen[0] for one in self.names.shown)
            return chosen[0] if is_listed else f"{chosen[0]}: not in the journal yet."
        return f"{counted(len(chosen), noun)} chosen."
