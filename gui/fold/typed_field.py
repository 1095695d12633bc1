"""A line that is typed into: what is wrong is told, Escape gives it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLineEdit

from ..theme import ALIGN_NUMBER, set_cue, spaced, tabular_font
from ..widgets.keys import keeps_key

if TYPE_CHECKING:
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QKeyEvent


class TypedField(QLineEdit):
    """Shows a value as text; `written` and `take` are left to others.

    Parameters
    ----------
    widest : str
        The longest text to expect, for which room is kept.
    tip : str
    """

    def __init__(self, widest: str, tip: str) -> None:
        super().__init__()
        self._tip = tip
        self.setFont(tabular_font())
        self.setAlignment(ALIGN_NUMBER)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(widest) + spaced(4))
        self.setToolTip(tip)
        self.editingFinished.connect(self.take_typed)
        self.textEdited.connect(self.forgive)

    def written(self) -> str:
        """The value in force as text."""
        raise NotImplementedError

    def take(self, text: str) -> None:
        """Take what was typed, or refuse it."""
        raise NotImplementedError

    def take_typed(self) -> None:
        """Take what was typed, if anything was."""
        if self.isModified():
            self.take(self.text().strip())

    def refuse(self, why: str) -> None:
        """Tell what is wrong with what was typed."""
        set_cue(self, "bad")
        self.setToolTip(why)

    def forgive(self, _: str = "") -> None:
        """Tell no more of what was wrong."""
        set_cue(self, "")
        self.setToolTip(self._tip)

    def show_value(self) -> None:
        """Show the value in force in place of what is typed."""
        text = self.written()
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    def show_unless_typed(self) -> None:
        """Show the value in force; not over what is being typed."""
        if not (self.hasFocus() and self.isModified()):
            self.show_value()

    def needs(self, event: QKeyEvent) -> bool:
        """Escape is needed only while there is something to give up."""
        return event.key() == Qt.Key.Key_Escape and self.isModified()

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys that are needed from the actions of the window."""
        return keeps_key(event, self.needs) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Escape gives up what was typed."""
        if event is not None and TypedField.needs(self, event):
            self.forgive()
            self.show_value()
        else:
            super().keyPressEvent(event)
