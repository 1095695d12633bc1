"""Words in a plot: title and numbers above, letters of the cameras beside their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor

from ...theme import spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PyQt6.QtGui import QPainter

    from ...theme import LineCue, Roles
    from .lines import PlotLine
    from .specs import Limit, PlotSpec

    Told = tuple[str, str, LineCue]

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TIGHT = 0.85
GROUND_ALPHA = 190


def paint_caption(
    painter: QPainter, room: QRectF, spec: PlotSpec, told: Sequence[Told], roles: Roles
) -> None:
    """Write the title at the left, the values at the right as far as there is room."""
    metrics = painter.fontMetrics()
    title = f"{spec.title} ({spec.unit})"
    left = spaced(2) + metrics.horizontalAdvance(title)
    painter.setPen(QColor(roles.text))
    painter.drawText(room.adjusted(spaced(2), 0.0, 0.0, 0.0), LEFT, title)
    right = _paint_values(painter, room.adjusted(left, 0.0, -spaced(1), 0.0), told, roles)
    note = room.adjusted(left + spaced(3), 0.0, 0.0, 0.0)
    note.setRight(right)
    if metrics.horizontalAdvance(spec.note) <= note.width():
        painter.setPen(QColor(roles.muted))
        painter.drawText(note, LEFT, spec.note)


def _paint_values(painter: QPainter, room: QRectF, told: Sequence[Told], roles: Roles) -> float:
    """Write values from the right, the last camera first; gives where they begin."""
    metrics = painter.fontMetrics()
    for name, text, cue in reversed(told):
        value_width = metrics.horizontalAdvance(text)
        width = metrics.horizontalAdvance(f"{name} ") + value_width + spaced(3)
        if width > room.width():
            break
        painter.setPen(QColor(roles.text))
        painter.drawText(room, RIGHT, text)
        painter.setPen(QColor(cue.color))
        painter.drawText(room.adjusted(0.0, 0.0, -value_width, 0.0), RIGHT, f"{name} ")
        room = room.adjusted(0.0, 0.0, -width, 0.0)
    return room.right()


def paint_limits(
    painter: QPainter, frame: QRectF, limits: Iterable[tuple[Limit, float]], roles: Roles
) -> None:
    """Name levels at their heights, on a ground that keeps lines from running through words."""
    metrics = painter.fontMetrics()
    ground = QColor(roles.panel)
    ground.setAlpha(GROUND_ALPHA)
    for limit, y in limits:
        top = y + 1.0 if limit.is_named_below else y - metrics.height()
        width = metrics.horizontalAdvance(limit.name) + 4.0
        room = QRectF(frame.left() + 2.0, top, width, metrics.height())
        if frame.contains(room):
            painter.fillRect(room, ground)
            painter.setPen(QColor(roles.muted))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, limit.name)


def paint_letters(
    painter: QPainter,
    frame: QRectF,
    ends: Sequence[tuple[PlotLine, LineCue, float, float]],
    low: float,
    high: float,
) -> None:
    """Write the letter of each camera beside the end of its line, none over another."""
    height = painter.fontMetrics().height() * TIGHT
    firsts = {line.camera: (cue, y) for line, cue, _, y in reversed(ends) if line.camera}
    placed = sorted(
        (frame.bottom() - frame.height() * (y - low) / (high - low), letter[-1], cue)
        for letter, (cue, y) in firsts.items()
    )
    places = _apart([y for y, _, _ in placed], height, frame)
    for (_, letter, cue), y in zip(placed, places, strict=True):
        painter.setPen(QColor(cue.color))
        room = QRectF(frame.right() + 3.0, y - height, 4 * height, 2 * height)
        painter.drawText(room, LEFT, letter)


def _apart(places: list[float], least: float, frame: QRectF) -> list[float]:
    """Places moved down until they are so far apart, then up where they left the frame."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    bottom = frame.bottom() - 0.3 * least
    for k in reversed(range(len(moved))):
        moved[k] = min(moved[k], bottom)
        bottom = moved[k] - least
    return moved
