"""Nights that were watched recently: a line each, watched by a click or Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import QListView

from ...icons import icon
from .night_words import STATES, moment_text, night_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from PyQt6.QtGui import QKeyEvent

    from ....core.workbench.night.remembered import RememberedNight

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NONE = QModelIndex()


class RememberedModel(QAbstractListModel):
    """Night and state of each; the one that is watched has a mark."""

    def __init__(self) -> None:
        super().__init__()
        self.nights: tuple[RememberedNight, ...] = ()
        self._watched: Path | None = None

    def set_nights(self, nights: Sequence[RememberedNight], watched: Path | None) -> None:
        """List nights, newest first."""
        if [one.output for one in nights] != [one.output for one in self.nights]:
            self.beginResetModel()
            self.nights, self._watched = tuple(nights), watched
            self.endResetModel()
        elif (tuple(nights), watched) != (self.nights, self._watched):
            self.nights, self._watched = tuple(nights), watched
            self.dataChanged.emit(self.index(0), self.index(len(self.nights) - 1))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NONE) -> int:
        """How many nights."""
        return 0 if parent.isValid() else len(self.nights)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        """What is shown of a night."""
        if not index.isValid():
            return None
        night = self.nights[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._line(night)
        if role == Qt.ItemDataRole.DecorationRole:
            drawing, colour, _ = STATES[night.state]
            return icon(drawing, colour)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(night)
        return None

    def _line(self, night: RememberedNight) -> str:
        name = night_text(night.night) or night.output.name
        mark = "▸ " if night.output == self._watched else ""
        return f"{mark}{name}  {_word(night)}"


class RememberedList(QListView):
    """The list; `chosen` carries the folder of a night."""

    chosen = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.nights = RememberedModel()
        self.nights.setParent(self)
        self.setModel(self.nights)
        self.setObjectName("nights")
        self.setAccessibleName("Recent nights")
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._on_clicked)

    def show_nights(self, nights: Sequence[RememberedNight], watched: Path | None) -> None:
        """List nights; the one that is selected stays so."""
        row = self.currentIndex().row()
        before = self.nights.nights[row].output if row >= 0 else None
        self.nights.set_nights(nights, watched)
        kept = next((k for k, one in enumerate(nights) if one.output == before), None)
        if kept is not None and kept != self.currentIndex().row():
            self.setCurrentIndex(self.nights.index(kept))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter watches the night that is selected."""
        if event is not None and event.key() in _ENTER and self.currentIndex().isValid():
            self._on_clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.nights.nights[index.row()].output)


def _word(night: RememberedNight) -> str:
    return STATES[night.state][2]


def _tip(night: RememberedNight) -> str:
    when = moment_text(night.when)
    told = f"{_word(night)}, last sign of it {when}" if when else _word(night)
    lines = (str(night.output), night.site, f"{told[0].upper()}{told[1:]}")
    return "\n".join(line for line in lines if line)
