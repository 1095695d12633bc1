"""What stands behind a message: each of its kind, or the log of one unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ....core.wording import counted
from ...clipboard import put_on_clipboard
from ...theme import set_cue, spaced, tabular_font
from ...widgets.elided_label import ElidedLabel
from .sentence_delegate import SentenceDelegate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QKeyEvent

    Line = tuple[str, str]

MOST_LINES = 500
UNIT_ROLE = Qt.ItemDataRole.UserRole


class MemberList(QWidget):
    """A heading and lines, each of a unit; `unitChosen` carries the unit of a line activated."""

    unitChosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._about: object = None
        self.heading = ElidedLabel()
        set_cue(self.heading, "muted")
        self.view = _Lines()
        self.view.itemActivated.connect(self._on_activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spaced(1), 0, 0)
        column.setSpacing(spaced(1))
        self.heading.setContentsMargins(spaced(2), 0, spaced(2), 0)
        column.addWidget(self.heading)
        column.addWidget(self.view, 1)

    def show_lines(self, about: object, heading: str, lines: Sequence[Line]) -> None:
        """Show lines, each a unit and a text.

        Scroll and selection stay while they are about the same.
        """
        self.heading.show_whole(heading)
        shown = tuple(lines[:MOST_LINES])
        more = len(lines) - len(shown)
        if more:
            shown += (("", f"and {counted(more, 'more line')}"),)
        if about != self._about:
            self._about = about
            self.view.clear()
            self.view.scrollToTop()
        self._fill(shown)

    def _fill(self, lines: tuple[Line, ...]) -> None:
        while self.view.count() > len(lines):
            self.view.takeItem(self.view.count() - 1)
        for row, (unit, text) in enumerate(lines):
            entry = self.view.item(row)
            if entry is None:
                entry = QListWidgetItem()
                self.view.addItem(entry)
            if (entry.text(), entry.data(UNIT_ROLE)) != (text, unit):
                entry.setText(text)
                entry.setToolTip(text)
                entry.setData(UNIT_ROLE, unit)

    def _on_activated(self, entry: QListWidgetItem) -> None:
        unit = entry.data(UNIT_ROLE)
        if unit:
            self.unitChosen.emit(unit)


class _Lines(QListWidget):
    """Lines that can be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(tabular_font(self.font()))
        self.setWordWrap(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setItemDelegate(SentenceDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Details")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Copy what is selected."""
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(self.selectedItems(), key=self.row)
            put_on_clipboard("\n".join(entry.text() for entry in chosen))
        else:
            super().keyPressEvent(event)
