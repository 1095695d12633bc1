"""A row that goes on in the next line where the window is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QLayoutItem

_WIDEST = 1 << 20


class FlowLayout(QLayout):
    """Widgets from left to right at their own size; one that expands takes the rest of its line."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem | None) -> None:
        """Take another item at the end."""
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        """Items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """An item; None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no room that it was not given."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Fewer columns are more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all lines."""
        return self._laid(QRect(0, 0, width, 0), is_moved=False)

    def setGeometry(self, room: QRect) -> None:
        """Put the items into their places."""
        super().setGeometry(room)
        self._laid(room, is_moved=True)

    def sizeHint(self) -> QSize:
        """One line."""
        sizes = [_size(item) for item in self._shown()]
        gaps = self.spacing() * max(0, len(sizes) - 1)
        return QSize(sum(one.width() for one in sizes) + gaps, self._laid_height(_WIDEST))

    def minimumSize(self) -> QSize:
        """The widest of the items."""
        sizes = [_size(item) for item in self._shown()]
        width = max((one.width() for one in sizes), default=0)
        return QSize(width, max((one.height() for one in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _laid_height(self, width: int) -> int:
        return self._laid(QRect(0, 0, width, 0), is_moved=False)

    def _laid(self, room: QRect, *, is_moved: bool) -> int:
        """Lay the items out; gives the height of all lines."""
        top = room.top()
        lines = self._lines(room.width())
        for line in lines:
            high = max(_size(item).height() for item in line)
            if is_moved:
                self._move(line, QRect(room.left(), top, room.width(), high))
            top += high + self.spacing()
        return max(0, top - room.top() - (self.spacing() if lines else 0))

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            own = _size(item).width()
            if not lines or used + self.spacing() + own > width:
                lines.append([])
                used = -self.spacing()
            lines[-1].append(item)
            used += self.spacing() + own
        return lines

    def _move(self, line: list[QLayoutItem], room: QRect) -> None:
        rest = room.width() - sum(_size(item).width() for item in line)
        rest -= self.spacing() * (len(line) - 1)
        left = room.left()
        for item in line:
            size = _size(item)
            if rest > 0 and item.expandingDirections() & Qt.Orientation.Horizontal:
                size.setWidth(size.width() + rest)
                rest = 0
            drop = (room.height() - size.height()) // 2
            item.setGeometry(QRect(QPoint(left, room.top() + drop), size))
            left += size.width() + self.spacing()


def _size(item: QLayoutItem) -> QSize:
    """What an item asks for; the least of one that expands."""
    if item.expandingDirections() & Qt.Orientation.Horizontal:
        return item.minimumSize()
    return item.sizeHint()
