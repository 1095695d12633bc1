"""Windows that stand beside what they speak of."""

from __future__ import annotations

import pytest
from nightglass.gui.widgets.beside import GAP_PX, place_beside
from PyQt6.QtCore import QPoint, QRect, QSize

ROOM = QRect(0, 0, 1000, 800)
SIZE = QSize(300, 200)


@pytest.mark.parametrize(
    ("thing", "corner"),
    [
        (QRect(400, 300, 100, 100), QPoint(500 + GAP_PX, 250)),
        (QRect(800, 0, 100, 100), QPoint(500 - GAP_PX, 0)),
        (QRect(100, 300, 800, 100), QPoint(350, 400 + GAP_PX)),
        (QRect(100, 600, 800, 150), QPoint(350, 400 - GAP_PX)),
    ],
)
def test_a_window_finds_a_free_side(thing, corner):
    assert place_beside(thing, SIZE, ROOM) == corner
    assert not QRect(corner, SIZE).intersects(thing)


@pytest.mark.parametrize(
    ("thing", "corner"),
    [
        (QRect(100, 100, 800, 600), QPoint(700, 0)),
        (QRect(250, 10, 750, 780), QPoint(0, 0)),
    ],
)
def test_without_a_free_side_a_corner_covers_least(thing, corner):
    assert place_beside(thing, SIZE, ROOM) == corner


def test_a_window_larger_than_the_room_begins_in_it():
    assert place_beside(QRect(400, 300, 50, 50), QSize(1200, 900), ROOM) == ROOM.topLeft()
