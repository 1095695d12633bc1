"""The name of the capture in a corner of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QWidget

from ..theme import spaced

if TYPE_CHECKING:
    from PyQt6.QtGui import QPaintEvent

    from ..theme import Roles


class ViewTitle(QWidget):
    """A line of text on a plate, with a bar on its left while the view is active."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self._is_active = False
        self._colours = {name: QColor("grey") for name in ("text", "plate", "bar")}
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(spaced(2), spaced(2))
        self.hide()

    def set_text(self, text: str) -> None:
        """Show a name, or nothing for an empty one."""
        self._text = text
        metrics = self.fontMetrics()
        self.resize(metrics.horizontalAdvance(text) + spaced(5), metrics.height() + spaced(2))
        self.setVisible(bool(text))
        self.raise_()
        self.update()

    def set_active(self, is_active: bool) -> None:
        """Draw the bar, or not."""
        self._is_active = is_active
        self.update()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        plate = QColor(roles.panel)
        plate.setAlpha(210)
        self._colours = {"text": QColor(roles.text), "plate": plate, "bar": QColor(roles.accent)}
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002 - given by Qt
        """Draw plate, bar and name."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colours["plate"])
        if self._is_active:
            painter.fillRect(0, 0, 3, self.height(), self._colours["bar"])
        painter.setPen(self._colours["text"])
        painter.drawText(
            self.rect().adjusted(spaced(3), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._text
        )
        painter.end()
