"""Magnifier, panner, empty state and title of the frame view."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.frame.magnifier import Magnifier
from nightglass.gui.frame.panner import Panner
from nightglass.gui.frame.view import FrameView
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest


def test_magnifier_asks_for_the_pixels_around_the_pointer(view, qtbot) -> None:
    view.set_zoom(4.0)
    view.show_magnifier(True)
    with qtbot.waitSignal(view.magnifierRequested) as caught:
        view.hover(QPointF(130.0, 140.0))
    seen = caught.args[0]
    x, y = view.image_at(QPointF(130.0, 140.0))
    assert seen.zoom == 16.0
    assert seen.centre == pytest.approx((x + 0.5, y + 0.5), abs=0.5 / 16.0)


def test_magnifier_enlarges_a_small_picture_of_a_big_frame_enough(view, qtbot) -> None:
    view.set_frame_shape((4000, 4000))
    view.show_magnifier(True)
    with qtbot.waitSignal(view.magnifierRequested) as caught:
        view.hover(QPointF(100.0, 100.0))
    assert caught.args[0].zoom == 8.0


def test_hidden_magnifier_asks_for_nothing(view, qtbot, make_picture) -> None:
    asked = []
    view.magnifierRequested.connect(asked.append)
    view.hover(QPointF(130.0, 140.0))
    view.set_picture(make_picture(np.zeros((10, 20)), (0, 0, 200, 100)))
    with qtbot.waitSignal(view.viewportChanged):
        view.centre_on(3.0, 4.0)
    assert asked == []


def test_new_frame_refreshes_the_magnifier(view, qtbot, make_picture) -> None:
    view.show_magnifier(True)
    with qtbot.waitSignal(view.magnifierRequested):
        pass
    with qtbot.waitSignal(view.magnifierRequested):
        view.set_picture(make_picture(np.zeros((10, 20)), (0, 0, 200, 100)))


def test_magnifier_paints_its_pixels_around_the_pointed_one(view, make_picture) -> None:
    view.show_magnifier(True)
    view.set_zoom(4.0)
    view.nudge_cursor(0, 0)
    codes = np.zeros((100, 200))
    x, y = view.marker
    codes[int(y) + 2, int(x) + 3] = 16000
    view.set_magnifier_picture(make_picture(codes[::-1], (0, 0, 200, 100)))
    magnifier = view.findChild(Magnifier)
    image = magnifier.grab().toImage()
    lit = magnifier.projection.to_device(x + 3, y + 2)
    assert image.pixelColor(round(lit[0]), round(lit[1])).lightness() > 200


def test_panner_asks_for_the_whole_frame(view, qtbot) -> None:
    with qtbot.waitSignal(view.pannerRequested) as caught:
        view.show_panner(True)
    seen = caught.args[0]
    assert (seen.left, seen.right, seen.bottom, seen.top) == pytest.approx((0, 200, 0, 100))


def test_panner_shows_which_part_is_on_the_screen(view) -> None:
    view.show_panner(True)
    view.set_zoom(8.0)
    view.centre_on(100.0, 50.0)
    rect = view.findChild(Panner).part_rect()
    # 400 px at zoom 8 show 50 of 200 columns; the panner is 192 px wide.
    assert rect.width() == pytest.approx(50 / 200 * 192, abs=1.0)


def test_press_in_the_panner_centres_there(view) -> None:
    view.set_zoom(8.0)
    view.show_panner(True)
    panner = view.findChild(Panner)
    QTest.mouseClick(panner, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert (view.camera.x, view.camera.y) == pytest.approx((10 / 0.96 - 0.5, 89.1), abs=0.6)


def test_dragging_the_panner_moves_by_the_distance(view) -> None:
    view.set_zoom(8.0)
    view.centre_on(100.0, 50.0)
    view.show_panner(True)
    panner = view.findChild(Panner)
    start = panner.part_rect().center().toPoint()
    QTest.mousePress(panner, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(panner, start + QPoint(24, 0))
    QTest.mouseRelease(panner, Qt.MouseButton.LeftButton, pos=start + QPoint(24, 0))
    assert view.camera.x == pytest.approx(100.0 + 24 / 0.96, abs=0.1)
    assert view.camera.y == pytest.approx(50.0, abs=0.1)


def test_corners_stay_in_the_corners(view) -> None:
    view.show_magnifier(True)
    view.show_panner(True)
    view.resize(640, 480)
    magnifier, panner = view.findChild(Magnifier), view.findChild(Panner)
    assert magnifier.geometry().topRight() == QPoint(631, 8)
    assert panner.geometry().bottomRight() == QPoint(631, 471)


def test_empty_view_offers_to_open_and_to_follow(qtbot) -> None:
    view = FrameView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.show()
    qtbot.waitExposed(view)
    for name, signal in (("open", view.openRequested), ("follow", view.followRequested)):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(view.empty_state.buttons[name], Qt.MouseButton.LeftButton)


def test_empty_state_goes_with_the_first_frame_and_comes_back(view) -> None:
    assert not view.empty_state.isVisible()
    view.set_frame_shape(None)
    assert view.empty_state.isVisible()


def test_magnifier_gets_out_of_the_way_of_the_pointer(view) -> None:
    view.show_magnifier(True)
    magnifier = view.findChild(Magnifier)
    view.hover(QPointF(magnifier.geometry().center()))
    assert magnifier.x() == 8
    view.hover(QPointF(magnifier.geometry().center()))
    assert magnifier.geometry().right() == view.width() - 9
