"""The timeline: curve, cursor, range, gaps, slider."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.theme import THEMES
from nightglass.gui.timeline import Timeline
from nightglass.gui.timeline_curves import with_holes
from nightglass.gui.timeline_marks import GapMark
from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QHelpEvent, QImage, QMouseEvent, QTransform
from PyQt6.QtWidgets import QApplication, QToolTip


@pytest.fixture
def timeline(qtbot):
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(900, 240)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def filled(timeline, qtbot):
    seconds = np.arange(1000) * 0.01
    timeline.set_labels("Mean", "ADU", "2025-12-10T03:15:00.069600")
    timeline.set_times(seconds)
    timeline.set_curve(seconds, np.sin(seconds))
    timeline.set_frame(0)
    qtbot.waitUntil(lambda: timeline.plot.isVisible() and timeline._box.width() > 500)
    timeline.fit()
    return timeline


def place_of(timeline, seconds) -> QPoint:
    """Point of the plot's viewport where a time is drawn."""
    low, high = timeline._box.viewRange()[1]
    scene = timeline._box.mapViewToScene(QPointF(seconds, (low + high) / 2))
    return timeline.plot.mapFromScene(scene)


def move_held(widget, point):
    """Move the pointer with the left button down, which QTest does not tell."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(widget.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def test_empty_timeline_offers_to_open(timeline, qtbot):
    assert timeline.empty.isVisible()
    with qtbot.waitSignal(timeline.actionRequested) as got:
        qtbot.mouseClick(timeline.empty.buttons["file.follow"], Qt.MouseButton.LeftButton)
    assert got.args == ["file.follow"]


def test_filled_timeline_shows_the_whole_capture(filled):
    (left, right), _ = filled._box.viewRange()
    assert not filled.empty.isVisible()
    assert (left, right) == pytest.approx((-0.005, 9.995))


def test_axis_names_unit_and_start(filled):
    bottom = filled.axes["bottom"].labelText
    assert bottom == "Seconds since 2025-12-10 03:15:00.069600 UTC"
    assert filled.axes["left"].labelUnits == "ADU"


def test_setters_emit_nothing(filled, qtbot):
    with (
        qtbot.assertNotEmitted(filled.frameRequested),
        qtbot.assertNotEmitted(filled.rangeChanged),
    ):
        filled.set_frame(500)
        filled.set_range((100, 200))
        filled.set_range(None)
        filled.set_times(np.arange(1010) * 0.01, kept=1000)
        filled.set_gaps([GapMark(3, 2)])


def test_cursor_stands_on_the_frame_shown(filled):
    filled.set_frame(250)
    assert filled._cursor.value() == pytest.approx(2.5)
    assert filled.scrubber.value() == 250


def test_click_asks_for_the_nearest_frame(filled, qtbot):
    with qtbot.waitSignal(filled.frameRequested) as got:
        qtbot.mouseClick(
            filled.plot.viewport(), Qt.MouseButton.LeftButton, pos=place_of(filled, 6.0)
        )
    assert abs(got.args[0] - 600) <= 2


def test_dragged_cursor_asks_for_frames_and_stays_under_the_hand(filled, qtbot):
    filled.set_frame(300)
    viewport, start, end = filled.plot.viewport(), place_of(filled, 3.0), place_of(filled, 5.0)
    asked = []
    filled.frameRequested.connect(asked.append)
    qtbot.mouseMove(viewport, start)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    steps = iter(range(1, 1000))

    def drags_there():
        part = min(1.0, next(steps) / 10)
        move_held(viewport, start + (end - start) * part)
        if asked:
            filled.set_frame(0)
        return bool(asked) and abs(asked[-1] - 500) < 10

    qtbot.waitUntil(drags_there)
    assert filled._cursor.value() == pytest.approx(5.0, abs=0.1)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)


def test_keys_on_the_slider_step_frames(filled, qtbot):
    filled.set_frame(100)
    for key, frame in (
        (Qt.Key.Key_Right, 101),
        (Qt.Key.Key_Left, 99),
        (Qt.Key.Key_PageUp, 200),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 999),
    ):
        filled.set_frame(100)
        with qtbot.waitSignal(filled.frameRequested) as got:
            qtbot.keyClick(filled.scrubber, key)
        assert got.args == [frame]


def test_click_on_the_slider_jumps_there(filled, qtbot):
    with qtbot.waitSignal(filled.frameRequested) as got:
        qtbot.mouseClick(
            filled.scrubber,
            Qt.MouseButton.LeftButton,
            pos=QPoint(filled.scrubber.width() // 2, filled.scrubber.height() // 2),
        )
    assert abs(got.args[0] - 500) < 20


def test_slider_in_the_hand_is_not_moved(filled, qtbot):
    middle = QPoint(filled.scrubber.width() // 2, filled.scrubber.height() // 2)
    qtbot.mousePress(filled.scrubber, Qt.MouseButton.LeftButton, pos=middle)
    held = filled.scrubber.value()
    filled.set_times(np.arange(2000) * 0.01, kept=1000)
    filled.set_frame(3)
    assert filled.scrubber.value() == held
    assert filled.scrubber.maximum() == 999
    qtbot.mouseRelease(filled.scrubber, Qt.MouseButton.LeftButton, pos=middle)
    assert filled.scrubber.maximum() == 1999


def test_growing_capture_stays_in_view_until_the_hand_zooms(filled):
    filled.set_times(np.arange(2000) * 0.01, kept=1000)
    assert filled._box.viewRange()[0][1] == pytest.approx(19.995)
    filled._box.setXRange(2, 4, padding=0)
    filled._box.sigRangeChangedManually.emit([True, False])
    filled.set_times(np.arange(3000) * 0.01, kept=2000)
    assert filled._box.viewRange()[0] == pytest.approx([2, 4])


def test_double_click_shows_everything_again(filled, qtbot):
    filled._box.setXRange(2, 4, padding=0)
    filled._box.sigRangeChangedManually.emit([True, False])
    viewport, place = filled.plot.viewport(), place_of(filled, 3)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: filled._box.viewRange()[0][1] > 9)


def test_dragged_range_is_told_in_frames(filled, qtbot):
    filled.set_range((200, 400))
    with qtbot.waitSignal(filled.rangeChanged) as got:
        filled._span.item.setRegion((1.0, 7.0))
    assert got.args == [100, 700]


def test_what_is_not_played_is_veiled_on_top_of_the_curve(filled):
    filled.set_roles(THEMES["dark"])
    whole = brightness(filled)
    filled.set_range((200, 400))
    played = brightness(filled)
    inside, outside = place_of(filled, 3.0).x(), place_of(filled, 6.0).x()
    assert (played[:, inside] == whole[:, inside]).all()
    assert played[:, outside].max() < 0.7 * whole[:, outside].max()
    filled.set_range(None)
    assert (brightness(filled)[:, outside] == whole[:, outside]).all()


def brightness(timeline):
    """Grey levels of the box between the axes, and all to its left, shape (rows, columns)."""
    bottom = int(timeline._box.mapRectToScene(timeline._box.boundingRect()).bottom())
    image = timeline.plot.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    levels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), np.uint8)
    return levels.reshape(image.height(), -1)[:bottom, : image.width()].astype(int)


def test_the_edges_under_the_pointer_stay_thin(filled):
    edges = (filled._cursor, *filled._span.item.lines)
    assert all(edge.hoverPen.isCosmetic() for edge in edges)
    assert all(edge.hoverPen.widthF() <= 3 for edge in edges)


def test_the_number_at_the_top_of_the_axis_is_whole(filled):
    top = filled._box.mapRectToScene(filled._box.boundingRect()).top()
    assert top >= filled.plot.fontMetrics().height() // 2


def test_gap_lies_between_its_frames_and_says_what_is_missing(filled, qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda *args: said.append(args[1]))
    seconds = np.concatenate([np.arange(500) * 0.01, 8 + np.arange(500) * 0.01])
    filled.set_times(seconds)
    filled.set_gaps([GapMark(499, 301, "missing cube")])
    assert [filled._gap_item.gap_at(x, 0.0) for x in (4.98, 5.0, 7.99, 8.01)] == [None, 0, 0, None]
    hover(filled, 6.0)
    hover(filled, 2.0)
    assert said == ["301 frames missing after frame 500 (missing cube)", ""]


def hover(timeline, seconds):
    place = place_of(timeline, seconds)
    event = QHelpEvent(QEvent.Type.ToolTip, place, timeline.plot.mapToGlobal(place))
    QApplication.sendEvent(timeline.plot.viewport(), event)


def test_gap_of_one_frame_is_still_seen(filled, qtbot):
    roles = THEMES["dark"]
    filled.set_roles(roles)
    before = filled.plot.grab().toImage()
    filled.set_gaps([GapMark(500, 1)])
    after = filled.plot.grab().toImage()
    place = place_of(filled, 5.005)
    column = [place.x() + dx for dx in (-2, -1, 0, 1, 2)]
    changed = [
        x for x in column if before.pixelColor(x, 20).name() != after.pixelColor(x, 20).name()
    ]
    assert changed


def test_gap_waits_for_the_frame_behind_it(filled):
    filled.set_gaps([GapMark(3, 1), GapMark(999, 7)])
    assert filled._gap_item.gap_at(0.035, 0.0) == 0
    assert filled._gap_item.gap_at(9.99, 0.0) is None
    filled.set_times(np.append(np.arange(1000) * 0.01, 12.0), kept=1000)
    assert filled._gap_item.gap_at(11.0, 0.0) == 1


def test_thousands_of_gaps_are_painted_as_few_stretches(filled):
    filled.set_gaps([GapMark(frame, 2) for frame in range(0, 999, 2)])
    assert filled._gap_item.gap_at(4.005, 0.0) == 200
    world = QTransform.fromScale(100.0, 1.0)
    filled._gap_item.set_view(QRectF(0.0, 0.0, 10.0, 50.0))
    rects = filled._gap_item.rects(world)
    assert len(rects) == 1
    assert (rects[0].left(), rects[0].right()) == pytest.approx((-1.0, 1000.0), abs=3.0)
    filled._gap_item.set_view(QRectF(5.005, 0.0, 0.09, 50.0))
    near = filled._gap_item.rects(QTransform.fromScale(1e4, 1.0))
    assert [rect.width() for rect in near] == pytest.approx([100.0] * 5)


def test_nearest_frame_of_times_between_and_outside(filled):
    assert filled.frame_at(-5) == 0
    assert filled.frame_at(0.0149) == 1
    assert filled.frame_at(0.0151) == 2
    assert filled.frame_at(99) == 999


def test_single_frame_is_enough(timeline):
    timeline.set_times([0.0])
    timeline.set_curve([0.0], [5.0])
    timeline.set_frame(0)
    assert timeline.frame_at(3.0) == 0


def test_cleared_timeline_is_empty_again(filled):
    filled.clear()
    assert filled.n_frames == 0
    assert filled.empty.isVisible()


def test_curve_of_a_million_frames_is_drawn_with_few_points(timeline):
    seconds = np.arange(1_000_000) * 1e-3
    timeline.set_times(seconds)
    timeline.set_curve(seconds, np.sin(seconds))
    x, _ = timeline._curve.getData()
    assert 0 < len(x) < 5000


def test_line_is_broken_where_time_jumps():
    x, y = with_holes(np.array([0.0, 1, 2, 3, 50, 51]), np.ones(6))
    assert np.flatnonzero(np.isnan(y)).tolist() == [4]
    assert len(x) == 7


@pytest.mark.parametrize("name", THEMES)
def test_colours_follow_the_theme(filled, name):
    filled.set_roles(THEMES[name])
    image = filled.plot.grab().toImage()
    colours = {image.pixelColor(x, 30).name() for x in range(0, image.width(), 3)}
    assert THEMES[name].panel in colours
