"""The hand on regions, with real mouse and key events on a frame view."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.geometry.drawing import DRAWN_KINDS
from nightglass.core.regions.marks import Line, Point, Ruler, Sketch, Text, Vector
from nightglass.core.regions.shapes import (
    Annulus,
    Box,
    BoxAnnulus,
    Circle,
    Ellipse,
    EllipseAnnulus,
    Polygon,
)
from nightglass.core.session.regions import RegionList
from nightglass.gui.drawing.grips import HIT_PX
from nightglass.gui.drawing.hand import RegionHand
from nightglass.gui.frame.view import FrameView
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QAction, QKeySequence, QMouseEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMainWindow

from ..frame.conftest import picture_over

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NO_BUTTON = Qt.MouseButton.NoButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Scene:
    """A view at zoom 4 with its middle at (100, 75), a list and a hand; places are 1-based."""

    def __init__(self, view: FrameView) -> None:
        self.view, self.regions = view, RegionList()
        self.hand = RegionHand(view, self.regions, view)

    def put(self, *shapes, **more) -> tuple[int, ...]:
        entries = [RegionEntry(type(shape).__name__.lower(), shape, **more) for shape in shapes]
        idents = self.regions.add(entries, "Add")
        self.regions.select(())
        return idents

    def shape(self, ident: int):
        return self.regions.entries[ident].shape

    def at(self, x: float, y: float) -> QPoint:
        return self.view.widget_at(x - 1.0, y - 1.0).toPoint()

    def place(self, position: QPoint) -> tuple[float, float]:
        x, y = self.view.image_at(QPointF(position))
        return x + 1.0, y + 1.0

    def grip(self, name: str) -> QPoint:
        grips = self.hand.layer.grips()
        return next(grip.place for grip in grips if grip.handle.name == name).toPoint()

    def press(self, position: QPoint, keys=NONE, button=LEFT) -> None:
        QTest.mousePress(self.view.viewport(), button, keys, position)

    def go(self, position: QPoint, keys=NONE, buttons=LEFT) -> None:
        # QTest moves without modifiers, and on a real screen later.
        surface, at = self.view.viewport(), QPointF(position)
        event = QMouseEvent(
            QEvent.Type.MouseMove, at, surface.mapToGlobal(at), NO_BUTTON, buttons, keys
        )
        QApplication.sendEvent(surface, event)

    def hover(self, position: QPoint) -> None:
        self.go(position, buttons=NO_BUTTON)

    def let_go(self, position: QPoint, keys=NONE, button=LEFT) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, position)

    def drag(self, start: QPoint, end: QPoint, keys=NONE) -> None:
        self.press(start, keys)
        self.go((start + end) / 2, keys)
        self.go(end, keys)
        self.let_go(end, keys)

    def click(self, position: QPoint, keys=NONE, button=LEFT) -> None:
        QTest.mouseClick(self.view.viewport(), button, keys, position)

    def key(self, key) -> None:
        QTest.keyClick(self.view, key)


@pytest.fixture
def scene(on_screen) -> Scene:
    view = on_screen(FrameView(), 600, 400)
    view.set_frame_shape((150, 200))
    view.set_zoom(4.0)
    view.centre_on(99.0, 74.0)
    made = Scene(view)
    yield made
    made.hand.close()


def test_click_selects_one_and_click_on_the_sky_none(scene) -> None:
    first, second = scene.put(Circle(80.0, 75.0, 5.0), Circle(120.0, 75.0, 5.0))
    scene.click(scene.at(80, 75))
    assert scene.regions.selection == {first}
    scene.click(scene.at(120, 75))
    assert scene.regions.selection == {second}
    scene.click(scene.at(100, 100))
    assert scene.regions.selection == set()
    assert scene.view.marker == pytest.approx((99.0, 99.0), abs=0.2)
    assert scene.regions.undo_count == 1


def test_shift_click_adds_and_takes_away(scene) -> None:
    first, second = scene.put(Circle(80.0, 75.0, 5.0), Circle(120.0, 75.0, 5.0))
    scene.click(scene.at(80, 75))
    scene.click(scene.at(120, 75), SHIFT)
    assert scene.regions.selection == {first, second}
    scene.click(scene.at(77, 75), SHIFT)
    assert scene.regions.selection == {second}


def test_click_in_a_group_selects_it_alone_but_a_drag_moves_all(scene) -> None:
    first, second = scene.put(Circle(80.0, 75.0, 5.0), Box(120.0, 75.0, 9.0, 9.0, 0.0))
    scene.regions.select((first, second))
    scene.drag(scene.at(80, 75), scene.at(90, 85))
    assert scene.regions.selection == {first, second}
    assert (scene.shape(first).x, scene.shape(second).x) == pytest.approx((90.0, 130.0))
    assert scene.regions.undo_label == "Move 2 regions"
    scene.click(scene.at(90, 85))
    assert scene.regions.selection == {first}


def test_smallest_of_several_is_taken(scene) -> None:
    _, small, _ = scene.put(Circle(100, 75, 8.0), Circle(100, 75, 3.0), Circle(100, 75, 20.0))
    scene.click(scene.at(100, 75))
    assert scene.regions.selection == {small}


def test_rubber_band_adds_what_lies_wholly_in_it(scene) -> None:
    first, second, third = scene.put(
        Circle(80.0, 75.0, 5.0), Circle(120.0, 75.0, 5.0), Circle(150.0, 75.0, 5.0)
    )
    scene.regions.select((third,))
    scene.drag(scene.at(60, 60), scene.at(122, 90), SHIFT)
    assert scene.regions.selection == {first, third}
    scene.drag(scene.at(130, 90), scene.at(60, 60), SHIFT)
    assert scene.regions.selection == {first, second, third}
    assert scene.regions.undo_count == 1


def test_what_the_file_forbids_is_not_done(scene) -> None:
    fixed, hidden, kept, whole = scene.put(*(Circle(x, 75.0, 5.0) for x in (70, 90, 110, 130)))
    words = ("move", "select", "delete", "edit")
    for ident, word in zip((fixed, hidden, kept, whole), words, strict=True):
        entry = replace(scene.regions.entries[ident], properties={word: "0"})
        scene.regions.edit("Lock", {ident: entry})
    steps = scene.regions.undo_count
    scene.drag(scene.at(70, 75), scene.at(75, 90))
    assert scene.shape(fixed).y == 75.0
    scene.click(scene.at(90, 75))
    assert scene.regions.selection == set()
    scene.click(scene.at(110, 75))
    scene.hand.delete_selected()
    assert kept in scene.regions.entries
    scene.click(scene.at(130, 75))
    assert scene.hand.layer.grips() == ()
    assert scene.regions.undo_count == steps


def test_what_is_only_kept_can_be_selected_and_deleted_but_not_moved(scene) -> None:
    (ident,) = scene.put(Sketch((((90.0, 70.0), (110.0, 70.0)), ((90.0, 80.0), (110.0, 80.0)))))
    scene.drag(scene.at(100, 70), scene.at(120, 90))
    assert scene.regions.selection == {ident}
    assert scene.shape(ident).paths[0][0] == (90.0, 70.0)
    scene.hand.delete_selected()
    assert len(scene.regions) == 0
    assert scene.regions.undo_label == "Delete sketch"


def test_drag_is_one_step_and_lands_where_it_was_dragged(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.drag(scene.at(101, 75), scene.at(111, 70))
    assert (scene.shape(ident).x, scene.shape(ident).y) == pytest.approx((110.0, 70.0))
    assert scene.regions.undo_label == "Move circle"
    scene.regions.undo()
    assert scene.shape(ident) == Circle(100.0, 75.0, 5.0)


@pytest.mark.parametrize("zoom", [1 / 64, 0.25, 1.0, 8.0, 128.0])
@pytest.mark.parametrize("flips", [(False, False), (True, False), (True, True)])
def test_side_follows_the_pointer_at_every_zoom(scene, zoom, flips) -> None:
    size = 240.0 / zoom
    (ident,) = scene.put(Box(100.0, 75.0, size, size, 0.0))
    scene.regions.select((ident,))
    scene.view.flip(*flips)
    scene.view.set_zoom(zoom)
    start = scene.grip("size 0 +1 +0")
    end = start + QPoint(-16 if flips[0] else 16, 3)
    scene.drag(start, end)
    assert scene.shape(ident).width == pytest.approx(size + 16 / zoom)
    assert scene.shape(ident).height == size
    assert scene.shape(ident).x == pytest.approx(100.0 + 8 / zoom)
    assert scene.regions.undo_label == "Resize box"


@pytest.mark.parametrize("shift", [(-6, -6), (6, 0), (0, 6), (6, 6)])
def test_handle_is_taken_in_a_square_of_twelve_pixels(scene, shift) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 20.0))
    scene.regions.select((ident,))
    assert 2 * HIT_PX >= 12.0
    start = scene.grip("size 0 +1 +0") + QPoint(*shift)
    # Taken beside its middle, the handle does not jump to the pointer.
    scene.drag(start, start + QPoint(40, 0))
    assert scene.shape(ident).r == pytest.approx(30.0, abs=0.1)


def test_small_region_can_still_be_moved_by_its_middle(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 10.0))
    scene.regions.select((ident,))
    scene.view.set_zoom(0.25)
    assert len(scene.hand.layer.grips()) == 4
    start = scene.at(100, 75)
    scene.drag(start, start + QPoint(25, 0))
    assert scene.shape(ident).r == 10.0
    assert scene.shape(ident).x == pytest.approx(200.0)


def test_turn_handle_turns_and_shift_snaps(scene) -> None:
    (ident,) = scene.put(Ellipse(100.0, 75.0, 20.0, 10.0, 0.0))
    scene.regions.select((ident,))
    scene.drag(scene.grip("turn"), scene.at(100, 115))
    assert scene.shape(ident).angle == pytest.approx(90.0)
    assert scene.regions.undo_label == "Turn ellipse"
    scene.drag(scene.grip("turn"), scene.at(104, 113), SHIFT)
    assert scene.shape(ident).angle == pytest.approx(90.0)


def test_ring_is_sized_from_both_sides_and_stays_a_ring(scene) -> None:
    (ident,) = scene.put(Annulus(100.0, 75.0, 10.0, 20.0))
    scene.regions.select((ident,))
    scene.drag(scene.grip("size 0 +1 +0"), scene.at(140, 75))
    assert scene.shape(ident).r_in == pytest.approx(19.9)
    scene.regions.undo()
    scene.drag(scene.grip("size 1 +1 +0"), scene.at(130, 75))
    assert scene.shape(ident) == Annulus(100.0, 75.0, 10.0, pytest.approx(30.0))


def test_vertex_moves_comes_and_goes(scene) -> None:
    (ident,) = scene.put(Polygon(((80.0, 60.0), (120.0, 60.0), (100.0, 95.0))))
    scene.regions.select((ident,))
    scene.drag(scene.grip("vertex 1"), scene.at(125, 65))
    assert scene.shape(ident).points[1] == pytest.approx((125.0, 65.0))
    scene.regions.undo()
    scene.click(scene.at(100, 60), CTRL)
    assert len(scene.shape(ident).points) == 4
    assert scene.regions.undo_label == "Add corner to polygon"
    scene.hover(scene.grip("vertex 1"))
    scene.hand.delete_selected()
    assert len(scene.shape(ident).points) == 3
    scene.hover(scene.grip("vertex 1"))
    scene.hand.delete_selected()
    assert len(scene.shape(ident).points) == 3
    scene.hover(scene.at(150, 100))
    scene.hand.delete_selected()
    assert len(scene.regions) == 0


def test_ends_of_lines_and_vectors_move(scene) -> None:
    line, vector = scene.put(Line(80, 60, 120, 60), Vector(80, 90, 30, 0.0))
    scene.regions.select((line, vector))
    grips = scene.hand.layer.grips()
    ends = {(g.ident, g.handle.name): g.place.toPoint() for g in grips}
    scene.drag(ends[line, "end"], scene.at(120, 80))
    assert scene.shape(line) == Line(80, 60, pytest.approx(120.0), pytest.approx(80.0))
    scene.drag(ends[vector, "end"], scene.at(80, 110))
    assert scene.shape(vector) == Vector(80, 90, pytest.approx(20.0), pytest.approx(90.0))


def test_escape_takes_a_drag_back_and_the_rest_of_it_does_nothing(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    camera = scene.view.camera
    scene.press(scene.at(100, 75))
    scene.go(scene.at(120, 75))
    assert scene.shape(ident).x == pytest.approx(120.0)
    scene.key(Qt.Key.Key_Escape)
    assert scene.shape(ident) == Circle(100.0, 75.0, 5.0)
    assert not scene.regions.is_dragging
    scene.go(scene.at(130, 90))
    scene.let_go(scene.at(130, 90))
    assert scene.shape(ident) == Circle(100.0, 75.0, 5.0)
    assert scene.view.camera == camera
    assert scene.regions.selection == {ident}
    assert scene.regions.undo_label == "Add"


def test_escape_gives_up_tool_then_selection(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.regions.select((ident,))
    scene.hand.set_tool("box")
    scene.key(Qt.Key.Key_Escape)
    assert (scene.hand.tool, scene.regions.selection) == ("select", {ident})
    scene.key(Qt.Key.Key_Escape)
    assert scene.regions.selection == set()
    assert scene.hand.cancel() is False


def test_undo_in_the_middle_of_a_drag_ends_it(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.press(scene.at(100, 75))
    scene.go(scene.at(120, 75))
    scene.regions.undo()
    scene.go(scene.at(125, 75))
    scene.let_go(scene.at(125, 75))
    assert scene.shape(ident) == Circle(100.0, 75.0, 5.0)
    assert scene.regions.redo_label is None


def test_drag_ends_quietly_when_its_region_goes(scene) -> None:
    ident, other = scene.put(Circle(100.0, 75.0, 5.0), Circle(150.0, 75.0, 5.0))
    scene.press(scene.at(100, 75))
    scene.go(scene.at(120, 75))
    scene.regions.remove((ident,), "Remove")
    scene.go(scene.at(125, 75))
    scene.let_go(scene.at(125, 75))
    assert set(scene.regions.entries) == {other}
    assert not scene.regions.is_dragging


def test_drag_ends_when_the_view_is_hidden(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.press(scene.at(100, 75))
    scene.go(scene.at(120, 75))
    scene.view.hide()
    assert not scene.regions.is_dragging
    assert scene.shape(ident).x == pytest.approx(120.0)


def test_live_frames_never_move_what_is_dragged(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    heard = []
    scene.press(scene.at(100, 75))
    scene.go(scene.at(110, 75))
    scene.regions.changed.connect(heard.append)
    for level in range(5):
        codes = np.full((150, 200), 40 * level)
        scene.view.set_picture(picture_over(codes, (0.0, 0.0, 200.0, 150.0)), level)
        scene.view.grab()
        scene.view.set_frame_shape((150 - level, 200))
    assert heard == []
    assert scene.shape(ident).x == pytest.approx(110.0)
    scene.go(scene.at(120, 75))
    scene.let_go(scene.at(120, 75))
    assert scene.shape(ident).x == pytest.approx(120.0)
    assert [change.source for change in heard] == [scene.hand]


def test_zoom_during_a_drag_keeps_the_region_under_the_pointer(scene) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.press(scene.at(100, 75))
    scene.go(scene.at(110, 75))
    scene.view.set_zoom(8.0)
    scene.go(scene.at(105, 70))
    scene.let_go(scene.at(105, 70))
    assert scene.shape(ident) == Circle(pytest.approx(105.0), pytest.approx(70.0), 5.0)


@pytest.mark.parametrize("kind", [kind for kind in DRAWN_KINDS if kind != "polygon"])
def test_drag_draws_each_kind(scene, kind, qtbot) -> None:
    scene.hand.set_tool(kind)
    scene.drag(scene.at(90, 70), scene.at(110, 85))
    (entry,) = scene.regions.entries.values()
    r = math.hypot(20.0, 15.0)
    drawn = {
        "circle": Circle(90, 70, r),
        "ellipse": Ellipse(90, 70, 20, 15),
        "box": Box(100, 77.5, 20, 15),
        "line": Line(90, 70, 110, 85),
        "point": Point(110, 85),
        "annulus": Annulus(90, 70, r / 2, r),
        "ellipse annulus": EllipseAnnulus(90, 70, 10, 7.5, 20, 15),
        "box annulus": BoxAnnulus(90, 70, 20, 15, 40, 30),
        "vector": Vector(90, 70, r, math.degrees(math.atan2(15, 20))),
        "text": Text(110, 85),
        "ruler": Ruler(90, 70, 110, 85),
    }
    assert type(entry.shape) is type(drawn[kind])
    assert entry.shape.bounds() == pytest.approx(drawn[kind].bounds(), abs=1e-9)
    assert entry.system == "image"
    assert scene.hand.tool == "select"
    assert len(scene.regions.selection) == 1
    assert (scene.regions.undo_label, scene.regions.undo_count) == (f"Draw {kind}", 1)
    scene.regions.undo()
    assert len(scene.regions) == 0


@pytest.mark.parametrize(("zoom", "radius"), [(4.0, 10.0), (0.25, 80.0), (32.0, 20 / 32)])
def test_click_draws_a_size_that_is_well_seen(scene, zoom, radius) -> None:
    scene.view.set_zoom(zoom)
    scene.hand.set_tool("circle")
    scene.click(scene.at(100, 75))
    (entry,) = scene.regions.entries.values()
    assert entry.shape.r == pytest.approx(radius)


def test_shift_draws_a_circle_like_ellipse(scene) -> None:
    scene.hand.set_tool("ellipse")
    scene.drag(scene.at(90, 70), scene.at(110, 75), SHIFT)
    (entry,) = scene.regions.entries.values()
    assert (entry.shape.a, entry.shape.b) == pytest.approx((20.0, 20.0))


def test_ctrl_draws_the_last_kind_inside_another_region(scene) -> None:
    (outer,) = scene.put(Circle(100.0, 75.0, 30.0))
    scene.hand.set_tool("box")
    scene.key(Qt.Key.Key_Escape)
    scene.drag(scene.at(95, 70), scene.at(105, 80), CTRL)
    assert scene.shape(outer) == Circle(100.0, 75.0, 30.0)
    _, entry = scene.regions.entries.values()
    assert entry.shape == Box(*(pytest.approx(value) for value in (100, 75, 10, 10)), 0.0)


def test_escape_while_drawing_leaves_nothing(scene) -> None:
    (ident,) = scene.put(Circle(50.0, 75.0, 5.0))
    scene.regions.select((ident,))
    scene.hand.set_tool("circle")
    scene.press(scene.at(100, 75))
    scene.go(scene.at(120, 75))
    assert len(scene.regions) == 2
    scene.key(Qt.Key.Key_Escape)
    scene.let_go(scene.at(120, 75))
    assert set(scene.regions.entries) == scene.regions.selection == {ident}
    assert scene.hand.tool == "circle"
    assert scene.regions.undo_label == "Add"


def test_tool_that_stays_draws_one_after_the_other(scene) -> None:
    told = []
    scene.hand.toolChanged.connect(told.append)
    scene.hand.set_tool("circle", stays=True)
    for x in (60, 100, 140):
        scene.drag(scene.at(x, 75), scene.at(x + 5, 75))
    assert len(scene.regions) == 3
    assert (scene.hand.tool, scene.hand.stays) == ("circle", True)
    scene.hand.set_tool("select")
    assert told == ["circle", "select"]


def test_unknown_tool_is_refused(scene) -> None:
    with pytest.raises(ValueError, match="panda cannot be drawn"):
        scene.hand.set_tool("panda")


def test_text_is_placed_and_asks_for_its_words(scene, qtbot) -> None:
    scene.hand.set_tool("text")
    with qtbot.waitSignal(scene.hand.editRequested) as asked:
        scene.click(scene.at(100, 75))
    entry = scene.regions.entries[asked.args[0]]
    assert (entry.kind, entry.text) == ("text", "Text")
    assert (entry.shape.x, entry.shape.y) == pytest.approx((100.0, 75.0), abs=0.2)


CORNERS = ((80, 60), (120, 60), (120, 90), (80, 90))


def click_corners(scene, corners=CORNERS) -> None:
    scene.hand.set_tool("polygon")
    for corner in corners:
        scene.click(scene.at(*corner))


def close_by_enter(scene) -> None:
    scene.key(Qt.Key.Key_Return)


def close_by_first_corner(scene) -> None:
    scene.click(scene.at(*CORNERS[0]))


def close_by_double_click(scene) -> None:
    QTest.mouseDClick(scene.view.viewport(), LEFT, pos=scene.at(*CORNERS[-1]))


@pytest.mark.parametrize("close", [close_by_enter, close_by_first_corner, close_by_double_click])
def test_polygon_is_clicked_together_and_closed(scene, close) -> None:
    click_corners(scene)
    assert len(scene.regions) == 0
    close(scene)
    (entry,) = scene.regions.entries.values()
    assert np.array(entry.shape.points) == pytest.approx(np.array(CORNERS, float), abs=0.2)
    assert (scene.regions.undo_label, scene.hand.tool) == ("Draw polygon", "select")


def test_backspace_takes_a_corner_back_and_escape_all(scene) -> None:
    click_corners(scene)
    scene.key(Qt.Key.Key_Backspace)
    scene.key(Qt.Key.Key_Enter)
    assert [len(entry.shape.points) for entry in scene.regions.entries.values()] == [3]
    click_corners(scene, ((20, 20), (30, 20)))
    scene.key(Qt.Key.Key_Return)
    scene.key(Qt.Key.Key_Escape)
    assert scene.hand.tool == "polygon"
    scene.key(Qt.Key.Key_Escape)
    assert scene.hand.tool == "select"
    assert len(scene.regions) == 1


def test_keys_of_a_drawing_are_not_those_of_the_menu(scene, qtbot) -> None:
    window, fired = QMainWindow(), []
    qtbot.addWidget(window)
    window.setCentralWidget(scene.view)
    scene.window = window  # the view goes with it
    action = QAction("Delete", window)
    action.setShortcuts([QKeySequence("Backspace"), QKeySequence("Escape")])
    action.triggered.connect(fired.append)
    window.addAction(action)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    scene.view.setFocus()
    click_corners(scene, CORNERS[:2])
    scene.key(Qt.Key.Key_Backspace)
    scene.key(Qt.Key.Key_Escape)
    scene.key(Qt.Key.Key_Escape)
    assert (fired, scene.hand.tool) == ([], "select")
    scene.key(Qt.Key.Key_Backspace)
    scene.key(Qt.Key.Key_Escape)
    assert fired == [False, False]


def test_delete_names_what_goes(scene) -> None:
    scene.regions.select(scene.put(Circle(100.0, 75.0, 5.0), BoxAnnulus(50, 50, 4, 4, 8, 8)))
    scene.hand.delete_selected()
    assert scene.regions.undo_label == "Delete 2 regions"
    assert len(scene.regions) == 0


def test_double_click_asks_to_edit(scene, qtbot) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    with qtbot.waitSignal(scene.hand.editRequested) as asked:
        QTest.mouseDClick(scene.view.viewport(), LEFT, pos=scene.at(100, 75))
    assert asked.args == [ident]
    with qtbot.waitSignal(scene.view.doubleClicked):
        QTest.mouseDClick(scene.view.viewport(), LEFT, pos=scene.at(50, 50))


def test_right_click_asks_for_the_menu_and_a_right_drag_for_contrast(scene, qtbot) -> None:
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    with qtbot.waitSignal(scene.hand.menuRequested) as asked:
        scene.click(scene.at(100, 75), button=RIGHT)
    assert asked.args == [scene.view.viewport().mapToGlobal(scene.at(100, 75)), ident]
    assert scene.regions.selection == {ident}
    menus = []
    scene.hand.menuRequested.connect(lambda *args: menus.append(args))
    with qtbot.waitSignal(scene.view.contrastChanged):
        scene.press(scene.at(100, 75), button=RIGHT)
        scene.go(scene.at(120, 90), buttons=RIGHT)
        scene.let_go(scene.at(120, 90), button=RIGHT)
    assert menus == []


def test_empty_place_pans_as_before(scene) -> None:
    scene.put(Circle(100.0, 75.0, 5.0))
    camera = scene.view.camera
    start = scene.at(60, 60)
    scene.drag(start, start + QPoint(40, 0))
    assert scene.view.camera.x == camera.x - 10.0


def test_pointer_tells_what_a_press_would_do(scene) -> None:
    (ident,) = scene.put(Box(100.0, 75.0, 40.0, 30.0, 0.0))
    scene.regions.select((ident,))

    def shape_at(position: QPoint) -> Qt.CursorShape:
        scene.hover(position)
        return scene.view.viewport().cursor().shape()

    assert shape_at(scene.at(100, 75)) == Qt.CursorShape.SizeAllCursor
    assert shape_at(scene.grip("size 0 +1 +0")) == Qt.CursorShape.SizeHorCursor
    assert shape_at(scene.grip("size 0 +0 +1")) == Qt.CursorShape.SizeVerCursor
    assert shape_at(scene.grip("size 0 +1 +1")) == Qt.CursorShape.SizeBDiagCursor
    assert shape_at(scene.grip("size 0 -1 +1")) == Qt.CursorShape.SizeFDiagCursor
    assert shape_at(scene.grip("turn")) == Qt.CursorShape.BitmapCursor
    assert shape_at(scene.at(60, 60)) == Qt.CursorShape.CrossCursor
    scene.view.flip(True, False)
    assert shape_at(scene.grip("size 0 +1 +1")) == Qt.CursorShape.SizeFDiagCursor


def test_theme_of_the_view_is_that_of_the_regions(scene) -> None:
    scene.put(Circle(100.0, 75.0, 20.0))
    scene.view.set_roles(THEMES["red"])
    image = scene.view.grab().toImage()
    at = scene.at(120, 75)
    colours = [image.pixelColor(at.x() + step, at.y()) for step in (-1, 0, 1)]
    assert max(colour.red() for colour in colours) > 100
    assert max(colour.green() for colour in colours) < 70


def test_two_hands_share_the_regions(scene, qtbot) -> None:
    other = FrameView()
    qtbot.addWidget(other)
    other.set_frame_shape((150, 200))
    hand = RegionHand(other, scene.regions, other)
    (ident,) = scene.put(Circle(100.0, 75.0, 5.0))
    scene.drag(scene.at(100, 75), scene.at(110, 75))
    assert scene.shape(ident).x == pytest.approx(110.0)
    assert [grip.ident for grip in hand.layer.grips()] == [ident] * 4
    hand.close()
