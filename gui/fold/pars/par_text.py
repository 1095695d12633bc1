"""The text of a par file, to be read and copied."""

from __future__ import annotations

from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

COLUMNS_SHOWN = 44


class ParText(QPlainTextEdit):
    """Plain text in letters of one width, that cannot be changed."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setTabStopDistance(8 * self.fontMetrics().horizontalAdvance("8"))
        self.setAccessibleName("Text of the par file")
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("8") * COLUMNS_SHOWN // 2)
        self.setPlainText(text)
