"""The line in which stars are searched; arrows walk through what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLineEdit

from ...icons import icon
from ...widgets.keys import keeps_key

if TYPE_CHECKING:
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QKeyEvent
    from PyQt6.QtWidgets import QWidget

PLACEHOLDER = "ASCC, HD, HIP or position"
TIP = """Number or position of a star:
807144 or ASCC 807144, also its first digits
HD 189733, HIP 98505
20:00:43.7 +22:42:39, or 300.18 22.71 in degrees; r 30' behind it takes what is within 30′
Down and Up choose among the stars found, Return the first"""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class SearchLine(QLineEdit):
    """Tells what is typed with `textChanged`.

    Signals: `stepped` with rows, `paged` with pages to walk through what is found; `accepted` when
    the first one is wanted.
    """

    stepped = pyqtSignal(int)
    paged = pyqtSignal(int)
    accepted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(PLACEHOLDER)
        self.setToolTip(TIP)
        self.setAccessibleName("Search for a star")
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def begin(self, text: str = "") -> None:
        """Take the keyboard; what is typed next replaces what is there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.setText(text)
        else:
            self.selectAll()

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that are needed from the actions of the window."""
        return keeps_key(event, self._needs) or super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        is_escape = event.key() == Qt.Key.Key_Escape and bool(self.text())
        return is_escape or event.key() in _STEPS or event.key() in _PAGES

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Walk with the arrows, accept with Return, empty the line with Escape."""
        key = None if event is None else event.key()
        if key in _STEPS:
            self.stepped.emit(_STEPS[Qt.Key(key)])
        elif key in _PAGES:
            self.paged.emit(_PAGES[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
