"""Mouse habits, with real events."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QGraphicsItem, QGraphicsRectItem

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)


def turn_wheel(view, place: QPoint, notches: int) -> None:
    for _ in range(abs(notches)):
        event = QWheelEvent(
            QPointF(place),
            view.viewport().mapToGlobal(QPointF(place)),
            QPoint(),
            QPoint(0, 120 if notches > 0 else -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)


def drag(view, button, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(view.viewport(), button, pos=start)
    middle = (start + end) / 2
    for place in (middle, end):
        QTest.mouseMove(view.viewport(), place)
    QTest.mouseRelease(view.viewport(), button, pos=end)


@pytest.mark.parametrize("notches", [1, 9, -3])
def test_wheel_zooms_about_the_pointer(view, notches: int) -> None:
    place = QPoint(70, 210)
    before = view.image_at(QPointF(place))
    turn_wheel(view, place, notches)
    assert view.zoom == pytest.approx(2.0 * 2 ** (notches / 4))
    assert view.image_at(QPointF(place)) == pytest.approx(before, abs=0.5 / view.zoom + 0.25)


def test_wheel_turned_to_and_fro_ends_where_it_began(view) -> None:
    start = view.camera
    for notches in (13, -20, 7):
        turn_wheel(view, QPoint(333, 44), notches)
    assert view.zoom == start.zoom
    assert (view.camera.x, view.camera.y) == pytest.approx((start.x, start.y))


def test_middle_click_centres_there(view) -> None:
    x, y = view.image_at(QPointF(300, 100))
    QTest.mouseClick(view.viewport(), MIDDLE, pos=QPoint(300, 100))
    assert (view.camera.x, view.camera.y) == pytest.approx((x, y))


def test_left_drag_pans_by_the_distance(view) -> None:
    start = view.camera
    drag(view, LEFT, QPoint(200, 150), QPoint(240, 120))
    # At zoom 2, 40 px to the right are 20 pixels of the frame, 30 px up are 15.
    assert (view.camera.x, view.camera.y) == (start.x - 20.0, start.y - 15.0)


def test_small_tremble_is_a_click_and_marks_the_place(view, qtbot) -> None:
    camera = view.camera
    with qtbot.waitSignal(view.clicked) as caught:
        drag(view, LEFT, QPoint(200, 150), QPoint(202, 151))
    assert view.camera == camera
    assert caught.args == list(view.image_at(QPointF(202, 151)))
    assert view.marker == tuple(caught.args)


def test_drag_is_not_a_click(view) -> None:
    clicks = []
    view.clicked.connect(lambda *place: clicks.append(place))
    drag(view, LEFT, QPoint(200, 150), QPoint(240, 120))
    assert clicks == []
    assert view.marker is None


def test_crosshair_mode_drags_the_marker_and_leaves_the_camera(view) -> None:
    view.set_pointer_mode("crosshair")
    camera = view.camera
    drag(view, LEFT, QPoint(200, 150), QPoint(260, 90))
    assert view.camera == camera
    assert view.marker == pytest.approx(view.image_at(QPointF(260, 90)))


def test_right_drag_sets_contrast_and_bias_as_in_ds9(view) -> None:
    heard = []
    view.contrastChanged.connect(lambda *values: heard.append(values))
    drag(view, RIGHT, QPoint(200, 150), QPoint(100, 30))
    # DS9: bias = x / width, contrast = 10 y / height, y from the top.
    assert heard[-1] == pytest.approx((1.0, 0.25))
    assert view.colours == ("grey", False, *heard[-1])


def test_right_drag_beyond_the_edge_stays_in_range(view) -> None:
    heard = []
    view.contrastChanged.connect(lambda *values: heard.append(values))
    drag(view, RIGHT, QPoint(200, 150), QPoint(-50, 900))
    assert heard[-1] == (10.0, 0.0)


def test_right_click_alone_changes_nothing(view) -> None:
    colours = view.colours
    QTest.mouseClick(view.viewport(), RIGHT, pos=QPoint(20, 20))
    assert view.colours == colours


def test_pointer_is_told_in_image_coordinates_and_when_it_leaves(view, qtbot) -> None:
    heard = []
    view.cursorMoved.connect(lambda *place: heard.append(place))
    QTest.mouseMove(view.viewport(), QPoint(11, 22))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1] == view.image_at(QPointF(11, 22))
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
    assert heard[-1] == (None, None)


def test_pointer_at_rest_is_told_again_when_the_view_moves(view, qtbot) -> None:
    heard = []
    view.cursorMoved.connect(lambda *place: heard.append(place))
    QTest.mouseMove(view.viewport(), QPoint(31, 42))
    qtbot.waitUntil(lambda: bool(heard))
    view.centre_on(10.0, 10.0)
    assert heard[-1] == view.image_at(QPointF(31, 42))


def test_double_click_asks_about_the_place(view, qtbot) -> None:
    with qtbot.waitSignal(view.doubleClicked) as caught:
        QTest.mouseDClick(view.viewport(), LEFT, pos=QPoint(50, 60))
    assert caught.args == list(view.image_at(QPointF(50, 60)))


def test_nudge_steps_from_pixel_to_pixel_and_tells_it(view, qtbot) -> None:
    view.set_marker(10.3, 20.4)
    with qtbot.waitSignal(view.cursorMoved) as caught:
        view.nudge_cursor(1, 0)
    assert caught.args == [11, 20]
    view.nudge_cursor(0, -10)
    assert view.marker == (11.0, 10.0)


def test_nudge_out_of_sight_brings_the_view_along(view) -> None:
    view.set_zoom(32.0)
    view.set_marker(view.camera.x, view.camera.y)
    view.nudge_cursor(60, 0)
    assert view.camera.x == view.marker[0]


def test_movable_overlay_takes_the_drag_and_the_view_stays(view) -> None:
    item = QGraphicsRectItem(90.0, 40.0, 20.0, 20.0)
    item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
    view.add_overlay(item)
    camera = view.camera
    start = view.widget_at(100.0, 50.0).toPoint()
    drag(view, LEFT, start, start + QPoint(20, 0))
    assert view.camera == camera
    assert item.pos().x() == pytest.approx(10.0, abs=0.6)


def test_screen_pan_looks_one_screen_further(view) -> None:
    start = view.camera
    view.pan_screen(1.0, 0.5)
    assert (view.camera.x, view.camera.y) == (start.x + 200.0, start.y + 75.0)
