"""A number that keeps its place and its width while it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QLabel

from ..theme import ALIGN_NUMBER, tabular_font

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget

EMPTY = "–"


class NumberLabel(QLabel):
    """Show a number right-aligned in digits of one width; an en dash while there is none.

    Parameters
    ----------
    widest : str
        The longest text to expect, for which room is kept.
    """

    def __init__(self, widest: str, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY, parent)
        self._widest = widest
        self._is_fixed = False
        self.setAlignment(ALIGN_NUMBER)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._keep_room()

    def show_text(self, text: str | None) -> None:
        """Show a number already written, or that there is none."""
        shown = EMPTY if text is None else text
        if shown != self.text():
            self.setText(shown)

    def fix(self) -> None:
        """Be as large as the widest text: no other text has a layout made anew from now on."""
        self._is_fixed = True
        self._keep_room()

    def changeEvent(self, event: QEvent | None) -> None:
        """Keep room in the digits of a new font."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._keep_room()

    def _keep_room(self) -> None:
        font = tabular_font(self.font())
        if font != self.font():
            self.setFont(font)
        width = self.fontMetrics().horizontalAdvance(self._widest) + 2
        if self._is_fixed:
            self.setFixedSize(width, self.sizeHint().height())
        else:
            self.setMinimumWidth(width)
