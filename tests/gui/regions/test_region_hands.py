"""Regions in two views: one list, one tool, the second hand only while its view is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Ruler
from nightglass.core.regions.shapes import Circle
from nightglass.core.session.regions import RegionList
from nightglass.gui.drawing.hands import RegionHands
from nightglass.gui.frame.tiles import FrameArea
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Pair:
    """Two tiled views and the hands in them; places are 1-based."""

    def __init__(self, area: FrameArea) -> None:
        self.area, self.regions = area, RegionList()
        self.hands = RegionHands(area, self.regions, area)
        self.tools: list[str] = []
        self.hands.toolChanged.connect(self.tools.append)

    def at(self, number: int, x: float, y: float) -> QPoint:
        return self.area.views[number].widget_at(x - 1.0, y - 1.0).toPoint()

    def drag(self, number: int, start: tuple[float, float], end: tuple[float, float]) -> None:
        surface = self.area.views[number].viewport()
        begin, finish = self.at(number, *start), self.at(number, *end)
        QTest.mousePress(surface, LEFT, NONE, begin)
        for place in ((begin + finish) / 2, finish):
            at = QPointF(place)
            kind, no_button = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
            event = QMouseEvent(kind, at, surface.mapToGlobal(at), no_button, LEFT, NONE)
            QApplication.sendEvent(surface, event)
        QTest.mouseRelease(surface, LEFT, NONE, finish)

    def put(self, shape: object) -> int:
        (ident,) = self.regions.add([RegionEntry(type(shape).__name__.lower(), shape)], "Add")
        return ident


@pytest.fixture
def pair(on_screen) -> Iterator[Pair]:
    area = on_screen(FrameArea(), 900, 400)
    for view in area.views:
        view.set_frame_shape((150, 200))
    made = Pair(area)
    yield made
    made.hands.close()


def test_the_second_view_has_a_hand_only_while_it_is_seen(pair):
    assert pair.hands.hand_in(1) is None
    pair.area.set_mode("tile")
    assert pair.hands.hand_in(1) is not None
    pair.area.set_mode("single")
    assert pair.hands.hand_in(1) is None


def test_a_region_drawn_in_one_view_is_shown_and_moved_in_the_other(pair):
    pair.area.set_mode("tile")
    pair.hands.set_tool("circle")
    pair.drag(1, (60.0, 70.0), (70.0, 70.0))
    ((ident, entry),) = pair.regions.entries.items()
    assert entry.shape.x == pytest.approx(60.0, abs=0.5)
    for number in (0, 1):
        place = QPointF(pair.at(number, 60.0, 70.0))
        assert pair.hands.hand_in(number).layer.region_at(place) == ident
    pair.drag(0, (60.0, 70.0), (90.0, 50.0))
    moved = pair.regions.entries[ident].shape
    assert (moved.x, moved.y) == pytest.approx((90.0, 50.0), abs=1.0)
    pair.regions.undo()
    pair.regions.undo()
    assert not pair.regions.entries


def test_both_hands_hold_the_same_tool_and_it_is_told_once(pair):
    pair.area.set_mode("tile")
    pair.hands.set_tool("box")
    assert [pair.hands.hand_in(number).tool for number in (0, 1)] == ["box", "box"]
    pair.drag(1, (20.0, 20.0), (40.0, 30.0))
    assert [pair.hands.hand_in(number).tool for number in (0, 1)] == ["select", "select"]
    assert pair.hands.tool == "select"
    assert pair.tools == ["box", "select"]


def test_a_view_that_appears_takes_the_tool_that_is_held(pair):
    pair.hands.set_tool("ruler")
    pair.area.set_mode("blink")
    assert pair.hands.hand_in(1).tool == "ruler"


def test_escape_in_one_view_ends_the_tool_of_both(pair):
    pair.area.set_mode("tile")
    pair.hands.set_tool("polygon")
    QTest.keyClick(pair.area.views[1], Qt.Key.Key_Escape)
    assert [pair.hands.hand_in(number).tool for number in (0, 1)] == ["select", "select"]


def test_delete_takes_the_selected_whatever_view_is_active(pair):
    pair.area.set_mode("tile")
    pair.put(Circle(60.0, 70.0, 10.0))
    pair.area.activate_next()
    pair.hands.delete_selected()
    assert not pair.regions.entries


def test_rulers_of_each_view_tell_arcseconds_of_their_own(pair):
    ident = pair.put(Ruler(50.0, 50.0, 150.0, 50.0))
    pair.hands.set_scales_arcsec([0.05, 0.2])
    pair.area.set_mode("tile")
    words = [pair.hands.hand_in(number).layer._drawn[ident].words for number in (0, 1)]
    assert "5" in words[0]
    assert "20" in words[1]
    pair.hands.set_scales_arcsec([None, None])
    assert pair.hands.hand_in(0).layer._drawn[ident].words.endswith("px")


def test_where_a_region_is_on_the_screen(pair):
    ident = pair.put(Circle(60.0, 70.0, 10.0))
    around = pair.hands.rect_of(ident)
    surface = pair.area.views[0].viewport()
    corners = (pair.at(0, 50.0, 80.0), pair.at(0, 70.0, 60.0))
    low, high = (surface.mapToGlobal(corner) for corner in corners)
    assert QRect(low, high).adjusted(3, 3, -3, -3).intersected(around).width() > 10
    assert abs(around.center().x() - QRect(low, high).center().x()) <= 2
    assert pair.hands.rect_of(99) is None
