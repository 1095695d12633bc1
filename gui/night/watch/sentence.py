"""A sentence in as many lines as it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QLabel

from ...theme import spaced

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent


BREAK = "\u200b"
"""A place, without width, where a line may end."""


class Sentence(QLabel):
    """Asks for the height that its text has at its present width.

    A layout that is told of a height for each width squeezes what stands below.
    """

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    @property
    def whole(self) -> str:
        """The sentence."""
        return self._whole

    def say(self, text: str) -> None:
        """Show another sentence; a path is broken between its folders."""
        if text != self._whole:
            self._whole = text
            self.setText(text.replace("/", f"/{BREAK}"))

    def hasHeightForWidth(self) -> bool:
        """Whether a layout is to ask for it: no."""
        return False

    def minimumSizeHint(self) -> QSize:
        """All lines."""
        return QSize(spaced(20), self.heightForWidth(max(self.width(), spaced(20))))

    def sizeHint(self) -> QSize:
        """All lines; in one, if there is room."""
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(width, self.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Ask for another height where the lines break elsewhere."""
        super().resizeEvent(event)
        if event is not None and event.oldSize().width() != event.size().width():
            self.updateGeometry()
