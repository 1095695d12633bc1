"""A panel that scrolls where the window is low."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QFrame, QScrollArea, QWidget

LEAST_LINES = 4


class Scrolling(QScrollArea):
    """Ask for as much room as the content does, and let it scroll up and down in less."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        """All of the content, and a scroll bar beside it."""
        wanted = self._content.sizeHint().expandedTo(self._content.minimumSizeHint())
        return QSize(wanted.width() + self._bar_width(), wanted.height())

    def minimumSizeHint(self) -> QSize:
        """The content's width and a few lines."""
        width = self._content.minimumSizeHint().width() + self._bar_width()
        return QSize(width, LEAST_LINES * self.fontMetrics().height())

    def _bar_width(self) -> int:
        bar = self.verticalScrollBar()
        return 0 if bar is None else bar.sizeHint().width()
