"""Two views side by side or blinking."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.frame.tiles import FrameArea
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest


@pytest.fixture
def area(on_screen) -> FrameArea:
    made = on_screen(FrameArea(), 804, 300)
    for view in made.views:
        view.set_frame_shape((100, 200))
    return made


def test_single_mode_gives_the_first_view_all_the_room(area) -> None:
    assert area.views[0].geometry() == area.rect()
    assert not area.views[1].isVisible()


def test_tiles_stand_side_by_side_with_equal_size(area) -> None:
    area.set_mode("tile")
    first, second = (view.geometry() for view in area.views)
    assert first.size() == second.size()
    assert first.right() < second.left()
    assert all(view.isVisible() for view in area.views)


def test_locked_tiles_look_at_the_same_place_and_both_ask_for_pixels(area, qtbot) -> None:
    area.set_mode("tile")
    with qtbot.waitSignals([view.viewportChanged for view in area.views]):
        area.views[1].set_zoom(5.0)
    assert area.views[0].camera == area.views[1].camera


def test_locked_tiles_stay_fitted_together_when_the_window_grows(area) -> None:
    area.set_mode("tile")
    area.views[0].fit()
    area.resize(1204, 400)
    assert [view.is_fitted for view in area.views] == [True, True]
    assert [view.zoom for view in area.views] == [3.0, 3.0]


def test_unlocked_tiles_go_their_own_way(area) -> None:
    area.set_lock(False)
    area.set_mode("tile")
    before = area.views[0].camera
    area.views[1].set_zoom(5.0)
    assert area.views[0].camera == before


def test_locking_again_brings_the_other_view_to_the_active_one(area) -> None:
    area.set_lock(False)
    area.set_mode("tile")
    area.views[0].set_zoom(9.0)
    area.set_lock(True)
    assert area.views[1].camera == area.views[0].camera


def test_contrast_dragged_in_one_tile_is_that_of_both(area, qtbot) -> None:
    area.set_mode("tile")
    with qtbot.waitSignal(area.contrastChanged) as caught:
        area.views[0].drag_contrast(2.0, 0.25)
    assert caught.args == [2.0, 0.25]
    assert area.views[1].colours == area.views[0].colours


def test_pressed_tile_becomes_the_active_one(area, qtbot) -> None:
    area.set_mode("tile")
    with qtbot.waitSignal(area.activeChanged) as caught:
        QTest.mouseClick(area.views[1].viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert caught.args == [1]
    assert area.active_view is area.views[1]


def test_blink_brings_up_the_views_in_turn(area, qtbot) -> None:
    area.set_blink_interval(0.125)
    seen = []
    area.activeChanged.connect(seen.append)
    area.set_mode("blink")
    qtbot.waitUntil(lambda: len(seen) >= 3)
    area.set_mode("single")
    assert seen[:3] == [1, 0, 1]
    assert area.active == 0


@pytest.mark.parametrize(("asked_s", "kept_s"), [(0.01, 0.125), (2.0, 2.0), (60.0, 16.0)])
def test_blink_interval_stays_in_the_range_of_ds9(area, asked_s, kept_s) -> None:
    area.set_blink_interval(asked_s)
    assert area.blink_interval_s == kept_s


def test_covered_view_is_not_counted_as_painted(area, qtbot, make_picture) -> None:
    area.set_blink_interval(16.0)
    area.set_mode("blink")
    picture = make_picture(np.zeros((10, 20)), (0, 0, 200, 100))
    for view in area.views:
        view.set_picture(picture)
    qtbot.waitUntil(lambda: area.views[0].painted_count == 1)
    assert area.views[1].painted_count == 0
    area.activate_next()
    qtbot.waitUntil(lambda: area.views[1].painted_count == 1)


def test_both_views_take_the_same_colours(area) -> None:
    area.set_colours("heat", True, 2.0, 0.4)
    assert {view.colours for view in area.views} == {("heat", True, 2.0, 0.4)}


def test_first_frame_of_the_second_tile_does_not_move_the_first(area) -> None:
    area.views[1].set_frame_shape(None)
    area.set_mode("tile")
    area.views[0].set_zoom(6.0)
    camera = area.views[0].camera
    area.views[1].set_frame_shape((30, 40))
    assert area.views[0].camera == area.views[1].camera == camera


def test_hidden_second_view_never_moves_the_first(area) -> None:
    camera = area.views[0].camera
    area.views[1].set_frame_shape((3000, 4000))
    area.views[1].set_zoom(0.25)
    assert area.views[0].camera == camera
