"""Where a window stands that must not cover what it speaks of."""

from __future__ import annotations

from PyQt6.QtCore import QPoint, QRect, QSize

GAP_PX = 16


def place_beside(thing: QRect, size: QSize, room: QRect) -> QPoint:
    """Find the place of a window beside a thing: right of it, left, below or above.

    Where no side has room it stands in the corner of the room where it covers least.

    Parameters
    ----------
    thing : QRect
        What is to be seen, on the screen.
    size : QSize
        Of the window.
    room : QRect
        Where the window may stand.

    Returns
    -------
    QPoint
        Its upper left corner.
    """
    middle = QRect(QPoint(), size)
    middle.moveCenter(thing.center())
    x = min(max(middle.x(), room.left()), room.right() + 1 - size.width())
    y = min(max(middle.y(), room.top()), room.bottom() + 1 - size.height())
    sides = (
        QPoint(thing.right() + 1 + GAP_PX, y),
        QPoint(thing.left() - GAP_PX - size.width(), y),
        QPoint(x, thing.bottom() + 1 + GAP_PX),
        QPoint(x, thing.top() - GAP_PX - size.height()),
    )
    free = [corner for corner in sides if room.contains(QRect(corner, size))]
    return free[0] if free else min(_corners(size, room), key=lambda at: _hidden(thing, at, size))


def _corners(size: QSize, room: QRect) -> list[QPoint]:
    """Places in the corners of the room; the upper left one where it is larger than the room."""
    right = max(room.left(), room.right() + 1 - size.width())
    bottom = max(room.top(), room.bottom() + 1 - size.height())
    return [QPoint(x, y) for x in (right, room.left()) for y in (room.top(), bottom)]


def _hidden(thing: QRect, corner: QPoint, size: QSize) -> int:
    """How many pixels of a thing a window covers."""
    common = thing.intersected(QRect(corner, size))
    return max(0, common.width()) * max(0, common.height())
