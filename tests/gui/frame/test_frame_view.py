"""The frame view: what it paints and which part of the frame it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.picture.codes import BLANK_CODE, SATURATED_CODE
from nightglass.core.picture.colour import colour_table
from nightglass.gui.frame.camera import Camera
from nightglass.gui.frame.view import FrameView
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPen
from PyQt6.QtWidgets import QApplication, QGraphicsRectItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.picture.viewport import Viewport
    from pytestqt.qtbot import QtBot

BRIGHT = 16000


def grabbed(view: FrameView) -> np.ndarray:
    """Red channel of what is on the screen, (rows, columns), top row first."""
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    bits = image.constBits().asarray(image.sizeInBytes())
    pixels = np.frombuffer(bits, np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return ((pixels >> 16) & 0xFF).astype(np.uint8)


def last_viewport(view: FrameView, qtbot: QtBot, act: Callable[[], None]) -> Viewport:
    with qtbot.waitSignal(view.viewportChanged) as caught:
        act()
    return caught.args[0]


def test_first_array_pixel_is_painted_bottom_left(view, make_picture) -> None:
    frame = np.zeros((100, 200), np.uint16)
    frame[0, 0] = BRIGHT
    view.fit()
    view.set_picture(make_picture(frame[::-1], (0, 0, 200, 100)))
    screen = grabbed(view)
    lit = np.argwhere(screen > 200)
    # 200 columns fit 400 pixels at zoom 2; 100 rows leave 50 pixels free above and below.
    assert lit.min(axis=0).tolist() == [248, 0]
    assert lit.max(axis=0).tolist() == [249, 1]


@pytest.mark.parametrize(
    ("flip_x", "flip_y", "corner"), [(True, False, [248, 398]), (False, True, [50, 0])]
)
def test_flipped_view_paints_the_first_pixel_in_the_other_corner(
    view, make_picture, flip_x, flip_y, corner
) -> None:
    frame = np.zeros((100, 200), np.uint16)
    frame[0, 0] = BRIGHT
    view.fit()
    view.set_picture(make_picture(frame[::-1], (0, 0, 200, 100)))
    view.flip(flip_x, flip_y)
    lit = np.argwhere(grabbed(view) > 200)
    assert lit.min(axis=0).tolist() == corner


def test_averaged_picture_is_painted_pixel_for_pixel(view, make_picture, qtbot) -> None:
    view.set_frame_shape((1200, 1600))
    view.fit()
    codes = np.random.default_rng(3).integers(0, 16384, (300, 400), dtype=np.uint16)
    view.set_picture(make_picture(codes, (0, 0, 1600, 1200)))
    expected = (colour_table("grey", False, 1.0, 0.5)[codes] >> 16) & 0xFF
    assert np.array_equal(grabbed(view)[1:-1, 1:-1], expected[1:-1, 1:-1])


def test_enlarged_pixels_are_sharp_squares(view, make_picture) -> None:
    codes = np.random.default_rng(4).integers(0, 16384, (100, 200), dtype=np.uint16)
    view.set_zoom(8.0)
    view.set_picture(make_picture(codes[::-1], (0, 0, 200, 100)))
    screen = grabbed(view)
    seen = view.projection.viewport()
    x = np.floor(seen.left + (np.arange(400) + 0.5) / 8.0).astype(int)
    y = np.floor(seen.top - (np.arange(300) + 0.5) / 8.0).astype(int)
    expected = (colour_table("grey", False, 1.0, 0.5)[codes[y[:, None], x]] >> 16) & 0xFF
    assert np.array_equal(screen, expected)


def test_old_picture_moves_with_the_camera_before_a_new_one_comes(view, make_picture) -> None:
    frame = np.zeros((100, 200), np.uint16)
    frame[50, 100] = BRIGHT
    view.set_zoom(2.0)
    view.set_picture(make_picture(frame[::-1], (0, 0, 200, 100)))
    before = np.argwhere(grabbed(view) > 200).min(axis=0)
    view.set_camera(view.camera.panned(30.0, -20.0))
    after = np.argwhere(grabbed(view) > 200).min(axis=0)
    assert (after - before).tolist() == [-20, 30]


def test_viewport_tells_edges_and_device_size(view, qtbot) -> None:
    seen = last_viewport(view, qtbot, lambda: view.set_camera(Camera(99.5, 49.5, 4.0)))
    assert (seen.left, seen.right, seen.bottom, seen.top) == (50.0, 150.0, 12.5, 87.5)
    assert (seen.width, seen.height) == (400, 300)


def test_many_moves_in_one_turn_ask_for_one_picture(view, qtbot) -> None:
    asked = []
    view.viewportChanged.connect(asked.append)
    for step in range(20):
        view.centre_on(float(step), 10.0)
    with qtbot.waitSignal(view.viewportChanged):
        pass
    qtbot.wait_until(lambda: len(asked) == 1)
    assert asked[0] == view.projection.viewport()


def test_first_frame_is_fitted(view) -> None:
    assert view.zoom == 2.0
    assert (view.camera.x, view.camera.y) == (99.5, 49.5)


def test_new_pictures_and_equal_shapes_leave_the_camera_alone(view, make_picture) -> None:
    view.set_zoom(7.0)
    view.centre_on(20.0, 30.0)
    camera = view.camera
    view.set_frame_shape((100, 200))
    view.set_picture(make_picture(np.zeros((10, 10)), (0, 0, 200, 100)))
    assert view.camera == camera


def test_another_shape_keeps_a_chosen_zoom(view) -> None:
    view.set_zoom(7.0)
    camera = view.camera
    view.set_frame_shape((300, 400))
    assert view.camera == camera


def test_another_shape_is_fitted_when_the_whole_frame_was_in_view(view) -> None:
    view.set_frame_shape((600, 400))
    assert view.zoom == 0.5


def test_another_shape_is_fitted_rather_than_showing_nothing(view) -> None:
    view.set_zoom(64.0)
    view.centre_on(190.0, 90.0)
    view.set_frame_shape((20, 20))
    assert view.is_fitted


def test_fitted_frame_stays_whole_when_the_window_grows(view) -> None:
    view.resize(800, 600)
    assert view.zoom == 4.0


def test_chosen_zoom_and_centre_survive_a_resize(view) -> None:
    view.set_zoom(3.0)
    view.centre_on(40.0, 60.0)
    camera = view.camera
    view.resize(700, 500)
    assert view.camera == camera


def test_frames_are_counted_once_when_painted(view, make_picture, qtbot) -> None:
    picture = make_picture(np.zeros((10, 10)), (0, 0, 200, 100))
    counts = []
    view.painted.connect(counts.append)
    view.set_picture(picture, frame=7)
    assert view.painted_count == 0
    view.viewport().grab()
    view.viewport().grab()
    view.set_picture(picture, frame=7)
    view.viewport().grab()
    view.set_picture(picture, frame=8)
    view.viewport().grab()
    assert counts == [1, 2]


def test_frames_replaced_before_painting_are_not_counted(view, make_picture) -> None:
    picture = make_picture(np.zeros((10, 10)), (0, 0, 200, 100))
    for number in range(5):
        view.set_picture(picture, frame=number)
    view.viewport().grab()
    assert view.painted_count == 1


def test_rate_counts_the_last_second(view, make_picture) -> None:
    picture = make_picture(np.zeros((10, 10)), (0, 0, 200, 100))
    for number in range(5):
        view.set_picture(picture, frame=number)
        view.viewport().grab()
    assert view.painted_per_second == 5.0


def test_colours_change_without_a_new_picture(view, make_picture) -> None:
    view.set_zoom(2.0)
    view.set_picture(make_picture(np.zeros((100, 200)), (0, 0, 200, 100)))
    dark = grabbed(view)[150, 200]
    view.set_colours("grey", True, 1.0, 0.5)
    assert (dark, grabbed(view)[150, 200]) == (0, 255)


def test_locked_view_follows_without_answering(view, qtbot) -> None:
    other = FrameView()
    qtbot.addWidget(other)
    other.resize(400, 300)
    view.cameraChanged.connect(other.set_camera)
    heard = []
    other.cameraChanged.connect(heard.append)
    view.set_zoom(5.0)
    assert other.camera == view.camera
    assert heard == []


def test_overlay_lies_on_its_pixel(view, make_picture) -> None:
    view.set_zoom(8.0)
    view.set_picture(make_picture(np.zeros((100, 200)), (0, 0, 200, 100)))
    item = QGraphicsRectItem(QRectF(99.5, 49.5, 1.0, 1.0))
    item.setPen(QPen(QColor(0, 0, 0, 0)))
    item.setBrush(QColor("white"))
    view.add_overlay(item)
    lit = np.argwhere(grabbed(view) > 200)
    place = view.widget_at(100.0, 50.0)
    assert lit.mean(axis=0) == pytest.approx([place.y() - 0.5, place.x() - 0.5], abs=0.6)
    view.remove_overlay(item)
    assert not (grabbed(view) > 200).any()


def test_empty_view_asks_for_nothing(qtbot) -> None:
    empty = FrameView()
    qtbot.addWidget(empty)
    asked = []
    empty.viewportChanged.connect(asked.append)
    empty.show()
    qtbot.waitExposed(empty)
    empty.set_zoom(3.0)
    empty.fit()
    QApplication.processEvents()
    assert asked == []


def test_saturated_pixels_have_a_colour_of_their_own_until_it_is_switched_off(
    view, make_picture
) -> None:
    view.set_picture(make_picture(np.full((100, 200), SATURATED_CODE), (0, 0, 200, 100)))
    marked = view.picture_image.pixelColor(0, 0)
    view.show_saturation(False)
    assert marked == QColor(THEMES["dark"].bad)
    assert view.picture_image.pixelColor(0, 0) == QColor("white")


def test_surroundings_of_the_frame_take_the_theme(view, make_picture) -> None:
    view.set_picture(make_picture(np.full((300, 400), BLANK_CODE), (0, -25, 200, 125)))
    assert view.picture_image.pixelColor(0, 0) == QColor(THEMES["dark"].view_background)
