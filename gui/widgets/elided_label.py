"""A line of text that ends in dots where there is no room for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent
    from PyQt6.QtWidgets import QWidget

LEAST_CHARACTERS = 6


def cut(text: str, longest: int) -> str:
    """Text of at most so many letters, with dots where its end was cut off."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class ElidedLabel(QLabel):
    """Show one line without ever asking for room; the tool tip has all of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def whole(self) -> str:
        """The whole line."""
        return self._whole

    def show_whole(self, text: str, tip: str = "") -> None:
        """Show another line; `tip` is added to the tool tip."""
        whole = "\n".join(part for part in (text, tip) if part)
        if (text, whole) == (self._whole, self.toolTip()):
            return  # the layout around need not be looked at again
        self._whole = text
        self.setToolTip(whole)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Room for the beginning."""
        width = self.fontMetrics().averageCharWidth() * LEAST_CHARACTERS
        return QSize(width, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show as much as fits now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        if shown != self.text():
            self.setText(shown)
        self.updateGeometry()
