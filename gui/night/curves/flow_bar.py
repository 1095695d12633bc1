"""Widgets in a row that breaks where there is no more room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QRect, QSize
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ...theme import spaced

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent


class FlowBar(QWidget):
    """Places widgets from left to right and asks for as many lines as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, *parts: QWidget) -> None:
        """Add widgets at the end, tight beside each other where there are several."""
        part = parts[0] if len(parts) == 1 else _joined(parts)
        part.setParent(self)
        self._parts.append(part)

    def _places(self, width: int) -> list[QRect]:
        places: list[QRect] = []
        x = y = height = 0
        for part in self._parts:
            # Hidden by whoever made it, not by a parent that is not seen yet.
            if part.isHidden():
                places.append(QRect())
                continue
            size = part.sizeHint().expandedTo(part.minimumSize())
            if x and x + size.width() > width:
                x, y = 0, y + height + spaced(1)
                height = 0
            places.append(QRect(x, y, min(size.width(), width), size.height()))
            x += size.width() + spaced(2)
            height = max(height, size.height())
        return places

    def _arrange(self) -> None:
        places = self._places(self.width())
        for part, place in zip(self._parts, places, strict=True):
            part.setGeometry(place)
        height = self._height(places)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _height(self, places: list[QRect]) -> int:
        return max((place.bottom() + 1 for place in places if not place.isNull()), default=0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Break the row elsewhere."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent | None) -> bool:
        """A widget that wants another size, or is shown or hidden, moves those behind it."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """All in one line."""
        widths = [
            part.sizeHint().width() + spaced(2) for part in self._parts if not part.isHidden()
        ]
        return QSize(sum(widths), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """The widest widget."""
        widths = [part.sizeHint().width() for part in self._parts if not part.isHidden()]
        return QSize(max(widths, default=0), self.minimumHeight())


def _joined(parts: tuple[QWidget, ...]) -> QWidget:
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spaced(1))
    for part in parts:
        row.addWidget(part)
    return group
